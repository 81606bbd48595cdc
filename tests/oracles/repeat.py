"""Repeat purchases from their definition: customer by customer, day by day."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from itertools import pairwise
from math import exp, log, sqrt

from oracles.retention import Purchase

type Waits = list[tuple[int, bool]]
"""Days waited, and whether the purchase came."""


def purchase_days(purchases: Iterable[Purchase]) -> dict[str, list[date]]:
    """The days on which each known customer bought, ascending."""
    days: dict[str, set[date]] = defaultdict(set)
    for who, day, _ in purchases:
        if who is not None:
            days[who].add(day)
    return {who: sorted(found) for who, found in days.items()}


def gaps(days: dict[str, list[date]]) -> list[int]:
    """All gaps between neighbouring purchase days, ascending."""
    return sorted(gap for own in days.values() for gap in gaps_of(own))


def gaps_of(own: list[date]) -> list[int]:
    """One customer's gaps in the order in which they came."""
    return [(later - earlier).days for earlier, later in pairwise(own)]


def percentile(ascending: list[int], hundredths: int) -> int | None:
    """The smallest value that at least so many of a hundred values do not exceed."""
    for place, value in enumerate(ascending, 1):
        if 100 * place >= hundredths * len(ascending):
            return value
    return None


def waits(days: dict[str, list[date]], purchase: int, as_of: date) -> Waits:
    """How long each customer waited after his purchase of this number."""
    found: Waits = []
    for own in days.values():
        if len(own) > purchase:
            found.append(((own[purchase] - own[purchase - 1]).days, True))
        elif len(own) == purchase:
            found.append(((as_of - own[-1]).days, False))
    return found


def kaplan_meier(waited: Waits) -> dict[int, Fraction]:
    """The share still waiting after each day on which somebody's wait ended by a purchase."""
    share = Fraction(1)
    curve = {}
    for day in sorted({length for length, came in waited if came}):
        at_risk = sum(1 for length, _ in waited if length >= day)
        events = sum(1 for length, came in waited if came and length == day)
        share *= 1 - Fraction(events, at_risk)
        curve[day] = share
    return curve


def band(waited: Waits, day: int, z: float) -> tuple[float, float]:
    """Greenwood's band on the log(-log) scale after ``day``, for a share between 0 and 1."""
    share, variance = 1.0, 0.0
    for at in sorted({length for length, came in waited if came and length <= day}):
        at_risk = sum(1 for length, _ in waited if length >= at)
        events = sum(1 for length, came in waited if came and length == at)
        share *= 1 - events / at_risk
        variance += events / (at_risk * (at_risk - events))
    middle, spread = log(-log(share)), z * sqrt(variance) / abs(log(share))
    return exp(-exp(middle + spread)), exp(-exp(middle - spread))


def median(waited: Waits) -> int | None:
    """The first day after which no more than half still wait."""
    return next((day for day, share in kaplan_meier(waited).items() if share * 2 <= 1), None)


def default_purchases(days: dict[str, list[date]], gap: int, as_of: date) -> int:
    """The fewest purchases, from 2, after which half come back within the gap; else 10."""
    for purchase in range(2, 11):
        half = median(waits(days, purchase, as_of))
        if half is not None and half <= gap:
            return purchase
    return 10


def was_regular(own: list[date], purchases: int, gap: int) -> bool:
    """Whether there ever were so many purchase days in a row with no longer gap."""
    return any(
        all(between <= gap for between in gaps_of(own[start : start + purchases]))
        for start in range(len(own) - purchases + 1)
    )


def is_regular(own: list[date], purchases: int, gap: int, as_of: date) -> bool:
    """Whether the last so many purchase days are such a row, and the silence is no longer."""
    last = own[-purchases:]
    return was_regular(last, purchases, gap) and (as_of - own[-1]).days <= gap
