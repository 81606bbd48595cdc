from hypothesis import given, settings
from hypothesis import strategies as st

from factories import on, orders_of
from regulars.analytics.calendar import purchase_days
from regulars.analytics.rfm import rfm, rfm_of_orders, score, scored, value_counts
from strategies import Purchase, purchases


def test_frequency_counts_days_and_monetary_is_the_mean_of_a_day() -> None:
    orders = orders_of([("a", on(0), 10), ("a", on(0), 20), ("a", on(4), 5)], as_of=on(10))
    (row,) = rfm(purchase_days(orders.purchases), orders.as_of).to_pyarrow().to_pylist()
    assert row["frequency"] == 2
    assert (row["recency"], row["age"]) == (6, 10)
    assert row["monetary"] == 17.5


def test_equal_means_of_different_sums_are_equal() -> None:
    rows = [("two", on(day), "3.3") for day in range(2)]
    rows += [("three", on(day), "3.3") for day in range(3)]
    orders = orders_of(rows)
    table = rfm(purchase_days(orders.purchases), orders.as_of)
    counts = value_counts(table, "monetary").to_pyarrow().to_pylist()
    assert counts == [{"value": 3.3, "customers": 2}]


def test_a_score_grows_by_one_with_each_break() -> None:
    orders = orders_of([("a", on(day), 1) for day in range(3)])
    table = rfm(purchase_days(orders.purchases), orders.as_of)
    value = score(table.frequency, (2, 3, 3, None)).name("score")
    assert table.select(value).to_pyarrow()["score"].to_pylist() == [4]


def test_recency_breaks_are_given_for_fewer_days_being_better() -> None:
    orders = orders_of([("late", on(9), 1), ("early", on(0), 1)])
    table = rfm(purchase_days(orders.purchases), orders.as_of)
    breaks = {"recency": (-5,), "frequency": (), "monetary": ()}
    rows = scored(table, breaks).to_pyarrow().to_pylist()
    assert {row["customer_id"]: row["r"] for row in rows} == {"late": 2, "early": 1}


@settings(deadline=None, max_examples=25)
@given(rows=purchases, later=st.sampled_from([0, 9_000]))
def test_orders_and_their_purchase_days_have_one_summary(rows: list[Purchase], later: int) -> None:
    known = [(who, day, str(amount)) for who, day, amount in rows]
    orders = orders_of([*known, (rows[0][0], on(later), 1)])
    known, straight = rfm(purchase_days(orders.purchases), orders.as_of), rfm_of_orders(orders)
    assert (
        straight.order_by("customer_id")
        .to_pyarrow()
        .equals(known.order_by("customer_id").to_pyarrow())
    )
