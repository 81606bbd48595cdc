"""Figures printed in papers and in analytics.md, reproduced to three digits."""

import numpy as np
import pytest

from histories import BG_PUBLISHED, PARETO_PUBLISHED, cdnow_holdout
from oracles import cdnow
from regulars.estimation.bg_nbd import BG_NBD, MBG_NBD
from regulars.estimation.forecast import PurchaseModel
from regulars.estimation.gamma_gamma import SpendHistory, fit_gamma_gamma, spend_correlation
from regulars.estimation.holdout import try_models
from regulars.estimation.own_rate import OWN_RATE
from regulars.estimation.pareto_nbd import PARETO_NBD
from regulars.estimation.shifted_beta_geometric import fit_shifted_beta_geometric, survival

# Fader & Hardie (2007): percentage of customers left after each year
REGULAR = [100, 63.1, 46.8, 38.2, 32.6, 28.9, 26.2, 24.1]
HIGH_END = [100, 86.9, 74.3, 65.3, 59.3, 55.1, 51.7, 49.1]


@pytest.mark.parametrize(
    ("model", "published", "log_likelihood"),
    [(BG_NBD, BG_PUBLISHED, -9582.4), (PARETO_NBD, PARETO_PUBLISHED, -9595.0)],
)
def test_cdnow_gives_the_parameters_of_the_paper(
    model: PurchaseModel, published: dict[str, float], log_likelihood: float
) -> None:
    fit = model.fit(cdnow_holdout().history)
    assert {name: round(value, 3) for name, value in fit.parameters.items()} == published
    assert fit.log_likelihood == pytest.approx(log_likelihood, abs=0.05)
    assert (fit.customers, fit.unit) == (2357, "week")


@pytest.mark.parametrize(
    ("model", "mae", "rmse", "bias"),
    [
        (BG_NBD, 0.7855, 1.608, -0.121),
        (MBG_NBD, 0.7648, 1.607, -0.162),
        (PARETO_NBD, 0.7545, 1.603, -0.115),
        (OWN_RATE, 1.024, 2.212, 0.557),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_cdnow_gives_the_holdout_errors(
    model: PurchaseModel, mae: float, rmse: float, bias: float
) -> None:
    (trial,) = try_models([model], cdnow_holdout())
    assert trial.error is not None
    assert trial.error.mae == pytest.approx(mae, abs=5e-4)
    assert trial.error.rmse == pytest.approx(rmse, abs=5e-4)
    assert trial.error.bias == pytest.approx(bias, abs=1e-3)
    assert trial.error.actual_total == 1882


def test_cdnow_gives_the_spending_of_the_paper() -> None:
    x, *_, spend = np.array(cdnow.customers()).T
    history = SpendHistory.of(x, spend)
    fit = fit_gamma_gamma(history)
    assert fit.customers == 946
    assert {name: round(value, 2) for name, value in fit.parameters.items()} == {
        "p": 6.25,
        "q": 3.74,
        "gamma": 15.44,
    }
    assert spend_correlation(history) == pytest.approx(0.114, abs=1e-3)


@pytest.mark.parametrize(
    ("left", "alpha", "beta"), [(REGULAR, 0.704, 1.182), (HIGH_END, 0.668, 3.806)]
)
def test_contracts_give_the_parameters_of_the_paper(
    left: list[float], alpha: float, beta: float
) -> None:
    people = 10 * np.array(left)
    fit = fit_shifted_beta_geometric(people[:-1], people[:-1] - people[1:], unit="year")
    assert fit.parameters["alpha"] == pytest.approx(alpha, abs=5e-4)
    assert fit.parameters["beta"] == pytest.approx(beta, abs=5e-4)
    assert 100 * survival(fit.parameters, 7) == pytest.approx(np.array(left), abs=2)


def test_bg_nbd_calls_everybody_without_a_repeat_alive_and_mbg_nbd_does_not() -> None:
    history = cdnow_holdout().history
    once = history.x == 0
    assert once.mean() == pytest.approx(0.599, abs=1e-3)
    assert (BG_NBD.p_alive(BG_PUBLISHED, history)[once] == 1).all()
    alive = MBG_NBD.p_alive(MBG_NBD.fit(history).parameters, history)[once]
    assert alive.min() == pytest.approx(0.39, abs=5e-3)
    assert alive.max() == pytest.approx(0.43, abs=5e-3)
