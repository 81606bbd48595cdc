from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from regulars.estimation.association import expected_next, lifts, ratios_to_expected

tables = st.tuples(*(st.integers(1, 200) for _ in range(4)))
"""Orders with both things, only the first, only the second, neither."""


@given(tables)
def test_the_variance_of_the_log_lift_is_that_of_the_delta_method(
    table: tuple[int, int, int, int],
) -> None:
    both, first, second, _ = table
    n = sum(table)
    found = lifts([both], [both + first], [both + second], n)

    def log_lift(shares: NDArray[np.float64]) -> float:
        p, q, r, _ = shares
        return log(p / ((p + q) * (p + r)))

    shares = np.array(table) / n
    step = 1e-6 * shares
    slope = np.array(
        [
            (log_lift(shares + step * unit) - log_lift(shares - step * unit)) / (2 * step @ unit)
            for unit in np.eye(4)
        ]
    )
    covariance = (np.diag(shares) - np.outer(shares, shares)) / n
    width = 2 * 1.959964 * np.sqrt(max(slope @ covariance @ slope, 0))
    assert log(found.high[0] / found.low[0]) == pytest.approx(width, rel=1e-3, abs=1e-5)
    assert found.value[0] == pytest.approx(both * n / ((both + first) * (both + second)))


def test_independent_things_have_a_lift_of_one() -> None:
    found = lifts([20], [100], [200], 1000)
    assert found.value[0] == 1
    assert found.low[0] < 1 < found.high[0]


def test_things_that_are_in_every_order_say_nothing() -> None:
    found = lifts([50], [50], [50], 50)
    assert (found.low[0], found.value[0], found.high[0]) == (1, 1, 1)


@pytest.mark.slow
def test_the_lifts_interval_covers_the_truth_nineteen_times_in_twenty() -> None:
    random = np.random.default_rng(11)
    shares = np.array([0.06, 0.14, 0.24, 0.56])
    truth = 0.06 / (0.2 * 0.3)
    drawn = random.multinomial(2000, shares, 4000)
    found = lifts(drawn[:, 0], drawn[:, 0] + drawn[:, 1], drawn[:, 0] + drawn[:, 2], 2000)
    assert 0.94 <= np.mean((found.low <= truth) & (truth <= found.high)) <= 0.96


def test_a_count_has_garwoods_interval() -> None:
    found = ratios_to_expected([0, 5], [1.0, 1.0])
    assert found.low.tolist() == pytest.approx([0, 1.6235], abs=1e-4)
    assert found.high.tolist() == pytest.approx([3.6889, 11.6683], abs=1e-4)


def test_nothing_expected_gives_no_ratio() -> None:
    assert np.isnan(ratios_to_expected([3], [0.0]).value[0])


def test_a_stage_nobody_is_in_adds_nothing() -> None:
    expected = expected_next(
        np.array([[10.0, 0.0]]),
        np.array([[[4.0, 0.0]]]),
        np.array([[30.0, 0.0]]),
        np.array([[60.0, 0.0]]),
    )
    assert expected.tolist() == [[3.0]]
