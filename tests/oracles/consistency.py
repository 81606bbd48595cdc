"""How soon each cohort bought again, from the definition."""

from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise

from oracles.cohorts import first_periods
from oracles.periods import day_after
from oracles.retention import Purchase


def early_repeats(
    purchases: list[Purchase], period: str, window: int, as_of: date, since: date
) -> list[tuple[str, int, int]]:
    """(cohort, customers, repeated) of the cohorts from ``since`` on, watched long enough."""
    first = first_periods(purchases, period)
    days = days_of(purchases)
    rows = []
    for cohort in sorted(set(first.values())):
        last_day = day_after(cohort, period) - timedelta(days=1)
        if cohort < since or last_day + timedelta(days=window) > as_of:
            continue
        members = [who for who, start in first.items() if start == cohort]
        again = [
            who
            for who in members
            if len(days[who]) > 1 and (days[who][1] - days[who][0]).days <= window
        ]
        rows.append((cohort.isoformat(), len(members), len(again)))
    return rows


def gaps(purchases: list[Purchase]) -> list[int]:
    """All gaps, in days, between neighbouring purchase days of a customer, shortest first."""
    found: list[int] = []
    for days in days_of(purchases).values():
        found += [(later - earlier).days for earlier, later in pairwise(days)]
    return sorted(found)


def days_of(purchases: list[Purchase]) -> dict[str, list[date]]:
    """The different days on which each known customer bought, in order."""
    days: dict[str, set[date]] = defaultdict(set)
    for who, day, _ in purchases:
        if who is not None:
            days[who].add(day)
    return {who: sorted(own) for who, own in days.items()}
