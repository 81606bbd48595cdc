"""The first page after the sign-in, and the choice of a language."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from regulars.apps.accounts.operations import set_language
from regulars.interfaces.console.language import COOKIE
from regulars.interfaces.console.pages import StaffRequest, page, show
from regulars.reports.catalogues import LANGUAGES

_YEAR = 365 * 24 * 3600


@require_GET
@page(None)
def home(request: StaffRequest) -> HttpResponse:
    """Where somebody who signs in comes first."""
    return show(request, "console/home.html.jinja", {})


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Speak another language from now on, and go back to where the choice was made."""
    wanted, back = request.POST.get("language", ""), request.POST.get("next", "/")
    inside = url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure())
    answer = redirect(back if inside else "/")
    if wanted in LANGUAGES:
        answer.set_cookie(
            COOKIE, wanted, _YEAR, secure=request.is_secure(), httponly=True, samesite="Lax"
        )
        if request.staff is not None:  # type: ignore[attr-defined]
            set_language(request.staff.id, wanted)  # type: ignore[attr-defined]
    return answer
