from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracles import concentration as oracle
from regulars.estimation.inequality import (
    Distribution,
    best_count,
    best_sum,
    fewest_for_share,
    gini,
    lorenz,
    share_of_best,
)

amounts = st.lists(st.integers(0, 30), min_size=1, max_size=60).filter(any)


def fractions(values: list[int]) -> list[Fraction]:
    return sorted(map(Fraction, values))


@given(amounts)
def test_gini_is_half_the_mean_difference_over_the_mean(values: list[int]) -> None:
    expected = float(oracle.gini(fractions(values)))
    assert gini(Distribution.of(values)) == pytest.approx(expected, abs=1e-12)


@given(amounts, st.sampled_from([1, 5, 10, 20, 50, 100]))
def test_the_best_few_percent_hold_their_exact_share(values: list[int], percent: int) -> None:
    spread = Distribution.of(values)
    share = best_sum(spread, best_count(spread, percent)) / spread.total
    assert share == pytest.approx(float(oracle.top_share(fractions(values), percent)))


@given(amounts, st.sampled_from([1, 50, 80, 99, 100]))
def test_no_fewer_people_would_reach_the_share(values: list[int], percent: int) -> None:
    expected = oracle.customers_for(fractions(values), percent)
    assert fewest_for_share(Distribution.of(values), percent) == expected


@given(amounts)
def test_counts_stand_for_people(values: list[int]) -> None:
    distinct = sorted(set(values), reverse=True)
    collapsed = Distribution.of(distinct, [values.count(value) for value in distinct])
    people = Distribution.of(values)
    assert collapsed.n == people.n == len(values)
    assert collapsed.total == people.total == sum(values)
    assert gini(collapsed) == gini(people)


@given(amounts)
def test_the_lorenz_curve_is_exact_and_below_the_diagonal(values: list[int]) -> None:
    people, money = lorenz(Distribution.of(values))
    ascending = sorted(values)
    for share, held in zip(people, money, strict=True):
        poorest = round(share * len(values))
        assert held == pytest.approx(sum(ascending[:poorest]) / sum(values))
        assert held <= share + 1e-12
    assert (people[0], money[0], people[-1], money[-1]) == (0, 0, 1, 1)


def test_the_lorenz_curve_of_many_has_a_hundred_and_one_points() -> None:
    people, money = lorenz(Distribution.of(range(1, 5001)))
    assert people.size == money.size == 101


def test_equal_people_need_exactly_four_in_five_for_eighty_percent() -> None:
    assert fewest_for_share(Distribution.of([110] * 10), 80) == 8
    assert gini(Distribution.of([110] * 10)) == 0


@pytest.mark.parametrize("values", [[], [0, 0], [-1, 5]])
def test_nothing_to_share_out_is_refused(values: list[int]) -> None:
    with pytest.raises(ValueError, match="amounts"):
        Distribution.of(values)


def test_a_small_group_has_no_interval() -> None:
    assert share_of_best(Distribution.of(range(1, 100)), 20) is None
    assert share_of_best(Distribution.of(range(1, 101)), 20) is not None


def test_the_interval_agrees_with_the_bootstrap() -> None:
    random = np.random.default_rng(3)
    values = np.round(random.gamma(2.0, 50.0, 2000)).astype(np.int64)
    estimate = share_of_best(Distribution.of(values), 20)
    assert estimate is not None
    drawn = np.sort(random.choice(values, (600, values.size)), axis=1)
    shares = drawn[:, -400:].sum(axis=1) / drawn.sum(axis=1)
    assert estimate.high - estimate.low == pytest.approx(3.92 * shares.std(), rel=0.15)


def test_equal_people_leave_no_doubt() -> None:
    estimate = share_of_best(Distribution.of([7] * 200), 20)
    assert estimate is not None
    assert (estimate.low, estimate.value, estimate.high) == pytest.approx((0.2, 0.2, 0.2))
