"""The search for a maximum: what it finds, and what it refuses to report."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.estimation.fitting import Likelihood, NotConvergedError, Vector, maximise, uphill


def peak_at(centre: float, width: float) -> Likelihood:
    """A likelihood evaluated away from its peak."""
    return Likelihood(
        -(centre**2) / width, np.array([-2 * centre / width]), np.array([[-2 / width]])
    )


@given(st.floats(-5, 5), st.floats(0.01, 9))
def test_a_parabola_is_climbed_to_its_top(centre: float, width: float) -> None:
    top = maximise(lambda point: peak_at(float(point[0]) - centre, width), np.zeros(1), ["a"])
    assert top.point[0] == pytest.approx(centre, abs=1e-4)
    assert top.covariance[0, 0] == pytest.approx(width / 2)


def test_a_valley_is_left_uphill() -> None:
    valley = Likelihood(0.0, np.array([1.0, 0.5]), np.diag([2.0, -3.0]))
    assert (uphill(valley) * valley.gradient > 0).all()


def test_a_slope_without_a_top_is_refused_by_name() -> None:
    def slope(point: Vector) -> Likelihood:
        return Likelihood(float(point[0]), np.ones(1), -1e-3 * np.eye(1))

    with pytest.raises(NotConvergedError, match="estimate of alpha grows without end"):
        maximise(slope, np.zeros(1), ["alpha"])


def test_a_slope_towards_zero_is_refused_as_a_bound() -> None:
    def slope(point: Vector) -> Likelihood:
        return Likelihood(-float(point[0]), -np.ones(1), -1e-3 * np.eye(1))

    with pytest.raises(NotConvergedError, match="a falls to its bound, zero"):
        maximise(slope, np.zeros(1), ["a"])


def test_a_plain_is_refused_as_undetermined() -> None:
    def plain(point: Vector) -> Likelihood:
        return Likelihood(0.0, np.zeros(2), np.diag([-1.0, 0.0]) + 0 * float(point[0]))

    with pytest.raises(NotConvergedError, match="do not determine b"):
        maximise(plain, np.zeros(2), ["a", "b"])


def test_a_likelihood_that_is_no_number_is_refused() -> None:
    with pytest.raises(NotConvergedError, match="not finite"):
        maximise(lambda _: peak_at(float("nan"), 1), np.zeros(1), ["a"])


def test_wrong_slopes_are_noticed() -> None:
    def wrong(point: Vector) -> Likelihood:
        return Likelihood(-abs(float(point[0])), np.ones(1), -np.eye(1))

    with pytest.raises(NotConvergedError, match="rises in no direction"):
        maximise(wrong, np.zeros(1), ["a"])


def test_a_ridge_that_fades_into_noise_is_named_for_what_ran_along_it() -> None:
    """Far out the slopes are wrong, as those of differences of huge numbers are."""

    def ridge(point: Vector) -> Likelihood:
        along = float(point[0])
        value = along if along < 8 else -along
        return Likelihood(value, np.array([1.0, 0.0]), -np.diag([1e-3, 1.0]))

    with pytest.raises(NotConvergedError, match="estimate of beta grows without end"):
        maximise(ridge, np.zeros(2), ["beta", "s"])


def test_a_search_that_never_ends_is_ended() -> None:
    """The top moves away as fast as it is approached."""
    moved = [0.0]

    def runaway(_: Vector) -> Likelihood:
        moved[0] += 1
        return Likelihood(moved[0], np.array([1e-3]), -np.eye(1))

    with pytest.raises(NotConvergedError, match="No maximum was found within 100 steps"):
        maximise(runaway, np.zeros(1), ["a"])


def test_likelihoods_add() -> None:
    total = peak_at(1, 2) + peak_at(1, 2)
    assert (total.value, total.gradient[0], total.hessian[0, 0]) == (-1, -2, -2)
