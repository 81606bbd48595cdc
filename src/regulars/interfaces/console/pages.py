"""What every page of the console shares: who looks, in which language, and whether he may."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Protocol

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from regulars.apps.accounts.queries import StaffRow
from regulars.apps.accounts.rules import Permission
from regulars.interfaces.console.sections import sections_for
from regulars.reports.catalogues import LANGUAGES
from regulars.reports.speech import Speaker


class StaffRequest(HttpRequest):
    """A request of somebody who has signed in."""

    staff: StaffRow
    speaker: Speaker


class View(Protocol):
    """A page: what it needs stands on it, for the one table of permissions."""

    needs: Permission | None

    def __call__(self, request: HttpRequest, /, **path: str) -> HttpResponse:
        """Answer a request."""
        ...


def page(needs: Permission | None) -> Callable[[Callable[..., HttpResponse]], View]:
    """Guard a page: a stranger is sent to the sign-in, somebody without the right is refused.

    Args:
        needs: The right that it takes; None where every member of the staff may look.
    """

    def guard(view: Callable[..., HttpResponse]) -> View:
        @wraps(view)
        @never_cache
        def guarded(request: HttpRequest, /, **path: str) -> HttpResponse:
            staff: StaffRow | None = request.staff  # type: ignore[attr-defined]
            if staff is None:
                return redirect_to_login(request.get_full_path())
            if needs is not None and not staff.may(needs):
                return show(request, "console/refused.html.jinja", {"needs": needs}, status=403)
            return view(request, **path)

        guarded.needs = needs  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return guard


def show(
    request: HttpRequest, template: str, context: Mapping[str, object], *, status: int = 200
) -> HttpResponse:
    """A page as a response."""
    return render(request, template, dict(context), status=status, using="console")


def frame(request: HttpRequest) -> dict[str, object]:
    """What every template knows (a context processor)."""
    staff: StaffRow | None = getattr(request, "staff", None)
    return {
        "speaker": request.speaker,  # type: ignore[attr-defined]
        "staff": staff,
        "languages": tuple(LANGUAGES),
        "sections": sections_for(staff) if staff else (),
    }
