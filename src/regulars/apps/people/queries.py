"""Reads: customers by any id, and who is the same person."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from regulars.apps.people.models import Alias, Identity
from regulars.apps.people.rules import Birthday, searchable
from regulars.kernel.errors import InputError
from regulars.kernel.wording import say

API = "api"
"""The source of ids that callers of the API give, unless they name another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerRow:
    """A customer as others see him.

    Attributes:
        id: The caller's own id.
        number: The id within Regulars.
        merged_into: The number of the person that this record turned out to be.
    """

    id: str
    number: int
    name: str
    language: str
    time_zone: str
    birthday: Birthday | None
    attributes: Mapping[str, object]
    is_stub: bool
    merged_into: int | None
    made_at: datetime
    changed_at: datetime


def find_customer(external_id: str, source: str = API) -> CustomerRow | None:
    """The customer whom a source knows by an id."""
    identity = (
        Identity.objects.filter(source=source, external_id=external_id)
        .select_related("customer")
        .first()
    )
    if identity is None:
        return None
    return _row(identity, canonical_ids([identity.customer_id]))


def list_customers(
    *, source: str = API, after: str = "", search: str = "", limit: int = 100
) -> list[CustomerRow]:
    """Customers of a source in the order of their ids.

    Args:
        source: Whose ids.
        after: Only ids behind this one.
        search: Part of a name, accents and script left aside.
        limit: At most so many.
    """
    identities = Identity.objects.filter(source=source, external_id__gt=after)
    if wanted := searchable(search):
        identities = identities.filter(customer__search__contains=wanted.split()[0])
        for word in wanted.split()[1:]:
            identities = identities.filter(customer__search__contains=word)
    found = list(identities.select_related("customer").order_by("external_id")[:limit])
    canonical = canonical_ids(identity.customer_id for identity in found)
    return [_row(identity, canonical) for identity in found]


def numbers_of(external_ids: Iterable[str], source: str = API) -> dict[str, int]:
    """The numbers of customers by a source's ids; unknown ids are left out."""
    wanted = list(dict.fromkeys(external_ids))
    found = Identity.objects.filter(source=source, external_id__in=wanted)
    return dict(found.values_list("external_id", "customer_id"))


def external_ids(numbers: Iterable[int], source: str = API) -> dict[int, str]:
    """The ids that a source knows customers by, by their numbers; of several the first."""
    found = Identity.objects.filter(source=source, customer__in=set(numbers))
    return dict(found.order_by("-external_id").values_list("customer_id", "external_id"))


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


def _row(identity: Identity, canonical: Mapping[int, int]) -> CustomerRow:
    customer = identity.customer
    person = canonical[customer.pk]
    birthday = None
    if customer.birth_month is not None and customer.birth_day is not None:
        birthday = Birthday(customer.birth_month, customer.birth_day, customer.birth_year)
    return CustomerRow(
        id=identity.external_id,
        number=customer.pk,
        name=customer.name,
        language=customer.language,
        time_zone=customer.time_zone,
        birthday=birthday,
        attributes=customer.attributes,
        is_stub=customer.is_stub,
        merged_into=None if person == customer.pk else person,
        made_at=customer.made_at,
        changed_at=customer.changed_at,
    )
