from math import exp, log

import numpy as np
import pytest

from regulars.estimation.trend import NoTrendError, logistic_trend


def test_a_line_in_the_log_odds_is_found_again() -> None:
    x = [0, 1, 2, 3, 4]
    n = [10_000_000] * 5
    truth = [1 / (1 + exp(-(-0.5 + 0.3 * at))) for at in x]
    trend = logistic_trend([round(n[0] * p) for p in truth], n, x)
    assert trend.slope.value == pytest.approx(0.3, abs=1e-5)
    assert trend.fitted == pytest.approx(truth, abs=1e-6)
    assert trend.change.value == pytest.approx(truth[-1] - truth[0], abs=1e-6)


def test_the_fit_solves_the_likelihood_equations() -> None:
    k, n, x = [5, 9, 4, 20, 11], [20, 30, 25, 41, 33], [0, 1, 3, 4, 9]
    fitted = logistic_trend(k, n, x).fitted
    residual = [a - b * p for a, b, p in zip(k, n, fitted, strict=True)]
    assert sum(residual) == pytest.approx(0, abs=1e-8)
    assert sum(r * at for r, at in zip(residual, x, strict=True)) == pytest.approx(0, abs=1e-7)


def test_the_likelihood_is_highest_at_the_fit() -> None:
    k, n, x = [5, 9, 4, 20], [20, 30, 25, 41], [0, 1, 2, 3]
    trend = logistic_trend(k, n, x)
    start = log(trend.fitted[0] / (1 - trend.fitted[0]))

    def likelihood(a: float, b: float) -> float:
        shares = [1 / (1 + exp(-(a + b * at))) for at in x]
        return sum(i * log(p) + (j - i) * log(1 - p) for i, j, p in zip(k, n, shares, strict=True))

    best = likelihood(start, trend.slope.value)
    nearby = [(da, db) for da in (-0.01, 0, 0.01) for db in (-0.01, 0, 0.01)]
    assert all(best >= likelihood(start + da, trend.slope.value + db) for da, db in nearby)


def test_scatter_beyond_chance_widens_the_interval() -> None:
    n, x = [1000] * 6, range(6)
    calm = logistic_trend([300, 301, 299, 300, 302, 298], n, x)
    wild = logistic_trend([400, 200, 390, 210, 400, 200], n, x)
    assert calm.dispersion == 1
    assert wild.dispersion > 10
    assert wild.slope.high - wild.slope.low > 3 * (calm.slope.high - calm.slope.low)


def test_no_change_is_called_real_about_as_seldom_as_promised() -> None:
    rng = np.random.default_rng(7)
    n, rounds = np.full(12, 200), 400
    real = sum(
        logistic_trend(rng.binomial(n, 0.3), n, range(12)).change.excludes_zero
        for _ in range(rounds)
    )
    assert real / rounds < 0.07


def test_a_change_of_shares_never_leaves_minus_one_to_one() -> None:
    change = logistic_trend([1, 0, 2, 1], [2, 2, 2, 2], range(4)).change
    assert -1 <= change.low <= change.high <= 1


@pytest.mark.parametrize(
    ("k", "n", "x"),
    [
        ([1, 2], [5, 5], [0, 1]),
        ([1, 2, 3], [5, 5, 5], [4, 4, 4]),
        ([0, 0, 0, 0], [9, 9, 9, 9], [0, 1, 2, 3]),
        ([9, 9, 9, 9], [9, 9, 9, 9], [0, 1, 2, 3]),
        ([0, 0, 9, 9], [9, 9, 9, 9], [0, 1, 2, 3]),
    ],
)
def test_no_line_is_made_up_where_none_fits(k: list[int], n: list[int], x: list[int]) -> None:
    with pytest.raises(NoTrendError):
        logistic_trend(k, n, x)
