from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.estimation.interval import (
    Estimate,
    newcombe_difference,
    normal_quantile,
    wilson,
    wilson_bounds,
)
from regulars.kernel.errors import OptionError

shares = st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(shares)
def test_wilsons_bounds_hold_the_share_and_stay_within_zero_and_one(
    share: tuple[int, int],
) -> None:
    successes, n = share
    estimate = wilson(successes, n)
    assert 0 <= estimate.low <= estimate.value <= estimate.high <= 1
    assert estimate.value == successes / n
    assert (estimate.n, estimate.method, estimate.confidence) == (n, "wilson", 0.95)


@given(shares)
def test_wilsons_bounds_are_the_shares_that_the_score_test_just_accepts(
    share: tuple[int, int],
) -> None:
    # Wilson's interval inverts |k/n - p| = z·√(p(1-p)/n)
    successes, n = share
    estimate, z = wilson(successes, n), normal_quantile(0.95)
    for bound in (estimate.low, estimate.high):
        if 0 < bound < 1:
            distance = abs(successes / n - bound)
            assert distance == pytest.approx(z * (bound * (1 - bound) / n) ** 0.5, rel=1e-6)


@given(shares)
def test_failures_have_the_mirrored_interval_of_successes(share: tuple[int, int]) -> None:
    successes, n = share
    won, lost = wilson(successes, n), wilson(n - successes, n)
    assert won.low == pytest.approx(1 - lost.high, abs=1e-12)


def test_wilsons_bounds_agree_with_the_published_example() -> None:
    # Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29
    low, high = wilson_bounds([81, 15, 0, 1], [263, 148, 20, 29])
    assert low.round(4).tolist() == [0.2553, 0.0624, 0.0, 0.0061]
    assert high.round(4).tolist() == [0.3662, 0.1605, 0.1611, 0.1718]


def test_nothing_observed_leaves_everything_possible() -> None:
    low, high = wilson_bounds([0], [0])
    assert (low.tolist(), high.tolist()) == ([0.0], [1.0])


def test_wilsons_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    n, truths = 50, np.linspace(0.05, 0.95, 19)
    low, high = wilson_bounds(range(n + 1), n)
    covered = []
    for truth in truths:
        chance = [comb(n, k) * truth**k * (1 - truth) ** (n - k) for k in range(n + 1)]
        covered.append(sum(np.array(chance)[(low <= truth) & (truth <= high)]))
    assert np.mean(covered) == pytest.approx(0.95, abs=0.01)


def test_the_difference_agrees_with_newcombes_published_examples() -> None:
    # Newcombe 1998, table II, method 10: 56/70 - 48/80 and 9/10 - 3/10 and 10/10 - 0/20
    bounds = [
        newcombe_difference(wilson(a, m), wilson(b, n))
        for a, m, b, n in ((56, 70, 48, 80), (9, 10, 3, 10), (10, 10, 0, 20))
    ]
    assert [round(it.low, 4) for it in bounds] == [0.0524, 0.1705, 0.6791]
    assert [round(it.high, 4) for it in bounds] == [0.3339, 0.8090, 1.0]


@given(shares, shares)
def test_the_difference_changes_its_sign_with_the_order(
    a: tuple[int, int], b: tuple[int, int]
) -> None:
    forth = newcombe_difference(wilson(*a), wilson(*b))
    back = newcombe_difference(wilson(*b), wilson(*a))
    assert (forth.value, forth.low, forth.high) == pytest.approx(
        (-back.value, -back.high, -back.low)
    )
    assert -1 <= forth.low <= forth.value <= forth.high <= 1


def test_a_difference_is_real_when_its_interval_leaves_out_zero() -> None:
    assert newcombe_difference(wilson(90, 100), wilson(10, 100)).excludes_zero
    assert newcombe_difference(wilson(10, 100), wilson(90, 100)).excludes_zero
    assert not newcombe_difference(wilson(50, 100), wilson(52, 100)).excludes_zero


def test_a_known_number_moves_the_interval_and_leaves_its_width() -> None:
    rate = wilson(40, 100)
    against = rate.minus(0.5)
    assert against.value == pytest.approx(-0.1)
    assert against.high - against.low == pytest.approx(rate.high - rate.low)


def test_estimates_of_unlike_confidence_are_not_compared() -> None:
    with pytest.raises(OptionError, match="same confidence"):
        newcombe_difference(wilson(1, 2, 0.9), wilson(1, 2, 0.95))


@pytest.mark.parametrize(("successes", "n"), [(0, 0), (-1, 5), (6, 5)])
def test_what_is_not_a_share_is_refused(successes: int, n: int) -> None:
    with pytest.raises(OptionError, match="is not a share"):
        wilson(successes, n)


@pytest.mark.parametrize("confidence", [0, 1, -0.5, 95])
def test_a_confidence_outside_zero_and_one_is_refused(confidence: float) -> None:
    with pytest.raises(OptionError, match="between 0 and 1"):
        wilson(1, 2, confidence)


def test_an_estimate_cannot_be_changed() -> None:
    estimate = Estimate(value=0.5, low=0.4, high=0.6, n=9, method="wilson", confidence=0.95)
    with pytest.raises(AttributeError):
        estimate.value = 0.9  # type: ignore[misc]
