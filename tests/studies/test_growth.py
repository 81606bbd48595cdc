from datetime import date
from decimal import Decimal
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from factories import on, orders_of
from oracles.growth import growth as by_definition
from regulars.kernel.errors import NotEnoughEvidence
from regulars.kernel.periods import Period
from regulars.studies.growth import Growth, growth
from strategies import Purchase, basis_from, purchases

periods = st.sampled_from(["week", "month", "quarter", "year"])

SHOP = [
    ("ann", on(0), "20"),
    ("bob", on(3), "30"),
    ("ann", on(32), "25.5"),
    ("dan", on(40), "50"),
    ("ann", on(95), "15"),
]


def answered(answer: Growth | NotEnoughEvidence) -> Growth:
    assert isinstance(answer, Growth), answer
    return answer


@settings(deadline=None, max_examples=25)
@given(purchases, periods)
def test_every_figure_is_that_of_the_definition(rows: list[Purchase], name: str) -> None:
    basis = basis_from(rows)
    records = answered(growth(basis, period=Period(name))).records()
    expected = by_definition(rows, name, basis.orders.as_of)
    assert [{key: row[key] for key in expected[0]} for row in records] == expected


@settings(deadline=None, max_examples=25)
@given(purchases, periods)
def test_growth_accounting_adds_up_exactly(rows: list[Purchase], name: str) -> None:
    answer = answered(growth(basis_from(rows), period=Period(name)))
    for it in answer.periods:
        assert it.active == it.new + it.retained + it.resurrected
        gains = it.revenue_new + it.revenue_resurrected + it.revenue_expansion
        assert it.revenue == it.revenue_retained_before + gains - it.revenue_contraction
    for before, it in pairwise(answer.periods):
        assert before.active == it.retained + it.churned
        assert before.revenue == it.revenue_retained_before + it.revenue_churned
    known = sum((amount for who, _, amount in rows if who), Decimal(0))
    assert sum((it.revenue for it in answer.periods), Decimal(0)) == known
    assert sum(it.new for it in answer.periods) == len({who for who, _, _ in rows if who})


def test_a_period_without_purchases_stands_with_zeros() -> None:
    answer = answered(growth(orders_of(SHOP), period=Period.MONTH))
    january, february, march, april = answer.periods
    assert (march.active, march.revenue) == (0, Decimal(0))
    assert (march.churned, march.revenue_churned) == (2, Decimal("75.5"))
    assert (april.resurrected, april.churned) == (1, 0)
    assert april.revenue_resurrected == 15
    assert (january.new, january.churned) == (2, 0)
    assert february.revenue_expansion == Decimal("5.5")


def test_the_period_of_as_of_is_complete_only_when_it_has_ended() -> None:
    last_day = orders_of(SHOP, as_of=date(2024, 1, 31))
    assert [it.complete for it in answered(growth(last_day, period=Period.MONTH)).periods] == [
        True
    ]
    day_before = orders_of(SHOP, as_of=date(2024, 1, 30))
    assert not answered(growth(day_before, period=Period.MONTH)).periods[0].complete


def test_periods_begin_with_the_first_order_even_if_nobody_is_known() -> None:
    rows = [(None, on(0), 5), ("ann", on(40), 7)]
    january, february = answered(growth(orders_of(rows), period=Period.MONTH)).periods
    assert (january.active, january.revenue) == (0, Decimal(0))
    assert (february.new, february.revenue) == (1, Decimal(7))


def test_the_quick_ratio_is_gains_over_losses_and_open_without_losses() -> None:
    january, february, march, april = answered(
        growth(orders_of(SHOP), period=Period.MONTH)
    ).periods
    assert january.quick_ratio is None
    assert february.quick_ratio == 1
    assert february.revenue_quick_ratio == (50 + 5.5) / 30
    assert march.quick_ratio == 0
    assert april.revenue_quick_ratio is None


def test_new_customers_are_at_most_in_periods_that_begin_before_the_burn_in_ends() -> None:
    periods = answered(growth(orders_of(SHOP, burn_in_days=31), period=Period.MONTH)).periods
    assert [it.at_most for it in periods] == [True, False, False, False]


def test_nothing_is_at_most_where_the_data_has_a_beginning_even_within_a_period() -> None:
    rows = [("ann", on(9), 20), ("bob", on(40), 1)]
    periods = answered(growth(orders_of(rows, burn_in_days=0), period=Period.MONTH)).periods
    assert [it.at_most for it in periods] == [False, False]


def test_a_refunded_order_keeps_its_customer_active() -> None:
    rows = [("ann", on(0), 20), ("ann", on(40), 0)]
    february = answered(growth(orders_of(rows), period=Period.MONTH)).periods[1]
    assert (february.active, february.retained) == (1, 1)
    assert february.revenue == 0
    assert february.revenue_contraction == 20


def test_the_answer_for_programs_has_every_field_of_the_contract() -> None:
    record = answered(growth(orders_of(SHOP), period=Period.MONTH)).json()
    assert isinstance(record, list)
    assert record[1] == {
        "period": "2024-02-01",
        "complete": True,
        "at_most": True,
        "active": 2,
        "new": 1,
        "retained": 1,
        "resurrected": 0,
        "churned": 1,
        "revenue": 75.5,
        "revenue_new": 50.0,
        "revenue_expansion": 5.5,
        "revenue_contraction": 0.0,
        "revenue_resurrected": 0.0,
        "revenue_churned": 30.0,
        "revenue_retained_before": 20.0,
        "quick_ratio": 1.0,
        "revenue_quick_ratio": 1.85,
    }


def test_without_known_customers_there_is_nothing_to_account_for() -> None:
    assert isinstance(growth(orders_of([(None, on(0), 5)])), NotEnoughEvidence)


def test_the_period_follows_the_rhythm_of_the_firm() -> None:
    def every(gap: int) -> Growth:
        return answered(growth(orders_of([("ann", on(day), 1) for day in range(0, 300, gap)])))

    assert [every(gap).period for gap in (2, 20, 60)] == [
        Period.WEEK,
        Period.MONTH,
        Period.QUARTER,
    ]
