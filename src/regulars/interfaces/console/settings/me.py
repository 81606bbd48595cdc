"""What somebody sets for himself: his name, his language, his ways in, his sessions."""

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from regulars.apps.accounts.operations import (
    end_other_sessions,
    end_session,
    rename_staff,
    set_language,
)
from regulars.apps.accounts.queries import list_factors, list_sessions
from regulars.interfaces.clock import now
from regulars.interfaces.console.pages import StaffRequest, done, page, show
from regulars.interfaces.console.settings.forms import MeForm
from regulars.interfaces.console.settings.words import ROLES
from regulars.kernel.errors import RegularsError
from regulars.kernel.wording import say


@require_http_methods(["GET", "HEAD", "POST"])
@page(None)
def me(request: StaffRequest) -> HttpResponse:
    """My account."""
    staff = request.staff
    form = MeForm(request.POST or None, initial={"name": staff.name, "language": staff.language})
    if request.method == "POST" and form.is_valid():
        return _renamed(request, form)
    factors = list_factors(staff.id)
    return show(
        request,
        "console/settings/me.html.jinja",
        {
            "form": form,
            "roles": ROLES,
            "has_password": staff.has_password,
            "app": next((it for it in factors if it.kind == "totp"), None),
            "passkeys": [it for it in factors if it.kind == "webauthn"],
            "codes": any(it.kind == "recovery_codes" for it in factors),
            "sessions": list_sessions(staff.id, request.session.session_key or "", now()),
        },
    )


def _renamed(request: StaffRequest, form: MeForm) -> HttpResponse:
    staff, told = request.staff, form.cleaned_data
    try:
        rename_staff(staff.id, told["name"], actor=staff.actor, now=now())
    except RegularsError as error:
        form.refuse(error, "name")
        return show(request, "console/settings/rename.html.jinja", {"row": staff, "form": form})
    set_language(staff.id, told["language"])
    return done(request, say("Saved."), "me")


@require_POST
@page(None)
def end_one(request: StaffRequest, session: str) -> HttpResponse:
    """Sign out in another browser."""
    end_session(request.staff.id, session, now())
    return done(request, say("Signed out there."), "me")


@require_POST
@page(None)
def end_others(request: StaffRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    end_other_sessions(request.staff.id, request.session.session_key or "", now())
    return done(request, say("Signed out everywhere else."), "me")
