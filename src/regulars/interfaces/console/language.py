"""In which language a page speaks, and who reads it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from regulars.apps.accounts.queries import StaffRow, find_staff
from regulars.apps.firm.queries import get_company
from regulars.interfaces.languages import language_of_browser
from regulars.reports.catalogues import LANGUAGES
from regulars.reports.speech import speaker_of

COOKIE = "language"
_NOT_OURS = ("/api/", "/my/", "/healthz", "/readyz")


def reader(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: ``request.staff`` and ``request.speaker``; Django speaks the same language.

    The language is the one that the person chose, else the browser's cookie, else the first of the
    browser's languages that there is. Times are shown in the firm's zone. A program, a supervisor
    or a customer reads no page of the console.
    """

    def known(request: HttpRequest) -> HttpResponse:
        if request.path.startswith(_NOT_OURS):
            request.staff = None  # type: ignore[attr-defined]
            return answer(request)
        user = request.user.pk if request.user.is_authenticated else None
        staff = None if user is None else find_staff(user)
        language = know_reader(request, staff)
        with translation.override(language), timezone.override(get_company().time_zone):
            response = answer(request)
        response.setdefault("Content-Language", request.speaker.locale_tag)  # type: ignore[attr-defined]
        patch_vary_headers(response, ["Accept-Language", "Cookie"])
        return response

    return known


def know_reader(request: HttpRequest, staff: StaffRow | None) -> str:
    """Set ``request.staff`` and ``request.speaker``; return the language."""
    language = _language(request, staff)
    request.staff = staff  # type: ignore[attr-defined]
    request.speaker = speaker_of(language)  # type: ignore[attr-defined]
    return language


def _language(request: HttpRequest, staff: StaffRow | None) -> str:
    if staff is not None:
        return staff.language
    told = request.COOKIES.get(COOKIE, "")
    if told in LANGUAGES:
        return told
    return language_of_browser(request.headers.get("Accept-Language", "")) or "en"
