from collections import Counter
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from factories import on, orders_of
from oracles import histories as oracle
from regulars.analytics.calendar import purchase_days
from regulars.analytics.histories import histories, history_counts, later_purchases
from strategies import Purchase, basis_from, purchases

days = st.integers(0, 400)


@settings(deadline=None, max_examples=20)
@given(purchases, days)
def test_a_history_is_that_of_the_definition(rows: list[Purchase], day: int) -> None:
    until = on(day)
    found = histories(basis_from(rows).days, until).to_pyarrow().to_pylist()
    got = {
        row["customer_id"]: (row["x"], row["t_x"], row["T"], Decimal(str(row["amount"])))
        for row in found
    }
    assert got == oracle.histories(rows, until)


@settings(deadline=None, max_examples=20)
@given(purchases, days, days)
def test_distinct_histories_count_every_customer_known(
    rows: list[Purchase], one: int, other: int
) -> None:
    until, later = on(min(one, other)), on(max(one, other))
    found = history_counts(basis_from(rows).days, until, later).to_pyarrow().to_pylist()
    got = Counter(
        {(row["x"], row["t_x"], row["T"], row["later"]): row["customers"] for row in found}
    )
    assert len(got) == len(found)
    assert got == oracle.counts(rows, until, later)


@settings(deadline=None, max_examples=20)
@given(purchases, days, days)
def test_later_purchases_are_those_of_customers_known(
    rows: list[Purchase], one: int, other: int
) -> None:
    until, later = on(min(one, other)), on(max(one, other))
    found = later_purchases(basis_from(rows).days, until, later).to_pyarrow().to_pylist()
    got = Counter({row["ordered_on"]: row["purchases"] for row in found})
    assert got == oracle.again(rows, until, later)


def test_a_first_day_is_spent_but_not_counted() -> None:
    orders = orders_of([("a", on(0), 5), ("a", on(0), 6), ("a", on(3), 7), ("a", on(9), 8)])
    row = histories(purchase_days(orders.purchases), on(5)).to_pyarrow().to_pylist()[0]
    assert (row["x"], row["t_x"], row["T"], float(row["amount"])) == (1, 3, 5, 7.0)


def test_nobody_is_known_before_the_first_purchase() -> None:
    bought = purchase_days(orders_of([("a", on(5), 1)]).purchases)
    assert histories(bought, on(4)).to_pyarrow().num_rows == 0
    assert history_counts(bought, on(4), on(9)).to_pyarrow().num_rows == 0
