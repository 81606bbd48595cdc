"""Writes: what people said of being written to. It is only ever added to."""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import batched

from django.db import transaction

from regulars.apps.contact.events import ConsentsChanged
from regulars.apps.contact.models import Address, ConsentEvent
from regulars.apps.contact.operations.kinds import CONSENTS
from regulars.apps.contact.queries.consents import ConsentRow, latest_said
from regulars.apps.contact.queries.policy import get_policy
from regulars.apps.contact.rules.addresses import address_key, read_address
from regulars.apps.contact.rules.consents import POSITIVE, Said
from regulars.apps.contact.rules.purposes import Basis, Channel, Consent, Purpose
from regulars.apps.journal.operations import Line, announce, record, record_all
from regulars.apps.journal.tables import Column, instant, load, take_turns
from regulars.apps.journal.undoing import keep_written
from regulars.apps.people.operations import ensure_customers, lock_living
from regulars.apps.people.queries import API, canonical_ids, same_person
from regulars.kernel.actors import Actor
from regulars.kernel.errors import InputError
from regulars.kernel.outcomes import Outcome
from regulars.kernel.wording import say

_ROWS_AT_ONCE = 5_000
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentData(Said):
    """What a customer said of being written to.

    Attributes:
        customer: His record.
        address: Where it was asked for; empty where that is not known.
    """

    customer: int
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerConsent(Said):
    """What a customer said of being written to, as an import tells it."""

    customer_id: str
    address: str = ""


def record_consents(told: Sequence[ConsentData], *, actor: Actor, now: datetime) -> int:
    """Write down what people said; what is known already, of the same instant, stays once.

    Args:
        told: What they said, without problems.
        actor: Who tells.
        now: The time.

    Returns:
        How much of it was new.

    Raises:
        InputError: A customer is not there, or was erased.
    """
    with transaction.atomic():
        take_turn(one.customer for one in told)
        return len(_added(told, actor, now))


def put_consent(told: ConsentData, *, actor: Actor, now: datetime) -> bool:
    """Write down what somebody says now, unless it is what he last said.

    Returns:
        Whether it was new.

    Raises:
        InputError: The customer is not there, or was erased.
    """
    with transaction.atomic():
        take_turn([told.customer])
        last = last_said(told.customer, told.purpose, told.channel)
        if last is not None and _same(last, told):
            return False
        said = told if last is None else replace(told, at=max(told.at, last.at + _TICK))
        return bool(_added([said], actor, now))


def withdraw(
    customer: int,
    purposes: Collection[Purpose],
    channels: Collection[Channel],
    *,
    proof: Mapping[str, object],
    actor: Actor,
    now: datetime,
) -> int:
    """Write down that somebody wants no more of some purposes; who said so before is left.

    It stands behind whatever was said until now, even by a clock that is ahead.

    Args:
        customer: The record that the link was made for.
        purposes: What he wants no more.
        channels: By which ways.
        proof: What shows it.
        actor: Who tells.
        now: The time.

    Returns:
        How many purposes and channels that was new of; 0 also where he was erased meanwhile.
    """
    with transaction.atomic():
        take_turns(CONSENTS.name)
        numbers = same_person(customer)
        if customer not in lock_living(numbers):
            return 0
        said = latest_said(numbers[:1], purposes)
        told = []
        for purpose in sorted(set(purposes) - {Purpose.SERVICE}):
            for channel in sorted(set(channels)):
                last = said.get((numbers[0], purpose, channel))
                if last is None or last.state in POSITIVE:
                    told.append(_no(customer, purpose, channel, last, proof, now))
        return len(_added(told, actor, now))


def import_consents(
    told: Sequence[CustomerConsent],
    *,
    run: str,
    actor: Actor,
    now: datetime,
    source: str = API,
) -> Counter[Outcome]:
    """Write down a batch of what people said elsewhere; the run is remembered.

    Args:
        told: What they said, without problems.
        run: The id of the run; the orders app's ``undo_run`` takes back what it wrote.
        actor: Who tells.
        now: The time: another one for each batch.
        source: Whose customers' ids they bear.

    Returns:
        How many had which outcome.
    """
    with transaction.atomic():
        take_turns(CONSENTS.name)
        ids = {one.customer_id for one in told}
        numbers = ensure_customers(ids, now=now, source=source, run=run)
        lock_living(numbers.values())
        made = _added([_numbered(one, numbers) for one in told], actor, now, run=run)
    return Counter({Outcome.CREATED: len(made), Outcome.UNCHANGED: len(told) - len(made)})


def last_said(customer: int, purpose: Purpose, channel: Channel) -> ConsentRow | None:
    """What the person of a record last said of a purpose and a channel."""
    person = canonical_ids([customer])[customer]
    return latest_said([person], [purpose]).get((person, purpose, channel))


def add_said(told: ConsentData, *, actor: Actor, now: datetime) -> int:
    """Write down something that is known to be new, in the caller's turn; return its number."""
    [number] = _added([told], actor, now)
    return number


