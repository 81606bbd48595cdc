"""Sessions end: one, all others, and those whose time is over."""

from datetime import datetime

from django.db import transaction

from regulars.apps.accounts.models import Session
from regulars.apps.accounts.queries import session_id
from regulars.apps.journal.operations import record
from regulars.kernel.actors import Actor, ActorKind


def end_session(staff_id: int, ended: str, now: datetime) -> bool:
    """Sign somebody out in one of his browsers; say whether he was in there."""
    keys = Session.objects.filter(staff_id=staff_id).values_list("session_key", flat=True)
    return bool(_end(staff_id, [key for key in keys if session_id(key) == ended], now))


def end_other_sessions(staff_id: int, kept: str, now: datetime) -> int:
    """Sign somebody out everywhere but in the browser that he uses; return in how many."""
    keys = Session.objects.filter(staff_id=staff_id).values_list("session_key", flat=True)
    return _end(staff_id, [key for key in keys if key != kept], now)


def _end(staff_id: int, keys: list[str], now: datetime) -> int:
    if not keys:
        return 0
    person = Actor(ActorKind.STAFF, str(staff_id))
    with transaction.atomic():
        ended = Session.objects.filter(session_key__in=keys).delete()[0]
        record(person, "ended sessions", str(person), now, {"sessions": ended})
    return ended


def forget_sessions(before: datetime, most: int = 10_000) -> int:
    """Delete sessions that have long ended; return how many."""
    old = Session.objects.filter(expire_date__lt=before).order_by("expire_date")
    ids = old.values_list("pk", flat=True)[:most]
    return Session.objects.filter(pk__in=list(ids)).delete()[0]
