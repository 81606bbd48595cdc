"""What every page of the console shares: who looks, in which language, and whether he may."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Protocol

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django_htmx.middleware import HtmxDetails

from regulars.apps.accounts.queries import StaffRow
from regulars.apps.accounts.rules import Permission
from regulars.interfaces.console.sections import ACCOUNT, sections_for
from regulars.interfaces.languages import LANGUAGE_NAMES
from regulars.kernel.wording import Message
from regulars.reports.speech import Speaker


class StaffRequest(HttpRequest):
    """A request of somebody who has signed in."""

    staff: StaffRow
    speaker: Speaker
    htmx: HtmxDetails


class View(Protocol):
    """A page: what it needs stands on it, for the one table of permissions."""

    needs: Permission | None
    to_write: Permission | None

    def __call__(self, request: HttpRequest, /, **path: str) -> HttpResponseBase:
        """Answer a request."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked before something that cannot be undone, or not easily.

    Attributes:
        title: What is going to be done.
        text: What it means.
        button: The answer that does it.
        back: The address of the other answer.
        grave: Whether it cannot be undone.
    """

    title: Message
    text: Message
    button: Message
    back: str
    grave: bool = False


def page(
    needs: Permission | None, *, to_write: Permission | None = None
) -> Callable[[Callable[..., HttpResponseBase]], View]:
    """Guard a page: a stranger is sent to the sign-in, somebody without the right is refused.

    Args:
        needs: The right that it takes; None where every member of the staff may look.
        to_write: The right that a form of the page takes, where it is another.
    """

    def guard(view: Callable[..., HttpResponseBase]) -> View:
        @wraps(view)
        @never_cache
        def guarded(request: HttpRequest, /, **path: str) -> HttpResponseBase:
            staff: StaffRow | None = request.staff  # type: ignore[attr-defined]
            if staff is None:
                return redirect_to_login(request.get_full_path())
            looks = to_write is None or request.method in {"GET", "HEAD"}
            wanted = needs if looks else to_write
            if wanted is not None and not staff.may(wanted):
                return show(request, "console/refused.html.jinja", {"needs": wanted}, status=403)
            return view(request, **path)

        guarded.needs = needs  # type: ignore[attr-defined]
        guarded.to_write = to_write  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return guard


def show(
    request: HttpRequest, template: str, context: Mapping[str, object], *, status: int = 200
) -> HttpResponse:
    """A page as a response."""
    return render(request, template, dict(context), status=status, using="console")


def ask(request: StaffRequest, question: Question, here: str) -> HttpResponse:
    """The page that asks before something is done; its answer comes to the same address."""
    return show(request, "console/confirm.html.jinja", {"question": question, "here": here})


def done(request: StaffRequest, what: Message, to: str, *args: object) -> HttpResponse:
    """After every write: say what was done, on another page, so that a reload repeats nothing.

    Args:
        request: The write.
        what: What was done.
        to: The name of the page's address.
        args: What the address is made of.
    """
    messages.success(request, request.speaker.say(what))
    return redirect(to, *args)


def frame(request: HttpRequest) -> dict[str, object]:
    """What every template knows (a context processor)."""
    staff: StaffRow | None = getattr(request, "staff", None)
    return {
        "speaker": request.speaker,  # type: ignore[attr-defined]
        "staff": staff,
        "languages": LANGUAGE_NAMES,
        "sections": sections_for(staff) if staff else (),
        "account": sections_for(staff, ACCOUNT) if staff else (),
    }
