"""Reads of the journal."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from regulars.apps.journal.models import Answer, Entry, Event, Handling, WebhookDelivery


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One line of the audit trail."""

    id: int
    at: datetime
    actor: str
    verb: str
    subject: str
    data: Mapping[str, object]


def list_entries(  # noqa: PLR0913 - one filter a column
    *,
    subject: str | None = None,
    actor: str | None = None,
    verb: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[EntryRow]:
    """The trail, newest first, of one subject or of all.

    Args:
        subject: What it is about, as ``customer:12``.
        actor: Who did it, as ``staff:3``.
        verb: What he did, as ``saw``.
        since: Only from this instant on.
        until: Only before this instant.
        before: Only entries older than the one of this id.
        limit: At most so many.
    """
    told = {
        "subject": subject,
        "actor": actor,
        "verb": verb,
        "at__gte": since,
        "at__lt": until,
        "pk__lt": before,
    }
    wanted = {name: value for name, value in told.items() if value is not None}
    return [_row(entry) for entry in Entry.objects.filter(**wanted).order_by("-id")[:limit]]


def list_entries_of(
    subjects: Collection[str], *, before: int | None = None, limit: int = 50
) -> list[EntryRow]:
    """The trail of several subjects, such as all records of one person, newest first."""
    entries = Entry.objects.filter(subject__in=subjects).order_by("-id")
    if before is not None:
        entries = entries.filter(pk__lt=before)
    return [_row(entry) for entry in entries[:limit]]


def entries_before(
    subjects: Collection[str],
    at: datetime,
    id_: int,
    *,
    without: Collection[str] = (),
    limit: int = 50,
) -> list[EntryRow]:
    """The trail of several subjects, newest first, from a place in it on.

    Args:
        subjects: What it is about.
        at: Only entries until this instant.
        id_: Of those at the instant itself, only ones with a smaller id.
        without: Verbs that are left out.
        limit: At most so many.
    """
    earlier = Q(at__lte=at) & (Q(at__lt=at) | Q(pk__lt=id_))
    entries = Entry.objects.filter(earlier, subject__in=subjects).exclude(verb__in=without)
    return [_row(entry) for entry in entries.order_by("-at", "-id")[:limit]]


def count_entries(before: datetime) -> int:
    """How many entries are older than an instant."""
    return Entry.objects.filter(at__lt=before).count()


def count_answers(before: datetime) -> int:
    """How many stored answers are older than an instant."""
    return Answer.objects.filter(at__lt=before).count()


def count_news(before: datetime) -> int:
    """How much news is older than an instant and over for followers and webhooks."""
    return Event.objects.filter(old_news(before)).count()


def old_news(before: datetime) -> Q:
    """News older than an instant that no follower has still to handle and no webhook has kept."""
    waiting = Handling.objects.exclude(state=Handling.State.DONE).filter(event=OuterRef("pk"))
    kept = WebhookDelivery.objects.filter(event=OuterRef("pk"))
    return Q(at__lt=before, offered=True) & ~Q(Exists(waiting)) & ~Q(Exists(kept))


def count_failed() -> int:
    """How many pieces of followers' work a person has to look at."""
    return Handling.objects.filter(state=Handling.State.FAILED).count()


def _row(entry: Entry) -> EntryRow:
    return EntryRow(entry.pk, entry.at, entry.actor, entry.verb, entry.subject, entry.data)


@dataclass(frozen=True, slots=True)
class Backlog:
    """What followers have before them.

    Attributes:
        waiting: Pieces of work not done yet.
        oldest: For how long the oldest of them has been due.
        failed: Pieces of work that a person has to look at.
    """

    waiting: int
    oldest: timedelta
    failed: int


def get_backlog(now: datetime) -> Backlog:
    """How far the followers are behind."""
    waiting = Handling.objects.filter(state=Handling.State.WAITING)
    first = waiting.order_by("due_at").values_list("due_at", flat=True).first()
    oldest = timedelta() if first is None else max(now - first, timedelta())
    return Backlog(waiting=waiting.count(), oldest=oldest, failed=count_failed())
