"""How long people are kept who never come back, and what programs are told of people."""

from collections.abc import Sequence
from datetime import datetime

from regulars.apps.firm.registry import Keeping
from regulars.apps.journal.webhooks.registry import Facts, Part, Published
from regulars.apps.people.events import (
    CustomersChanged,
    CustomersErased,
    CustomersMerged,
    CustomersParted,
)
from regulars.apps.people.operations import count_quiet, erase_quiet
from regulars.apps.people.queries import ids_of, tell_customers
from regulars.kernel.actors import WORKER
from regulars.kernel.wording import say


def _drop(before: datetime, now: datetime, most: int) -> int:
    return erase_quiet(before, actor=WORKER, now=now, most=most)


CUSTOMERS = Keeping(
    kind="customers",
    what=say("Customers who neither bought nor were written to or changed"),
    fewest_days=30,
    default_days=None,
    most=200,
    count=count_quiet,
    drop=_drop,
)


def _each(data: Facts) -> tuple[int, ...]:
    return tuple(data["customers"])


def _record(data: Facts) -> tuple[int]:
    return (data["customer"],)


def _tell_pair(parts: Sequence[Part]) -> list[Facts]:
    pairs = [(part.data["customer"], part.data["canonical"]) for part in parts]
    known = ids_of(number for pair in pairs for number in pair)
    return [{"customer": known[first], "canonical": known[second]} for first, second in pairs]


PUBLISHED = (
    Published(
        news=CustomersChanged,
        name="customer.changed",
        what=say("A customer was made or changed"),
        customers=_each,
        tell=tell_customers,
    ),
    Published(
        news=CustomersMerged,
        name="customer.merged",
        what=say("Two records of customers turned out to be one person"),
        customers=_record,
        tell=_tell_pair,
    ),
    Published(
        news=CustomersParted,
        name="customer.parted",
        what=say("A merge of two records was undone"),
        customers=_record,
        tell=_tell_pair,
    ),
    Published(
        news=CustomersErased,
        name="customer.erased",
        what=say("All that was personal of a customer was erased"),
        customers=_each,
        tell=tell_customers,
    ),
)
"""What programs are told of people."""
