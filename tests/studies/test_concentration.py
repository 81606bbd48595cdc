from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories import on, orders_of
from oracles import concentration as oracle
from regulars.kernel.errors import NotEnoughEvidence, OptionError
from regulars.studies.concentration import BEST_PERCENTS, Concentration, concentration
from strategies import Purchase, basis_from, purchases


def answer(orders: object) -> Concentration:
    found = concentration(orders)  # type: ignore[arg-type]  # any of the kinds it takes
    assert isinstance(found, Concentration)
    return found


@settings(deadline=None, max_examples=20)
@given(purchases)
def test_every_figure_is_that_of_the_definition(rows: list[Purchase]) -> None:
    ascending = oracle.revenue_by_customer(rows)
    if not sum(ascending):
        assert isinstance(concentration(basis_from(rows)), NotEnoughEvidence)
        return
    found = answer(basis_from(rows))
    assert found.customers == len(ascending)
    assert found.revenue == sum(ascending)
    assert found.gini == pytest.approx(float(oracle.gini(ascending)), abs=1e-12)
    assert found.customers_for_80_percent == oracle.customers_for(ascending, 80)
    for percent in BEST_PERCENTS:
        share = float(oracle.top_share(ascending, percent))
        assert found.top_share[percent].share == pytest.approx(share)


@settings(deadline=None, max_examples=6)
@given(purchases, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows: list[Purchase], random: object) -> None:
    shuffled = sorted(rows, key=lambda _: random.random())  # type: ignore[attr-defined]
    one, other = concentration(basis_from(rows)), concentration(basis_from(shuffled))
    assert one.json() == other.json()


def test_the_best_customers_are_named_with_their_share() -> None:
    found = answer(orders_of([("a", on(0), 20), ("b", on(1), 60), ("b", on(2), 20)]))
    assert found.top(1) == [
        {
            "rank": 1,
            "customer_id": "b",
            "revenue": 80.0,
            "share": 0.8,
            "purchase_days": 2,
            "first_on": "2024-01-02",
            "last_on": "2024-01-03",
        }
    ]
    assert found.customers_for_80_percent == 1
    assert found.share_of_customers_for_80_percent == 0.5


@pytest.mark.parametrize("n", [-1, 1001])
def test_more_customers_than_are_named_are_refused(n: int) -> None:
    with pytest.raises(OptionError, match="0 to 1,000"):
        answer(orders_of([("a", on(0), 20)])).top(n)


def test_money_in_small_units_stays_exact() -> None:
    big = Decimal("99999999999.99")
    found = answer(orders_of([(f"c{number}", on(0), str(big)) for number in range(10)]))
    assert found.customers_for_80_percent == 8
    assert found.gini == 0


def test_revenue_of_nothing_is_not_enough() -> None:
    found = concentration(orders_of([("a", on(0), 0)]))
    assert isinstance(found, NotEnoughEvidence)
    assert str(found.reason).startswith("1 customer brought no revenue")


def test_orders_without_any_customer_are_not_enough() -> None:
    assert isinstance(concentration(orders_of([(None, on(0), 5)])), NotEnoughEvidence)


def test_few_customers_have_no_interval_and_many_have() -> None:
    few = answer(orders_of([("a", on(0), 20), ("b", on(0), 10)]))
    assert few.records()[-1]["low"] is None
    many = answer(orders_of([(f"c{number}", on(0), 1 + number) for number in range(100)]))
    row = many.records()[-1]
    assert row["low"] < row["share"] < row["high"]  # type: ignore[operator]  # floats here


def test_the_contract_holds() -> None:
    found = answer(orders_of([("a", on(0), 20)])).json()
    assert set(found["top_share"]) == {"1", "5", "10", "20"}  # type: ignore[call-overload]  # a dict
    assert {"customers", "revenue", "gini", "customers_for_80_percent"} <= set(found)


def test_a_confidence_beyond_certainty_is_refused() -> None:
    with pytest.raises(OptionError):
        concentration(orders_of([("a", on(0), 20)]), confidence=1.5)


def test_who_was_refunded_more_than_he_spent_counts_as_nothing_in_the_shares() -> None:
    orders = orders_of([("ann", on(0), 30), ("bob", on(1), 10), ("eve", on(2), -4)])
    answer = concentration(orders)
    assert isinstance(answer, Concentration)
    assert (answer.customers, answer.revenue) == (3, Decimal(36))
    assert answer.top_share[20].share == pytest.approx(0.75)
