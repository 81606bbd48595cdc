"""Calendar periods as whole numbers, so that every engine counts them the same way.

Intervals are half-open: a period holds its first day and not the first day of the next one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import override

_EPOCH = date(1970, 1, 1)
_MONDAY = 3  # 1970-01-01 was a Thursday: three days after a Monday


class Period(StrEnum):
    """A calendar period; weeks begin on Monday (ISO 8601).

    ``number`` counts the periods one after the other, ``start`` gives back the first day.

    >>> Period.MONTH.start(Period.MONTH.number(date(2024, 2, 29)))
    datetime.date(2024, 2, 1)
    >>> Period.WEEK.start(Period.WEEK.number(date(2024, 2, 29))).isoformat()
    '2024-02-26'
    """

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"

    def number(self, day: date) -> int:
        """The number of the period that holds ``day``; neighbours differ by one."""
        match self:
            case Period.DAY:
                return (day - _EPOCH).days
            case Period.WEEK:
                return ((day - _EPOCH).days + _MONDAY) // 7
            case Period.MONTH:
                return day.year * 12 + day.month - 1
            case Period.QUARTER:
                return day.year * 4 + (day.month - 1) // 3
            case Period.YEAR:
                return day.year

    def start(self, number: int) -> date:
        """The first day of the period with this number."""
        match self:
            case Period.DAY:
                return _EPOCH + timedelta(days=number)
            case Period.WEEK:
                return _EPOCH + timedelta(days=number * 7 - _MONDAY)
            case Period.MONTH:
                return date(number // 12, number % 12 + 1, 1)
            case Period.QUARTER:
                return date(number // 4, number % 4 * 3 + 1, 1)
            case Period.YEAR:
                return date(number, 1, 1)

    def span(self, number: int) -> "Span":
        """The days of the period with this number."""
        return Span(self.start(number), self.start(number + 1))


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Days from ``start`` up to, not including, ``end``.

    >>> Span(date(2024, 1, 1), date(2024, 2, 1)).days
    31
    >>> date(2024, 2, 1) in Span(date(2024, 1, 1), date(2024, 2, 1))
    False
    >>> print(Span(date(2024, 1, 1), date(2024, 2, 1)))
    2024-01-01 to 2024-01-31
    """

    start: date
    end: date

    @property
    def days(self) -> int:
        """The number of days."""
        return (self.end - self.start).days

    @override
    def __str__(self) -> str:
        return f"{self.start.isoformat()} to {(self.end - timedelta(days=1)).isoformat()}"

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    def __iter__(self) -> Iterator[date]:
        return (self.start + timedelta(days=offset) for offset in range(self.days))
