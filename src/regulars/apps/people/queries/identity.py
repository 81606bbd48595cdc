"""Who is who: numbers by any id, and the person behind a merged record."""

from collections.abc import Iterable
from dataclasses import dataclass

from regulars.apps.journal.tables import values_of
from regulars.apps.people.models import Alias, Identity
from regulars.kernel.errors import InputError
from regulars.kernel.wording import say

API = "api"
"""The source of ids that callers of the API give, unless they name another."""


@dataclass(frozen=True, slots=True)
class IdentityRow:
    """An id that a source knows a record by."""

    source: str
    id: str
    number: int


def numbers_of(external_ids: Iterable[str], source: str = API) -> dict[str, int]:
    """The numbers of customers by a source's ids; unknown ids are left out."""
    found: dict[str, int] = values_of(
        Identity, "external_id", external_ids, "customer_id", within=("source", source)
    )
    return found


def external_ids(numbers: Iterable[int], source: str = API) -> dict[int, str]:
    """The ids that a source knows customers by, by their numbers; of several the first."""
    found = Identity.objects.filter(source=source, customer__in=set(numbers))
    return dict(found.order_by("-external_id").values_list("customer_id", "external_id"))


def list_identities(number: int) -> list[IdentityRow]:
    """Every id of the person behind a number, merged records included, by source."""
    found = Identity.objects.filter(customer__in=same_person(number))
    return [
        IdentityRow(*row)
        for row in found.order_by("source", "external_id").values_list(
            "source", "external_id", "customer_id"
        )
    ]


def canonical_ids(numbers: Iterable[int]) -> dict[int, int]:
    """Each number with that of the person behind it, through any chain of merges."""
    canonical = {number: number for number in numbers}
    open_ = set(canonical.values())
    while open_:
        step = dict(
            Alias.objects.filter(customer__in=open_, undone_at__isnull=True).values_list(
                "customer_id", "canonical_id"
            )
        )
        canonical = {number: step.get(at, at) for number, at in canonical.items()}
        open_ = set(step.values())
    return canonical


def get_number(external_id: str, source: str = API) -> int:
    """The number of a customer.

    Raises:
        InputError: Nobody is known by that id.
    """
    known = numbers_of([external_id], source)
    if external_id not in known:
        raise InputError(say("Nobody is known by the id {id}.", id=external_id))
    return known[external_id]


def same_person(number: int) -> list[int]:
    """Every record of the person behind a number, the canonical one first."""
    root = canonical_ids([number])[number]
    found, open_ = [root], [root]
    while open_:
        open_ = list(
            Alias.objects.filter(canonical__in=open_, undone_at__isnull=True)
            .order_by("customer_id")
            .values_list("customer_id", flat=True)
        )
        found += open_
    return found
