"""Tables of a firm's own engine are read and settled where they stand, as in this process."""

from datetime import UTC, datetime

import ibis
import pyarrow as pa
import pytest

import regulars
from engines.conftest import Place
from engines.test_same_answers import assert_same
from regulars.kernel.errors import InputError, OptionError
from regulars.warehouse.connecting import connect
from regulars.warehouse.homes import load

SALES = pa.table(
    {
        "Order number": [1, 1, 2, 2, 3, 4, 5, 5, 6, 7, 7, 8],
        "Client ID": [10, 10, 11, 11, 12, None, 10, 10, 13, 14, 15, 11],
        "Order date": pa.array(
            [
                datetime(2024, 3, day, 22, 30, tzinfo=UTC)
                for day in (1, 1, 2, 2, 3, 4, 31, 31, 5, 6, 6, 7)
            ],
            pa.timestamp("us", tz="UTC"),
        ),
        "Amount": [8.29, 8.29, 20.0, -5.5, 7.0, 3.0, 9.99, 9.99, -4.0, 1.0, 1.0, float("nan")],
        "note": ["x", "x", "", None, "", "", "y", "z", "", "", "", ""],
    }
)


def test_a_table_of_the_engine_is_settled_as_in_this_process(place: Place) -> None:
    table = load(place.backend, SALES)
    for options in ({}, {"timezone": "Europe/Vilnius"}, {"keep": ("note",)}):
        here = regulars.read_orders(SALES, **options)
        there = regulars.read_orders(table, engine=place.backend, **options)
        assert ibis.get_backend(there.purchases) is place.backend
        assert _figures(there) == _figures(here)
        assert _purchases(there) == _purchases(here)
        assert_same(regulars.growth(here).json(), regulars.growth(there).json())


def test_vat_is_taken_off_to_the_same_millionth(place: Place) -> None:
    table = load(place.backend, SALES)
    here = regulars.read_orders(SALES, vat=21)  # type: ignore[arg-type]
    there = regulars.read_orders(table, vat=21, engine=place.backend)  # type: ignore[arg-type]
    assert there.quality.revenue == here.quality.revenue
    assert _purchases(there) == _purchases(here)


def test_customers_in_a_file_join_orders_on_the_engine(place: Place) -> None:
    people = pa.table({"customer_id": [10, 11, 12], "city": ["Vilnius", "Riga", "Vilnius"]})
    orders = regulars.read_orders(
        load(place.backend, SALES), engine=place.backend, customers=people
    )
    here = regulars.read_orders(SALES, customers=people)
    assert orders.customers is not None
    assert ibis.get_backend(orders.customers) is place.backend
    period = {"from_": here.data_from.replace(day=15), "to": here.data_from.replace(day=31)}
    one, other = (
        regulars.retention(it, by="city", lookback="ever", **period)  # type: ignore[arg-type]
        for it in (here, orders)
    )
    assert_same(one.json(), other.json())


def test_numbers_in_text_are_refused_with_a_cure(place: Place) -> None:
    texts = pa.table({"customer_id": ["a"], "ordered_at": ["2024-01-01"], "amount": [1.5]})
    with pytest.raises(InputError, match="ordered_at of the engine's table is text"):
        regulars.read_orders(load(place.backend, texts), engine=place.backend)


def test_a_name_that_is_neither_file_nor_table_is_refused(place: Place) -> None:
    with pytest.raises(InputError, match="neither a file nor a table nowhere"):
        regulars.read_orders("nowhere", engine=place.backend)


def test_the_url_of_the_engine_must_name_a_table(place: Place) -> None:
    with pytest.raises(InputError, match="none of its tables"):
        regulars.read_orders(place.url, engine=place.url)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("oracle://host/base", "oracle is not an engine"),
        ("duckdb:///nowhere.duckdb", "cannot be reached"),
    ],
)
def test_an_engine_that_is_not_there_is_refused(url: str, said: str) -> None:
    with pytest.raises(OptionError, match=said):
        connect(url)


def test_a_missing_driver_is_refused_with_the_extra_that_brings_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def absent(name: str) -> object:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr("regulars.warehouse.connecting.import_module", absent)
    for url, extra in (
        ("postgresql://ann:secret@host/shop", "postgresql"),
        ("clickhouse://host", "clickhouse"),
        ("chdb://", "clickhouse"),
        ("spark://local[2]", "spark"),
    ):
        with pytest.raises(OptionError) as caught:
            connect(url)
        assert f"regulars[{extra}]" in str(caught.value.accepted)
        assert "secret" not in str(caught.value)


def _figures(orders: regulars.Orders) -> tuple[object, ...]:
    it = orders.quality
    return (
        it.rows,
        it.accepted,
        it.duplicates,
        it.orders,
        it.unidentified,
        it.revenue,
        it.unmatched_refunds,
        it.unmatched_refund_amount,
        sorted(str(reject.reason) for reject in it.rejected),
        orders.data_from,
        orders.as_of,
    )


def _purchases(orders: regulars.Orders) -> list[dict[str, object]]:
    names = ["order_id", "customer_id", "ordered_on", "amount"]
    rows: list[dict[str, object]] = (
        orders.purchases.select(*names).order_by("order_id").to_pyarrow().to_pylist()
    )
    return rows
