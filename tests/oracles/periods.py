"""Calendar periods written from their definition, day by day."""

from collections.abc import Iterator
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


def begins(day: date, period: str) -> bool:
    """Whether a period begins on this day."""
    match period:
        case "day":
            return True
        case "week":
            return day.isoweekday() == 1
        case "month":
            return day.day == 1
        case "quarter":
            return day.day == 1 and day.month in (1, 4, 7, 10)
        case _:
            return (day.month, day.day) == (1, 1)


def first_day(day: date, period: str) -> date:
    """The first day of the period that holds a day."""
    while not begins(day, period):
        day -= ONE_DAY
    return day


def day_after(start: date, period: str) -> date:
    """The day on which the next period begins."""
    day = start + ONE_DAY
    while not begins(day, period):
        day += ONE_DAY
    return day


def starts_between(first: date, last: date, period: str) -> Iterator[date]:
    """The starts of all periods from the one that holds ``first`` to that of ``last``."""
    start = first_day(first, period)
    while start <= last:
        yield start
        start = day_after(start, period)
