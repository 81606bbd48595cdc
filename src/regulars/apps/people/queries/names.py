"""Reads: what people are called, for lists of their orders, and their notes as a history."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from regulars.apps.people.models import Alias, Customer, Note
from regulars.apps.people.queries.card import NoteRow, note_row
from regulars.apps.people.queries.identity import canonical_ids


@dataclass(frozen=True, slots=True, kw_only=True)
class NameRow:
    """Who is behind a record: the number of his card, and his name, which may be empty."""

    number: int
    name: str


def names_of(numbers: Iterable[int]) -> dict[int, NameRow]:
    """Who is behind each record."""
    canonical = canonical_ids(numbers)
    names = dict(Customer.objects.filter(pk__in=canonical.values()).values_list("pk", "name"))
    return {
        number: NameRow(number=person, name=names[person])
        for number, person in canonical.items()
        if person in names
    }


def count_persons() -> int:
    """How many people there are: records that were merged into others are not counted again."""
    merged = Alias.objects.filter(undone_at__isnull=True).count()
    return Customer.objects.filter(erased_at__isnull=True).count() - merged


def notes_before(
    numbers: Collection[int], at: datetime, id_: int, *, limit: int = 50
) -> list[NoteRow]:
    """Notes on some records, newest first, from a place in their history on.

    Args:
        numbers: The records.
        at: Only notes until this instant.
        id_: Of those at the instant itself, only ones with a smaller id.
        limit: At most so many.
    """
    earlier = Q(at__lte=at) & (Q(at__lt=at) | Q(pk__lt=id_))
    notes = Note.objects.filter(earlier, customer__in=numbers).order_by("-at", "-pk")
    return [note_row(note) for note in notes[:limit]]
