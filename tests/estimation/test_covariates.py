"""BG/NBD with segments."""

import numpy as np
import pytest

from histories import SECOND_SEGMENT, two_segments
from regulars.estimation.bg_nbd import BG_NBD, MBG_NBD
from regulars.estimation.covariates import CovariateFit, fit_with_covariates
from regulars.estimation.fitting import DegenerateDataError, NotConvergedError
from regulars.estimation.purchase_history import PurchaseHistory
from regulars.kernel.errors import InputError


@pytest.fixture(scope="module")
def fitted() -> CovariateFit:
    return fit_with_covariates(*two_segments(), ["shop"])


def test_coefficients_are_recovered_within_three_standard_errors(fitted: CovariateFit) -> None:
    truth = {"alpha": 0.5, "a": 0.3, "b": -0.2}
    for name, value in truth.items():
        error = fitted.standard_errors[f"{name}:shop"]
        assert abs(fitted.coefficients[name]["shop"] - value) < 3 * error


def test_a_segment_has_parameters_of_its_own(fitted: CovariateFit) -> None:
    assert fitted.parameters_of([0]) == dict(fitted.parameters)
    shop = fitted.parameters_of([1])
    assert list(shop.values()) == pytest.approx(SECOND_SEGMENT, rel=0.25)
    assert shop["r"] == fitted.parameters["r"]


def test_segments_that_say_nothing_gain_little(fitted: CovariateFit) -> None:
    history, z = two_segments()
    plain = BG_NBD.fit(history)
    assert fitted.log_likelihood > plain.log_likelihood + 50
    chance = np.random.default_rng(0).permutation(z)
    noise = fit_with_covariates(history, chance, ["coin"])
    assert 0 <= noise.log_likelihood - plain.log_likelihood < 8


def test_the_likelihood_is_the_sum_of_the_segments(fitted: CovariateFit) -> None:
    history, z = two_segments()
    parts = [history.rows(z[:, 0] == kind) for kind in (0, 1)]
    total = sum(
        BG_NBD.log_likelihood(fitted.parameters_of([kind]), part)
        for kind, part in enumerate(parts)
    )
    assert fitted.log_likelihood == pytest.approx(total)


def test_mbg_nbd_takes_segments_too() -> None:
    history, z = two_segments()
    assert fit_with_covariates(history, z, ["shop"], model=MBG_NBD).model == "mbg-nbd"


def test_a_segment_said_twice_is_refused() -> None:
    history, z = two_segments()
    with pytest.raises(NotConvergedError, match="do not determine"):
        fit_with_covariates(history, np.hstack((z, z)), ["shop", "again"])


def test_characteristics_that_do_not_fit_the_customers_are_refused() -> None:
    history, z = two_segments()
    with pytest.raises(InputError, match="one figure a customer"):
        fit_with_covariates(history, z[:5], ["shop"])
    with pytest.raises(InputError, match="different combinations"):
        fit_with_covariates(history, np.arange(16_000.0)[:, None], ["height"])


def test_customers_who_are_all_alike_are_refused() -> None:
    history = PurchaseHistory.per_customer([3, 3], [20, 20], [30, 30])
    with pytest.raises(DegenerateDataError):
        fit_with_covariates(history, [[0], [1]], ["shop"])
