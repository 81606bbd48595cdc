"""Writes: what somebody wants who came by a link that was sent to him."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from regulars.apps.contact.operations.asking import ask_consent
from regulars.apps.contact.operations.consents import (
    ConsentData,
    last_said,
    put_consent,
    take_turn,
    withdraw,
)
from regulars.apps.contact.queries.addresses import AddressRow
from regulars.apps.contact.queries.preferences import Pair, Recipient, find_recipient
from regulars.apps.contact.rules.purposes import Basis, Consent, Purpose
from regulars.apps.contact.rules.standing import Standing
from regulars.apps.contact.tokens import Preferring
from regulars.apps.people.operations import change_language, lock_living
from regulars.apps.people.queries import same_person
from regulars.kernel.actors import Actor, customer_himself

_TICK = timedelta(microseconds=1)
_MOST_WORDS = 5_000


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody read when he said yes: the version, and the words themselves."""

    version: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What somebody wants from now on.

    Attributes:
        page: Where he said so.
        yes: What should come; what comes already is left as it was.
        no: What should not.
        words: What he read of each purpose.
        shown_in: The language in which he read it.
        language: In which he wants to be written to; None where he did not say.
    """

    page: str
    yes: Collection[Pair] = ()
    no: Collection[Pair] = ()
    words: Mapping[Purpose, Words]
    shown_in: str
    language: str | None = None


def save_preferences(opened: Preferring, wishes: Wishes, *, now: datetime) -> bool:
    """Do what somebody wants; return whether anything changed.

    A yes counts at once for the address to which the link was sent, since whoever has the link
    reads what comes there, and for others of his that were proved before. For all others, and for
    one that is suppressed, a message is sent first.
    """
    with transaction.atomic():
        take_turn([])
        living = lock_living(same_person(opened.customer))
        reader = find_recipient(opened.customer) if opened.customer in living else None
        if reader is None:
            return False
        actor = customer_himself(reader.number)
        changed = [
            *(_stop(opened, pair, wishes, actor, now) for pair in sorted(wishes.no)),
            *(_start(opened, reader, pair, wishes, now) for pair in sorted(wishes.yes)),
        ]
        if wishes.language is not None:
            changed.append(change_language(reader.number, wishes.language, actor=actor, now=now))
    return any(changed)


def _stop(opened: Preferring, pair: Pair, wishes: Wishes, actor: Actor, now: datetime) -> bool:
    purpose, channel = pair
    proof = {"page": wishes.page, "address_key": opened.key}
    return withdraw(opened.customer, [purpose], [channel], proof=proof, actor=actor, now=now) > 0


def _start(
    opened: Preferring, reader: Recipient, pair: Pair, wishes: Wishes, now: datetime
) -> bool:
    purpose, channel = pair
    address = reader.addresses.get(channel)
    if address is None or reader.standing(purpose, channel) is not Standing.NO:
        return False
    actor = customer_himself(reader.number)
    last = last_said(opened.customer, purpose, channel)
    told = ConsentData(
        customer=opened.customer,
        purpose=purpose,
        channel=channel,
        state=Consent.GRANTED,
        basis=Basis.CONSENT,
        at=now if last is None else max(now, last.at + _TICK),
        wording=wishes.words[purpose].version,
        language=wishes.shown_in,
        proof={
            "page": wishes.page,
            "words": wishes.words[purpose].text[:_MOST_WORDS],
            "link_sent_to": opened.key,
        },
        address=address.value,
    )
    if _is_proved(opened, reader, address) and not reader.withheld.get(channel):
        return put_consent(told, actor=actor, now=now)
    if last is not None and last.state is Consent.GRANTED:  # a complaint took that yes back
        proof = {"page": wishes.page, "because": "suppressed"}
        withdraw(opened.customer, [purpose], [channel], proof=proof, actor=actor, now=now)
    return ask_consent(told, actor=actor, now=now) is not None


def _is_proved(opened: Preferring, reader: Recipient, address: AddressRow) -> bool:
    """Whether he who has the link is known to read what comes to an address."""
    if opened.reached(address.key):
        return True
    at_his = any(opened.reached(row.key) for row in reader.addresses.values())
    return at_his and address.verified_at is not None
