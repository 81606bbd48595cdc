"""Reads of the journal."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

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
