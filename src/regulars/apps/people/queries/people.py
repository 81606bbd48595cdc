"""Reads: the table of people, searched, narrowed, sorted and paged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from regulars.apps.people.models import Alias, Customer, Identity, NameWord
from regulars.apps.people.queries.identity import API, canonical_ids
from regulars.apps.people.queries.seen import seen_in
from regulars.apps.people.rules import search_words
from regulars.kernel.errors import OptionError
from regulars.kernel.wording import say


class Sort(StrEnum):
    """What the table is sorted by; a minus turns it round."""

    NAME = "name"
    NAME_BACK = "-name"
    MADE = "made"
    MADE_BACK = "-made"
    CHANGED = "changed"
    CHANGED_BACK = "-changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Only:
    """Who is wanted; what is None does not matter.

    Attributes:
        language: The language; one of a region is found by its language alone, too.
        contact_person: The id of the staff who is contact person or substitute.
        is_stub: Known from orders alone.
        made_since: Made at this instant or later.
    """

    language: str | None = None
    contact_person: int | None = None
    is_stub: bool | None = None
    made_since: datetime | None = None


ANYBODY = Only()
"""Everybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """A line of the table of people.

    Attributes:
        number: The id within Regulars.
        ids: The ids that sources know the record by, as (source, id).
        merged_into: The number of the person that this record turned out to be.
        cursor: Where the page behind this row begins.
    """

    number: int
    name: str
    ids: tuple[tuple[str, str], ...]
    language: str
    contact_person: int | None
    substitute: int | None
    is_stub: bool
    merged_into: int | None
    made_at: datetime
    changed_at: datetime
    cursor: str

    @property
    def id(self) -> str:
        """The id by which the API knows the record; where it knows none, that of another."""
        return dict(reversed(self.ids)).get(API, self.ids[0][1] if self.ids else "")


def list_people(
    *,
    search: str = "",
    only: Only = ANYBODY,
    stores: frozenset[str] | None = None,
    sort: Sort = Sort.NAME,
    after: str = "",
    limit: int = 50,
) -> list[PersonRow]:
    """People as a table; merged records are left out unless somebody searches for them.

    Args:
        search: The beginnings of names, accents and script left aside, or of an id.
        only: Who is wanted.
        stores: The stores that the reader is limited to; None where he is not.
        sort: In which order.
        after: The cursor of the last row seen.
        limit: At most so many.

    Raises:
        OptionError: The cursor is none of this order.
    """
    field, back = _FIELDS[sort.lstrip("-")], sort.startswith("-")
    people = _listed(search, only).filter(seen_in(stores))
    if after:
        people = people.filter(_behind(field, after, back=back))
    sign = "-" if back else ""
    found = list(people.order_by(f"{sign}{field}", f"{sign}pk")[:limit])
    return _rows(found, field)


def count_people(
    *,
    search: str = "",
    only: Only = ANYBODY,
    stores: frozenset[str] | None = None,
    most: int = 10_000,
) -> int:
    """How many rows the table has; counting stops at ``most``, so that it stays quick."""
    return _listed(search, only).filter(seen_in(stores)).values("pk")[:most].count()


def chosen(search: str, only: Only) -> QuerySet[Customer]:
    """Customers whom a search finds among those wanted."""
    wanted = _wanted(only)
    return wanted.filter(_found(search)) if search.strip() else wanted


def begins(field: str, text: str) -> Q:
    """A field begins with a text, told so that the database's index finds it."""
    if connection.vendor == "sqlite":  # its LIKE is blind to case, so that no index helps
        return Q(**{f"{field}__gte": text, f"{field}__lt": text + chr(0x10FFFF)})
    return Q(**{f"{field}__startswith": text})


_FIELDS = {"name": "search", "made": "made_at", "changed": "changed_at"}
_MERGED = Exists(Alias.objects.filter(customer=OuterRef("pk"), undone_at__isnull=True))


def _listed(search: str, only: Only) -> QuerySet[Customer]:
    people = chosen(search, only)
    return people if search.strip() else people.filter(~_MERGED)


def _wanted(only: Only) -> QuerySet[Customer]:
    wanted = Customer.objects.filter(erased_at__isnull=True)
    if only.language is not None:
        wanted = wanted.filter(
            Q(language=only.language) | Q(language__startswith=f"{only.language}-")
        )
    if only.contact_person is not None:
        wanted = wanted.filter(
            Q(contact_person=only.contact_person) | Q(substitute=only.contact_person)
        )
    if only.is_stub is not None:
        wanted = wanted.filter(is_stub=only.is_stub)
    if only.made_since is not None:
        wanted = wanted.filter(made_at__gte=only.made_since)
    return wanted


def _found(search: str) -> Q:
    """Every word begins a word of the name, or the whole begins an id."""
    ids = Identity.objects.filter(begins("external_id", search.strip())).values("customer")
    words = search_words(search)
    if not words:
        return Q(pk__in=ids)
    named = NameWord.objects.filter(begins("word", words[0]))
    for word in words[1:]:
        also = NameWord.objects.filter(begins("word", word))
        named = named.filter(customer__in=also.values("customer"))
    # joined as rows: an OR of two conditions would have PostgreSQL try every customer
    return Q(pk__in=ids.union(named.values("customer")))


def _behind(field: str, cursor: str, *, back: bool) -> Q:
    number, _, text = cursor.partition(":")
    value: str | datetime = text
    try:
        if field != "search":
            value = datetime.fromisoformat(text)
        pk = int(number)
    except ValueError as error:
        raise OptionError(
            say("{cursor} is no place in this table.", cursor=cursor),
            accepted=say("Give the cursor of a row, or none."),
        ) from error
    side = "lt" if back else "gt"
    # the first half alone is a range that the index walks
    return Q(**{f"{field}__{side}e": value}) & (
        Q(**{f"{field}__{side}": value}) | Q(**{f"pk__{side}": pk})
    )


def _rows(found: Sequence[Customer], field: str) -> list[PersonRow]:
    numbers = [customer.pk for customer in found]
    ids: dict[int, list[tuple[str, str]]] = {number: [] for number in numbers}
    known = Identity.objects.filter(customer__in=numbers).order_by("source", "external_id")
    for number, source, external_id in known.values_list("customer_id", "source", "external_id"):
        ids[number].append((source, external_id))
    canonical = canonical_ids(numbers)
    return [_row(customer, tuple(ids[customer.pk]), canonical, field) for customer in found]


def _row(
    customer: Customer,
    ids: tuple[tuple[str, str], ...],
    canonical: dict[int, int],
    field: str,
) -> PersonRow:
    person = canonical[customer.pk]
    value = getattr(customer, field)
    return PersonRow(
        number=customer.pk,
        name=customer.name,
        ids=ids,
        language=customer.language,
        contact_person=customer.contact_person_id,
        substitute=customer.substitute_id,
        is_stub=customer.is_stub,
        merged_into=None if person == customer.pk else person,
        made_at=customer.made_at,
        changed_at=customer.changed_at,
        cursor=f"{customer.pk}:{value if isinstance(value, str) else value.isoformat()}",
    )
