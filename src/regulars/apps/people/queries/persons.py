"""Reads: many people at once, with every record of each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from regulars.apps.people.models import Alias, Customer
from regulars.apps.people.queries.identity import canonical_ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What a message needs to know of somebody.

    Attributes:
        number: The record that stands for him.
        name: His name; may be empty.
        language: As he or the firm told it; may be empty.
        time_zone: As he or the firm told it; may be empty.
        greetings: How he is greeted, by language, where staff said so.
        erased: Whether he was erased.
    """

    number: int
    name: str
    language: str
    time_zone: str
    greetings: Mapping[str, str]
    erased: bool


def persons_of(numbers: Iterable[int]) -> dict[int, Person]:
    """Who is behind each record."""
    canonical = canonical_ids(numbers)
    persons = {
        number: Person(
            number=number,
            name=name,
            language=language,
            time_zone=zone,
            greetings=greetings,
            erased=at is not None,
        )
        for number, name, language, zone, greetings, at in Customer.objects.filter(
            pk__in=set(canonical.values())
        ).values_list("pk", "name", "language", "time_zone", "greetings", "erased_at")
    }
    return {number: persons[root] for number, root in canonical.items() if root in persons}


def all_records(people: Iterable[int]) -> Mapping[int, int]:
    """Every record of people, told by the records that stand for them, with that record.

    >>> all_records([])
    {}
    """
    person_of = {number: number for number in people}
    open_ = set(person_of)
    while open_:
        merged = Alias.objects.filter(canonical__in=open_, undone_at__isnull=True)
        step = dict(merged.values_list("customer_id", "canonical_id"))
        person_of |= {number: person_of[into] for number, into in step.items()}
        open_ = set(step)
    return person_of


def unknown_numbers(numbers: Iterable[int]) -> list[int]:
    """Of some numbers those that are nobody's, ascending."""
    wanted = set(numbers)
    known = Customer.objects.filter(pk__in=wanted).values_list("pk", flat=True)
    return sorted(wanted.difference(known))
