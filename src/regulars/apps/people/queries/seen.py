"""Who is seen by somebody that is limited to some stores."""

from typing import ClassVar

from django.db.models import BigIntegerField, Func, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.lookups import IsNull

from regulars.apps.people.models import Alias, Customer
from regulars.apps.people.registry import get_bought


class _Records(Func):
    """The numbers of every record of the person behind one of them, through any merges."""

    template = (
        "(WITH RECURSIVE record(id) AS (SELECT %(expressions)s UNION "
        "SELECT CASE WHEN m.customer_id = record.id THEN m.canonical_id ELSE m.customer_id END "
        "FROM record JOIN people_alias m ON m.undone_at IS NULL "
        "AND (m.customer_id = record.id OR m.canonical_id = record.id)) SELECT id FROM record)"
    )
    output_field: ClassVar = BigIntegerField()


def seen_in(stores: frozenset[str] | None) -> Q:
    """Records of people who bought in one of some stores, or never bought anything.

    Args:
        stores: The stores; None for everybody.
    """
    if stores is None:
        return Q()
    bought, itself = get_bought(), OuterRef("pk")
    here, anywhere = bought(stores), bought(None)
    person = _Records(itself)
    # few records are merged: only for these the others of the person are looked for
    merged = _linked("customer") | _linked("canonical")
    alone = _any(here.filter(customer=itself)) | (
        ~_any(anywhere.filter(customer=itself)) & ~merged
    )
    together = _any(here.filter(customer__in=person)) | ~_any(anywhere.filter(customer__in=person))
    return alone | (merged & together)


def _linked(side: str) -> Q:
    return _any(Alias.objects.filter(**{side: OuterRef("pk")}, undone_at__isnull=True))


def _any(rows: QuerySet[Model]) -> Q:
    """Whether there is such a row; for EXISTS PostgreSQL would hash whole tables for a page."""
    return Q(IsNull(Subquery(rows.values("pk")[:1]), False))  # noqa: FBT003 - Django's own


def of_seen(field: str, stores: frozenset[str] | None) -> Q:
    """Rows of another app that belong to customers who are seen; rows of nobody are not.

    Args:
        field: The rows' field that bears the customer's number.
        stores: The stores that the reader is limited to; None where he sees every row.
    """
    if stores is None:
        return Q()
    return _any(Customer.objects.filter(seen_in(stores), pk=OuterRef(field)))
