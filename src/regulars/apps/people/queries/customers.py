"""Reads: customers by the ids of a source."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from regulars.apps.people.models import Customer, Identity
from regulars.apps.people.queries.identity import API, canonical_ids
from regulars.apps.people.queries.people import ANYBODY, Only, chosen
from regulars.apps.people.rules import Birthday


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
    greetings: Mapping[str, str]
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
    *, source: str = API, after: str = "", search: str = "", only: Only = ANYBODY, limit: int = 100
) -> list[CustomerRow]:
    """Customers of a source in the order of their ids.

    Args:
        source: Whose ids.
        after: Only ids behind this one.
        search: The beginning of names, accents and script left aside, or of an id.
        only: Who is wanted.
        limit: At most so many.
    """
    identities = Identity.objects.filter(source=source, external_id__gt=after)
    if search.strip() or only != ANYBODY:
        identities = identities.filter(customer__in=chosen(search, only).values("pk"))
    found = list(identities.select_related("customer").order_by("external_id")[:limit])
    canonical = canonical_ids(identity.customer_id for identity in found)
    return [_row(identity, canonical) for identity in found]


def birthday_of(customer: Customer) -> Birthday | None:
    """A customer's birthday."""
    if customer.birth_month is None or customer.birth_day is None:
        return None
    return Birthday(customer.birth_month, customer.birth_day, customer.birth_year)


def _row(identity: Identity, canonical: Mapping[int, int]) -> CustomerRow:
    customer = identity.customer
    person = canonical[customer.pk]
    return CustomerRow(
        id=identity.external_id,
        number=customer.pk,
        name=customer.name,
        language=customer.language,
        time_zone=customer.time_zone,
        birthday=birthday_of(customer),
        attributes=customer.attributes,
        greetings=customer.greetings,
        is_stub=customer.is_stub,
        merged_into=None if person == customer.pk else person,
        made_at=customer.made_at,
        changed_at=customer.changed_at,
    )
