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
from regulars.interfaces.clock import now
from regulars.interfaces.languages import LANGUAGE_NAMES, language_of, language_of_browser
from regulars.interfaces.pages.often import too_often_with, too_often_without
from regulars.reports.speech import Speaker, speaker_of

PREFIX = "/my/"
"""What every address of these pages begins with."""
_POLICY = {
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
            if (opened := read(token)) is None:
                if writes and too_often_without(request, now()):
                    return show(request, "often", status=429)
                return show(request, closed, status=status)
            if writes and too_often_with(token, now()):
                return show(request, "often", status=429)
            return page(request, opened)

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
    company = get_company()
    speaker = speaker_for(request, reader, company.language)
    known = {
        "speaker": speaker,
        "firm": company.name,
        "firm_address": company.address,
        "languages": LANGUAGE_NAMES,
    }
    response = render(
        request, f"pages/{template}.html.jinja", known | dict(context or {}), status=status,
        using="pages",
    )  # fmt: skip
    response["Content-Language"] = speaker.locale_tag
    for name, value in _HEADERS.items():
        response[name] = value
    return response


def speaker_for(request: HttpRequest, reader: Recipient | None, firms: str) -> Speaker:
    """Who speaks: the language asked for, the customer's, the browser's, or the firm's."""
    return speaker_of(
        language_of(request.GET.get("lang", ""))
        or language_of("" if reader is None else reader.language)
        or language_of_browser(request.headers.get("Accept-Language", ""))
        or language_of(firms)
        or "en"
    )