def _no(
    customer: int,
    purpose: Purpose,
    channel: Channel,
    last: ConsentRow | None,
    proof: Mapping[str, object],
    now: datetime,
) -> ConsentData:
    return ConsentData(
        customer=customer,
        purpose=purpose,
        channel=channel,
        state=Consent.WITHDRAWN,
        basis=Basis.CONSENT if last is None else last.basis,
        at=now if last is None else max(now, last.at + _TICK),
        proof=proof,
    )


def _numbered(told: CustomerConsent, numbers: Mapping[str, int]) -> ConsentData:
    return ConsentData(
        customer=numbers[told.customer_id],
        purpose=told.purpose,
        channel=told.channel,
        state=told.state,
        basis=told.basis,
        at=told.at,
        wording=told.wording,
        language=told.language,
        proof=told.proof,
        address=told.address,
    )


def _same(last: ConsentRow, told: ConsentData) -> bool:
    """Whether somebody says again what he said, in the same words."""
    return (last.state, last.basis, last.wording, last.language) == (
        told.state,
        told.basis,
        told.wording,
        told.language,
    )


def take_turn(customers: Iterable[int]) -> None:
    """Let one transaction at a time write down what people say, and lock these.

    Raises:
        InputError: A customer is not there, or was erased.
    """
    take_turns(CONSENTS.name)
    wanted = set(customers)
    for missing in sorted(wanted - lock_living(wanted)):
        raise InputError(
            say("There is no customer {number}, or he was erased.", number=str(missing))
        )


type _Key = tuple[int, str, str, datetime, str]


def _key(told: ConsentData) -> _Key:
    return (told.customer, told.purpose.value, told.channel.value, told.at, told.state.value)


def _added(
    told: Iterable[ConsentData], actor: Actor, now: datetime, run: str | None = None
) -> list[int]:
    """Add what is not known yet, in the order told; return the numbers.

    It is the caller's turn, and the customers are locked.
    """
    wanted: dict[_Key, ConsentData] = {}
    for one in told:
        wanted.setdefault(_key(one), one)
    known = _known({one.customer for one in wanted.values()})
    new = [one for key, one in wanted.items() if key not in known]
    if not new:
        return []
    # whoever else adds any waits for his turn: all that come behind the last are these
    last = ConsentEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    load(ConsentEvent, _columns(new, actor, now))
    made = ConsentEvent.objects.filter(pk__gt=last).order_by("pk")
    numbers = list(made.values_list("pk", flat=True))
    if run is not None:
        keep_written(run, CONSENTS, now, made=numbers, before={})
    _tell(new, actor, now, run)
    return numbers


def _known(customers: Collection[int]) -> set[_Key]:
    found: set[_Key] = set()
    for some in batched(sorted(customers), _ROWS_AT_ONCE):
        events = ConsentEvent.objects.filter(customer__in=some)
        found.update(events.values_list("customer_id", "purpose", "channel", "at", "state"))
    return found


def _columns(told: Sequence[ConsentData], actor: Actor, now: datetime) -> dict[str, Column]:
    addresses = _addresses([one for one in told if one.address])
    country = get_policy().country
    rows: dict[str, list[str | int | None]] = defaultdict(list)
    for one in told:
        address, proof = None, dict(one.proof)
        if one.address:
            key = _address_key(one, country)
            address = addresses.get((one.customer, key))
            # an address may change; what was said was said for this one
            proof |= {"address_key": key} | ({"address": one.address} if address is None else {})
        rows["customer_id"].append(one.customer)
        rows["purpose"].append(one.purpose.value)
        rows["channel"].append(one.channel.value)
        rows["state"].append(one.state.value)
        rows["basis"].append(one.basis.value)
        rows["address_id"].append(address)
        rows["wording"].append(one.wording)
        rows["language"].append(one.language)
        rows["proof"].append(json.dumps(proof, ensure_ascii=False))
        rows["at"].append(instant(one.at))
    return {
        **rows,
        "recorded_at": [instant(now)] * len(told),
        "actor": [str(actor)] * len(told),
    }


def _addresses(told: Sequence[ConsentData]) -> dict[tuple[int, str], int]:
    found: dict[tuple[int, str], int] = {}
    for some in batched(sorted({one.customer for one in told}), _ROWS_AT_ONCE):
        rows = Address.objects.filter(customer__in=some).values_list("customer_id", "key", "pk")
        found |= {(customer, key): number for customer, key, number in rows}
    return found


def _address_key(told: ConsentData, country: str) -> str:
    value = read_address(told.channel, told.address, country)
    return address_key(told.channel, value)


def _tell(told: Sequence[ConsentData], actor: Actor, now: datetime, run: str | None) -> None:
    announce(ConsentsChanged(tuple(sorted({one.customer for one in told}))), now)
    if run is not None:  # a line for each of a million would bury the rest
        record(actor, "put consents", f"run:{run}", now, {"count": len(told)})
        return
    lines = (
        Line(
            VERBS[one.state],
            f"customer:{one.customer}",
            {"purpose": one.purpose.value, "channel": one.channel.value, "basis": one.basis.value},
        )
        for one in told
    )
    record_all(actor, lines, now)


VERBS: Mapping[Consent, str] = {
    Consent.GRANTED: "recorded consent",
    Consent.PENDING: "asked for consent",
    Consent.WITHDRAWN: "recorded withdrawal",
    Consent.OBJECTED: "recorded objection",
}
"""What the trail says of each word."""
