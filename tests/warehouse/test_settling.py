"""Settling: against the slow oracle, and rule by rule."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oracles.settling import Line, settled
from regulars.kernel.errors import InputError
from regulars.warehouse.options import Reading
from regulars.warehouse.orders import Orders
from regulars.warehouse.quality import Quality
from regulars.warehouse.reading import read_orders

DAY = date(2024, 1, 1)


def table_of(lines: list[Line], *, lined: bool, numbered: bool) -> pa.Table:
    columns = {
        "order_id": pa.array([line.order for line in lines], pa.string()),
        "customer_id": pa.array([line.customer for line in lines], pa.string()),
        "ordered_at": pa.array([line.day for line in lines], pa.date32()),
        "amount": pa.array([line.amount for line in lines], pa.decimal128(18, 6)),
        "currency": pa.array([line.currency for line in lines], pa.string()),
    }
    if lined:
        columns["product_id"] = pa.array([line.product for line in lines], pa.string())
    if numbered:
        columns["line"] = pa.array([line.line for line in lines], pa.string())
    return pa.table(columns)


def orders_in(orders: Orders) -> dict[str, tuple[str | None, date, Decimal]]:
    rows = orders.purchases.to_pyarrow().to_pylist()
    return {
        row["order_id"]: (row["customer_id"], row["ordered_on"], row["amount"]) for row in rows
    }


lines = st.builds(
    Line,
    order=st.sampled_from("abcd"),
    customer=st.sampled_from(["x", "x", "x", "y", None]),
    day=st.integers(0, 2).map(lambda days: DAY + timedelta(days=days)),
    amount=st.sampled_from([Decimal(10), Decimal(10), Decimal(-3), Decimal(0), Decimal("2.5")]),
    product=st.sampled_from(["p", "q"]),
    line=st.sampled_from(["1", "2", None]),
    currency=st.sampled_from(["EUR"] * 9 + ["USD"]),
)
shapes = st.sampled_from([(False, False), (True, False), (True, True)])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(records=st.lists(lines, min_size=1, max_size=10), shape=shapes, order=st.randoms())
def test_settling_agrees_with_the_oracle_in_any_order_of_rows(
    records: list[Line], shape: tuple[bool, bool], order: Random
) -> None:
    lined, numbered = shape
    if not lined:
        records = [
            Line(one.order, one.customer, one.day, one.amount, currency=one.currency)
            for one in records
        ]
    if lined and not numbered:
        records = [
            Line(one.order, one.customer, one.day, one.amount, one.product, currency=one.currency)
            for one in records
        ]
    truth = settled(records, lined=lined, numbered=numbered)
    shuffled = list(records)
    order.shuffle(shuffled)
    currencies = {one.currency for one in records} | {"EUR"}
    reading = Reading(currency="EUR", rates=dict.fromkeys(currencies - {"EUR"}, Decimal(1)))
    try:
        found = read_orders(table_of(shuffled, lined=lined, numbered=numbered), reading)
    except InputError:
        assert not truth.orders
        return
    quality = found.quality
    assert orders_in(found) == truth.orders
    assert len(quality.rejected) == len(truth.rejected)
    assert {shuffled[one.line - 2] for one in quality.rejected} == {
        records[place] for place in truth.rejected
    }
    assert quality.rows == len(records) == quality.accepted + len(quality.rejected)
    assert quality.duplicates == truth.duplicates
    assert quality.unidentified == truth.unidentified
    assert quality.unmatched_refunds == truth.unmatched
    assert quality.unmatched_refund_amount == truth.unmatched_amount
    assert quality.revenue == sum((order[2] for order in truth.orders.values()), Decimal(0))


def read(
    rows: Sequence[tuple[object, ...]], *names: str, reading: Reading | None = None
) -> Orders:
    columns = zip(*rows, strict=True)
    table = pa.table({name: list(cells) for name, cells in zip(names, columns, strict=True)})
    return read_orders(table, reading)


ORDER = ("order_id", "customer_id", "ordered_at", "amount")


def quality_of(rows: Sequence[tuple[object, ...]], *names: str) -> Quality:
    return read(rows, *(names or ORDER)).quality


def test_identical_rows_count_once() -> None:
    quality = quality_of([("1", "a", DAY, 10.0), ("1", "a", DAY, 10.0), ("2", "a", DAY, 5.0)])
    assert (quality.rows, quality.accepted, quality.duplicates, quality.orders) == (3, 3, 1, 2)
    assert quality.revenue == 15


def test_different_rows_under_one_order_id_are_all_rejected() -> None:
    quality = quality_of([("1", "a", DAY, 10.0), ("1", "a", DAY, 11.0), ("2", "a", DAY, 5.0)])
    assert [(one.line, one.column, one.value) for one in quality.rejected] == [
        (2, "order_id", "1"),
        (3, "order_id", "1"),
    ]
    assert (quality.accepted, quality.orders, quality.revenue) == (1, 1, Decimal(5))


def test_rows_that_differ_in_an_ignored_column_only_are_different() -> None:
    names = (*ORDER, "remark")
    quality = quality_of(
        [("1", "a", DAY, 10.0, "red"), ("1", "a", DAY, 10.0, "blue"), ("2", "a", DAY, 5.0, "")],
        *names,
    )
    assert len(quality.rejected) == 2


def test_a_refund_is_netted_to_its_order() -> None:
    orders = read([("1", "a", DAY, 10.0), ("1", "a", DAY + timedelta(9), -4.0)], *ORDER)
    assert orders_in(orders) == {"1": ("a", DAY, Decimal(6))}
    assert orders.quality.unmatched_refunds == 0


def test_a_fully_refunded_order_stays_a_purchase() -> None:
    orders = read([("1", "a", DAY, 10.0), ("1", "a", DAY, -10.0)], *ORDER)
    assert orders_in(orders) == {"1": ("a", DAY, Decimal(0))}
    assert orders.quality.zero_orders == 1


def test_a_refund_without_an_order_is_no_purchase_and_is_reported() -> None:
    quality = quality_of([("1", "a", DAY, 10.0), ("9", "a", DAY, -4.0)])
    assert (quality.orders, quality.revenue) == (1, Decimal(10))
    assert (quality.unmatched_refunds, quality.unmatched_refund_amount) == (1, Decimal(-4))


def test_refunds_alone_are_refused() -> None:
    with pytest.raises(InputError, match="refunds only"):
        read([("1", "a", DAY, -4.0)], *ORDER)


def test_an_order_with_two_customers_is_rejected_with_all_its_lines() -> None:
    rows = [("1", "a", DAY, 1.0, "p"), ("1", "b", DAY, 2.0, "q"), ("2", "a", DAY, 3.0, "p")]
    quality = quality_of(rows, *ORDER, "product_id")
    assert [(one.line, one.column, one.value) for one in quality.rejected] == [
        (2, "customer_id", "a"),
        (3, "customer_id", "b"),
    ]


def test_a_blank_beside_one_customer_is_that_customer() -> None:
    rows = [("1", "a", DAY, 1.0, "p"), ("1", None, DAY, 2.0, "q")]
    orders = read(rows, *ORDER, "product_id")
    assert orders_in(orders) == {"1": ("a", DAY, Decimal(3))}
    assert orders.quality.unidentified == 0


def test_an_order_with_two_currencies_is_rejected() -> None:
    rows = [
        ("1", "a", DAY, 1.0, "p", "EUR"),
        ("1", "a", DAY, 2.0, "q", "USD"),
        ("2", "a", DAY, 3.0, "p", "EUR"),
    ]
    orders = read(rows, *ORDER, "product_id", "currency")
    assert [one.column for one in orders.quality.rejected] == ["currency", "currency"]
    assert orders.currency == "EUR"


def test_without_a_line_id_all_lines_count() -> None:
    rows = [("1", "a", DAY, 1.0, "p"), ("1", "a", DAY, 1.0, "p")]
    orders = read(rows, *ORDER, "product_id")
    assert orders_in(orders) == {"1": ("a", DAY, Decimal(2))}
    assert orders.lines is not None
    assert orders.lines.to_pyarrow().num_rows == 2


def test_a_repeated_line_id_with_the_same_content_counts_once() -> None:
    rows = [("1", "a", DAY, 1.0, 1), ("1", "a", DAY, 1.0, 1), ("1", "a", DAY, 2.0, 2)]
    orders = read(rows, *ORDER, "line")
    assert orders_in(orders) == {"1": ("a", DAY, Decimal(3))}
    assert orders.quality.duplicates == 1


def test_a_repeated_line_id_with_other_content_rejects_the_whole_order() -> None:
    rows = [("1", "a", DAY, 1.0, 1), ("1", "a", DAY, 9.0, 1), ("1", "a", DAY, 2.0, 2)]
    rows += [("2", "a", DAY, 2.0, 1)]
    quality = quality_of(rows, *ORDER, "line")
    assert [one.line for one in quality.rejected] == [2, 3, 4]


def test_lines_on_different_days_belong_to_the_earliest() -> None:
    rows = [("1", "a", DAY + timedelta(1), 1.0, "p"), ("1", "a", DAY, 1.0, "q")]
    assert orders_in(read(rows, *ORDER, "product_id"))["1"][1] == DAY


def test_nothing_after_the_viewpoint_is_known() -> None:
    rows = [
        ("1", "a", DAY, 10.0),
        ("1", "a", DAY + timedelta(5), -4.0),
        ("2", "b", DAY + timedelta(6), 7.0),
    ]
    orders = read(rows, *ORDER, reading=Reading(as_of=DAY + timedelta(2)))
    assert orders_in(orders) == {"1": ("a", DAY, Decimal(10))}
    assert (orders.as_of, orders.quality.accepted) == (DAY + timedelta(2), 3)


def test_a_viewpoint_before_the_data_is_refused() -> None:
    with pytest.raises(InputError, match="2024-01-01"):
        read([("1", "a", DAY, 10.0)], *ORDER, reading=Reading(as_of=date(2023, 12, 31)))


def test_a_viewpoint_after_the_data_is_kept() -> None:
    orders = read([("1", "a", DAY, 10.0)], *ORDER, reading=Reading(as_of=date(2025, 1, 1)))
    assert (orders.data_from, orders.as_of) == (DAY, date(2025, 1, 1))


def test_without_order_ids_each_row_is_an_order_and_a_note_says_so() -> None:
    orders = read([("a", DAY, 1.0), ("a", DAY, 1.0)], "customer_id", "ordered_at", "amount")
    assert orders.quality.orders == 2
    assert any("no order id" in str(note) for note in orders.quality.notes)
