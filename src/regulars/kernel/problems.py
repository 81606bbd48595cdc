"""Why something told cannot be taken: the field, the value, and what would be accepted."""

from collections.abc import Iterator
from dataclasses import dataclass

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
