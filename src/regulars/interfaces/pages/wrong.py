"""Pages for what went wrong where a customer looks: calm, and without anything of the staff's."""

from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

from regulars.apps.firm.rules import Company
from regulars.interfaces.languages import language_of, language_of_browser
from regulars.interfaces.pages.frame import draw, hidden
from regulars.kernel.wording import Message, say
from regulars.reports.speech import speaker_of

_UNUSABLE = (
    say("This cannot be used"),
    say("Nothing was changed. Open the message again and follow the link from there."),
)
_WRONG: dict[int, tuple[Message, Message]] = {
    404: (
        say("There is nothing here"),
        say("No page has this address. Open the message again and follow the link from there."),
    ),
    500: (
        say("Something went wrong that should not have"),
        say("Nothing was changed. Please try again in a little while."),
    ),
}


def wrong(request: HttpRequest, status: int) -> HttpResponse:
    """The page of an error; it asks the database nothing, which may be what went wrong."""
    title, text = _WRONG.get(status, _UNUSABLE)
    accepted = language_of_browser(request.headers.get("Accept-Language", ""))
    speaker = speaker_of(language_of(request.GET.get("lang", "")) or accepted or "en")
    context = {"title": title, "text": text}
    response = hidden(draw(request, "wrong", context, speaker, Company(), status))
    add_never_cache_headers(response)
    return response
