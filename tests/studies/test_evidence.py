from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings

from factories import on, orders_of
from oracles.consistency import gaps as by_definition
from regulars.kernel.periods import Period
from regulars.studies.evidence import (
    Gaps,
    basis_of,
    choose_period,
    evidence_of,
    gap_percentile,
    why_period,
)
from strategies import Purchase, basis_from, purchases


@settings(deadline=None, max_examples=25)
@given(purchases)
def test_gaps_and_customers_are_those_of_the_definition(rows: list[Purchase]) -> None:
    basis = basis_from(rows)
    found = zip(basis.gaps.days, basis.gaps.times, strict=True)
    assert [gap for gap, times in found for _ in range(times)] == by_definition(rows)
    assert basis.evidence.customers == len({who for who, _, _ in rows if who})


@settings(deadline=None, max_examples=15)
@given(purchases)
def test_the_identified_share_is_that_of_orders_and_of_money(rows: list[Purchase]) -> None:
    evidence = basis_from(rows).evidence
    known = [amount for who, _, amount in rows if who]
    revenue = sum((amount for _, _, amount in rows), Decimal(0))
    assert evidence.orders == len(rows)
    assert evidence.identified_orders == pytest.approx(len(known) / len(rows))
    if revenue:
        share = sum(known, Decimal(0)) / revenue
        assert evidence.identified_revenue == pytest.approx(float(share))
    else:
        assert evidence.identified_revenue is None


def test_a_percentile_is_the_shortest_gap_that_enough_gaps_do_not_exceed() -> None:
    gaps = Gaps((1, 5, 9), (8, 1, 1))
    assert [gaps.percentile(share) for share in (0.1, 0.8, 0.81, 0.9, 0.91, 1)] == [
        1,
        1,
        5,
        5,
        9,
        9,
    ]
    assert Gaps((), ()).percentile(0.5) is None


def test_the_burn_in_lasts_as_long_as_nine_gaps_in_ten() -> None:
    rows = [("ann", on(day), 1) for day in (*range(10), 50)]
    assert evidence_of(orders_of(rows)).burn_in_until == on(1)
    assert gap_percentile(orders_of(rows), 1) == 41


def test_the_users_burn_in_wins_and_zero_means_that_the_data_has_a_beginning() -> None:
    rows = [("ann", on(day), 1) for day in (0, 30)]
    assert evidence_of(orders_of(rows, burn_in_days=7)).burn_in_until == on(7)
    basis = basis_of(orders_of(rows, burn_in_days=0))
    assert basis.evidence.burn_in_until == on(0)
    assert basis.has_beginning


def test_before_anybody_came_back_everything_is_at_most() -> None:
    evidence = evidence_of(orders_of([("ann", on(0), 1), ("bob", on(30), 1)]))
    assert evidence.burn_in_until == on(31)


def test_nobody_known_is_told_before_any_question_is_answered() -> None:
    basis = basis_of(orders_of([(None, on(0), 1)]))
    assert basis.refusal() is not None
    assert basis.evidence.customers == 0
    assert basis.evidence.identified_orders == 0


def test_a_basis_comes_back_unchanged_and_counts_each_cube_once() -> None:
    basis = basis_of(orders_of([("ann", on(0), 1)]))
    assert basis_of(basis) is basis
    assert basis.movements(Period.MONTH) is basis.movements(Period.MONTH)


@pytest.mark.parametrize(
    ("gap", "period"),
    [
        (1, Period.WEEK),
        (4, Period.WEEK),
        (5, Period.MONTH),
        (45, Period.MONTH),
        (46, Period.QUARTER),
    ],
)
def test_the_period_suits_the_median_gap_and_says_so(gap: int, period: Period) -> None:
    gaps = Gaps((gap,), (3,))
    assert choose_period(gaps) is period
    assert period.value in str(why_period(gaps))
    assert str(gap) in str(why_period(gaps))


def test_without_gaps_a_month_is_taken() -> None:
    assert choose_period(Gaps((), ())) is Period.MONTH
    assert "nobody has come back" in str(why_period(Gaps((), ())))


def test_the_day_after_as_of_is_not_covered() -> None:
    basis = basis_of(orders_of([("ann", on(0), 1)], as_of=date(2024, 1, 5)))
    assert basis.covered_until == date(2024, 1, 5) + timedelta(days=1)
