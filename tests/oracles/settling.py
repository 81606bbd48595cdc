"""Settling from its definition, row by row in plain Python."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Line:
    """One record as a person reads it."""

    order: str
    customer: str | None
    day: date
    amount: Decimal
    product: str | None = None
    line: str | None = None
    currency: str = "EUR"


@dataclass
class Books:
    """What the records come to."""

    orders: dict[str, tuple[str | None, date, Decimal]] = field(default_factory=dict)
    rejected: list[int] = field(default_factory=list)
    duplicates: int = 0
    unidentified: int = 0
    unmatched: int = 0
    unmatched_amount: Decimal = Decimal(0)


def settled(lines: list[Line], *, lined: bool, numbered: bool) -> Books:
    """Settle records; ``numbered``: order lines have line ids."""
    # what a record must not repeat: its line id, or its order id; None: nothing
    keyed = "line" if numbered else None if lined else "order"
    books = Books()
    groups: dict[str, list[int]] = defaultdict(list)
    for place, line in enumerate(lines):
        groups[line.order].append(place)
    for order, places in groups.items():
        _settle_one(books, order, [(place, lines[place]) for place in places], keyed)
    books.rejected.sort()
    return books


def _settle_one(
    books: Books, order: str, records: list[tuple[int, Line]], keyed: str | None
) -> None:
    customers = {line.customer for _, line in records} - {None}
    currencies = {line.currency for _, line in records}
    pieces: list[Line] = []
    repeated = 0
    if keyed is None:
        pieces = [line for _, line in records]
    else:
        for _, line in records:
            if line in pieces and not (keyed == "line" and line.line is None):
                repeated += 1
            else:
                pieces.append(line)
    if len(customers) > 1 or len(currencies) > 1 or _contradicted(pieces, keyed):
        books.rejected += [place for place, _ in records]
        return
    books.duplicates += repeated
    customer = next(iter(customers), None)
    if customer is None:
        books.unidentified += len(records)
    amount = sum((piece.amount for piece in pieces), Decimal(0))
    if all(piece.amount < 0 for piece in pieces):
        books.unmatched += len(pieces)
        books.unmatched_amount += amount
        return
    books.orders[order] = (customer, min(piece.day for piece in pieces), amount)


def _contradicted(pieces: list[Line], keyed: str | None) -> bool:
    if keyed is None:
        return False
    whole: dict[str, int] = defaultdict(int)
    for piece in pieces:
        if piece.amount >= 0 and not (keyed == "line" and piece.line is None):
            whole[(piece.line or "") if keyed == "line" else ""] += 1
    return any(count > 1 for count in whole.values())
