from decimal import Decimal

from factories import on, orders_of
from regulars.analytics.identified import by_period, by_store, identified, names_any
from regulars.kernel.periods import Period

ORDERS = orders_of(
    [("a", on(0), 10), (None, on(0), 5), ("b", on(40), 20), (None, on(41), 1)],
    store=["north", "north", "south", None],
)


def test_receipts_without_a_customer_are_in_the_whole_only() -> None:
    (row,) = identified(ORDERS.purchases).to_pyarrow().to_pylist()
    assert row["orders"] == 4
    assert row["identified_orders"] == 2
    assert (row["revenue"], row["identified_revenue"]) == (Decimal(36), Decimal(30))


def test_the_largest_store_comes_first_and_a_nameless_one_is_kept() -> None:
    rows = by_store(ORDERS.purchases).to_pyarrow().to_pylist()
    assert next(row["store"] for row in rows) == "north"
    assert {row["store"] for row in rows} == {"north", "south", None}
    assert [row["identified_orders"] for row in rows if row["store"] == "north"] == [1]


def test_periods_come_oldest_first() -> None:
    rows = by_period(ORDERS.purchases, Period.MONTH).to_pyarrow().to_pylist()
    starts = [Period.MONTH.start(row["period"]) for row in rows]
    assert starts == [on(0), on(31)]
    assert [row["orders"] for row in rows] == [2, 2]


def test_a_column_that_is_missing_names_nothing() -> None:
    assert names_any(ORDERS.purchases, "store")
    assert not names_any(ORDERS.purchases, "channel")
