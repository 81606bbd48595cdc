"""A store refreshed step by step answers as a full read of all that it was told."""

import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import regulars
from alike import assert_alike
from factories import on, orders_of
from oracles.store import Memory, Told
from regulars.kernel.errors import InputError, OptionError
from regulars.kernel.periods import Period
from regulars.studies.evidence import basis_of
from regulars.studies.picture import retention_picture
from regulars.studies.refresh import refresh
from regulars.warehouse.options import Reading
from regulars.warehouse.orders import Orders
from regulars.warehouse.reading import read_orders
from soaking import SOAK

LAST = on(150)


def table_of(records: Sequence[Told], *, lined: bool = False) -> pa.Table:
    columns = {
        "order_id": pa.array([one.order for one in records], pa.string()),
        "customer_id": pa.array([one.customer for one in records], pa.string()),
        "ordered_at": pa.array([one.day for one in records], pa.date32()),
        "amount": pa.array([one.amount for one in records], pa.decimal128(18, 6)),
    }
    if lined:
        columns["product_id"] = pa.array([one.product for one in records], pa.string())
        kinds = [one.product and one.product[0] for one in records]
        columns["category"] = pa.array(kinds, pa.string())
    return pa.table(columns)


def recency(orders: Orders | Path) -> list[dict[str, object]]:
    answer = regulars.rfm(orders)
    assert answer
    return answer.records()


def answers(orders: Orders) -> dict[str, object]:
    document = retention_picture(orders, period=Period.MONTH).json()
    document["customers"] = recency(orders)
    document["weeks"] = regulars.growth(orders, period=Period.WEEK).json()
    plain: dict[str, object] = json.loads(json.dumps(document))
    return plain


def assert_told(store: Path, memory: Memory, reading: Reading, *, lined: bool = False) -> None:
    held = read_orders(store, Reading(as_of=reading.as_of))
    full = read_orders(table_of(memory.records(), lined=lined), reading)
    assert_alike(answers(held), answers(full))


_orders = st.sampled_from([f"o{number}" for number in range(12)])
_customers = st.sampled_from(["ann", "bob", "cat", "dan", None])
_days = st.integers(0, 140).map(on)
# no order is worth less than nothing: the concentration of negative revenue has no answer
_amounts = st.integers(9_000, 19_000).map(lambda cents: Decimal(cents) / 100)
_sale = st.builds(Told, order=_orders, customer=_customers, day=_days, amount=_amounts)
_refund = st.builds(
    Told,
    order=_orders,
    customer=st.none(),
    day=_days,
    amount=st.integers(1, 4).map(lambda euros: Decimal(-euros)),
)
_piece = st.tuples(
    st.lists(_sale, max_size=8, unique_by=lambda one: one.order),
    st.lists(_refund, max_size=3, unique=True),
).map(lambda pair: [*pair[0], *pair[1]])
_news = st.lists(_piece.filter(bool), min_size=1, max_size=4).filter(
    lambda pieces: any(one.amount >= 0 and one.customer for one in pieces[0])
)


@settings(max_examples=6 * SOAK, deadline=None, suppress_health_check=list(HealthCheck))
@given(news=_news, again=st.integers(0, 3))
def test_news_of_any_kind_ends_where_a_full_read_does(news: list[list[Told]], again: int) -> None:
    memory, reading = Memory(), Reading(as_of=LAST)
    with TemporaryDirectory() as folder:
        store = Path(folder, "shop.store")
        for piece in [*news, news[again % len(news)]]:
            refresh(store, table_of(piece), reading=reading)
            memory.hear(piece)
        assert_told(store, memory, reading)


_lines = st.lists(
    st.builds(
        Told,
        order=st.just("o"),
        customer=st.none(),
        day=st.just(on(0)),
        amount=_amounts,
        product=st.sampled_from(["a1", "a2", "b1", "c1"]),
    ),
    min_size=1,
    max_size=3,
)
_lined_sale = st.builds(
    lambda sale, lines: [
        Told(sale.order, sale.customer, sale.day, line.amount, line.product) for line in lines
    ],
    _sale,
    _lines,
)


