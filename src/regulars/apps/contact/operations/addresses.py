"""Writes: how people are reached."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import batched

from django.db import transaction

from regulars.apps.contact.events import AddressesChanged
from regulars.apps.contact.models import Address
from regulars.apps.contact.operations.kinds import ADDRESSES
from regulars.apps.contact.queries.policy import get_policy
from regulars.apps.contact.rules.addresses import MOST_ADDRESSES, address_key, read_address
from regulars.apps.contact.rules.purposes import Channel
from regulars.apps.journal.operations import announce, record
from regulars.apps.journal.tables import instant, load, take_turns
from regulars.apps.journal.undoing import keep_written, states_of
from regulars.apps.people.operations import ensure_customers, lock_living
from regulars.apps.people.queries import API, same_person
from regulars.kernel.actors import Actor
from regulars.kernel.errors import InputError
from regulars.kernel.outcomes import Outcome
from regulars.kernel.wording import say

_ROWS_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class AddressData:
    """A way to reach somebody, as told.

    Attributes:
        verified: Somebody showed that what is sent there reaches him.
    """

    channel: Channel
    value: str
    verified: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerAddress:
    """A way to reach a customer, as an import tells it."""

    customer_id: str
    channel: Channel
    value: str
    verified_at: datetime | None = None


def put_addresses(
    customer: int,
    told: Sequence[AddressData],
    *,
    actor: Actor,
    now: datetime,
    complete: bool = True,
) -> bool:
    """Say how a person is reached; the first of each channel is used first.

    Args:
        customer: The record that new addresses belong to.
        told: The addresses; of two that are one the first holds.
        actor: Who tells.
        now: The time.
        complete: Whether these are all: what is not among them goes, from every record of the
            person. Otherwise they are added behind the rest.

    Returns:
        Whether that was new.

    Raises:
        InputError: An address is none, there are too many, or the customer is not there.
    """
    wanted = _read(told, get_policy().country)
    with transaction.atomic():
        change = _Change(customer, _rows_of(customer), now)
        change.put(wanted, complete=complete)
        if not change.save():
            return False
        record(actor, "changed addresses", f"customer:{customer}", now, change.told)
        announce(AddressesChanged((customer,)), now)
    return True


def remove_address(customer: int, address: int, *, actor: Actor, now: datetime) -> bool:
    """Forget a way to reach a person; return whether it was there.

    Raises:
        InputError: The customer is not there.
    """
    with transaction.atomic():
        rows = _rows_of(customer)
        change = _Change(customer, rows, now)
        change.gone += [row for row in rows if row.pk == address]
        if not change.save():
            return False
        record(actor, "changed addresses", f"customer:{customer}", now, change.told)
        announce(AddressesChanged((customer,)), now)
    return True


def import_addresses(
    told: Sequence[CustomerAddress],
    *,
    run: str,
    actor: Actor,
    now: datetime,
    source: str = API,
) -> Counter[Outcome]:
    """Add a batch of addresses behind those that customers have; the run is remembered.

    Args:
        told: Addresses without problems.
        run: The id of the run; the orders app's ``undo_run`` takes back what it wrote.
        actor: Who tells.
        now: The time: another one for each batch.
        source: Whose customers' ids they bear.

    Returns:
        How many had which outcome.
    """
    country = get_policy().country
    with transaction.atomic():
        take_turns(ADDRESSES.name)
        ids = {one.customer_id for one in told}
        numbers = ensure_customers(ids, now=now, source=source, run=run)
        lock_living(numbers.values())
        wanted = _by_key(told, numbers, country)
        known = _known(set(numbers.values()))
        made = [key for key in wanted if key not in known]
        proved = _newly_proved(wanted, known)
        _keep(
            run,
            {key: wanted[key] for key in made},
            {number: wanted[key] for key, number in proved.items()},
            known,
            now,
        )
        changed = {key[0] for key in (*made, *proved)}
        if changed:
            record(actor, "put addresses", f"run:{run}", now, {"count": len(made) + len(proved)})
            announce(AddressesChanged(tuple(sorted(changed))), now)
    return Counter(
        {
            Outcome.CREATED: len(made),
            Outcome.UPDATED: len(proved),
            Outcome.UNCHANGED: len(told) - len(made) - len(proved),
        }
    )


type _Key = tuple[int, str, str]
"""Whose address it is, its channel and its hash."""


@dataclass(slots=True)
class _Change:
    """What becomes of the addresses of a person.

    Attributes:
        customer: The record that new ones belong to.
        rows: Those that are there, locked.
        now: The time.
    """

    customer: int
    rows: Sequence[Address]
    now: datetime
    made: list[Address] = field(default_factory=list)
    changed: list[Address] = field(default_factory=list)
    gone: list[Address] = field(default_factory=list)

    @property
    def told(self) -> Mapping[str, object]:
        """The change as the trail keeps it: what kind of addresses, not which."""
        parts = {"added": self.made, "changed": self.changed, "removed": self.gone}
        return {name: sorted(row.channel for row in rows) for name, rows in parts.items() if rows}

    def put(self, wanted: Mapping[tuple[str, str], AddressData], *, complete: bool) -> None:
        """Take what is told for all addresses, or for further ones."""
        behind = Counter[str]()
        if complete:
            self.gone += [row for row in self.rows if (row.channel, row.key) not in wanted]
        else:
            for row in self.rows:
                behind[row.channel] = max(behind[row.channel], row.rank + 1)
        for (channel, key), one in wanted.items():
            there = [row for row in self.rows if (row.channel, row.key) == (channel, key)]
            rank = behind[channel] if complete or not there else None
            behind[channel] += rank is not None
            for row in there or [self._new(channel, key)]:
                self._set(row, one, rank)

    def save(self) -> bool:
        """Write it; return whether anything changed."""
        Address.objects.filter(pk__in=[row.pk for row in self.gone]).delete()
        fields = ["value", "rank", "verified_at", "changed_at"]
        Address.objects.bulk_update(self.changed, fields)
        Address.objects.bulk_create(self.made)
        return bool(self.made or self.changed or self.gone)

    def _new(self, channel: str, key: str) -> Address:
        return Address(customer_id=self.customer, channel=channel, key=key, made_at=self.now)

    def _set(self, row: Address, told: AddressData, rank: int | None) -> None:
        proved = row.verified_at or (self.now if told.verified else None)
        values = (told.value, row.rank if rank is None else rank, proved)
        new = not row.value  # whatever is there has one
        if not new and values == (row.value, row.rank, row.verified_at):
            return
        (self.made if new else self.changed).append(row)
        row.value, row.rank, row.verified_at = values
        row.changed_at = self.now


def _read(told: Sequence[AddressData], country: str) -> dict[tuple[str, str], AddressData]:
    """Addresses by channel and hash, in their normal form."""
    found: dict[tuple[str, str], AddressData] = {}
    for one in told:
        value = read_address(one.channel, one.value, country)
        key = (one.channel.value, address_key(one.channel, value))
        verified = one.verified or (key in found and found[key].verified)
        found[key] = AddressData(
            one.channel, found[key].value if key in found else value, verified
        )
    counts = Counter(channel for channel, _ in found)
    for channel, count in counts.items():
        if count > MOST_ADDRESSES:
            raise InputError(
                say(
                    "These are {count} addresses of one kind, {channel}.",
                    count=count,
                    channel=channel,
                ),
                accepted=say("Give at most {n}.", n=MOST_ADDRESSES),
            )
    return found


def _rows_of(customer: int) -> list[Address]:
    """The addresses of the person of a record, all locked.

    Raises:
        InputError: The record is not there, or was erased.
    """
    take_turns(ADDRESSES.name)
    numbers = same_person(customer)
    if customer not in lock_living(numbers):
        raise InputError(
            say("There is no customer {number}, or he was erased.", number=str(customer))
        )
    rows = Address.objects.select_for_update().filter(customer__in=numbers)
    return list(rows.order_by("pk"))


def _by_key(
    told: Iterable[CustomerAddress], numbers: Mapping[str, int], country: str
) -> dict[_Key, CustomerAddress]:
    """Addresses by whose they are and their hash, in their normal form."""
    found: dict[_Key, CustomerAddress] = {}
    for one in told:
        value = read_address(one.channel, one.value, country)
        key = (numbers[one.customer_id], one.channel.value, address_key(one.channel, value))
        if key not in found or one.verified_at is not None:
            found[key] = replace(one, value=value)
    return found


def _known(customers: Collection[int]) -> dict[_Key, tuple[int, int, bool]]:
    """The number, rank and proof of addresses that are there."""
    found: dict[_Key, tuple[int, int, bool]] = {}
    for some in batched(sorted(customers), _ROWS_AT_ONCE):
        rows = Address.objects.filter(customer__in=some).values_list(
            "customer_id", "channel", "key", "pk", "rank", "verified_at"
        )
        for customer, channel, key, number, rank, verified_at in rows:
            found[customer, channel, key] = (number, rank, verified_at is not None)
    return found


def _newly_proved(
    wanted: Mapping[_Key, CustomerAddress], known: Mapping[_Key, tuple[int, int, bool]]
) -> dict[_Key, int]:
    return {
        key: known[key][0]
        for key, one in wanted.items()
        if one.verified_at is not None and key in known and not known[key][2]
    }


def _keep(
    run: str,
    made: Mapping[_Key, CustomerAddress],
    proved: Mapping[int, CustomerAddress],
    known: Mapping[_Key, tuple[int, int, bool]],
    now: datetime,
) -> None:
    before = states_of(ADDRESSES, list(proved))
    for number, one in proved.items():
        Address.objects.filter(pk=number).update(verified_at=one.verified_at, changed_at=now)
    new = _load(made, _behind(known), now)
    keep_written(run, ADDRESSES, now, made=new, before=before)


def _behind(known: Mapping[_Key, tuple[int, int, bool]]) -> Counter[tuple[int, str]]:
    """The rank behind those that are there, by customer and channel."""
    behind = Counter[tuple[int, str]]()
    for (customer, channel, _), (_, rank, _) in known.items():
        behind[customer, channel] = max(behind[customer, channel], rank + 1)
    return behind


def _load(
    told: Mapping[_Key, CustomerAddress], behind: Counter[tuple[int, str]], now: datetime
) -> list[int]:
    """Add addresses that are known to be new; return their numbers."""
    columns: dict[str, list[str | int | None]] = defaultdict(list)
    for (customer, channel, key), one in told.items():
        columns["customer_id"].append(customer)
        columns["channel"].append(channel)
        columns["key"].append(key)
        columns["value"].append(one.value)
        columns["rank"].append(behind[customer, channel])
        columns["verified_at"].append(instant(one.verified_at) if one.verified_at else None)
        columns["made_at"].append(instant(now))
        columns["changed_at"].append(instant(now))
        behind[customer, channel] += 1
    if not columns:
        return []
    # whoever else adds any waits for his turn: all that come behind the last are these
    last = Address.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    load(Address, columns)
    return list(Address.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True))
