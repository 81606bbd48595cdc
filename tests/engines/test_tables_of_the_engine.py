"""Tables of a firm's own engine are read and settled where they stand, as in this process."""

import gc
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

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

# of one day in some zones and of the next in others, around the change to summer time, and of
# the years before 1970, which are refused
MOMENTS = [
    datetime(2024, 3, 30, 22, 59, 59, 999_999, tzinfo=UTC),
    datetime(2024, 3, 31, 0, 59, 59, tzinfo=UTC),
    datetime(2024, 3, 31, 1, 0, tzinfo=UTC),
    datetime(2024, 3, 31, 22, 30, tzinfo=UTC),
    datetime(2024, 12, 31, 23, 59, 59, 1, tzinfo=UTC),
    datetime(2024, 7, 1, tzinfo=UTC),
    datetime(1969, 12, 30, 7, 59, 59, 500_000, tzinfo=UTC),
    datetime(1900, 1, 1, tzinfo=UTC),
]
KINDS = {
    "instants": pa.timestamp("us", tz="UTC"),
    "clocks": pa.timestamp("us"),
    "days": pa.date32(),
}
ZONES: list[dict[str, Any]] = [
    {},
    {"timezone": "Europe/Vilnius"},
    {"timezone": "America/New_York", "times_in": "Asia/Shanghai"},
]
# halves of a millionth, and products too large for 64 bits with all their decimals
PRICED = pa.table(
    {
        "order_id": ["1", "2", "3", "4", "5", "6"],
        "customer_id": [1, 2, 1, 3, None, 2],
        "ordered_at": [date(2024, 1, day) for day in (1, 2, 9, 9, 10, 11)],
        "unit_price": [0.333333, -1234.567891, 98_765.43, 8.29, 10.0, 0.01],
        "quantity": [3.5, 1.5, 4_321.0, 3.0, 1.0, 7.0],
        "refunded": [0.0, -100.25, 0.005, 24.87, None, 0.0],
        "currency": ["EUR", "usd", "USD", "EUR", "USD", None],
        "margin": [0.1, 99.999999, 12_345.678, None, 3.0, 0.02],
        "channel": ["web", "shop", None, "web", "web", "Web"],
    }
)
RATES = {"currency": "EUR", "rates": {"USD": Decimal("0.92345678")}}


@pytest.mark.parametrize(
    "options", [{}, {"timezone": "Europe/Vilnius"}, {"keep": ("note",)}, {"vat": Decimal(21)}]
)
def test_a_table_of_the_engine_is_settled_as_in_this_process(
    place: Place, options: dict[str, Any]
) -> None:
    here = regulars.read_orders(SALES, **options)
    there = regulars.read_orders(load(place.backend, SALES), engine=place.backend, **options)
    assert ibis.get_backend(there.purchases) is place.backend
    _assert_alike(here, there)
    assert_same(regulars.growth(here).json(), regulars.growth(there).json())


@pytest.mark.parametrize("ids", [[1, 2, 3, 4, 5, 6, 7], [70, 2, 2, 4, -5, -5, 64]])
def test_order_ids_in_numbers_are_found_repeated(place: Place, ids: list[int]) -> None:
    rows = pa.table(
        {
            "order_id": ids,
            "customer_id": ["ann"] * 7,
            "ordered_at": pa.array([date(2024, 1, 1)] * 7),
            "amount": [1.5] * 7,
        }
    )
    here, there = _both(place, rows)
    assert here.quality.duplicates == 7 - len(set(ids))
    _assert_alike(here, there)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_time_falls_on_the_same_day(place: Place, kind: str) -> None:
    moments = [each if kind == "instants" else each.replace(tzinfo=None) for each in MOMENTS]
    if kind == "days" and place.name == "clickhouse":
        moments = [each for each in moments if each.year >= 1970]  # it has no other days
    rows = pa.table(
        {
            "order_id": [str(number) for number in range(len(moments))],
            "customer_id": ["ann"] * len(moments),
            "ordered_at": pa.array(
                [each.date() if kind == "days" else each for each in moments], KINDS[kind]
            ),
            "amount": [float(number) for number in range(len(moments))],
        }
    )
    table = loaded = load(place.backend, rows)
    if kind == "clocks" and place.name == "spark":  # which loads them as instants
        name = loaded.get_name()
        told = "SELECT * EXCEPT (ordered_at), CAST(ordered_at AS TIMESTAMP_NTZ) AS ordered_at"
        table = place.backend.sql(f"{told} FROM {name}", dialect="spark")
    for zones in ZONES:
        here = regulars.read_orders(rows, **zones)
        _assert_alike(here, regulars.read_orders(table, engine=place.backend, **zones))


def test_a_table_that_nothing_refers_to_is_dropped_between_statements(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    if place.name == "duckdb":
        pytest.skip("its connection does not wait for itself")
    dropped: list[str] = []
    monkeypatch.setattr(
        type(place.backend), "_drop_cached_table", lambda _, name: dropped.append(name)
    )
    table = load(place.backend, SALES)
    name = table.get_name()
    del table
    gc.collect()
    assert name not in dropped
    load(place.backend, SALES).limit(1).cache()
    assert name in dropped


def test_a_session_that_keeps_another_time_reads_the_same_days(place: Place) -> None:
    table = load(place.backend, SALES)
    _keep_time_of(place, "America/New_York")
    here = regulars.read_orders(SALES, timezone="Europe/Vilnius")
    there = regulars.read_orders(table, engine=place.backend, timezone="Europe/Vilnius")
    _assert_alike(here, there)


@pytest.mark.parametrize(
    "options", [RATES, {**RATES, "vat": Decimal(21)}, {**RATES, "as_of": date(2024, 1, 9)}]
)
def test_prices_and_rates_make_the_same_amounts(place: Place, options: dict[str, Any]) -> None:
    _assert_alike(*_both(place, PRICED, **options))


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


def _both(
    place: Place,
    rows: pa.Table,
    **options: Any,  # noqa: ANN401 - as read_orders takes them
) -> tuple[regulars.Orders, regulars.Orders]:
    """The same rows read in this process and where they stand."""
    table = load(place.backend, rows)
    return (
        regulars.read_orders(rows, **options),
        regulars.read_orders(table, engine=place.backend, **options),
    )


def _keep_time_of(place: Place, zone: str) -> None:
    if place.name == "clickhouse":
        place.backend.con.set_client_setting("session_timezone", zone)
        return
    done = place.backend.raw_sql(f"SET TIME ZONE '{zone}'")
    if place.name == "postgresql":
        done.close()


def _assert_alike(here: regulars.Orders, there: regulars.Orders) -> None:
    assert _figures(there) == _figures(here)
    assert _purchases(there) == _purchases(here)


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
    rows: list[dict[str, object]] = orders.purchases.order_by("order_id").to_pyarrow().to_pylist()
    return rows
