from math import inf
from statistics import fmean, variance

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.estimation.means import Moments, mean_difference
from regulars.kernel.errors import OptionError

values = st.lists(st.integers(0, 1000).map(float), min_size=2, max_size=30)


def moments(numbers: list[float]) -> Moments:
    return Moments(len(numbers), sum(numbers), sum(number * number for number in numbers))


@given(values, values)
def test_sums_give_the_same_means_and_errors_as_the_values(a: list[float], b: list[float]) -> None:
    change = mean_difference(moments(a), moments(b))
    assert change.value == pytest.approx(fmean(a) - fmean(b), abs=1e-9)
    assert moments(a).error == pytest.approx(variance(a) / len(a), rel=1e-6, abs=1e-6)
    assert change.low <= change.value <= change.high


def test_the_interval_is_welchs() -> None:
    # checked against scipy.stats.ttest_ind(equal_var=False), which costs too much to import
    change = mean_difference(moments([9.0, 11.0, 9.0, 11.0, 9.0, 11.0]), moments([6.0, 8.0, 6.0]))
    assert change.value == pytest.approx(10 / 3)
    assert (change.low, change.high) == pytest.approx(
        (1.0793806562099642, 5.587286010456702), abs=1e-6
    )


def test_one_value_shows_no_scatter_so_the_bounds_are_infinite() -> None:
    change = mean_difference(Moments(1, 5.0, 25.0), Moments(2, 3.0, 5.0))
    assert (change.low, change.high) == (-inf, inf)


def test_values_without_scatter_leave_no_doubt() -> None:
    change = mean_difference(Moments(2, 4.0, 8.0), Moments(2, 2.0, 2.0))
    assert (change.low, change.value, change.high) == (1.0, 1.0, 1.0)


def test_a_mean_of_nothing_is_refused() -> None:
    with pytest.raises(OptionError, match="at least one value"):
        mean_difference(Moments(0, 0.0, 0.0), Moments(2, 2.0, 2.0))
