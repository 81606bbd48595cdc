"""Why something told cannot be taken: the field, the value, and what would be accepted."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from zoneinfo import available_timezones

from regulars.kernel.wording import Message, say

LONGEST_ID = 200
"""How long the id of a caller may be."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something told cannot be taken: the field, and a sentence."""

    field: str
    message: Message


def problems_of_id(field: str, value: str) -> Iterator[Problem]:
    """What is wrong with an id that a caller gives.

    >>> [str(problem.message) for problem in problems_of_id("id", " ")]
    ['An id has 1 to 200 characters that can be printed.']
    """
    if not value.strip() or len(value) > LONGEST_ID or not value.isprintable():
        yield Problem(
            field, say("An id has 1 to {n} characters that can be printed.", n=LONGEST_ID)
        )


def problems_of_language(field: str, code: str) -> Iterator[Problem]:
    """What is wrong with the tag of a language.

    >>> list(problems_of_language("language", "zh-hans"))
    []
    """
    if not _LANGUAGE.fullmatch(code):
        told = say("{code} is no language: give a tag such as lt or zh-hans.", code=code)
        yield Problem(field, told)


def problems_of_time_zone(field: str, zone: str) -> Iterator[Problem]:
    """What is wrong with the name of a time zone.

    >>> list(problems_of_time_zone("time_zone", "Europe/Vilnius"))
    []
    """
    if zone not in _time_zones():
        told = say("{zone} is no time zone: give a name such as Europe/Vilnius.", zone=zone)
        yield Problem(field, told)


_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*")


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones())
