"""BG/NBD, MBG/NBD and Pareto/NBD against integrals summed from their definitions."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from histories import BG_PUBLISHED, PARETO_PUBLISHED, cdnow_holdout, holdout_of
from oracles.models import (
    Answer,
    History,
    Outcome,
    beta_geometric,
    pareto,
    simulate_beta_geometric,
    simulate_pareto,
)
from regulars.estimation import beta_geometric as closed
from regulars.estimation import pareto as quadrature
from regulars.estimation.bg_nbd import BG_NBD, MBG_NBD, BetaGeometricNBD
from regulars.estimation.fitting import DegenerateDataError, Likelihood, NotConvergedError, Vector
from regulars.estimation.forecast import PurchaseModel, expected_purchases
from regulars.estimation.pareto_nbd import PARETO_NBD
from regulars.estimation.purchase_history import PurchaseHistory, distinct_sums

MODELS: list[PurchaseModel] = [BG_NBD, MBG_NBD, PARETO_NBD]
SEEN: list[History] = [
    (0, 0, 30),
    (1, 5, 30),
    (2, 30, 38.9),
    (7, 3, 39),
    (26, 38, 38.9),
    (0, 0, 0),
]
POINTS = [(0.243, 4.414, 0.793, 2.426), (1.5, 8.0, 0.6, 12.0), (0.8, 20.0, 2.3, 5.0)]
LOGS = st.lists(st.floats(-1.5, 1.5), min_size=4, max_size=4).map(np.array)


def one(seen: History) -> PurchaseHistory:
    x, last, end = seen
    return PurchaseHistory.per_customer([x], [last], [end])


def oracle(model: PurchaseModel, point: tuple[float, ...], seen: History) -> Answer:
    r, alpha, c, d = point
    if model is PARETO_NBD:
        return pareto((r, alpha, c, d), seen, 20)
    return beta_geometric((r, alpha, c, d), seen, 20, early=model is MBG_NBD)


@pytest.mark.slow
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
@pytest.mark.parametrize("point", POINTS)
def test_a_model_gives_what_summing_over_all_customers_gives(
    model: PurchaseModel, point: tuple[float, ...]
) -> None:
    parameters = dict(zip(model.names, point, strict=True))
    for seen in SEEN:
        likelihood, alive, expected = oracle(model, point, seen)
        history = one(seen)
        assert log_likelihood(model, parameters, history) == pytest.approx(likelihood, abs=1e-8)
        assert model.p_alive(parameters, history)[0] == pytest.approx(alive, rel=1e-7)
        ahead = expected_purchases(model, parameters, history, 20)[0]
        assert ahead == pytest.approx(expected, rel=1e-6)


def log_likelihood(
    model: PurchaseModel, parameters: dict[str, float], history: PurchaseHistory
) -> float:
    assert isinstance(model, BetaGeometricNBD | type(PARETO_NBD))
    return model.log_likelihood(parameters, history)


def objective(model: PurchaseModel) -> Callable[[Vector], Likelihood]:
    history = cdnow_holdout().history.collapsed()
    if isinstance(model, BetaGeometricNBD):
        data = closed.Sufficient.of(history, model.shift)
        return lambda logs: closed.likelihood(logs, data)
    distinct = distinct_sums(history.x, history.count)
    return lambda logs: quadrature.likelihood(logs, history, distinct)


@pytest.mark.slow
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
@settings(max_examples=20, deadline=None)
@given(logs=LOGS)
@example(logs=np.array([-1.4, 1.5, -0.2, 0.9]))
def test_derivatives_are_those_of_the_likelihood(model: PurchaseModel, logs: Vector) -> None:
    likelihood = objective(model)
    here, step = likelihood(logs), 1e-5
    for place, unit in enumerate(np.eye(4)):
        more, less = likelihood(logs + step * unit), likelihood(logs - step * unit)
        slope = (more.value - less.value) / (2 * step)
        size = np.abs(here.gradient).max()
        assert here.gradient[place] == pytest.approx(slope, rel=1e-5, abs=1e-6 * size)
        bend = (more.gradient - less.gradient) / (2 * step)
        size = np.abs(here.hessian).max()
        assert here.hessian[place] == pytest.approx(bend, rel=1e-5, abs=1e-6 * size)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_collapsing_the_histories_changes_no_digit_that_counts(model: PurchaseModel) -> None:
    history = cdnow_holdout().history
    once, collapsed = model.fit(history), model.fit(history.collapsed())
    assert dict(once.parameters) == pytest.approx(dict(collapsed.parameters), rel=1e-12)
    doubled = PurchaseHistory.of(
        history.x, history.t_x, history.T, count=2 * history.count, unit="week"
    )
    twice = model.fit(doubled)
    assert dict(twice.parameters) == pytest.approx(dict(once.parameters), rel=1e-4)
    assert twice.log_likelihood == pytest.approx(2 * once.log_likelihood)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_days_and_weeks_say_the_same(model: PurchaseModel) -> None:
    weeks = cdnow_holdout().history
    days = PurchaseHistory.of(weeks.x, weeks.t_x * 7, weeks.T * 7)
    by_week, by_day = model.fit(weeks), model.fit(days)
    assert by_day.parameters["r"] == pytest.approx(by_week.parameters["r"], rel=1e-4)
    assert by_day.parameters["alpha"] == pytest.approx(7 * by_week.parameters["alpha"], rel=1e-4)
    assert by_day.unit == "day"


def bg_people(seed: int) -> list[Outcome]:
    return simulate_beta_geometric((0.6, 6, 0.8, 2.5), customers=6000, horizon=20, seed=seed)


def mbg_people(seed: int) -> list[Outcome]:
    truth = (0.6, 6.0, 0.8, 2.5)
    return simulate_beta_geometric(truth, customers=6000, horizon=20, seed=seed, early=True)


def pareto_people(seed: int) -> list[Outcome]:
    return simulate_pareto((0.6, 6, 0.8, 12), customers=6000, horizon=20, seed=seed)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("model", "people", "truth"),
    [
        (BG_NBD, bg_people, (0.6, 6, 0.8, 2.5)),
        (MBG_NBD, mbg_people, (0.6, 6, 0.8, 2.5)),
        (PARETO_NBD, pareto_people, (0.6, 6, 0.8, 12)),
    ],
    ids=["bg-nbd", "mbg-nbd", "pareto-nbd"],
)
def test_parameters_are_recovered_as_often_as_their_intervals_say(
    model: PurchaseModel, people: Callable[[int], list[Outcome]], truth: tuple[float, ...]
) -> None:
    """Of 48 intervals of 95 per cent fewer than 41 cover with a probability of one in 500."""
    covered = 0
    for seed in range(12):
        fit = model.fit(holdout_of(people(seed), 20).history)
        reach = 1.96 * np.sqrt(np.diag(fit.covariance))
        covered += int((np.abs(fit.logarithms - np.log(truth)) <= reach).sum())
    assert 41 <= covered <= 48


@pytest.mark.filterwarnings("ignore")
@pytest.mark.slow
def test_lifetimes_agrees() -> None:
    lifetimes = pytest.importorskip("lifetimes")
    history = cdnow_holdout().history
    peer = lifetimes.BetaGeoFitter()
    peer.fit(history.x, history.t_x, history.T)
    fit = BG_NBD.fit(history)
    assert peer.params_.to_dict() == pytest.approx(dict(fit.parameters), rel=1e-3)
    alive = BG_NBD.p_alive(peer.params_.to_dict(), history)
    theirs = peer.conditional_probability_alive(history.x, history.t_x, history.T)
    assert alive == pytest.approx(np.asarray(theirs), rel=1e-9)
    rate = lifetimes.ParetoNBDFitter()
    rate.params_ = PARETO_PUBLISHED
    rows = history.rows(slice(0, 300))
    ahead = expected_purchases(PARETO_NBD, PARETO_PUBLISHED, rows, 39)
    other = [
        float(rate.conditional_expected_number_of_purchases_up_to_time(39, *row))
        for row in zip(rows.x, rows.t_x, rows.T, strict=True)
    ]
    assert ahead == pytest.approx(np.array(other), rel=1e-6)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
@pytest.mark.parametrize(
    "seen",
    [(0, 0, 0), (0, 0, 1e6), (1, 1e-9, 1e6), (1, 5, 5), (5000, 30, 39), (100_000, 1e5, 1e6)],
)
def test_extreme_histories_give_finite_answers(model: PurchaseModel, seen: History) -> None:
    parameters = PARETO_PUBLISHED if model is PARETO_NBD else BG_PUBLISHED
    history = one(seen)
    alive = model.p_alive(parameters, history)[0]
    assert 0 <= alive <= 1
    mean, second = model.moments(parameters, history, 39)
    assert 0 <= mean[0] <= 39 * (seen[0] + 1) / (seen[2] + 4) + 1e-9
    assert second[0] >= -1e-9 * mean[0]
    assert np.isfinite(log_likelihood(model, parameters, history))


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_a_customer_seen_for_no_time_is_as_new_as_the_model(model: PurchaseModel) -> None:
    parameters = PARETO_PUBLISHED if model is PARETO_NBD else BG_PUBLISHED
    new = one((0, 0, 0))
    expected = {"bg-nbd": 1.0, "mbg-nbd": 1 - 0.793 / (0.793 + 2.426), "pareto-nbd": 1.0}
    assert model.p_alive(parameters, new)[0] == pytest.approx(expected[model.name])


@given(st.floats(0.3, 6), st.floats(0.2, 50), st.integers(0, 30), st.floats(1, 100))
@settings(deadline=None, max_examples=60)
@example(1.0, 2.4, 3, 39.0)
@example(2.0, 2.4, 3, 39.0)
@example(20.0, 900.0, 0, 90.0)
def test_moments_are_those_of_the_distribution(a: float, b: float, x: int, horizon: float) -> None:
    parameters = {"r": 0.5, "alpha": 4.0, "a": a, "b": b}
    history = one((x, 20.0 if x else 0.0, 30.0))
    mean, second = MBG_NBD.moments(parameters, history, horizon)
    k = np.arange(1.0, 3000)
    many = PurchaseHistory.per_customer(*(np.full(len(k), value) for value in one_row(history)))
    tail = MBG_NBD.at_least(parameters, many, horizon, k)
    assert mean[0] == pytest.approx(tail.sum(), rel=1e-5)
    assert second[0] == pytest.approx(2 * (k - 1) @ tail, rel=1e-4, abs=1e-5 * mean[0])


def one_row(history: PurchaseHistory) -> tuple[float, float, float]:
    return float(history.x[0]), float(history.t_x[0]), float(history.T[0])


@given(st.floats(0.2, 6), st.integers(0, 30), st.floats(1, 60))
@settings(deadline=None, max_examples=60)
@example(1.0, 3, 39.0)
@example(2.0, 3, 39.0)
def test_pareto_moments_are_those_of_the_distribution(s: float, x: int, horizon: float) -> None:
    parameters = {"r": 0.5, "alpha": 8.0, "s": s, "beta": 12.0}
    history = one((x, 20.0 if x else 0.0, 30.0))
    mean, second = PARETO_NBD.moments(parameters, history, horizon)
    k = np.arange(1.0, 1500)
    many = PurchaseHistory.per_customer(*(np.full(len(k), value) for value in one_row(history)))
    tail = PARETO_NBD.at_least(parameters, many, horizon, k)
    assert mean[0] == pytest.approx(tail.sum(), rel=1e-4)
    assert second[0] == pytest.approx(2 * (k - 1) @ tail, rel=1e-3)


def test_extreme_parameters_are_summed_where_the_series_gives_up() -> None:
    parameters = {"r": 3.0, "alpha": 0.1, "a": 20.0, "b": 1000.0}
    mean, second = MBG_NBD.moments(parameters, one((0, 0, 0)), 39)
    k = np.arange(1.0, 6000)
    many = PurchaseHistory.per_customer(*(np.zeros(len(k)) for _ in range(3)))
    tail = MBG_NBD.at_least(parameters, many, 39, k)
    assert mean[0] == pytest.approx(tail.sum(), rel=1e-6)
    assert second[0] == pytest.approx(2 * (k - 1) @ tail, rel=1e-6)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_customers_who_never_leave_are_no_fit_but_a_refusal(model: PurchaseModel) -> None:
    """Everybody buys to the end: the chance to leave falls to its bound."""
    x = np.repeat(np.arange(1, 21), 5)
    history = PurchaseHistory.of(x, np.full(100, 99.9), np.full(100, 100.0))
    with pytest.raises(NotConvergedError):
        model.fit(history)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_one_customer_and_equal_customers_are_refused(model: PurchaseModel) -> None:
    with pytest.raises(DegenerateDataError):
        model.fit(one((3, 20, 30)))
    with pytest.raises(DegenerateDataError):
        model.fit(PurchaseHistory.of([3, 3, 3], [20, 20, 20], [30, 30, 30]))


@pytest.mark.slow
def test_a_large_history_is_climbed_from_a_sample_of_it() -> None:
    """More distinct rows than the sample's threshold, none of them rounded to days."""
    seen = [
        seen for seen, _ in simulate_pareto((2, 6, 0.8, 12), customers=9000, horizon=1, seed=4)
    ]
    base = np.array(seen, dtype=float)
    rows = np.concatenate([base * [1, 1 + 1e-9 * n, 1 + 1e-9 * n] for n in range(9)])
    fit = PARETO_NBD.fit(PurchaseHistory.of(*rows.T))
    small = PARETO_NBD.fit(PurchaseHistory.of(*base.T))
    assert dict(fit.parameters) == pytest.approx(dict(small.parameters), rel=1e-3)
