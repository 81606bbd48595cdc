"""Orders with lines, made by hand."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import ibis
import pyarrow as pa

from factories import orders_of
from regulars.warehouse.orders import Orders

type Visit = tuple[str | None, date, Iterable[str]]
"""Customer, day, what he bought; each visit is one order, ``o0``, ``o1``, …"""


def orders_with(visits: Iterable[Visit], column: str = "category") -> Orders:
    """Orders whose lines name their item in ``column``; each item costs 1."""
    held = [(who, day, sorted(items)) for who, day, items in visits]
    orders = orders_of((who, day, len(items)) for who, day, items in held)
    named = [(f"o{n}", item) for n, (_, _, items) in enumerate(held) for item in items]
    lines = pa.table(
        {
            "order_id": pa.array([order for order, _ in named], pa.string()),
            column: pa.array([item for _, item in named], pa.string()),
            "quantity": pa.array([1] * len(named), pa.int64()),
            "amount": pa.array([Decimal(1)] * len(named), pa.decimal128(18, 6)),
        }
    )
    return replace(orders, lines=ibis.memtable(lines))
