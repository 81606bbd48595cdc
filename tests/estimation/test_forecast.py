"""Forecasts of purchases: intervals read off the distribution, and their coverage measured."""

from collections.abc import Callable

import numpy as np
import pytest

from histories import BG_PUBLISHED, PARETO_PUBLISHED, cdnow_holdout, holdout_of
from oracles.models import Outcome, simulate_beta_geometric, simulate_pareto
from regulars.estimation.bg_nbd import BG_NBD, MBG_NBD
from regulars.estimation.fitting import Fit
from regulars.estimation.forecast import (
    PurchaseModel,
    alive_interval,
    expected_purchases,
    forecast,
    slopes_of,
    total_of,
)
from regulars.estimation.own_rate import OWN_RATE
from regulars.estimation.pareto_nbd import PARETO_NBD
from regulars.estimation.purchase_history import PurchaseHistory

MODELS: list[PurchaseModel] = [BG_NBD, MBG_NBD, PARETO_NBD, OWN_RATE]


def known(model: PurchaseModel, parameters: dict[str, float]) -> Fit:
    """A fit without uncertainty."""
    size = len(parameters)
    return Fit(
        model=model.name,
        parameters=parameters,
        standard_errors=dict.fromkeys(parameters, 0.0),
        covariance=np.zeros((size, size)),
        log_likelihood=0.0,
        customers=1,
        unit="week",
        steps=0,
    )


def parameters_of(model: PurchaseModel) -> dict[str, float]:
    return {"pareto-nbd": PARETO_PUBLISHED, "own-rate": {}}.get(model.name, BG_PUBLISHED)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_the_interval_is_read_off_the_distribution(model: PurchaseModel) -> None:
    history = PurchaseHistory.per_customer(
        [0, 1, 3, 9, 30], [0, 4, 25, 33, 38], [38, 39, 30, 35, 39]
    )
    fit = known(model, parameters_of(model))
    ahead = forecast(model, fit, history, 26, confidence=0.9)
    for row in range(len(history)):
        many = history.rows(np.full(400, row))
        k = np.arange(1.0, 401)
        tail = ahead.p_alive[row] * model.at_least(fit.parameters, many, 26, k)
        low = int((tail >= 0.95).sum())
        above = 0.05 if low else 0.1
        assert ahead.low[row] == low
        assert ahead.high[row] == (tail >= above).sum()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_order_and_grouping_of_customers_change_nothing(model: PurchaseModel) -> None:
    each = cdnow_holdout().history
    fit = model.fit(each)
    one = forecast(model, fit, each, 39)
    together = forecast(model, fit, each.collapsed(), 39)
    assert together.total.expected == pytest.approx(one.total.expected)
    assert together.total.spread == pytest.approx(one.total.spread)
    back = forecast(model, fit, each.rows(slice(None, None, -1)), 39)
    assert back.expected[::-1] == pytest.approx(one.expected)
    assert back.high[::-1].tolist() == one.high.tolist()


@pytest.mark.parametrize("model", MODELS[:3], ids=lambda model: model.name)
def test_nobody_is_expected_to_buy_in_no_time(model: PurchaseModel) -> None:
    history = cdnow_holdout().history.rows(slice(0, 50))
    ahead = expected_purchases(model, parameters_of(model), history, 1e-9)
    assert ahead == pytest.approx(np.zeros(50), abs=1e-8)


def test_a_total_counts_what_is_not_known_of_the_parameters() -> None:
    history = cdnow_holdout().history.collapsed()
    fit = BG_NBD.fit(history)
    total = total_of(BG_NBD, fit, history, 39)
    sure = total_of(BG_NBD, known(BG_NBD, dict(fit.parameters)), history, 39)
    assert sure.expected == total.expected
    assert sure.spread < total.spread
    assert total.low < total.expected < total.high


def test_slopes_are_by_logarithm() -> None:
    fit = known(BG_NBD, {"r": 2.0, "alpha": 3.0})
    slopes = slopes_of(lambda parameters: parameters["r"] ** 2 * parameters["alpha"], fit)
    assert slopes == pytest.approx(np.array([24.0, 12.0]), rel=1e-6)


def test_a_customer_not_yet_observed_has_no_rate_of_his_own() -> None:
    ahead = forecast(
        OWN_RATE, OWN_RATE.fit(new := PurchaseHistory.per_customer([0], [0], [0])), new, 10
    )
    assert (ahead.expected[0], ahead.high[0]) == (0, 0)


def bg_people(seed: int) -> list[Outcome]:
    return simulate_beta_geometric((0.8, 6, 0.7, 3), customers=3000, horizon=39, seed=seed)


def mbg_people(seed: int) -> list[Outcome]:
    truth = (0.8, 6.0, 0.7, 3.0)
    return simulate_beta_geometric(truth, customers=3000, horizon=39, seed=seed, early=True)


def pareto_people(seed: int) -> list[Outcome]:
    return simulate_pareto((0.8, 8, 0.7, 15), customers=3000, horizon=39, seed=seed)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("model", "people"),
    [(BG_NBD, bg_people), (MBG_NBD, mbg_people), (PARETO_NBD, pareto_people)],
    ids=["bg-nbd", "mbg-nbd", "pareto-nbd"],
)
def test_intervals_cover_what_comes(
    model: PurchaseModel, people: Callable[[int], list[Outcome]]
) -> None:
    """Of a customer at least 95 per cent, since counts are whole; of the total 17 of 20 or more.

    With an honest interval fewer than 17 of 20 happen once in 60 tries; the seeds are fixed.
    """
    covered, totals = [], 0
    for seed in range(20):
        holdout = holdout_of(people(100 + seed), 39)
        ahead = forecast(model, model.fit(holdout.history), holdout.history, 39)
        inside = (ahead.low <= holdout.actual) & (holdout.actual <= ahead.high)
        covered.append(float(inside.mean()))
        totals += ahead.total.low <= holdout.total <= ahead.total.high
    assert 0.945 <= np.mean(covered) <= 0.98
    assert totals >= 17


@pytest.mark.slow
def test_intervals_of_being_alive_cover_the_true_probability() -> None:
    truth = {"r": 0.8, "alpha": 8.0, "s": 0.7, "beta": 15.0}
    covered = []
    for seed in range(20):
        history = holdout_of(pareto_people(300 + seed), 39).history
        low, high = alive_interval(PARETO_NBD, PARETO_NBD.fit(history), history)
        true = PARETO_NBD.p_alive(truth, history)
        covered.append(float(((low <= true) & (true <= high)).mean()))
        assert ((low >= 0) & (high <= 1)).all()
    assert 0.85 <= np.mean(covered) <= 1.0


def test_certainty_that_the_model_assumes_has_no_interval() -> None:
    history = PurchaseHistory.per_customer([0, 2], [0, 9], [38, 38])
    fit = BG_NBD.fit(cdnow_holdout().history)
    low, high = alive_interval(BG_NBD, fit, history)
    assert (low[0], high[0]) == (1, 1)
    assert low[1] < BG_NBD.p_alive(fit.parameters, history)[1] < high[1]
