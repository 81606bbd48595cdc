"""Kinds of fields: what a text, a number, a time or a day may be before anybody looks closer."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, WithJsonSchema

from regulars.interfaces.api.problems import FieldError

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_FARTHEST = 40


def _one_line(text: str) -> str:
    if _CONTROL.search(text):
        raise ValueError("give one line, without control characters")
    return text


def _some_lines(text: str) -> str:
    if _CONTROL.search(re.sub("[\r\n\t]", " ", text)):
        raise ValueError("give text without control characters")
    return text


def _written_time(value: object) -> object:
    """A number would be guessed to be seconds, or thousandths of them."""
    if not isinstance(value, str) or not _TIME.match(value):
        raise ValueError("give a time with its offset, as 2026-01-31T12:00:00+02:00")
    return value


def _written_day(value: object) -> object:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("give a day, as 2026-01-31")
    return value


def _within_reach(value: Decimal) -> Decimal:
    """Sums of numbers without measure would end the request, not the field."""
    if abs(value.adjusted()) > _FARTHEST:
        raise ValueError("give a number that a shop has")
    return value


_OneLine = AfterValidator(_one_line)
Text60 = Annotated[str, Field(max_length=60), _OneLine]
Text100 = Annotated[str, Field(max_length=100), _OneLine]
Text200 = Annotated[str, Field(max_length=200), _OneLine]
Text300 = Annotated[str, Field(max_length=300), _OneLine]
Text1000 = Annotated[str, Field(max_length=1000), _OneLine]
Lines = Annotated[str, AfterValidator(_some_lines), Field(json_schema_extra={"format": "lines"})]
"""A text of several lines."""
Whole = Annotated[int, Field(ge=-(2**63), lt=2**63)]
"""A whole number that every database and every language counts up to."""
Exact = Annotated[Decimal, AfterValidator(_within_reach)]
"""A number as it was written: no float comes between."""
Time = Annotated[AwareDatetime, BeforeValidator(_written_time)]
"""An instant with its offset."""
Day = Annotated[date, BeforeValidator(_written_day)]
"""A day of the calendar."""


def words(kind: type[StrEnum]) -> WithJsonSchema:
    """Describes the words of a kind where they stand.

    Kinds of the same name in several apps would else be described as one of them.
    """
    return WithJsonSchema({"type": "string", "enum": [word.value for word in kind]})


def unkeepable(told: object, at: str = "") -> Iterator[FieldError]:
    """Which fields have text that no database keeps: NUL, halves of characters.

    >>> [error.field for error in unkeepable({"lines": [{"line": "1"}, {"line": chr(0)}]})]
    ['lines.1.line']
    """
    if isinstance(told, str):
        if not keepable(told):
            yield FieldError(at, "A text has neither NUL nor halves of characters.")
    elif isinstance(told, dict):
        for name, value in told.items():
            if keepable(name):
                yield from unkeepable(value, f"{at}.{name}" if at else name)
            else:
                yield FieldError(at, "A name has neither NUL nor halves of characters.")
    elif isinstance(told, list):
        for place, value in enumerate(told):
            yield from unkeepable(value, f"{at}.{place}" if at else str(place))


def keepable(told: str) -> bool:
    """Whether a database keeps a text."""
    try:
        told.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in told
