"""Pure decisions about people: how a name is looked for, what a birthday may be."""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from zoneinfo import available_timezones

from regulars.kernel.problems import Problem, problems_of_id
from regulars.kernel.wording import say

_LEAP = 2000
_CYRILLIC = dict(
    zip(
        "абвгдезийклмнопрстуфыэёъь",
        (*"abvgdezijklmnoprstufye", "e", "", ""),
        strict=True,
    )
) | {"ж": "z", "х": "ch", "ц": "c", "ч": "c", "ш": "s", "щ": "sc", "ю": "ju", "я": "ja"}


def searchable(text: str) -> str:
    """A text as it is looked for: small letters, no accents, Cyrillic also in Latin letters.

    >>> searchable("Šimkus"), searchable("Иванов"), searchable("王 Wang")
    ('simkus', 'иванов ivanov', '王 wang')
    """
    plain = _without_accents(text.casefold())
    latin = "".join(_CYRILLIC.get(letter, letter) for letter in plain)
    return plain if latin == plain else f"{plain} {latin}"


def _without_accents(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text)
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(bare.split())


@dataclass(frozen=True, slots=True)
class Birthday:
    """A day of the year; the year may be unknown.

    >>> Birthday(2, 29).exists, Birthday(2, 29, 2023).exists
    (True, False)
    """

    month: int
    day: int
    year: int | None = None

    @property
    def exists(self) -> bool:
        """Whether the calendar has such a day."""
        year = self.year if self.year is not None else _LEAP
        months = range(1, 13)
        return self.month in months and 1 <= self.day <= monthrange(year, self.month)[1]


def problems_of_customer(
    external_id: str, *, language: str, time_zone: str, birthday: Birthday | None
) -> Iterator[Problem]:
    """What is wrong with what is told of a customer, field by field.

    >>> [it.field for it in problems_of_customer("a", language="?", time_zone="x", birthday=None)]
    ['language', 'time_zone']
    """
    yield from problems_of_id("id", external_id)
    if language and not _LANGUAGE.fullmatch(language):
        yield Problem(
            "language",
            say("{code} is no language: give a tag such as lt or zh-hans.", code=language),
        )
    if time_zone and time_zone not in _time_zones():
        yield Problem(
            "time_zone",
            say("{zone} is no time zone: give a name such as Europe/Vilnius.", zone=time_zone),
        )
    if birthday is not None and not birthday.exists:
        yield Problem("birthday", say("The calendar has no such day."))


_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*")


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones())
