"""The real data sets read line by line, with nothing but what Python and the file format offer."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

import pyarrow.parquet as pq

from datasets import cdnow_sample, complete_journey
from oracles.retention import Purchase


def cdnow() -> list[Purchase]:
    """The one-in-ten sample: heading, then number, sample number, date, compact discs, dollars."""
    rows = [line.split() for line in cdnow_sample().read_text().splitlines()]
    return [
        (row[0], datetime.strptime(row[2], "%Y%m%d").date(), Decimal(row[4]))  # noqa: DTZ007 - a bare date
        for row in rows
        if row and row[0].isdigit()
    ]


@dataclass
class Journey:
    """The grocer's baskets.

    Attributes:
        purchases: One a basket.
        contents: The categories of which anything was bought, by basket.
        bought: The same by household and day.
    """

    purchases: list[Purchase] = field(default_factory=list)
    contents: dict[str, set[str]] = field(default_factory=dict)
    bought: dict[tuple[str, object], set[str]] = field(default_factory=dict)


def journey() -> Journey:
    """All baskets of the year."""
    rows = pq.read_table(complete_journey()).to_pylist()
    category = {
        row["product_id"]: row["product_category"]
        for row in pq.read_table(complete_journey("products")).to_pylist()
    }
    who: dict[str, str] = {}
    day: dict[str, date] = {}
    money: dict[str, Decimal] = defaultdict(Decimal)
    pieces: dict[tuple[str, str], int] = defaultdict(int)
    for row in rows:
        basket = str(row["basket_id"])
        on = row["transaction_timestamp"].date()
        who[basket] = str(row["household_id"])
        day[basket] = min(day.get(basket, on), on)
        money[basket] += Decimal(repr(row["sales_value"]))
        item = category.get(row["product_id"])
        if item is not None:
            pieces[basket, item] += row["quantity"]
    found = Journey([(who[basket], day[basket], money[basket]) for basket in who])
    for (basket, item), count in pieces.items():
        if count > 0:
            found.contents.setdefault(basket, set()).add(item)
            found.bought.setdefault((who[basket], day[basket]), set()).add(item)
    return found
