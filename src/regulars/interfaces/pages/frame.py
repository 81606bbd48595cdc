"""What every page for recipients shares: no cookie, no session, nothing kept, nothing followed."""

from collections.abc import Callable, Mapping
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.csp import CSP
from django.views.decorators.cache import never_cache
from django.views.decorators.csp import csp_override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from regulars.apps.contact.queries.preferences import Recipient
from regulars.apps.firm.queries import get_company
from regulars.apps.firm.rules import Company
from regulars.interfaces.clock import now
from regulars.interfaces.languages import LANGUAGE_NAMES, language_of, language_of_browser
from regulars.interfaces.pages.often import too_often
from regulars.reports.speech import Speaker, speaker_of

PREFIX = "/my/"
"""What every address of these pages begins with."""
_POLICY: Mapping[str, list[str]] = {
    "default-src": [CSP.NONE],
    "style-src": [CSP.SELF],
    "img-src": ["data:"],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
_HEADERS = {
    "Referrer-Policy": "no-referrer",  # the address is the key
    "X-Robots-Tag": "noindex, nofollow",
}

type Page[T] = Callable[[HttpRequest, T], HttpResponse]
type View = Callable[[HttpRequest, str], HttpResponse]


def recipients_page[T](
    read: Callable[[str], T | None], *, closed: str = "cut", status: int = 404
) -> Callable[[Page[T]], View]:
    """Guard a page by the link that opens it, which the page is handed as it was read.

    The link stands in the place of a sign-in: there is no session that another site could use, and
    mail programs unsubscribe by a POST without any cookie (RFC 8058). So forms carry no token.

    Args:
        read: Reads the link; None where it is none of ours.
        closed: The template of what is shown then.
        status: Its status.
    """

    def guard(page: Page[T]) -> View:
        @wraps(page)
        @csrf_exempt
        @require_http_methods(["GET", "HEAD", "POST"])
        @csp_override(_POLICY)
        @never_cache
        def guarded(request: HttpRequest, token: str) -> HttpResponse:
            writes = request.method == "POST"
            opened = read(token)
            if writes and too_often(request, None if opened is None else token, now()):
                return hidden(show(request, "often", status=429))
            if opened is None:
                return hidden(show(request, closed, status=status))
            return hidden(page(request, opened))

        return guarded

    return guard


def show(
    request: HttpRequest,
    template: str,
    context: Mapping[str, object] | None = None,
    *,
    reader: Recipient | None = None,
    status: int = 200,
) -> HttpResponse:
    """A page as a response, in the language of whom it is for."""
    return draw(
        request, template, context or {}, speaker_for(request, reader), get_company(), status
    )


def draw(
    request: HttpRequest,
    template: str,
    context: Mapping[str, object],
    speaker: Speaker,
    company: Company,
    status: int,
) -> HttpResponse:
    """A page as a response, without looking anything up."""
    match = request.resolver_match
    known: dict[str, object] = {
        "speaker": speaker,
        "firm": company.name,
        "firm_address": company.address,
        "languages": LANGUAGE_NAMES,
        "token": "" if match is None else match.kwargs.get("token", ""),
        "lang": f"?lang={speaker.language}" if "lang" in request.GET else "",
    }
    response = render(
        request,
        f"pages/{template}.html.jinja",
        known | dict(context),
        status=status,
        using="pages",
    )
    response["Content-Language"] = speaker.locale_tag
    return response


def hidden(response: HttpResponse) -> HttpResponse:
    """An answer that is neither found nor followed."""
    for name, value in _HEADERS.items():
        response[name] = value
    return response


def speaker_for(request: HttpRequest, reader: Recipient | None = None) -> Speaker:
    """Who speaks: the language asked for, the customer's, the browser's, or the firm's."""
    return speaker_of(
        language_of(request.GET.get("lang", ""))
        or language_of("" if reader is None else reader.language)
        or language_of_browser(request.headers.get("Accept-Language", ""))
        or language_of(get_company().language)
        or "en"
    )
