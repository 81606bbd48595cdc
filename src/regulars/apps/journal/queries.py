"""Reads of the journal."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from regulars.apps.journal.models import Entry, Handling


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One line of the audit trail."""

    id: int
    at: datetime
    actor: str
    verb: str
    subject: str
    data: Mapping[str, object]


def list_entries(
    *, subject: str | None = None, before: int | None = None, limit: int = 50
) -> list[EntryRow]:
    """The trail, newest first, of one subject or of all.

    Args:
        subject: What it is about, as ``customer:12``.
        before: Only entries older than the one of this id.
        limit: At most so many.
    """
    entries = Entry.objects.order_by("-id")
    if subject is not None:
        entries = entries.filter(subject=subject)
    if before is not None:
        entries = entries.filter(pk__lt=before)
    return [
        EntryRow(entry.pk, entry.at, entry.actor, entry.verb, entry.subject, entry.data)
        for entry in entries[:limit]
    ]


def count_failed() -> int:
    """How many pieces of followers' work a person has to look at."""
    return Handling.objects.filter(state=Handling.State.FAILED).count()


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
