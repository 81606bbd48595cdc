"""Customers under contract: renewal after renewal."""

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracles.models import renewal_chances
from regulars.estimation import shifted_beta_geometric as contracts
from regulars.estimation.fitting import DegenerateDataError, NotConvergedError
from regulars.estimation.shifted_beta_geometric import (
    expected_renewals,
    fit_shifted_beta_geometric,
    renewal_rates,
    survival,
    survival_errors,
)
from regulars.kernel.errors import InputError

POSITIVE = st.floats(0.1, 20)


@given(POSITIVE, POSITIVE)
def test_survival_is_what_the_recursion_leaves(alpha: float, beta: float) -> None:
    parameters = {"alpha": alpha, "beta": beta}
    left = 1 - np.cumsum([0.0, *renewal_chances(alpha, beta, 12)])
    assert survival(parameters, 12) == pytest.approx(left, abs=1e-9)
    assert survival(parameters, 12)[1:] == pytest.approx(np.cumprod(renewal_rates(parameters, 12)))


@given(POSITIVE, POSITIVE)
def test_derivatives_are_those_of_the_likelihood(alpha: float, beta: float) -> None:
    risk, lost = np.array([1000.0, 631, 468]), np.array([369.0, 163, 86])
    logs, step = np.log([alpha, beta]), 1e-5
    of = contracts._likelihood  # noqa: SLF001 - its slopes are the point
    here = of(logs, risk, lost)
    for place, unit in enumerate(np.eye(2)):
        more, less = of(logs + step * unit, risk, lost), of(logs - step * unit, risk, lost)
        slope = (more.value - less.value) / (2 * step)
        assert here.gradient[place] == pytest.approx(slope, rel=1e-5, abs=1e-3)
        bend = (more.gradient - less.gradient) / (2 * step)
        assert here.hessian[place] == pytest.approx(bend, rel=1e-5, abs=1e-3)


def test_the_likelihood_is_that_of_the_chances() -> None:
    chances = renewal_chances(0.7, 1.2, 3)
    stay = 1 - sum(chances)
    expected = 369 * np.log(chances[0]) + 163 * np.log(chances[1]) + 86 * np.log(chances[2])
    expected += 382 * np.log(stay)
    risk, lost = np.array([1000.0, 631, 468]), np.array([369.0, 163, 86])
    found = contracts._likelihood(np.log([0.7, 1.2]), risk, lost).value  # noqa: SLF001 - no public face
    assert found == pytest.approx(expected)


def simulated(seed: int) -> tuple[list[int], list[int]]:
    chance = Random(seed)  # noqa: S311 - simulation, not secrets
    risk, lost = [0] * 6, [0] * 6
    for _ in range(3000):
        leaves = chance.betavariate(0.7, 2.0)
        for age in range(chance.randint(2, 6)):  # cohorts started at different times
            risk[age] += 1
            if chance.random() < leaves:
                lost[age] += 1
                break
    return risk, lost


def test_parameters_are_recovered_from_cohorts_of_different_age() -> None:
    covered = 0
    for seed in range(20):
        fit = fit_shifted_beta_geometric(*simulated(seed))
        reach = 1.96 * np.sqrt(np.diag(fit.covariance))
        covered += int((np.abs(fit.logarithms - np.log([0.7, 2.0])) <= reach).sum())
    assert 33 <= covered <= 40


def test_errors_of_survival_cover_the_truth() -> None:
    truth = survival({"alpha": 0.7, "beta": 2.0}, 12)
    inside = []
    for seed in range(40):
        fit = fit_shifted_beta_geometric(*simulated(seed))
        reach = 1.96 * survival_errors(fit, 12)
        inside.append(np.abs(survival(fit.parameters, 12) - truth)[1:] <= reach[1:])
    assert 0.88 <= np.mean(inside) <= 0.99


def test_retention_rises_with_age_though_nobody_changes() -> None:
    rates = renewal_rates({"alpha": 0.7, "beta": 1.2}, 8)
    assert (np.diff(rates) > 0).all()


def test_interest_makes_later_renewals_worth_less() -> None:
    parameters = {"alpha": 0.7, "beta": 1.2}
    plain = expected_renewals(parameters, 0, horizon=50)
    assert plain == pytest.approx(survival(parameters, 50)[1:].sum())
    assert expected_renewals(parameters, 0, horizon=50, discount=0.1) < plain
    assert expected_renewals(parameters, 4, horizon=50) > plain


@pytest.mark.parametrize(
    ("risk", "lost"), [([9, 8], [1]), ([9, 8], [1, 9]), ([9, 8], [-1, 1]), ([[9]], [[1]])]
)
def test_figures_that_contradict_each_other_are_refused(risk: list[int], lost: list[int]) -> None:
    with pytest.raises(InputError):
        fit_shifted_beta_geometric(risk, lost)


@pytest.mark.parametrize(
    ("risk", "lost"), [([9], [1]), ([9, 9], [0, 0]), ([9, 0], [9, 0]), ([9, 9], [9, 9])]
)
def test_contracts_that_cannot_teach_are_refused(risk: list[int], lost: list[int]) -> None:
    with pytest.raises(DegenerateDataError):
        fit_shifted_beta_geometric(risk, lost)


def test_a_retention_that_falls_with_age_has_no_fit() -> None:
    with pytest.raises(NotConvergedError):
        fit_shifted_beta_geometric([1000, 900, 700], [100, 200, 350])
