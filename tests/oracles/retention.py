"""Retention from its definition: sets of customers, nothing else."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

type Purchase = tuple[str | None, date, Decimal]
type Contract = tuple[str, date, date | None]


def buyers(purchases: Iterable[Purchase], start: date, end: date) -> set[str]:
    """Known customers who bought in ``[start, end)``."""
    return {who for who, day, _ in purchases if who is not None and start <= day < end}


def retention(
    purchases: list[Purchase], start: date, end: date, lookback: int | None
) -> dict[str, int]:
    """S, active, new, resurrected, retained and churned; no look-back: everything before."""
    back = date.min if lookback is None else start - timedelta(days=lookback)
    at_start = buyers(purchases, back, start)
    active = buyers(purchases, start, end)
    before = buyers(purchases, date.min, start)
    return {
        "start": len(at_start),
        "active": len(active),
        "new": len(active - before),
        "resurrected": len((active & before) - at_start),
        "retained": len(active & at_start),
        "churned": len(at_start - active),
    }


def contractual(contracts: list[Contract], start: date, end: date) -> dict[str, int]:
    """The same for contracts: who is under contract on the eve of each end of the period."""

    def there_on(day: date) -> set[str]:
        return {who for who, begun, over in contracts if begun <= day and (not over or day < over)}

    eve = timedelta(days=1)
    at_start, active = there_on(start - eve), there_on(end - eve)
    first: dict[str, date] = {}
    for who, begun, over in contracts:
        if over is None or over > begun:
            first[who] = min(begun, first.get(who, begun))
    new = {who for who in active if start <= first[who] < end}
    return {
        "start": len(at_start),
        "active": len(active),
        "new": len(new),
        "resurrected": len(active - at_start - new),
        "retained": len(active & at_start),
        "churned": len(at_start - active),
    }


def segment_of(purchases: list[Purchase], values: list[str | None], who: str) -> str:
    """The smallest value on a customer's first day."""
    first = min(day for buyer, day, _ in purchases if buyer == who)
    found = [
        value
        for (buyer, day, _), value in zip(purchases, values, strict=True)
        if buyer == who and day == first and value is not None
    ]
    return min(found, default="(none)")
