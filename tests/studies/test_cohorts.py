from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories import on, orders_of
from oracles.cohorts import cohorts as by_definition
from regulars.kernel.errors import NotEnoughEvidence
from regulars.kernel.periods import Period
from regulars.studies.cohorts import Cohorts, cohorts
from regulars.studies.growth import Growth, growth
from strategies import Purchase, basis_from, purchases

SHOP = [
    ("ann", on(0), 20),
    ("bob", on(3), 30),
    ("ann", on(32), 25),
    ("dan", on(40), 0),
    ("dan", on(62), 8),
]


def answered(answer: Cohorts | NotEnoughEvidence) -> Cohorts:
    assert isinstance(answer, Cohorts), answer
    return answer


@settings(deadline=None, max_examples=25)
@given(purchases, st.sampled_from(["week", "month", "quarter"]))
def test_every_cell_is_that_of_the_definition(rows: list[Purchase], name: str) -> None:
    basis = basis_from(rows)
    records = answered(cohorts(basis, period=Period(name))).records()
    expected = by_definition(rows, name, basis.orders.as_of)
    assert [{key: row[key] for key in expected[0]} for row in records] == expected


@settings(deadline=None, max_examples=15)
@given(purchases)
def test_the_cells_of_a_period_make_its_active_customers_and_its_revenue(
    rows: list[Purchase],
) -> None:
    basis = basis_from(rows)
    matrix = answered(cohorts(basis, period=Period.MONTH))
    accounting = growth(basis, period=Period.MONTH)
    assert isinstance(accounting, Growth)
    for period in accounting.periods:
        if not period.complete:
            continue
        number = Period.MONTH.number(period.period)
        cells = [
            cell for cell in matrix.cells if Period.MONTH.number(cell.cohort) + cell.age == number
        ]
        assert sum(cell.active or 0 for cell in cells) == period.active
        assert sum((cell.revenue or Decimal(0) for cell in cells), Decimal(0)) == period.revenue


def test_the_matrix_is_rectangular_and_empty_cohorts_are_left_out() -> None:
    rows = [("ann", on(0), 1), ("bob", on(95), 1)]
    matrix = answered(cohorts(orders_of(rows), period=Period.MONTH))
    assert matrix.max_age == 3
    assert [(cell.cohort.month, cell.age) for cell in matrix.cells] == [
        (month, age) for month in (1, 4) for age in range(4)
    ]


def test_what_cannot_be_observed_yet_is_none_and_never_zero() -> None:
    matrix = answered(cohorts(orders_of(SHOP, as_of=date(2024, 3, 30)), period=Period.MONTH))
    cells = {(cell.cohort.month, cell.age): cell for cell in matrix.cells}
    running = cells[1, 2]
    assert (running.active, running.retention, running.revenue) == (None, None, None)
    assert (running.revenue_retention, running.revenue_per_customer) == (None, None)
    assert running.customers == 2
    ended = cells[1, 1]
    assert (ended.active, ended.revenue) == (1, Decimal(25))


def test_money_is_shown_against_the_first_period_and_per_customer_won() -> None:
    matrix = answered(cohorts(orders_of(SHOP, as_of=date(2024, 3, 31)), period=Period.MONTH))
    cells = {(cell.cohort.month, cell.age): cell for cell in matrix.cells}
    assert cells[1, 1].revenue_retention == 0.5
    assert cells[1, 1].revenue_per_customer == Decimal("37.5")
    assert cells[1, 2].revenue_per_customer == Decimal("37.5")


def test_revenue_retention_is_open_where_the_first_period_brought_nothing() -> None:
    matrix = answered(cohorts(orders_of(SHOP, as_of=date(2024, 3, 31)), period=Period.MONTH))
    cell = next(it for it in matrix.cells if (it.cohort.month, it.age) == (2, 1))
    assert cell.revenue == 8
    assert cell.revenue_retention is None


def test_a_rate_stands_with_its_wilson_interval() -> None:
    record = answered(cohorts(orders_of(SHOP), period=Period.MONTH)).records()[1]
    assert record["retention"] == 0.5
    assert record["low"] == pytest.approx(0.0945, abs=1e-4)
    assert record["high"] == pytest.approx(0.9055, abs=1e-4)


def test_cohorts_won_during_the_burn_in_are_at_most() -> None:
    matrix = answered(cohorts(orders_of(SHOP, burn_in_days=20), period=Period.MONTH))
    assert {cell.cohort.month: cell.at_most for cell in matrix.cells} == {1: True, 2: False}


def test_without_known_customers_there_is_no_cohort() -> None:
    assert isinstance(cohorts(orders_of([(None, on(0), 5)])), NotEnoughEvidence)