@settings(max_examples=4 * SOAK, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    news=st.lists(
        st.lists(_lined_sale, min_size=1, max_size=6, unique_by=lambda one: one[0].order),
        min_size=1,
        max_size=3,
    ).filter(lambda pieces: any(sale[0].customer for sale in pieces[0])),
    refunds=st.lists(
        _refund.map(lambda it: Told(it.order, None, it.day, it.amount, "a1")),
        max_size=3,
        unique=True,
    ),
)
def test_order_lines_are_kept_up_to_date_too(
    news: list[list[list[Told]]], refunds: list[Told]
) -> None:
    memory, reading = Memory(), Reading(as_of=LAST)
    pieces = [[line for sale in piece for line in sale] for piece in news]
    with TemporaryDirectory() as folder:
        store = Path(folder, "shop.store")
        for piece in [*pieces, *([refunds] if refunds else [])]:
            refresh(store, table_of(piece, lined=True), reading=reading)
            memory.hear(piece)
        assert_told(store, memory, reading, lined=True)


def shop(*records: tuple[str, str | None, int, str]) -> pa.Table:
    return table_of([Told(a, b, on(day), Decimal(amount)) for a, b, day, amount in records])


FIRST = shop(("1", "ann", 0, "20"), ("2", "bob", 3, "30"), ("3", "ann", 40, "10"))


@pytest.fixture
def store(tmp_path: Path) -> Path:
    place = tmp_path / "shop.store"
    refresh(place, FIRST)
    return place


def amounts(store: Path) -> dict[str, Decimal]:
    rows = read_orders(store).purchases.to_pyarrow().to_pylist()
    return {row["order_id"]: row["amount"] for row in rows}


def test_the_same_news_twice_changes_nothing(store: Path) -> None:
    before = store.read_bytes(), answers(read_orders(store))
    done = refresh(store, FIRST)
    assert (done.new, done.corrected, done.unchanged) == (0, 0, 3)
    assert answers(read_orders(store)) == before[1]


def test_a_corrected_order_replaces_the_one_known(store: Path) -> None:
    done = refresh(store, shop(("2", "cat", 5, "35")))
    assert (done.new, done.corrected, done.customers) == (0, 1, 2)
    assert amounts(store)["2"] == 35
    customers = {row["customer_id"] for row in recency(store)}
    assert customers == {"ann", "cat"}


def test_a_refund_told_alone_is_netted_and_counts_once(store: Path) -> None:
    refund = shop(("2", None, 60, "-12"))
    assert refresh(store, refund).corrected == 1
    assert refresh(store, refund).corrected == 0
    assert amounts(store)["2"] == 18
    assert read_orders(store).as_of == on(40)


def test_a_refund_told_with_its_order_later_is_still_the_same_refund(store: Path) -> None:
    refresh(store, shop(("2", None, 60, "-12")))
    refresh(store, shop(("2", "bob", 3, "30"), ("2", None, 60, "-12")))
    assert amounts(store)["2"] == 18


def test_a_refund_waits_for_its_order(store: Path) -> None:
    refresh(store, shop(("9", None, 60, "-5")))
    assert read_orders(store).quality.unmatched_refunds == 1
    refresh(store, shop(("9", "bob", 50, "8")))
    assert read_orders(store).quality.unmatched_refunds == 0
    assert amounts(store)["9"] == 3


def test_an_order_before_all_others_moves_the_beginning(store: Path) -> None:
    refresh(store, shop(("0", "bob", -30, "5")))
    assert read_orders(store).data_from == on(-30)
    refresh(store, shop(("0", "bob", 10, "5")))
    assert read_orders(store).data_from == on(0)


def test_an_earlier_viewpoint_does_not_know_what_came_later(store: Path) -> None:
    refresh(store, shop(("2", None, 60, "-12"), ("4", "cat", 70, "1")))
    told = [FIRST, shop(("2", None, 60, "-12"), ("4", "cat", 70, "1"))]
    for day in (on(39), on(65)):
        reading = Reading(as_of=day)
        full = read_orders(pa.concat_tables(told), reading)
        assert_alike(answers(read_orders(store, reading)), answers(full))


def test_a_later_viewpoint_makes_everybody_older(store: Path) -> None:
    reading = Reading(as_of=on(100))
    assert_alike(answers(read_orders(store, reading)), answers(read_orders(FIRST, reading)))


def test_rejected_rows_add_up_and_are_told_once(store: Path) -> None:
    bad = pa.table(
        {
            "order_id": ["7", "8"],
            "customer_id": ["ann", "bob"],
            "ordered_at": ["2024-03-01", "2024-03-02"],
            "amount": ["7", "seven"],
        }
    )
    assert refresh(store, bad).rejected == 1
    refresh(store, bad)
    quality = read_orders(store).quality
    assert [one.value for one in quality.rejected] == ["seven"]
    assert str(quality.rejected[0].reason).startswith("This is not a number")
    assert quality.rows == quality.accepted + 1 == 5


