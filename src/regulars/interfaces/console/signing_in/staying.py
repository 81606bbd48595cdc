"""How long somebody stays signed in: twelve hours without a visit, thirty days at the most."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from regulars.apps.accounts.sessions import BEGAN, SEEN
from regulars.interfaces.clock import now

LONGEST = timedelta(days=30)
_NOTED_EVERY = timedelta(minutes=10)


def stay(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: end a session that is too old, and note now and then that it is used.

    Each note moves the end of the session twelve hours on (``SESSION_COOKIE_AGE``).
    """

    def staying(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            _look(request, now())
        return answer(request)

    return staying


def _look(request: HttpRequest, moment: datetime) -> None:
    session = request.session
    began = datetime.fromisoformat(session.setdefault(BEGAN, moment.isoformat()))
    if moment - began > LONGEST:
        logout(request)
        return
    seen = session.get(SEEN)
    if seen is None or moment - datetime.fromisoformat(seen) > _NOTED_EVERY:
        session[SEEN] = moment.isoformat()
