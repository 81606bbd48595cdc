"""Purchase histories for the tests of the models."""

from datetime import date

import numpy as np

from oracles import cdnow
from oracles.models import Outcome, simulate_beta_geometric
from regulars.estimation.holdout import Holdout
from regulars.estimation.purchase_history import PurchaseHistory

BG_PUBLISHED = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}
PARETO_PUBLISHED = {"r": 0.553, "alpha": 10.578, "s": 0.606, "beta": 11.669}
FIRST_SEGMENT = (0.6, 6.0, 0.8, 2.5)
SECOND_SEGMENT = (0.6, 6 * np.exp(-0.5), 0.8 * np.exp(0.3), 2.5 * np.exp(-0.2))
"""r, α, a and b of two segments that differ by coefficients .5, .3 and -.2."""


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


def two_segments(customers: int = 8000, seed: int = 0) -> tuple[PurchaseHistory, np.ndarray]:
    """Histories of two segments of known parameters in weeks, and 0 or 1 for the segment."""
    parts = [
        simulate_beta_geometric(truth, customers=customers, horizon=1, seed=2 * seed + number)
        for number, truth in enumerate([FIRST_SEGMENT, SECOND_SEGMENT])
    ]
    history = holdout_of([person for part in parts for person in part], 1).history
    return history, np.repeat([[0.0], [1.0]], customers, axis=0)
