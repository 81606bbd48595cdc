"""Spending: the likelihood, what it expects, and what it refuses."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oracles.models import spend_likelihood
from regulars.estimation import gamma_gamma
from regulars.estimation.fitting import DegenerateDataError, Likelihood, NotConvergedError
from regulars.estimation.gamma_gamma import (
    SpendHistory,
    expected_spend,
    fit_gamma_gamma,
    second_moment,
    spend_correlation,
    spend_interval,
)
from regulars.kernel.errors import InputError

TRUTH = {"p": 4.0, "q": 3.5, "gamma": 20.0}


def customers(number: int, seed: int) -> tuple[SpendHistory, np.ndarray]:
    """Simulated customers and what they truly spend on average."""
    chance = np.random.default_rng(seed)
    x = chance.integers(1, 9, number).astype(float)
    rate = chance.gamma(TRUTH["q"], 1 / TRUTH["gamma"], number)
    return SpendHistory.of(x, chance.gamma(TRUTH["p"] * x) / rate / x), TRUTH["p"] / rate


def objective(history: SpendHistory, logs: np.ndarray) -> Likelihood:
    lookup = np.unique(history.x, return_inverse=True)
    return gamma_gamma._likelihood(logs, history, (lookup[0], lookup[1]))  # noqa: SLF001 - its slopes are the point


@given(st.integers(1, 12), st.floats(1, 90), st.floats(0.8, 9), st.floats(1.2, 6))
@settings(deadline=None, max_examples=30)
def test_the_likelihood_is_that_of_a_sum_over_customers(
    x: int, mean: float, p: float, q: float
) -> None:
    history = SpendHistory.of([x], [mean])
    found = objective(history, np.log([p, q, 15.0])).value
    assert found == pytest.approx(spend_likelihood(p, q, 15.0, x, mean), abs=1e-7)


@given(st.lists(st.floats(-1, 2), min_size=3, max_size=3).map(np.array))
@settings(deadline=None, max_examples=30)
def test_derivatives_are_those_of_the_likelihood(logs: np.ndarray) -> None:
    history, _ = customers(50, seed=1)
    here, step = objective(history, logs), 1e-5
    for place, unit in enumerate(np.eye(3)):
        more, less = objective(history, logs + step * unit), objective(history, logs - step * unit)
        slope = (more.value - less.value) / (2 * step)
        assert here.gradient[place] == pytest.approx(slope, rel=1e-5, abs=1e-3)
        bend = (more.gradient - less.gradient) / (2 * step)
        assert here.hessian[place] == pytest.approx(bend, rel=1e-5, abs=1e-3)


def test_parameters_are_recovered_within_their_intervals() -> None:
    covered = 0
    for seed in range(20):
        fit = fit_gamma_gamma(customers(1500, seed)[0])
        reach = 1.96 * np.sqrt(np.diag(fit.covariance))
        covered += int((np.abs(fit.logarithms - np.log(list(TRUTH.values()))) <= reach).sum())
    assert 51 <= covered <= 60


def test_the_interval_covers_what_customers_truly_spend() -> None:
    history, truth = customers(20_000, seed=3)
    low, high = spend_interval(fit_gamma_gamma(history).parameters, history)
    assert ((low <= truth) & (truth <= high)).mean() == pytest.approx(0.95, abs=0.01)


def test_spending_is_drawn_towards_all_the_more_the_less_is_known() -> None:
    history = SpendHistory.of([0, 1, 50], [0, 90, 90])
    nobody, once, often = expected_spend(TRUTH, history)
    assert nobody == pytest.approx(4 * 20 / 2.5)
    assert nobody < once < often < 90


def test_counts_stand_for_customers() -> None:
    history, _ = customers(300, seed=2)
    weighted = SpendHistory.of(history.x, history.spend, np.full(300, 2.0))
    one, two = fit_gamma_gamma(history), fit_gamma_gamma(weighted)
    assert dict(two.parameters) == pytest.approx(dict(one.parameters), rel=1e-3)
    assert two.customers == 600
    assert spend_correlation(weighted) == pytest.approx(spend_correlation(history))


def test_money_in_another_currency_changes_only_the_scale() -> None:
    history, _ = customers(500, seed=2)
    one = fit_gamma_gamma(history)
    cents = fit_gamma_gamma(SpendHistory.of(history.x, 100 * history.spend))
    assert cents.parameters["p"] == pytest.approx(one.parameters["p"], rel=1e-3)
    assert cents.parameters["gamma"] == pytest.approx(100 * one.parameters["gamma"], rel=1e-3)


def test_a_stranger_may_have_no_variance() -> None:
    heavy = {**TRUTH, "q": 1.5}
    stranger, known = second_moment(heavy, SpendHistory.of([0, 3], [0, 20]))
    assert np.isinf(stranger)
    assert np.isfinite(known)


@pytest.mark.parametrize(
    ("x", "spend", "reason"),
    [
        ([0, 0, 0], [0, 0, 0], "There are 0 customers with a repeat purchase"),
        ([1, 2, 0], [5, 9, 0], "There are 2 customers"),
        ([1, 2, 3], [5, 5, 5], "spend the same"),
        ([1, 2, 3], [0, 0, 5], "There is 1 customer"),
    ],
)
def test_spending_that_cannot_teach_is_refused(
    x: list[int], spend: list[int], reason: str
) -> None:
    with pytest.raises(DegenerateDataError, match=reason):
        fit_gamma_gamma(SpendHistory.of(x, spend))


def test_customers_who_spend_without_limit_are_refused() -> None:
    chance = np.random.default_rng(1)
    rate = chance.gamma(0.6, 1.0, 4000)
    history = SpendHistory.of(np.full(4000, 3.0), chance.gamma(12.0, size=4000) / rate / 3)
    with pytest.raises(NotConvergedError, match="no finite mean spend"):
        fit_gamma_gamma(history)


def test_equal_frequencies_have_no_correlation() -> None:
    assert np.isnan(spend_correlation(SpendHistory.of([2, 2, 2], [1, 2, 3])))


@pytest.mark.parametrize("spend", [[-1.0], [float("nan")], [1.0, 2.0]])
def test_amounts_that_cannot_be_are_refused(spend: list[float]) -> None:
    with pytest.raises(InputError):
        SpendHistory.of([1], spend)
