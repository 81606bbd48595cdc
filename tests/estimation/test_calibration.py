"""Corrected forecasts: what rehearsals teach, and how far they are believed."""

import numpy as np
import pytest

from histories import cdnow_holdout, holdout_of
from oracles.cdnow import CALIBRATE_TO, weeks_before
from oracles.models import simulate_beta_geometric
from regulars.estimation.bg_nbd import BG_NBD
from regulars.estimation.calibration import (
    Correction,
    corrected,
    correction_of,
    rehearsal_days,
)
from regulars.estimation.fitting import NotConvergedError
from regulars.estimation.forecast import forecast
from regulars.estimation.holdout import Holdout, holdout_error
from regulars.estimation.own_rate import OWN_RATE
from regulars.estimation.pareto_nbd import PARETO_NBD
from regulars.estimation.purchase_history import PurchaseHistory


def cdnow_rehearsals() -> list[Holdout]:
    """Nothing in them is later than the day of calibration."""
    ends = [weeks_before(CALIBRATE_TO, 39 - seen) for seen in rehearsal_days(39, 39)]
    return [cdnow_holdout(end, CALIBRATE_TO) for end in ends]


def test_the_corrected_total_of_cdnow_is_within_five_per_cent() -> None:
    """Pareto/NBD, the model that the holdout chooses; the plain forecast is 11.5 per cent low."""
    holdout = cdnow_holdout()
    correction = correction_of(PARETO_NBD, cdnow_rehearsals())
    plain = forecast(PARETO_NBD, PARETO_NBD.fit(holdout.history), holdout.history, 39)
    error = holdout_error(corrected(plain, correction), holdout)
    assert abs(error.bias) < 0.05
    assert error.total_covered
    assert 1.1 < correction.factor < 1.15


def test_bg_nbd_is_corrected_half_way_on_cdnow() -> None:
    holdout = cdnow_holdout()
    correction = correction_of(BG_NBD, cdnow_rehearsals())
    plain = forecast(BG_NBD, BG_NBD.fit(holdout.history), holdout.history, 39)
    before, after = (holdout_error(f, holdout) for f in (plain, corrected(plain, correction)))
    assert before.bias == pytest.approx(-0.121, abs=1e-3)
    assert after.bias == pytest.approx(-0.058, abs=2e-3)
    assert not before.total_covered
    assert after.total_covered


def test_a_model_that_is_right_is_left_nearly_alone() -> None:
    people = simulate_beta_geometric((0.8, 6, 0.7, 3), customers=8000, horizon=30, seed=5)
    correction = correction_of(BG_NBD, [holdout_of(people, 30)])
    assert correction.factor == pytest.approx(1, abs=0.05)


def test_few_customers_change_less_than_many() -> None:
    people = simulate_beta_geometric((0.8, 6, 0.7, 3), customers=8000, horizon=30, seed=5)
    everybody = holdout_of(people, 30)
    doubled = Holdout(everybody.history, 2 * everybody.actual, 30)
    few = Holdout(doubled.history.rows(slice(0, 200)), doubled.actual[:200], 30)
    strong, weak = (correction_of(BG_NBD, [rehearsal]) for rehearsal in (doubled, few))
    assert 1 < weak.factor < strong.factor < strong.ratios[0]
    assert weak.spread > strong.spread


def test_a_correction_scales_customers_and_widens_the_total() -> None:
    history = PurchaseHistory.per_customer([4, 9], [30, 38], [40, 40])
    plain = forecast(OWN_RATE, OWN_RATE.fit(history), history, 20)
    more = corrected(plain, Correction(factor=1.5, spread=0.1, ratios=(1.6,)))
    assert more.expected.tolist() == (1.5 * plain.expected).tolist()
    assert (more.high >= plain.high).all()
    assert more.total.expected == 1.5 * plain.total.expected
    assert more.total.spread > 1.5 * plain.total.spread
    assert (more.variance > 1.5 * plain.variance).all()


def test_rehearsals_stay_inside_the_time_observed() -> None:
    assert all(0 < seen < 39 for horizon in (1, 39, 400) for seen in rehearsal_days(39, horizon))
    assert len(set(rehearsal_days(39, 400))) == len(rehearsal_days(39, 400))


def test_rehearsals_of_which_none_can_be_held_are_refused() -> None:
    alike = Holdout(PurchaseHistory.of([3, 3], [20, 20], [30, 30]), np.array([1.0]), 10)
    silent = Holdout(PurchaseHistory.of([3, 1], [20, 5], [30, 30]), np.zeros(2), 10)
    for model, rehearsal in ((BG_NBD, alike), (OWN_RATE, silent)):
        with pytest.raises(NotConvergedError, match="could not be rehearsed"):
            correction_of(model, [rehearsal])
