"""Writes: double opt-in. A yes counts once whoever reads what is sent to the address confirms."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction

from regulars.apps.contact.confirmations import confirmation
from regulars.apps.contact.events import AddressesChanged
from regulars.apps.contact.models import Address, Suppression
from regulars.apps.contact.operations.consents import (
    ConsentData,
    add_said,
    last_said,
    take_turn,
)
from regulars.apps.contact.operations.planning import Message, Recipient, plan_deliveries
from regulars.apps.contact.queries.addresses import AddressRow, list_addresses
from regulars.apps.contact.queries.consents import (
    ConsentRow,
    find_consent_event,
    list_consent_events,
)
from regulars.apps.contact.queries.policy import get_policy
from regulars.apps.contact.rules.addresses import address_key, read_address
from regulars.apps.contact.rules.consents import ASKER, POSITIVE, asking_key
from regulars.apps.contact.rules.purposes import Basis, Channel, Consent, Purpose, Scope
from regulars.apps.contact.tokens import CONFIRM_LIVES, confirm_link
from regulars.apps.journal.operations import announce, record
from regulars.apps.people.operations import lock_living
from regulars.apps.people.queries import same_person
from regulars.kernel.actors import Actor
from regulars.kernel.errors import InputError
from regulars.kernel.wording import say

ASK_AGAIN = timedelta(hours=1)
"""Who was asked is not asked again sooner: nobody's box is filled by somebody else's form."""
_TICK = timedelta(microseconds=1)


def ask_consent(told: ConsentData, *, actor: Actor, now: datetime) -> int | None:
    """Write down that somebody asked to be written to, and ask him whether it was he.

    Where the firm wants no such confirmation, and by post, it counts at once.

    Args:
        told: What he asked for, without problems; its state does not matter.
        actor: Who tells.
        now: The time.

    Returns:
        The number of what was written down; None where he said so already, or was asked within
        :data:`ASK_AGAIN`.

    Raises:
        InputError: The customer is not there, has no address of the channel, or another one is
            used for it.
    """
    asks = get_policy().double_opt_in and told.channel is not Channel.POST
    with transaction.atomic():
        take_turn([told.customer])
        last = last_said(told.customer, told.purpose, told.channel)
        address = _address_of(told) if asks else None
        if last is not None and _settled(last, address, now):
            return None
        at = max(told.at, last.at + _TICK) if last is not None else told.at
        state = Consent.PENDING if asks else Consent.GRANTED
        value = address.value if address is not None else told.address
        said = replace(told, state=state, basis=Basis.CONSENT, at=at, address=value)
        event = add_said(said, actor=actor, now=now)
        if asks:
            _send(said, event, now)
    return event


def confirm_consent(
    event: int, *, proof: Mapping[str, object], actor: Actor, now: datetime
) -> bool:
    """Write down that somebody confirmed what he was asked; the address is open to him again.

    A no that he said since stands, and so does that the address is his no longer: then nothing
    happens. Confirmed once more, nothing happens either.

    Args:
        event: The number of what he was asked.
        proof: What shows it.
        actor: Who tells.
        now: The time.

    Returns:
        Whether that was new.
    """
    asked = find_consent_event(event)
    if asked is None or asked.state is not Consent.PENDING:
        return False
    with transaction.atomic():
        numbers = same_person(asked.customer)
        take_turn([])
        if asked.customer not in lock_living(numbers):
            return False
        address = _still_his(asked, numbers)
        if address is None or not _stands(asked):
            return False
        last = last_said(asked.customer, asked.purpose, asked.channel) or asked
        add_said(
            ConsentData(
                customer=asked.customer,
                purpose=asked.purpose,
                channel=asked.channel,
                state=Consent.GRANTED,
                basis=Basis.CONSENT,
                at=max(now, last.at + _TICK),
                wording=asked.wording,
                language=asked.language,
                proof={**proof, "asked": asked.id},
                address=address.value,
            ),
            actor=actor,
            now=now,
        )
        _open(asked, address, actor, now)
    return True


def _address_of(told: ConsentData) -> AddressRow:
    """The address that is asked: the one that is used.

    Raises:
        InputError: There is none, or another one was told.
    """
    rows = [row for row in list_addresses(told.customer) if row.channel is told.channel]
    if not rows:
        raise InputError(
            say("Nobody can be asked: no address of the kind {kind} is known.", kind=told.channel),
            accepted=say("Add one first."),
        )
    if told.address:
        value = read_address(told.channel, told.address, get_policy().country)
        if rows[0].key != address_key(told.channel, value):
            raise InputError(
                say("{address} is not the address that is used.", address=value),
                accepted=say("Put it first among the customer's addresses."),
            )
    return rows[0]


def _send(asked: ConsentData, event: int, now: datetime) -> None:
    message = Message(
        sender=ASKER,
        dedupe_key=asking_key(event),
        purpose=Purpose.SERVICE,
        content=confirmation(asked.purpose),
        channels=(asked.channel,),
        values={"confirm": confirm_link(event)},
        valid_until=now + CONFIRM_LIVES,
        secret=True,
    )
    plan_deliveries(message, [Recipient(asked.customer)], now=now)


def _settled(last: ConsentRow, address: AddressRow | None, now: datetime) -> bool:
    """Whether nothing is left to ask: he said yes, or was asked at that address just now."""
    if last.state is Consent.GRANTED:
        return True
    same = address is not None and last.proof.get("address_key") == address.key
    return last.state is Consent.PENDING and same and now - last.recorded_at < ASK_AGAIN


def _still_his(asked: ConsentRow, numbers: list[int]) -> Address | None:
    """The address that was asked, if it is still an address of the person, locked."""
    rows = Address.objects.select_for_update().filter(
        customer__in=numbers, channel=asked.channel.value, key=asked.proof.get("address_key", "")
    )
    return rows.order_by("pk").first()


def _stands(asked: ConsentRow) -> bool:
    """Whether he neither took it back since nor confirmed it already."""
    for event in list_consent_events(asked.customer):
        if event.id == asked.id:
            return True
        if (event.purpose, event.channel) == (asked.purpose, asked.channel) and (
            event.state not in POSITIVE or event.state is Consent.GRANTED
        ):
            return False
    return False


def _open(asked: ConsentRow, address: Address, actor: Actor, now: datetime) -> None:
    """What was sent there arrived and is wanted: nothing holds it back any longer."""
    if address.verified_at is None:
        address.verified_at = address.changed_at = now
        address.save(update_fields=["verified_at", "changed_at"])
        announce(AddressesChanged((address.customer_id,)), now)
    scopes = [scope.value for scope in Scope if scope.covers(asked.purpose.kind)]
    lifted = Suppression.objects.filter(
        key=address.key, scope__in=scopes, lifted_at__isnull=True
    ).update(lifted_at=now, lifted_by="customer")
    if lifted:
        record(actor, "lifted suppression", f"customer:{asked.customer}", now, {"count": lifted})
