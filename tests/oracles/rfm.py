"""Recency, frequency and monetary value from their definition."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from fractions import Fraction

from oracles.retention import Purchase

type Row = dict[str, object]


def rfm(purchases: list[Purchase], as_of: date, new_days: int) -> list[Row]:
    """One row a customer, by id."""
    days: dict[str, set[date]] = defaultdict(set)
    money: dict[str, Decimal] = defaultdict(Decimal)
    for who, day, amount in purchases:
        if who is not None:
            days[who].add(day)
            money[who] += amount
    recency = {who: (as_of - max(own)).days for who, own in days.items()}
    frequency = {who: len(own) for who, own in days.items()}
    monetary = {who: Fraction(money[who]) / len(own) for who, own in days.items()}
    rows: list[Row] = []
    for who in sorted(days):
        r = score([-value for value in recency.values()], -recency[who])
        f = score(list(frequency.values()), frequency[who])
        age = (as_of - min(days[who])).days
        rows.append(
            {
                "customer_id": who,
                "frequency": frequency[who],
                "recency": recency[who],
                "age": age,
                "monetary": round(float(monetary[who]), 6),
                "r": r,
                "f": f,
                "m": score(list(monetary.values()), monetary[who]),
                "segment": segment(r, f, new=age <= new_days),
            }
        )
    return rows


def score[Number: (int, Fraction)](values: list[Number], value: Number) -> int:
    """1 + floor(5 * share of customers with a strictly worse value)."""
    return 1 + 5 * sum(1 for other in values if other < value) // len(values)


def segment(r: int, f: int, *, new: bool) -> str:
    """The published table: recency score down, frequency score across."""
    table = {
        5: ("promising", "promising", "promising", "champions", "champions"),
        4: ("promising", "promising", "promising", "loyal", "loyal"),
        3: ("needs attention", "needs attention", "needs attention", "loyal", "loyal"),
        2: ("lost", "lost", "at risk", "at risk", "cannot lose"),
        1: ("lost", "lost", "at risk", "at risk", "cannot lose"),
    }
    named = table[r][f - 1]
    return "new" if named == "promising" and new else named
