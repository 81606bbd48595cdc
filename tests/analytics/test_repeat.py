from datetime import timedelta

import ibis
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from factories import DAY_ONE, on, orders_of
from oracles import repeat as oracle
from regulars.analytics.calendar import purchase_days
from regulars.analytics.joining import joined_since
from regulars.analytics.repeat import purchase_sequence, regulars, waits
from strategies import Purchase, purchases


@settings(deadline=None, max_examples=25)
@given(purchases, st.integers(1, 60), st.integers(0, 250))
def test_every_purchase_day_knows_its_place_its_wait_and_its_streak(
    rows: list[Purchase], gap: int, burn_in: int
) -> None:
    orders = orders_of((a, b, str(c)) for a, b, c in rows)
    sequence = purchase_sequence(
        purchase_days(orders.purchases),
        None,
        known_from=DAY_ONE + timedelta(days=burn_in),
        as_of=orders.as_of,
        gap=gap,
    )
    found = {(row["customer_id"], row["nth"]): row for row in sequence.to_pyarrow().to_pylist()}
    days = oracle.purchase_days(rows)
    assert len(found) == sum(map(len, days.values()))
    for who, own in days.items():
        streak = 0
        between = oracle.gaps_of(own)
        for nth in range(1, len(own) + 1):
            row = found[who, nth]
            streak = streak + 1 if nth > 1 and between[nth - 2] <= gap else 0
            later = nth < len(own)
            assert row["streak"] == streak
            assert row["returned"] == later
            assert row["wait"] == (between[nth - 1] if later else (orders.as_of - own[-1]).days)
            assert row["known"] == (own[0] >= DAY_ONE + timedelta(days=burn_in))


def test_who_joined_within_the_data_is_a_known_first_timer() -> None:
    orders = orders_of([("old", on(0), 1), ("joined", on(0), 1), ("other", on(3), 1)])
    customers = ibis.memtable(
        pa.table({"customer_id": ["old", "joined"], "joined_at": [on(-400), on(0)]})
    )
    sequence = purchase_sequence(
        purchase_days(orders.purchases),
        joined_since(customers, orders.data_from),
        known_from=on(100),
        as_of=orders.as_of,
        gap=5,
    )
    known = {row["customer_id"]: row["known"] for row in sequence.to_pyarrow().to_pylist()}
    assert known == {"old": 0, "joined": 1, "other": 0}


@settings(deadline=None, max_examples=25)
@given(purchases, st.integers(2, 4), st.integers(1, 60))
def test_regulars_are_those_of_the_definition(rows: list[Purchase], bought: int, gap: int) -> None:
    orders = orders_of((a, b, str(c)) for a, b, c in rows)
    sequence = purchase_sequence(
        purchase_days(orders.purchases), None, known_from=DAY_ONE, as_of=orders.as_of, gap=gap
    )
    counted = regulars(sequence, bought, gap).to_pyarrow().to_pylist()
    days = oracle.purchase_days(rows).values()
    ever = sum(oracle.was_regular(own, bought, gap) for own in days)
    now = sum(oracle.is_regular(own, bought, gap, orders.as_of) for own in days)
    assert sum(row["customers"] for row in counted if row["ever"]) == ever
    assert sum(row["customers"] for row in counted if row["now"]) == now
    assert sum(row["customers"] for row in counted) == len(days)
    known = sum(amount for who, _, amount in rows if who is not None)
    assert sum(row["revenue"] for row in counted) == known


def test_waits_are_collapsed_to_their_counts() -> None:
    orders = orders_of(
        [("a", on(0), 1), ("a", on(7), 1), ("b", on(1), 1), ("b", on(8), 1), ("c", on(9), 1)]
    )
    sequence = purchase_sequence(
        purchase_days(orders.purchases), None, known_from=DAY_ONE, as_of=on(10), gap=30
    )
    rows = waits(sequence, 1).to_pyarrow().to_pylist()
    assert sorted((row["wait"], row["returned"], row["customers"]) for row in rows) == [
        (1, 0, 1),
        (7, 1, 2),
    ]
