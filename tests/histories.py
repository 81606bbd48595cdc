"""Purchase histories for the tests of the models."""

from datetime import date

import numpy as np

from oracles import cdnow
from oracles.models import Outcome
from regulars.estimation.holdout import Holdout
from regulars.estimation.purchase_history import PurchaseHistory

BG_PUBLISHED = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}
PARETO_PUBLISHED = {"r": 0.553, "alpha": 10.578, "s": 0.606, "beta": 11.669}


def cdnow_holdout(
    calibrate_to: date = cdnow.CALIBRATE_TO, holdout_to: date = cdnow.HOLDOUT_TO
) -> Holdout:
    """The CDNOW sample in weeks, with what came after."""
    x, t_x, end, later, _ = np.array(cdnow.customers(calibrate_to, holdout_to)).T
    history = PurchaseHistory.per_customer(x, t_x / 7, end / 7, unit="week")
    return Holdout(history, later, (holdout_to - calibrate_to).days / 7)


def holdout_of(people: list[Outcome], horizon: float) -> Holdout:
    """Simulated customers."""
    x, t_x, end = np.array([seen for seen, _ in people], dtype=float).T
    later = np.array([later for _, later in people], dtype=float)
    return Holdout(PurchaseHistory.per_customer(x, t_x, end, unit="week"), later, horizon)
