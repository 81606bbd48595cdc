"""Records are locked before they are changed, and whoever was erased stays erased."""

from collections.abc import Iterable
from itertools import batched

from regulars.apps.people.models import Customer
from regulars.kernel.errors import InputError
from regulars.kernel.wording import say

_ROWS_AT_ONCE = 10_000


def locked(number: int) -> Customer:
    """A record, locked until the transaction ends.

    Raises:
        InputError: There is none, or it was erased.
    """
    customer = Customer.objects.select_for_update().filter(pk=number).first()
    if customer is None:
        raise InputError(say("There is no customer {number}.", number=str(number)))
    if customer.erased_at is not None:
        raise InputError(say("Customer {number} was erased.", number=str(number)))
    return customer


def lock_living(numbers: Iterable[int]) -> set[int]:
    """Lock records until the transaction ends; return those that are there and not erased."""
    living: set[int] = set()
    for some in batched(sorted(set(numbers)), _ROWS_AT_ONCE):
        rows = Customer.objects.select_for_update(no_key=True).order_by("pk")
        rows = rows.filter(pk__in=some, erased_at__isnull=True)
        living.update(rows.values_list("pk", flat=True))
    return living
