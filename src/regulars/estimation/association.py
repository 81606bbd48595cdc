"""How much more often two things meet than chance would have it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaincinv

from regulars.estimation.interval import normal_quantile

type Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Lifts:
    """Lifts of many pairs: 1 is no connection; ``low`` and ``high`` are their intervals."""

    value: Floats
    low: Floats
    high: Floats


def lifts(both: ArrayLike, a: ArrayLike, b: ArrayLike, n: int, confidence: float = 0.95) -> Lifts:
    """The lift of pairs with a large-sample interval.

    ``lift = p_ab / (p_a * p_b)``. Its logarithm has, for independent orders, the variance
    ``(1 / p_ab - 1 / p_a - 1 / p_b + 2 * lift - 1) / n`` (delta method on the multinomial counts).
    Orders of one customer resemble each other, so the interval is rather too narrow.

    Args:
        both: Orders with both things, at least 1.
        a: Orders with the first.
        b: Orders with the second.
        n: All orders.
        confidence: Coverage of each interval alone.

    >>> found = lifts([30], [60], [100], 1000)
    >>> [round(float(x[0]), 2) for x in (found.value, found.low, found.high)]
    [5.0, 3.91, 6.39]
    """
    n_ab, n_a, n_b = (np.asarray(count, dtype=np.float64) for count in (both, a, b))
    value = n_ab * n / (n_a * n_b)
    variance = 1 / n_ab - 1 / n_a - 1 / n_b + (2 * value - 1) / n
    reach = np.exp(normal_quantile(confidence) * np.sqrt(np.maximum(variance, 0)))
    return Lifts(value, value / reach, value * reach)


def ratios_to_expected(
    observed: ArrayLike, expected: ArrayLike, confidence: float = 0.95
) -> Lifts:
    """Observed counts against expected ones, with the exact interval of a Poisson count.

    The expected count is taken as known. Where nothing is expected the ratio is not a number.

    Source: Garwood 1936.

    >>> found = ratios_to_expected([10], [5.0])
    >>> [round(float(x[0]), 2) for x in (found.value, found.low, found.high)]
    [2.0, 0.96, 3.68]
    """
    count = np.asarray(observed, dtype=np.float64)
    mean = np.where(np.asarray(expected) > 0, expected, np.nan)
    tail = (1 - confidence) / 2
    low = np.where(count > 0, gammaincinv(np.maximum(count, 1), tail), 0.0)
    return Lifts(count / mean, low / mean, gammaincinv(count + 1, 1 - tail) / mean)


def expected_next(started: Floats, past: Floats, taken: Floats, at_risk: Floats) -> Floats:
    """How many would take up ``b`` next after beginning with ``a``, if ``a`` made no difference.

    Indirect standardisation over the stages of a customer's history: the people who had just
    begun with ``a`` and had not had ``b``, times the share who take up ``b`` at that stage.

    Args:
        started: People who began with ``a`` at each stage and came again, shape (a, stage).
        past: Of these, who had ``b`` already, shape (a, b, stage).
        taken: Take-ups of ``b`` after each stage, everybody's, shape (b, stage).
        at_risk: Visits at each stage that were followed by another, of people who did not have
            ``b``, shape (b, stage).

    Returns:
        Expected people, shape (a, b).

    >>> one = np.ones((1, 1))
    >>> expected_next(one * 10, np.zeros((1, 1, 1)), one * 20, one * 100).tolist()
    [[2.0]]
    """
    share = np.divide(taken, at_risk, out=np.zeros_like(taken), where=at_risk > 0)
    exposed = started[:, None, :] - past
    expected: Floats = np.einsum("abs,bs->ab", exposed, share)
    return expected
