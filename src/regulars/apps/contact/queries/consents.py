"""Reads: what people said of being written to. The last word counts, of whichever record."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import batched

from regulars.apps.contact.models import ConsentEvent, Wording
from regulars.apps.contact.rules.purposes import Basis, Channel, Consent, Purpose
from regulars.apps.people.queries import all_records, canonical_ids, same_person

_ROWS_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentRow:
    """Something that somebody said of a purpose.

    Attributes:
        customer: The record for which it was said.
        address: Where it was asked for, where that is known and still there.
        wording: The version of the words that he agreed to.
        actor: Who wrote it down, as ``staff:3``.
    """

    id: int
    customer: int
    purpose: Purpose
    channel: Channel
    state: Consent
    basis: Basis
    address: int | None
    wording: str
    language: str
    proof: Mapping[str, object]
    at: datetime
    recorded_at: datetime
    actor: str


@dataclass(frozen=True, slots=True)
class WordingRow:
    """What somebody is asked to agree to, word for word."""

    purpose: Purpose
    version: str
    language: str
    text: str
    made_at: datetime


def list_consents(number: int) -> list[ConsentRow]:
    """What the person behind a number last said, once for each purpose and channel."""
    return consents_of(same_person(number))


def consents_of(numbers: Sequence[int]) -> list[ConsentRow]:
    """What a person of whom every record is told last said, by purpose and channel."""
    last = {(row.purpose, row.channel): row for row in reversed(_events(numbers))}
    purposes, channels = list(Purpose), list(Channel)
    return sorted(
        last.values(), key=lambda it: (purposes.index(it.purpose), channels.index(it.channel))
    )


def list_consent_events(number: int) -> list[ConsentRow]:
    """All that the person behind a number ever said, the last first."""
    return _events(same_person(number))


def _events(numbers: Sequence[int]) -> list[ConsentRow]:
    events = ConsentEvent.objects.filter(customer__in=numbers)
    return [consent_row(event) for event in events.order_by("-at", "-pk")]


def find_consent_event(event: int) -> ConsentRow | None:
    """Something that somebody said, by its number."""
    row = ConsentEvent.objects.filter(pk=event).first()
    return None if row is None else consent_row(row)


def consent_of(
    numbers: Iterable[int], purpose: Purpose, channel: Channel
) -> dict[int, Consent | None]:
    """What people last said of a purpose and a channel; None where they never did.

    Args:
        numbers: Any record of each.
        purpose: The purpose.
        channel: The channel.
    """
    person_of = canonical_ids(numbers)
    said = latest_said(set(person_of.values()), [purpose])
    return {
        number: None if (row := said.get((person, purpose, channel))) is None else row.state
        for number, person in person_of.items()
    }


def latest_said(
    people: Iterable[int], purposes: Collection[Purpose]
) -> dict[tuple[int, Purpose, Channel], ConsentRow]:
    """What people, told by the records that stand for them, last said of purposes."""
    record_of = all_records(people)
    last: dict[tuple[int, Purpose, Channel], ConsentRow] = {}
    for some in batched(sorted(record_of), _ROWS_AT_ONCE):
        events = ConsentEvent.objects.filter(customer__in=some, purpose__in=list(purposes))
        for event in events.order_by("at", "pk"):
            row = consent_row(event)
            key = (record_of[row.customer], row.purpose, row.channel)
            if key not in last or (last[key].at, last[key].id) < (row.at, row.id):
                last[key] = row
    return last


def list_wordings(purpose: Purpose | None = None) -> list[WordingRow]:
    """What people are or were asked to agree to, the newest version of each purpose first."""
    rows = Wording.objects.order_by("purpose", "-made_at", "-pk")
    if purpose is not None:
        rows = rows.filter(purpose=purpose.value)
    return [
        WordingRow(Purpose(row.purpose), row.version, row.language, row.text, row.made_at)
        for row in rows
    ]


def consent_row(event: ConsentEvent) -> ConsentRow:
    """An event as others see it."""
    return ConsentRow(
        id=event.pk,
        customer=event.customer_id,
        purpose=Purpose(event.purpose),
        channel=Channel(event.channel),
        state=Consent(event.state),
        basis=Basis(event.basis),
        address=event.address_id,
        wording=event.wording,
        language=event.language,
        proof=event.proof,
        at=event.at,
        recorded_at=event.recorded_at,
        actor=event.actor,
    )
