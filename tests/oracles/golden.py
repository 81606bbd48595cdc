"""Golden answers on real data, made from the raw files by the oracles, never by the product.

``python tests/oracles/golden.py`` writes them anew to ``tests/golden``; a change of a golden file
is a change of a definition and is reviewed as one.
"""

import json
import sys
from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq

TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(TESTS), str(TESTS.parent / "src")]

from oracles.cohorts import cohorts  # noqa: E402 - found once the path is set
from oracles.consistency import early_repeats, gaps  # noqa: E402 - as above
from oracles.growth import growth  # noqa: E402 - as above
from oracles.retention import Purchase, retention  # noqa: E402 - as above
from regulars.warehouse.samples import cdnow_master, complete_journey  # noqa: E402 - as above

WINDOW = 60


def cdnow() -> list[Purchase]:
    """The rows of CDNOW: orders without a number of their own, so that each row is one."""
    rows = [line for line in cdnow_master().read_text().splitlines()[1:] if line.strip()]
    purchases: list[Purchase] = []
    for row in rows:
        who, day, _, amount = row.split()
        purchases.append((who, date.fromisoformat(day), Decimal(amount)))
    return purchases


def journey() -> list[Purchase]:
    """The baskets of the Complete Journey: lines summed, on the day of the first line."""
    columns = ["household_id", "basket_id", "sales_value", "transaction_timestamp"]
    table = pq.read_table(complete_journey(), columns=columns)
    amounts: dict[int, Decimal] = defaultdict(Decimal)
    days: dict[int, date] = {}
    buyers: dict[int, str] = {}
    for who, basket, amount, at in zip(
        *(table[name].to_pylist() for name in columns), strict=True
    ):
        amounts[basket] += Decimal(repr(amount))
        days[basket] = min(days.get(basket, date.max), at.date())
        buyers[basket] = str(who)
    return [(buyers[basket], days[basket], amounts[basket]) for basket in amounts]


def answers(purchases: list[Purchase], start: date, end: date) -> dict[str, object]:
    """What the oracles say of one shop; retention of ``[start, end)`` in two ways."""
    as_of = max(day for _, day, _ in purchases)
    found = gaps(purchases)
    return {
        "customers": len({who for who, _, _ in purchases}),
        "orders": len(purchases),
        "median_gap": found[(len(found) - 1) // 2],
        "from": start.isoformat(),
        "to": end.isoformat(),
        "retention": retention(purchases, start, end, (end - start).days),
        "retention_ever": retention(purchases, start, end, None),
        "growth": growth(purchases, "month", as_of),
        "cohorts": cohorts(purchases, "month", as_of),
        "consistency": early_repeats(purchases, "month", WINDOW, as_of, date.min),
    }


SHOPS = {
    "cdnow": (cdnow, date(1997, 7, 1), date(1997, 10, 1)),
    "complete-journey": (journey, date(2017, 7, 1), date(2017, 10, 1)),
}


def write() -> None:
    """Write the golden file of each shop."""
    for name, (read, start, end) in SHOPS.items():
        text = json.dumps(answers(read(), start, end), indent=1)
        (TESTS / "golden" / f"{name}-retention.json").write_text(text + "\n")


if __name__ == "__main__":
    write()
