"""MBG/NBD in which everybody is equally likely to leave."""

import numpy as np
import pytest

from histories import cdnow_holdout, holdout_of
from oracles.models import simulate_beta_geometric
from regulars.estimation.bg_nbd import MBG_NBD
from regulars.estimation.equal_dropout import EQUAL_DROPOUT
from regulars.estimation.fitting import DegenerateDataError, NotConvergedError
from regulars.estimation.purchase_history import PurchaseHistory

MANY = 1e7
ALIKE = (0.6, 6.0, 0.2 * MANY, 0.8 * MANY)
"""r, α, a and b of customers of whom one in five leaves after a purchase, whoever they are."""


def test_parameters_are_recovered_within_three_standard_errors() -> None:
    people = simulate_beta_geometric(ALIKE, customers=4000, horizon=1, seed=3, early=True)
    fit = EQUAL_DROPOUT.fit(holdout_of(people, 1).history)
    for name, truth in {"r": 0.6, "alpha": 6.0, "p": 0.2}.items():
        assert abs(fit.parameters[name] - truth) < 3 * fit.standard_errors[name]


def test_it_is_the_limit_of_mbg_nbd() -> None:
    history = cdnow_holdout().history
    equal = {"r": 0.5, "alpha": 6.0, "p": 0.2}
    mixed = dict(zip(MBG_NBD.names, (0.5, 6.0, *ALIKE[2:]), strict=True))
    assert EQUAL_DROPOUT.p_alive(equal, history) == pytest.approx(
        MBG_NBD.p_alive(mixed, history), rel=1e-5
    )
    for horizon in (1.0, 39.0):
        for ours, theirs in zip(
            EQUAL_DROPOUT.moments(equal, history, horizon),
            MBG_NBD.moments(mixed, history, horizon),
            strict=True,
        ):
            assert ours == pytest.approx(theirs, rel=1e-5)
        twice = np.full(len(history), 2.0)
        ours = EQUAL_DROPOUT.at_least(equal, history, horizon, twice)
        assert ours == pytest.approx(MBG_NBD.at_least(mixed, history, horizon, twice), rel=1e-5)


def test_it_says_less_than_mbg_nbd_where_customers_differ() -> None:
    history = cdnow_holdout().history
    equal, mixed = EQUAL_DROPOUT.fit(history), MBG_NBD.fit(history)
    assert mixed.log_likelihood - equal.log_likelihood == pytest.approx(22.76, abs=0.01)


def test_customers_of_whom_nobody_leaves_or_came_back_are_refused() -> None:
    steady = PurchaseHistory.per_customer([4, 9, 5], [38, 39, 39], [39, 39, 39])
    with pytest.raises(NotConvergedError):
        EQUAL_DROPOUT.fit(steady)
    with pytest.raises(DegenerateDataError):
        EQUAL_DROPOUT.fit(PurchaseHistory.per_customer([0, 0], [0, 0], [30, 39]))
