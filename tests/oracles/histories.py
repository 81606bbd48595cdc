"""Purchase histories from their definition: one customer after another, day by day."""

from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal

from oracles.retention import Purchase

type History = tuple[int, int, int, Decimal]
"""x, t_x and T in days, and what the purchase days after the first came to."""


def days_of(purchases: list[Purchase]) -> dict[str, dict[date, Decimal]]:
    """What each customer spent on each of his days."""
    days: dict[str, dict[date, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for who, day, amount in purchases:
        if who is not None:
            days[who][day] += amount
    return days


def histories(purchases: list[Purchase], until: date) -> dict[str, History]:
    """The history of each customer with a purchase up to a day."""
    found = {}
    for who, days in days_of(purchases).items():
        seen = sorted(day for day in days if day <= until)
        if seen:
            first, last = seen[0], seen[-1]
            spent = sum((days[day] for day in seen[1:]), Decimal(0))
            found[who] = (len(seen) - 1, (last - first).days, (until - first).days, spent)
    return found


def counts(
    purchases: list[Purchase], until: date, later: date
) -> Counter[tuple[int, int, int, int]]:
    """Customers by x, t_x, T and the purchase days that came after, up to another day."""
    days = days_of(purchases)
    return Counter(
        (x, t_x, end, sum(until < day <= later for day in days[who]))
        for who, (x, t_x, end, _) in histories(purchases, until).items()
    )


def again(purchases: list[Purchase], until: date, later: date) -> Counter[date]:
    """Days on which customers known by a day bought, but for the first time of each."""
    known = histories(purchases, until)
    return Counter(
        day
        for who, days in days_of(purchases).items()
        if who in known
        for day in sorted(days)[1:]
        if day <= later
    )
