"""The cohort matrix from its definition, and the return curves, customer by customer."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from oracles.growth import Row, spent
from oracles.periods import day_after, first_day, starts_between
from oracles.retention import Purchase


def cohorts(purchases: list[Purchase], period: str, as_of: date) -> list[Row]:
    """Every cell of every cohort that has a customer; None where it has not ended by ``as_of``."""
    money = spent(purchases, period)
    members: dict[date, set[str]] = defaultdict(set)
    for who, start in first_periods(purchases, period).items():
        members[start].add(who)
    rows: list[Row] = []
    oldest = min(members)
    ages = len(list(starts_between(oldest, as_of, period)))
    for cohort in sorted(members):
        start = cohort
        for age in range(ages):
            end = day_after(start, period)
            row: Row = {
                "cohort": cohort.isoformat(),
                "age": age,
                "customers": len(members[cohort]),
                "active": None,
                "retention": None,
                "revenue": None,
            }
            if end <= as_of + timedelta(days=1):
                here = {who: money[start][who] for who in members[cohort] if who in money[start]}
                row["active"] = len(here)
                row["retention"] = len(here) / len(members[cohort])
                row["revenue"] = float(sum(here.values(), Decimal(0)))
            rows.append(row)
            start = end
    return rows


def first_periods(purchases: list[Purchase], period: str) -> dict[str, date]:
    """The period in which each known customer was first seen."""
    first: dict[str, date] = {}
    for who, day, _ in purchases:
        if who is not None:
            first[who] = min(first.get(who, date.max), first_day(day, period))
    return first


def return_points(
    purchases: list[Purchase], period: str, as_of: date, brackets: Sequence[tuple[int, int | None]]
) -> list[tuple[int, int]]:
    """(customers, returned) for each span of ages ``[from, until)``; until None: or later.

    A customer counts when the last age of the span (the first one, if it is open) has ended.
    """
    first = first_periods(purchases, period)
    ages: dict[str, set[int]] = defaultdict(set)
    passed: dict[str, int] = {}
    for who, start in first.items():
        starts = list(starts_between(start, as_of, period))
        own = {first_day(day, period) for buyer, day, _ in purchases if buyer == who}
        ages[who] = {age for age, here in enumerate(starts) if here in own}
        ended = [here for here in starts if day_after(here, period) <= as_of + timedelta(days=1)]
        passed[who] = len(ended)
    points = []
    for begin, until in brackets:
        seen = [who for who in first if passed[who] >= (until or begin + 1)]
        back = [who for who in seen if any(_within(age, begin, until) for age in ages[who])]
        points.append((len(seen), len(back)))
    return points


def _within(age: int, begin: int, until: int | None) -> bool:
    return begin <= age and (until is None or age < until)
