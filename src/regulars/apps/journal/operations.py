"""Writes of the journal: entries, news, answers, and the followers' work."""

import hashlib
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import F, Q

from regulars.apps.journal.events import News
from regulars.apps.journal.models import Answer, Entry, Event, Handling
from regulars.apps.journal.queries import old_news
from regulars.apps.journal.rules import ATTEMPTS, LEASE, back_off
from regulars.apps.journal.tables import add, change, instant, make
from regulars.kernel.actors import Actor

SAW = "saw"
"""The verb of whoever only looked."""
_ROWS_AT_ONCE = 1000

type Follower = Callable[[Mapping[str, object], datetime], None]

_followers: dict[type[News], dict[str, Follower]] = {}


def follow(news: type[News], name: str, follower: Follower) -> None:
    """Have a follower told of each piece of news; ``project.wiring`` alone calls this.

    Args:
        news: The type of news.
        name: The follower's name, kept in the rows of its work.
        follower: Called with the news and the time, in a transaction of its own, at least once.
    """
    _followers.setdefault(news, {})[name] = follower


def record(
    actor: Actor, verb: str, subject: str, now: datetime, data: Mapping[str, object] | None = None
) -> None:
    """Write down that somebody did or saw something."""
    make(Entry, 1, at=instant(now), actor=str(actor), verb=verb, subject=subject, data=data or {})


@dataclass(frozen=True, slots=True)
class Line:
    """One of many lines of the trail: what was done to what."""

    verb: str
    subject: str
    data: Mapping[str, object]


def record_all(actor: Actor, lines: Iterable[Line], now: datetime) -> None:
    """Write down many things that somebody did at once."""
    Entry.objects.bulk_create(
        (
            Entry(at=now, actor=str(actor), verb=line.verb, subject=line.subject, data=line.data)
            for line in lines
        ),
        batch_size=_ROWS_AT_ONCE,
    )


def record_seen(actor: Actor, subject: str, now: datetime) -> bool:
    """Write down that somebody saw something: once an hour is enough to know who looked.

    Returns:
        Whether this was the first look within the hour.
    """
    hour = now.replace(minute=0, second=0, microsecond=0)
    seen = Entry.objects.filter(subject=subject, actor=str(actor), verb=SAW, at__gte=hour)
    if seen.exists():
        return False
    record(actor, SAW, subject, now)
    return True


def announce(news: News, now: datetime) -> None:
    """Tell the followers, in the transaction of the change itself.

    Raises:
        TransactionManagementError: There is no transaction.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("News is told with its change.")
    told = news.told()
    [event] = make(Event, 1, at=instant(now), name=type(news).__name__, data=told)
    Handling.objects.bulk_create(
        Handling(event_id=event, follower=name, due_at=now)
        for name in sorted(_followers.get(type(news), {}))
    )


def handle_due(now: datetime, most: int = 100) -> int:
    """Let followers do the work that is due; a failure is written down and tried again later.

    Returns:
        How many pieces of work were taken up.
    """
    claimed = _claimed(now, secrets.token_hex(16), most)
    for handling in claimed:
        _handle(handling, now)
    return len(claimed)


def _claimed(now: datetime, lease: str, most: int) -> Sequence[Handling]:
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=now)
    with transaction.atomic():
        due = Handling.objects.filter(free, state=Handling.State.WAITING, due_at__lte=now)
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        ids = [handling.pk for handling in due.order_by("due_at", "id")[:most]]
        Handling.objects.filter(pk__in=ids).update(
            lease=lease, leased_until=now + LEASE, attempts=F("attempts") + 1
        )
    return list(Handling.objects.filter(lease=lease).select_related("event").order_by("id"))


def _handle(handling: Handling, now: datetime) -> None:
    mine = Handling.objects.filter(pk=handling.pk, lease=handling.lease)
    try:
        with transaction.atomic():
            # first, and locked until the end: a worker whose clock is ahead may have taken it over
            if not mine.update(state=Handling.State.DONE, leased_until=None, reason=""):
                return
            if handling.attempts > ATTEMPTS:
                raise RuntimeError("Every worker that took this up has died.")  # noqa: TRY301 - written down below
            _follower(handling)(handling.event.data, now)
    except Exception as error:  # noqa: BLE001 - whatever fails is written down and tried again
        over = handling.attempts >= ATTEMPTS
        mine.update(
            state=Handling.State.FAILED if over else Handling.State.WAITING,
            due_at=now + back_off(handling.attempts),
            leased_until=None,
            reason=f"{type(error).__name__}: {error}",
        )


def _follower(handling: Handling) -> Follower:
    for news, followers in _followers.items():
        if news.__name__ == handling.event.name and handling.follower in followers:
            return followers[handling.follower]
    raise LookupError(f"Nobody follows {handling.event.name} as {handling.follower}.")


@dataclass(frozen=True, slots=True)
class Answered:
    """What a request was answered before.

    Attributes:
        status: The status.
        body: The answer's text.
        same: Whether it was the same request.
    """

    status: int
    body: str
    same: bool


def find_answer(actor: Actor, key: str, fingerprint: str, now: datetime) -> Answered | None:
    """What this request was answered before, or None; its key is then taken for the transaction.

    Called first in the transaction of the write, it lets the second of two equal requests wait
    for the first.
    """
    mine = {"actor": [str(actor)], "key": [_hashed(key)]}
    columns = mine | {"fingerprint": [fingerprint], "at": [instant(now)]}
    if add(Answer, "key", columns, within="actor"):
        return None
    # another's row is seen once it is committed, and then with its answer
    answer = Answer.objects.get(actor=str(actor), key=_hashed(key))
    if answer.status is None:
        return None
    return Answered(answer.status, answer.body, same=answer.fingerprint == fingerprint)


def keep_answer(actor: Actor, key: str, status: int, body: str) -> None:
    """Keep what the request was answered, in the transaction of its write."""
    mine = {"actor": str(actor), "key": _hashed(key)}
    change(Answer, mine, {"status": status, "body": body})


def _hashed(key: str) -> str:
    """What is kept of a key, which may be a person's address or number."""
    return hashlib.sha256(key.encode()).hexdigest()


def forget_answers(before: datetime, most: int = 10_000) -> int:
    """Delete answers that nobody will ask for any more; return how many."""
    ids = Answer.objects.filter(at__lt=before).order_by("at").values_list("pk", flat=True)[:most]
    return Answer.objects.filter(pk__in=list(ids)).delete()[0]


def forget_entries(before: datetime, most: int = 10_000) -> int:
    """Delete old entries of the trail; return how many. The database refuses younger ones."""
    ids = Entry.objects.filter(at__lt=before).order_by("at").values_list("pk", flat=True)[:most]
    return Entry.objects.filter(pk__in=list(ids)).delete()[0]


def forget_news(before: datetime, most: int = 10_000) -> int:
    """Delete old news that is over for followers and webhooks; return how many."""
    done = Event.objects.filter(old_news(before)).order_by("pk").values_list("pk", flat=True)
    ids = list(done[:most])
    Event.objects.filter(pk__in=ids).delete()
    return len(ids)
