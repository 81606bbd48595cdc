"""Growth accounting from its definition: one period at a time, customer by customer."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

from oracles.periods import first_day, starts_between
from oracles.retention import Purchase

type Row = dict[str, object]


def spent(purchases: list[Purchase], period: str) -> dict[date, dict[str, Decimal]]:
    """What each known customer spent in each period with a purchase."""
    money: dict[date, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for who, day, amount in purchases:
        if who is not None:
            money[first_day(day, period)][who] += amount
    return money


def growth(purchases: list[Purchase], period: str, as_of: date) -> list[Row]:
    """The movements of every period, from the first purchase's to that of ``as_of``."""
    money = spent(purchases, period)
    first = min(day for _, day, _ in purchases)
    known: set[str] = set()
    before: dict[str, Decimal] = {}
    rows: list[Row] = []
    for start in starts_between(first, as_of, period):
        now = dict(money.get(start, {}))
        rows.append({"period": start.isoformat(), **_movements(before, now, known)})
        known |= set(now)
        before = now
    return rows


def _movements(before: dict[str, Decimal], now: dict[str, Decimal], known: set[str]) -> Row:
    new = set(now) - known
    retained = set(now) & set(before)
    resurrected = set(now) - new - retained
    churned = set(before) - set(now)
    more = sum((max(now[who] - before[who], Decimal(0)) for who in retained), Decimal(0))
    less = sum((max(before[who] - now[who], Decimal(0)) for who in retained), Decimal(0))
    return {
        "active": len(now),
        "new": len(new),
        "retained": len(retained),
        "resurrected": len(resurrected),
        "churned": len(churned),
        "revenue": _total(now, set(now)),
        "revenue_new": _total(now, new),
        "revenue_expansion": float(more),
        "revenue_contraction": float(less),
        "revenue_resurrected": _total(now, resurrected),
        "revenue_churned": _total(before, churned),
        "revenue_retained_before": _total(before, retained),
    }


def _total(money: dict[str, Decimal], who: set[str]) -> float:
    return float(sum((money[customer] for customer in who), Decimal(0)))
