"""Does a rate rise or fall? A logistic line through shares that scatter more than by chance."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, stdtrit

from regulars.estimation.interval import Estimate, normal_quantile
from regulars.kernel.errors import RegularsError
from regulars.kernel.wording import say

_STEPS = 50
_CLOSE = 1e-10
_FEWEST = 3  # two shares always lie on a line and leave nothing to judge it by

type Floats = NDArray[np.float64]


class NoTrendError(RegularsError):
    """No line can be laid through the shares."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """A line through shares on the log-odds scale.

    Attributes:
        slope: Change of the log-odds for each unit of x.
        change: Fitted share at the last x less that at the first (share of one).
        fitted: The fitted share at each x.
        dispersion: Scatter about the line as a multiple of what chance alone makes; at least 1.
    """

    slope: Estimate
    change: Estimate
    fitted: tuple[float, ...]
    dispersion: float


def logistic_trend(
    successes: ArrayLike, n: ArrayLike, x: ArrayLike, confidence: float = 0.95
) -> Trend:
    """Fit log(p / (1 - p)) = a + b·x to shares of n, by maximum likelihood.

    Standard errors come from the information matrix, times the dispersion (Pearson's χ² over its
    degrees of freedom, never below 1), with Student's t on k - 2 degrees of freedom: cohorts
    differ by more than chance (quasi-likelihood: McCullagh & Nelder, Generalized Linear Models,
    1989, §4.5). The interval of the change is by the delta method.

    Args:
        successes: How many of each group.
        n: Size of each group, at least 1.
        x: Where each group lies, in order.
        confidence: Between 0 and 1.

    Raises:
        NoTrendError: Fewer than three groups, all at one x, or all or none succeeded on one side
            of some x, so that the line would be infinitely steep.

    >>> trend = logistic_trend([50, 40, 30, 20], [100, 100, 100, 100], [0, 1, 2, 3])
    >>> [round(share, 2) for share in trend.fitted]
    [0.51, 0.39, 0.29, 0.21]
    >>> trend.change.excludes_zero, round(trend.change.value, 2)
    (True, -0.3)
    """
    normal_quantile(confidence)
    k, total, at = (np.asarray(values, dtype=np.float64) for values in (successes, n, x))
    if len(at) < _FEWEST or np.ptp(at) == 0:
        raise NoTrendError(say("A trend needs at least three groups that lie apart."))
    centre, scale = at.mean(), at.std()
    design = np.column_stack([np.ones_like(at), (at - centre) / scale])
    beta, covariance = _fit(k, total, design)
    fitted = expit(design @ beta)
    freedom = len(at) - 2
    dispersion = max(1.0, _pearson(k, total, fitted) / freedom)
    reach = float(stdtrit(freedom, 0.5 + confidence / 2)) * float(np.sqrt(dispersion))
    ends = fitted[[0, -1]]
    gradient = np.diff((ends * (1 - ends))[:, None] * design[[0, -1]], axis=0)[0]
    spread = reach * float(np.sqrt(gradient @ covariance @ gradient))
    size = int(total.sum())
    slope, width = float(beta[1] / scale), reach * float(np.sqrt(covariance[1, 1])) / float(scale)
    return Trend(
        slope=_around(slope, width, size, confidence),
        change=_within_one(_around(float(ends[1] - ends[0]), spread, size, confidence)),
        fitted=tuple(fitted.tolist()),
        dispersion=dispersion,
    )


def _fit(k: Floats, total: Floats, design: Floats) -> tuple[Floats, Floats]:
    """Newton's steps to the maximum, and the inverse information there."""
    share = (k.sum() + 0.5) / (total.sum() + 1)
    beta = np.array([np.log(share / (1 - share)), 0.0])
    for _ in range(_STEPS):
        fitted = expit(design @ beta)
        weight = total * fitted * (1 - fitted)
        information = design.T @ (weight[:, None] * design)
        if np.linalg.cond(information) > 1 / _CLOSE:
            break
        step = np.linalg.solve(information, design.T @ (k - total * fitted))
        beta = beta + step
        if np.abs(step).max() < _CLOSE:
            return beta, np.linalg.inv(information)
    raise NoTrendError(say("The shares are all or nothing, so no line fits them."))


def _pearson(k: Floats, total: Floats, fitted: Floats) -> float:
    return float(((k - total * fitted) ** 2 / (total * fitted * (1 - fitted))).sum())


def _within_one(change: Estimate) -> Estimate:
    """Shares differ by one at most, whatever a straight line says."""
    return replace(change, low=max(-1.0, change.low), high=min(1.0, change.high))


def _around(value: float, reach: float, n: int, confidence: float) -> Estimate:
    return Estimate(
        value=value,
        low=value - reach,
        high=value + reach,
        n=n,
        method="quasi-binomial logistic regression",
        confidence=confidence,
    )
