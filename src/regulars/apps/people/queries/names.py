"""Reads: what people are called, and how many they are."""

from collections.abc import Iterable
from dataclasses import dataclass

from regulars.apps.people.models import Alias, Customer
from regulars.apps.people.queries.identity import canonical_ids


@dataclass(frozen=True, slots=True, kw_only=True)
class NameRow:
    """Who is behind a record: the number of his card, and his name, which may be empty."""

    number: int
    name: str


def names_of(numbers: Iterable[int]) -> dict[int, NameRow]:
    """Who is behind each record."""
    canonical = canonical_ids(numbers)
    names = dict(Customer.objects.filter(pk__in=canonical.values()).values_list("pk", "name"))
    return {
        number: NameRow(number=person, name=names[person])
        for number, person in canonical.items()
        if person in names
    }


def count_persons() -> int:
    """How many people there are: records that were merged into others are not counted again."""
    merged = Alias.objects.filter(undone_at__isnull=True).count()
    return Customer.objects.filter(erased_at__isnull=True).count() - merged
