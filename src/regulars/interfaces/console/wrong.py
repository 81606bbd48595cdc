"""Pages for what went wrong, in the frame and in the reader's language."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from regulars.interfaces.console.language import know_reader
from regulars.interfaces.console.pages import show
from regulars.kernel.wording import Message, say


@dataclass(frozen=True, slots=True)
class Wrong:
    """What went wrong, and what can be done about it."""

    title: Message
    text: Message


_REFUSED = Wrong(
    say("This was refused"),
    say("What was asked for is not allowed."),
)
_TOO_LARGE = Wrong(
    say("That is too much at once"),
    say("Nothing was taken in. Files are sent on the page of imports, by those who may import."),
)
_UNUSABLE = Wrong(
    say("This cannot be used"),
    say("Nothing was changed. Go back and try it another way."),
)
_MISSING = Wrong(
    say("There is nothing here"),
    say("No page has this address. What it showed may have been removed or merged."),
)
_BROKEN = Wrong(
    say("Something went wrong that should not have"),
    say("Nothing was changed. Try again; if it happens again, tell whoever runs this server."),
)
_STALE = Wrong(
    say("This form was open for too long"),
    say("Nothing was changed. Go back, load the page again and send it once more."),
)


def unusable(request: HttpRequest, status: int) -> HttpResponse:
    """The page of a request that cannot be used: 413 where it was too large."""
    return _page(request, {413: _TOO_LARGE}.get(status, _UNUSABLE), status)


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page of a refusal (Django's ``handler403``)."""
    return _page(request, _REFUSED, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page of an address that names nothing (Django's ``handler404``)."""
    return _page(request, _MISSING, 404)


def broken(request: HttpRequest) -> HttpResponse:
    """The page of a bug (Django's ``handler500``): what it was stands in the log alone."""
    return _page(request, _BROKEN, 500)


def stale(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page of a form without its token (Django's ``CSRF_FAILURE_VIEW``)."""
    return _page(request, _STALE, 403)


def _page(request: HttpRequest, wrong: Wrong, status: int) -> HttpResponse:
    if not hasattr(request, "speaker"):  # it went wrong before anybody knew who reads
        know_reader(request, None)
    return show(request, "console/wrong.html.jinja", {"wrong": wrong}, status=status)
