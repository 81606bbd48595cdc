"""Holdout errors and the choice of a model by them."""

import numpy as np
import pytest

from histories import cdnow_holdout
from regulars.estimation.bg_nbd import BG_NBD, MBG_NBD
from regulars.estimation.fitting import NotConvergedError
from regulars.estimation.holdout import Holdout, best_trial, try_models
from regulars.estimation.own_rate import OWN_RATE
from regulars.estimation.pareto_nbd import PARETO_NBD
from regulars.estimation.purchase_history import PurchaseHistory
from regulars.kernel.errors import InputError

MODELS = (OWN_RATE, BG_NBD, MBG_NBD, PARETO_NBD)


def test_the_error_is_that_of_a_slow_count() -> None:
    history = PurchaseHistory.of([4, 0, 2], [30, 0, 10], [40, 40, 20], count=[1, 5, 2])
    actual = np.array([1.0, 3.0, 0.0])  # rows are sorted: x 0, 2, 4
    (trial,) = try_models([OWN_RATE], Holdout(history, actual, 20))
    assert trial.error is not None
    people = [(0.0, 1.0)] * 5 + [(2.0, 3.0)] * 2 + [(2.0, 0.0)]
    misses = [said - came for said, came in people]
    assert trial.error.mae == pytest.approx(sum(map(abs, misses)) / 8)
    assert trial.error.rmse == pytest.approx((sum(miss**2 for miss in misses) / 8) ** 0.5)
    assert (trial.error.predicted_total, trial.error.actual_total) == (6, 11)
    assert trial.error.bias == pytest.approx(6 / 11 - 1)
    assert trial.error.coverage == pytest.approx(3 / 8)
    assert trial.error.customers == 8


def test_rows_with_counts_and_customers_one_by_one_agree() -> None:
    each = cdnow_holdout()
    columns = np.stack((each.history.x, each.history.T, each.history.t_x, each.actual))
    rows, count = np.unique(columns, axis=1, return_counts=True)
    history = PurchaseHistory(rows[0], rows[2], rows[1], count.astype(float), "week")
    (one,) = try_models([MBG_NBD], each)
    (grouped,) = try_models([MBG_NBD], Holdout(history, rows[3], each.horizon))
    assert one.error is not None
    assert grouped.error is not None
    assert grouped.error.rmse == pytest.approx(one.error.rmse)
    assert grouped.error.coverage == pytest.approx(one.error.coverage)


def test_the_model_with_the_smallest_error_is_chosen() -> None:
    trials = try_models(MODELS, cdnow_holdout())
    assert best_trial(trials).model is PARETO_NBD
    errors = {trial.model.name: trial.error for trial in trials}
    assert all(error is not None and error.rmse >= 1.6028 for error in errors.values())


def test_intervals_of_customers_cover_on_cdnow_though_the_total_is_biased() -> None:
    for trial in try_models(MODELS[1:], cdnow_holdout()):
        assert trial.error is not None
        assert 0.94 <= trial.error.coverage <= 0.96


def test_a_model_that_cannot_be_fitted_is_kept_with_its_refusal() -> None:
    history = PurchaseHistory.of([3, 3], [20, 20], [30, 30])
    trials = try_models([BG_NBD, OWN_RATE], Holdout(history, np.array([1.0]), 10))
    assert trials[0].error is None
    assert "same purchase history" in str(trials[0].refusal)
    assert best_trial(trials).model is OWN_RATE
    with pytest.raises(NotConvergedError, match="None of the models"):
        best_trial(trials[:1])


def test_nothing_held_out_has_no_bias() -> None:
    history = PurchaseHistory.of([3, 1], [20, 5], [30, 30])
    (trial,) = try_models([OWN_RATE], Holdout(history, np.zeros(2), 10))
    assert trial.error is not None
    assert np.isnan(trial.error.bias)


@pytest.mark.parametrize("actual", [[1.0], [1.0, -1.0], [1.0, float("nan")]])
def test_held_out_purchases_that_cannot_be_are_refused(actual: list[float]) -> None:
    history = PurchaseHistory.of([3, 1], [20, 5], [30, 30])
    with pytest.raises(InputError):
        Holdout(history, np.array(actual), 10)
