"""Reads: everything on the card of one person."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from regulars.apps.people.models import Alias, Customer, Note
from regulars.apps.people.queries.customers import birthday_of
from regulars.apps.people.queries.identity import IdentityRow, list_identities, same_person
from regulars.apps.people.queries.seen import seen_in
from regulars.apps.people.rules import Birthday
from regulars.kernel.errors import InputError
from regulars.kernel.wording import say


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRow:
    """A record that was merged into the person's, with who did it."""

    number: int
    name: str
    birthday: Birthday | None
    merged_into: int
    merged_at: datetime
    merged_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRow:
    """What somebody of the staff wrote; ``author`` is an actor, as ``staff:3``."""

    id: int
    number: int
    author: str
    text: str
    at: datetime
    changed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerCard:
    """One person: the record that stands for him, and all that was merged into it.

    Attributes:
        number: The record that stands for the person.
        contact_person: Id of the staff who looks after him.
        substitute: Id of the staff who does so meanwhile.
        erased_at: When everything about him was erased.
        identities: Every id of every record.
        records: The records merged into this one.
        notes: The notes of every record, newest first.
    """

    number: int
    name: str
    language: str
    time_zone: str
    birthday: Birthday | None
    attributes: Mapping[str, object]
    greetings: Mapping[str, str]
    contact_person: int | None
    substitute: int | None
    is_stub: bool
    made_at: datetime
    changed_at: datetime
    erased_at: datetime | None
    identities: tuple[IdentityRow, ...]
    records: tuple[RecordRow, ...]
    notes: tuple[NoteRow, ...]


def get_customer_card(number: int, stores: frozenset[str] | None = None) -> CustomerCard:
    """The card of the person behind a number.

    Args:
        number: Any record of his.
        stores: The stores that the reader is limited to; None where he is not.

    Raises:
        InputError: There is no such record, or the reader may not see it.
    """
    root = same_person(number)[0]
    customer = Customer.objects.filter(seen_in(stores), pk=root).first()
    if customer is None:
        raise InputError(say("There is no customer {number}.", number=str(number)))
    return CustomerCard(
        number=root,
        name=customer.name,
        language=customer.language,
        time_zone=customer.time_zone,
        birthday=birthday_of(customer),
        attributes=customer.attributes,
        greetings=customer.greetings,
        contact_person=customer.contact_person_id,
        substitute=customer.substitute_id,
        is_stub=customer.is_stub,
        made_at=customer.made_at,
        changed_at=customer.changed_at,
        erased_at=customer.erased_at,
        identities=tuple(list_identities(root)),
        records=_records(root),
        notes=tuple(list_notes(root)),
    )


def list_notes(number: int, *, before: int | None = None, limit: int = 50) -> list[NoteRow]:
    """The notes on the person behind a number, newest first.

    Args:
        number: Any record of his.
        before: Only notes older than the one of this id.
        limit: At most so many.
    """
    notes = Note.objects.filter(customer__in=same_person(number)).order_by("-pk")
    if before is not None:
        notes = notes.filter(pk__lt=before)
    return [_note(note) for note in notes[:limit]]


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
    return [_note(note) for note in notes[:limit]]


def find_note(note: int) -> NoteRow | None:
    """A note by its id."""
    row = Note.objects.filter(pk=note).first()
    return None if row is None else _note(row)


def _note(note: Note) -> NoteRow:
    return NoteRow(
        id=note.pk,
        number=note.customer_id,
        author=note.author,
        text=note.text,
        at=note.at,
        changed_at=note.changed_at,
    )


def _records(root: int) -> tuple[RecordRow, ...]:
    merged = (
        Alias.objects.filter(customer__in=same_person(root), undone_at__isnull=True)
        .select_related("customer")
        .order_by("made_at", "pk")
    )
    return tuple(
        RecordRow(
            number=alias.customer_id,
            name=alias.customer.name,
            birthday=birthday_of(alias.customer),
            merged_into=alias.canonical_id,
            merged_at=alias.made_at,
            merged_by=alias.made_by,
        )
        for alias in merged
    )
