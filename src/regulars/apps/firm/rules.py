"""What the firm may say of itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from regulars.kernel.problems import Problem, problems_of_language, problems_of_time_zone
from regulars.kernel.wording import say
from regulars.warehouse.currencies import known_currencies

LOOKED_EVERY = timedelta(days=1)
"""How often something too old is looked for."""
LONGEST_DAYS = 36_500
"""The longest period that may be set."""
_LONGEST = {"name": 200, "address": 2000}


class Weekday(StrEnum):
    """The day on which a week begins."""

    MONDAY = "monday"
    SUNDAY = "sunday"
    SATURDAY = "saturday"


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """The firm as it says of itself.

    Attributes:
        name: Its name.
        address: Its postal address.
        currency: The currency of its books (ISO 4217).
        time_zone: Where its days begin.
        language: In which it speaks to customers whose language is not known.
        week_start: When its weeks begin.
    """

    name: str = ""
    address: str = ""
    currency: str = "EUR"
    time_zone: str = "UTC"
    language: str = "en"
    week_start: Weekday = Weekday.MONDAY


def problems_of_company(told: Company) -> Iterator[Problem]:
    """What is wrong with what the firm says of itself, field by field.

    >>> [it.field for it in problems_of_company(Company(currency="euro", time_zone="x"))]
    ['currency', 'time_zone']
    """
    for field, longest in _LONGEST.items():
        if len(getattr(told, field)) > longest:
            yield Problem(field, say("It has at most {n} characters.", n=longest))
    if told.currency not in known_currencies():
        yield Problem(
            "currency",
            say("{code} is no currency: give a code such as EUR.", code=told.currency),
        )
    yield from problems_of_time_zone("time_zone", told.time_zone)
    yield from problems_of_language("language", told.language)
