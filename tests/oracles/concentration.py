"""Concentration from its definition, in exact fractions."""

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction

from oracles.retention import Purchase


def revenue_by_customer(purchases: list[Purchase]) -> list[Fraction]:
    """What each known customer brought, ascending."""
    money: dict[str, Decimal] = defaultdict(Decimal)
    for who, _, amount in purchases:
        if who is not None:
            money[who] += amount
    return sorted(Fraction(amount) for amount in money.values())


def gini(ascending: list[Fraction]) -> Fraction:
    """Half the mean absolute difference of all pairs over the mean."""
    n, total = len(ascending), sum(ascending, Fraction(0))
    differences = sum((abs(a - b) for a in ascending for b in ascending), Fraction(0))
    return differences / (2 * n * total)


def top_share(ascending: list[Fraction], percent: int) -> Fraction:
    """The share of the best ``percent``, rounded up to whole customers."""
    best = next(m for m in range(len(ascending) + 1) if 100 * m >= percent * len(ascending))
    return sum(ascending[len(ascending) - best :], Fraction(0)) / sum(ascending, Fraction(0))


def customers_for(ascending: list[Fraction], percent: int) -> int:
    """The fewest of the best whose sum is at least so much of the whole."""
    total, reached = sum(ascending), Fraction(0)
    for customers, amount in enumerate(reversed(ascending), 1):
        reached += amount
        if 100 * reached >= percent * total:
            return customers
    raise AssertionError
