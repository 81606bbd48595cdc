from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet
import pytest

from regulars.estimation.simulation import BLOCK, Assortment, Firm
from regulars.kernel.errors import OptionError
from regulars.kernel.wording import Message
from regulars.studies.simulation import simulate
from regulars.warehouse.reading import read_orders

COLUMNS = [
    "order_id",
    "customer_id",
    "ordered_at",
    "amount",
    "refunded",
    "currency",
    "channel",
    "store",
]


def test_orders_have_the_columns_of_an_order_file() -> None:
    orders = simulate(50, seed=1).orders()
    assert orders.column_names == COLUMNS
    assert orders.column("order_id").to_pylist() == list(range(1, orders.num_rows + 1))
    assert set(orders.column("currency").to_pylist()) == {"EUR"}


def test_customers_are_numbered_from_one_across_blocks() -> None:
    orders = simulate(BLOCK + 10, seed=1, days=60).orders()
    assert pc.unique(orders.column("customer_id")).to_pylist() == list(range(1, BLOCK + 11))
    assert pc.count_distinct(orders.column("order_id")).as_py() == orders.num_rows


def test_a_larger_firm_begins_with_the_customers_of_a_smaller_one() -> None:
    few = simulate(BLOCK + 5, seed=4, days=90).orders()
    more = simulate(2 * BLOCK, seed=4, days=90).orders()
    assert more.slice(0, few.num_rows).equals(few)


def test_a_receipt_without_its_customer_keeps_everything_else() -> None:
    known = simulate(500, seed=1).orders()
    partly = simulate(500, seed=1, firm=Firm(identified=0.6)).orders()
    share = 1 - partly.column("customer_id").null_count / partly.num_rows
    assert share == pytest.approx(0.6, abs=0.03)
    assert partly.drop_columns("customer_id").equals(known.drop_columns("customer_id"))


def test_a_refunded_order_is_refunded_in_full() -> None:
    orders = simulate(500, seed=1, firm=Firm(refunds=0.2)).orders().to_pylist()
    refunded = [order for order in orders if order["refunded"]]
    assert len(refunded) / len(orders) == pytest.approx(0.2, abs=0.03)
    assert all(order["refunded"] == order["amount"] for order in refunded)


def test_only_orders_in_a_shop_name_it() -> None:
    for order in simulate(200, seed=1).orders().to_pylist():
        assert (order["store"] is None) == (order["channel"] == "online")


def test_lines_repeat_their_order_and_add_up_to_it() -> None:
    whole = simulate(100, seed=2).orders()
    firm = Firm(assortment=Assortment())
    lines = simulate(100, seed=2, firm=firm).orders()
    assert lines.column_names == [*COLUMNS, "line", "product_id", "category", "quantity"]
    summed = lines.group_by("order_id").aggregate([("amount", "sum")]).sort_by("order_id")
    assert summed.column("amount_sum").to_pylist() == whole.column("amount").to_pylist()


def test_truth_says_when_each_customer_came_and_left() -> None:
    simulation = simulate(2000, seed=3, start=date(2020, 1, 1), days=366)
    truth = {row["customer_id"]: row for row in simulation.truth().to_pylist()}
    assert len(truth) == 2000
    seen: set[int] = set()
    for order in simulation.orders().to_pylist():
        customer = truth[order["customer_id"]]
        if order["customer_id"] not in seen:
            assert order["ordered_at"] == customer["acquired_at"]
        assert customer["left_at"] is None or order["ordered_at"] <= customer["left_at"]
        seen.add(order["customer_id"])
    gone = sum(customer["left_at"] is not None for customer in truth.values())
    assert 0 < gone < 2000


def test_days_of_orders_stay_within_the_span() -> None:
    days = simulate(300, seed=3, start=date(2020, 2, 1), days=29).orders().column("ordered_at")
    assert pc.min(days).as_py().date() >= date(2020, 2, 1)
    assert pc.max(days).as_py().date() <= date(2020, 2, 29)


