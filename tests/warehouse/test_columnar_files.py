"""Parquet with types is left where it is: the answers are those of the same rows in memory."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.warehouse.options import Reading
from regulars.warehouse.orders import Orders
from regulars.warehouse.reading import read_orders

START = datetime(2024, 1, 31, 22, 30, tzinfo=UTC)
IDS = (-33, -1, 0, 1, 30, 31, 32, 63, 64, 2**62, 2**63 - 1)

rows = st.tuples(
    st.sampled_from(IDS),
    st.sampled_from([7, 7, 8, None]),
    st.integers(0, 90).map(lambda hours: START + timedelta(hours=hours)),
    st.sampled_from(["10.00", "2.50", "0.00", "-3.00"]).map(Decimal),
)


def table_of(orders: Sequence[tuple[int, int | None, datetime | None, Decimal]]) -> pa.Table:
    kinds = (pa.int64(), pa.int64(), pa.timestamp("us", "UTC"), pa.decimal128(18, 2))
    names = ("order_id", "customer_id", "ordered_at", "amount")
    columns = zip(*orders, strict=True)
    return pa.table(
        [pa.array(column, kind) for column, kind in zip(columns, kinds, strict=True)], names
    )


def written(folder: Path, table: pa.Table) -> Path:
    path = folder / "orders.parquet"
    pq.write_table(table, path)
    return path


def purchases_of(orders: Orders) -> list[dict[str, object]]:
    found: list[dict[str, object]] = orders.purchases.order_by("order_id").to_pyarrow().to_pylist()
    return found


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(orders=st.lists(rows, min_size=1, max_size=8))
def test_a_typed_file_gives_what_the_same_rows_in_memory_give(
    orders: list[tuple[int, int | None, datetime, Decimal]], tmp_path: Path
) -> None:
    # a sale on another day, so that there is a purchase whatever else is drawn
    table = table_of([*orders, (5, 9, START - timedelta(days=3), Decimal(1))])
    reading = Reading(timezone="Europe/Riga")
    inside, outside = read_orders(table, reading), read_orders(written(tmp_path, table), reading)
    assert purchases_of(outside) == purchases_of(inside)
    mine, other = outside.quality, inside.quality
    assert (mine.accepted, mine.duplicates, mine.revenue) == (
        other.accepted,
        other.duplicates,
        other.revenue,
    )
    assert [row.line for row in mine.rejected] == [row.line for row in other.rejected]


def test_repeated_whole_numbers_are_found_wherever_they_lie(tmp_path: Path) -> None:
    once = [(number, 7, START, Decimal(1)) for number in IDS]
    assert read_orders(written(tmp_path, table_of(once))).quality.duplicates == 0
    for row in once:
        found = read_orders(written(tmp_path, table_of([*once, row])))
        assert found.quality.duplicates == 1


def test_a_bad_row_of_a_typed_file_is_rejected_and_the_others_are_kept(tmp_path: Path) -> None:
    good, bad = (1, 7, START, Decimal(1)), (2, 7, None, Decimal(1))
    found = read_orders(written(tmp_path, table_of([good, bad])))
    assert [row["order_id"] for row in purchases_of(found)] == [1]
    assert [(row.line, str(row.reason)) for row in found.quality.rejected] == [
        (3, "The date is missing.")
    ]


@pytest.mark.parametrize("code", ["Euro", "XYZZ"])
def test_a_word_that_is_no_currency_is_rejected_in_a_typed_file_too(
    tmp_path: Path, code: str
) -> None:
    orders = table_of([(1, 7, START, Decimal(1)), (2, 7, START, Decimal(1))])
    path = written(tmp_path, orders.append_column("currency", pa.array(["eur ", code])))
    found = read_orders(path)
    assert found.currency == "EUR"
    assert [row.value for row in found.quality.rejected] == [code]