def test_a_new_column_is_empty_for_the_orders_before_it(store: Path) -> None:
    news = shop(("5", "ann", 50, "5")).append_column("store", pa.array(["north"]))
    refresh(store, news)
    stores = [row.store for row in regulars.check(store).stores]
    assert sorted(stores, key=str) == [None, "north"]


def test_ids_become_text_where_news_has_some(tmp_path: Path) -> None:
    numbers = pa.table(
        {
            "order_id": [1, 2],
            "customer_id": [7, 8],
            "ordered_at": [on(0), on(9)],
            "amount": [3.0, 4.0],
        }
    )
    place = tmp_path / "shop.store"
    refresh(place, numbers)
    refresh(place, shop(("A3", "7", 20, "5"), ("2", "8", 9, "6")))
    assert amounts(place) == {"1": 3, "2": 6, "A3": 5}
    assert [row["frequency"] for row in recency(place)] == [2, 1]


def test_numbers_are_taken_as_text_where_the_store_has_text(store: Path) -> None:
    news = pa.table(
        {"order_id": [3], "customer_id": [5], "ordered_at": [on(40)], "amount": [11.0]}
    )
    assert refresh(store, news).corrected == 1
    assert amounts(store)["3"] == 11


def without_ids(*days: int) -> pa.Table:
    dates = [on(day) for day in days]
    amounts = [float(day + 1) for day in days]
    return pa.table({"customer_id": ["ann"] * len(days), "ordered_at": dates, "amount": amounts})


def test_orders_without_ids_are_refused_unless_they_are_all_new(tmp_path: Path) -> None:
    place = tmp_path / "shop.store"
    with pytest.raises(OptionError, match="no order id"):
        refresh(place, without_ids(1, 2))
    assert refresh(place, without_ids(1, 2), append=True).new == 2
    assert refresh(place, without_ids(3, 4, 5), append=True).new == 3
    again = refresh(place, without_ids(2, 1), append=True)
    assert (again.new, again.unchanged, again.customers) == (0, 2, 1)
    held = answers(read_orders(place))
    assert_alike(held, answers(read_orders(without_ids(1, 2, 3, 4, 5))))
    with pytest.raises(InputError, match="cannot share a store"):
        refresh(place, FIRST)


def test_zone_and_currency_are_the_stores(tmp_path: Path) -> None:
    place = tmp_path / "shop.store"
    refresh(place, FIRST, reading=Reading(timezone="Europe/Vilnius", currency="EUR"))
    refresh(place, shop(("4", "ann", 50, "5")))
    held = read_orders(place)
    assert (held.timezone, held.currency) == ("Europe/Vilnius", "EUR")
    del held
    with pytest.raises(OptionError, match="store is in EUR, the news in USD"):
        refresh(place, shop(("5", "ann", 50, "5")), reading=Reading(currency="USD"))
    with pytest.raises(OptionError, match="currency was settled"):
        read_orders(place, Reading(currency="USD"))


def test_what_is_no_store_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "orders.csv"
    text.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError, match="is no store"):
        refresh(text, FIRST)
    assert text.read_text(encoding="utf-8") == "a,b\n1,2\n"


def test_orders_made_by_hand_can_be_stored(tmp_path: Path) -> None:
    rows = [("ann", on(0), "5"), ("bob", on(1), "6"), ("ann", on(9), "7"), (None, on(9), "1")]
    place = tmp_path / "shop.store"
    orders = orders_of(rows)
    refresh(place, orders)
    assert basis_of(place).evidence == basis_of(orders).evidence


def test_a_store_that_is_read_is_not_refreshed(store: Path) -> None:
    held = read_orders(store)
    with pytest.raises(InputError, match="cannot be opened"):
        refresh(store, shop(("4", "ann", 50, "5")))
    assert held.quality.orders == 3
    del held
    assert refresh(store, shop(("4", "ann", 50, "5"))).new == 1


def test_no_news_is_lost_on_the_day_that_it_covers(store: Path) -> None:
    refresh(store, shop(("4", "ann", 50, "5")), reading=Reading(as_of=on(60)))
    assert read_orders(store).as_of == on(60)
    refresh(store, shop(("5", "ann", 20, "5")))
    assert read_orders(store).as_of == on(60)
    assert date(2024, 1, 1) == read_orders(store).data_from