def read_csv(path: Path) -> pa.Table:
    return pyarrow.csv.read_csv(path)


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("orders.csv", read_csv),
        ("orders.csv.gz", read_csv),
        ("orders.parquet", pyarrow.parquet.read_table),
    ],
)
def test_every_ending_writes_the_same_orders(
    tmp_path: Path, name: str, read: Callable[[Path], pa.Table]
) -> None:
    simulation = simulate(200, seed=9, firm=Firm(identified=0.9))
    simulation.write(tmp_path / name, truth=tmp_path / f"truth-of-{name}")
    written, orders = read(tmp_path / name), simulation.orders()
    assert written.column("customer_id").to_pylist() == orders.column("customer_id").to_pylist()
    assert written.column("ordered_at").to_pylist() == orders.column("ordered_at").to_pylist()
    amounts = [Decimal(str(value)) for value in written.column("amount").to_pylist()]
    assert amounts == orders.column("amount").to_pylist()
    assert read(tmp_path / f"truth-of-{name}").num_rows == 200
    assert len(list(tmp_path.iterdir())) == 2


def test_files_do_not_depend_on_how_much_is_written_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    simulation = simulate(BLOCK + 500, seed=9, days=120)
    simulation.write(tmp_path / "large.csv")
    monkeypatch.setattr("regulars.studies.simulation._ROWS_AT_ONCE", 1)
    simulation.write(tmp_path / "small.csv")
    assert (tmp_path / "large.csv").read_bytes() == (tmp_path / "small.csv").read_bytes()


def test_a_simulation_is_a_table_by_itself() -> None:
    simulation = simulate(100, seed=1)
    assert pl.DataFrame(simulation).height == simulation.orders().num_rows
    assert pa.table(simulation).equals(simulation.orders())


def test_writing_tells_how_far_it_is(tmp_path: Path) -> None:
    told: list[float | None] = []

    def progress(_: Message, share: float | None = None, /) -> None:
        told.append(share)

    simulate(2 * BLOCK, seed=1, days=30).write(tmp_path / "orders.csv", progress=progress)
    assert told == [0, 0.5]


def test_an_unknown_ending_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match=r"\.csv, \.csv\.gz or \.parquet"):
        simulate(10, seed=1).write(tmp_path / "orders.doc")
    with pytest.raises(OptionError, match=r"\.parquet"):
        simulate(10, seed=1).write(tmp_path / "orders.csv", truth=tmp_path / "truth.doc")
    assert not list(tmp_path.iterdir())


def test_orders_and_truth_cannot_be_one_file(tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    with pytest.raises(OptionError, match="two files"):
        simulate(10, seed=1).write(file, truth=file)


def test_a_write_that_fails_leaves_the_old_file_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "orders.parquet"
    file.write_text("old")

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        simulate(10, seed=1).write(file, progress=stop)
    assert file.read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_firm_without_customers_is_refused() -> None:
    with pytest.raises(OptionError, match="one customer or more"):
        simulate(0, seed=1)


def test_a_span_without_a_day_is_refused_at_once() -> None:
    with pytest.raises(OptionError, match="days"):
        simulate(10, seed=1, days=0)


def test_orders_and_lines_of_a_simulation_are_read_as_the_same_orders() -> None:
    plain = Firm(identified=0.8, refunds=0.1)
    lined = Firm(identified=0.8, refunds=0.1, assortment=Assortment())
    whole = read_orders(simulate(300, seed=1, firm=plain))
    lines = read_orders(simulate(300, seed=1, firm=lined))
    assert whole.quality.orders == lines.quality.orders == simulate(300, seed=1).orders().num_rows
    assert whole.quality.identified_revenue == lines.quality.identified_revenue
    assert whole.currency == "EUR"
    assert not whole.quality.rejected
    assert lines.lines is not None


def test_a_refund_of_a_simulation_is_taken_off_its_order() -> None:
    simulation = simulate(300, seed=1, firm=Firm(refunds=0.2))
    orders = simulation.orders()
    kept = pc.sum(pc.subtract(orders.column("amount"), orders.column("refunded"))).as_py()
    read = read_orders(simulation)
    assert read.quality.revenue == kept
    assert read.quality.zero_orders == sum(pc.greater(orders.column("refunded"), 0).to_pylist())
