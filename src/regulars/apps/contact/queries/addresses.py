"""Reads: how people are reached, and who shares an address with whom."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import batched

from regulars.apps.contact.models import Address
from regulars.apps.contact.rules.addresses import masked
from regulars.apps.contact.rules.households import Households
from regulars.apps.contact.rules.purposes import Channel
from regulars.apps.people.queries import all_records, canonical_ids, same_person

_ROWS_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressRow:
    """A way to reach somebody.

    Attributes:
        customer: The record that it belongs to: the person's own, or one merged into it.
        key: The hash by which it is known once it is forgotten.
        rank: The smallest is used first.
        verified_at: When somebody showed that what is sent there reaches him.
    """

    id: int
    customer: int
    channel: Channel
    value: str
    key: str
    rank: int
    verified_at: datetime | None
    made_at: datetime
    changed_at: datetime

    @property
    def masked(self) -> str:
        """The address for whoever may not see it."""
        return masked(self.channel, self.value)


def list_addresses(number: int) -> list[AddressRow]:
    """How the person behind a number is reached, in the order in which they are used."""
    return addresses_of(same_person(number))


def addresses_of(numbers: Sequence[int]) -> list[AddressRow]:
    """How a person is reached of whom every record is told, the one that stands for him first."""
    channels = [channel.value for channel in Channel]
    rows = Address.objects.filter(customer__in=numbers).order_by("rank", "-pk")
    return [
        _row(row)
        # a person's own record comes before those merged into it
        for row in sorted(
            rows, key=lambda it: (channels.index(it.channel), it.customer_id != numbers[0])
        )
    ]


def household_of(number: int) -> int:
    """The record that stands for everybody who shares an address with the person of a number."""
    return households_of([number])[number]


def households_of(numbers: Iterable[int]) -> dict[int, int]:
    """Each number with that of the record that stands for its household.

    Two people are of one household who share an address, and so is whoever shares one with
    either. The smallest number of theirs stands for them. An address that more than
    ``rules.households.MOST_SHARING`` share, such as that of an office, makes no household; nor do
    more than ``MOST_OF_A_HOUSEHOLD`` people.
    """
    person_of = canonical_ids(numbers)
    found = Households(person_of.values())
    while open_ := found.take_open():
        for some in batched(sorted(open_), _ROWS_AT_ONCE):
            found.share(_sharing(some))
    return {number: found.stands_for(person) for number, person in person_of.items()}


def _sharing(people: Iterable[int]) -> Mapping[str, set[int]]:
    """The people who share an address with some, these included, by the address."""
    records = all_records(people)
    own = Address.objects.filter(customer__in=list(records))
    keys = set(own.values_list("key", flat=True))
    shared: dict[str, set[int]] = defaultdict(set)
    for some in batched(sorted(keys), _ROWS_AT_ONCE):
        rows = Address.objects.filter(key__in=some).values_list("key", "customer_id")
        pairs = list(rows)
        person_of = canonical_ids(customer for _, customer in pairs)
        for key, customer in pairs:
            shared[key].add(person_of[customer])
    return shared


def _row(row: Address) -> AddressRow:
    return AddressRow(
        id=row.pk,
        customer=row.customer_id,
        channel=Channel(row.channel),
        value=row.value,
        key=row.key,
        rank=row.rank,
        verified_at=row.verified_at,
        made_at=row.made_at,
        changed_at=row.changed_at,
    )
