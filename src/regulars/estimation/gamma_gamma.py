"""Gamma-Gamma: what a customer spends per purchase, drawn towards what all customers spend.

Amounts of one customer are Gamma(p, ν), and ν ~ Gamma(q, γ) across customers; how often he buys is
taken to say nothing about how much, which :func:`spend_correlation` checks. Only repeat purchases
count: the first may be of another kind.

Source: Fader & Hardie (2013), "The Gamma-Gamma Model of Monetary Value".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy.special import digamma, gammaincinv, gammaln, polygamma

from regulars.estimation.fitting import (
    DegenerateDataError,
    Fit,
    Likelihood,
    NotConvergedError,
    maximise,
)
from regulars.kernel.errors import InputError
from regulars.kernel.wording import say, say_count

type Vector = npt.NDArray[np.float64]
type Parameters = Mapping[str, float]

NAMES = ("p", "q", "gamma")
_FEWEST = 3


@dataclass(frozen=True, slots=True, eq=False)
class SpendHistory:
    """Repeat purchases of each customer and what they came to on average.

    Attributes:
        x: Days with a purchase after the first.
        spend: Mean amount of those days; anything where ``x`` is 0.
        count: Customers in the row.

    Raises:
        InputError: The columns differ in length, or a value is missing or negative.

    >>> SpendHistory.of([2, 0, 1], [10, 0, 30]).informative.customers
    2
    """

    x: Vector
    spend: Vector
    count: Vector

    def __post_init__(self) -> None:
        columns = (self.x, self.spend, self.count)
        if any(column.shape != self.x.shape for column in columns):
            raise InputError(say("The columns of the amounts spent differ in length."))
        if not all(bool((np.isfinite(column) & (column >= 0)).all()) for column in columns):
            raise InputError(say("An amount spent is missing, infinite or negative."))

    @classmethod
    def of(
        cls, x: npt.ArrayLike, spend: npt.ArrayLike, count: npt.ArrayLike | None = None
    ) -> Self:
        """From anything that is like an array."""
        times = np.asarray(x, dtype=np.float64)
        counts = np.ones(times.shape) if count is None else np.asarray(count, np.float64)
        return cls(times, np.asarray(spend, dtype=np.float64), counts)

    @property
    def customers(self) -> int:
        """Customers in all rows."""
        return round(float(self.count.sum()))

    @property
    def informative(self) -> Self:
        """The rows the model learns from: with a repeat purchase that came to something."""
        chosen = (self.x > 0) & (self.spend > 0)
        return type(self)(self.x[chosen], self.spend[chosen], self.count[chosen])


def fit_gamma_gamma(history: SpendHistory) -> Fit:
    """Maximum likelihood on the customers with a repeat purchase.

    Raises:
        DegenerateDataError: Too few of them, or all spend the same.
        NotConvergedError: There is no maximum, or it has customers spend without limit (q ≤ 1).

    >>> spend = SpendHistory.of(
    ...     [1] * 8 + [9] * 8, [2, 5, 9, 15, 22, 30, 60, 190, *range(7, 71, 8)]
    ... )
    >>> {name: round(value, 2) for name, value in fit_gamma_gamma(spend).parameters.items()}
    {'p': 0.9, 'q': 3.08, 'gamma': 89.84}
    """
    told = history.informative
    if told.customers < _FEWEST:
        raise DegenerateDataError(
            say_count(
                "There is {n} customer with a repeat purchase.",
                "There are {n} customers with a repeat purchase.",
                n=told.customers,
            ),
            accepted=say("Spending needs at least {fewest}.", fewest=_FEWEST),
        )
    if np.ptp(told.spend) == 0:
        raise DegenerateDataError(say("All customers spend the same."))
    distinct, place = np.unique(told.x, return_inverse=True)
    start = np.log([3.0, 3.0, float(np.average(told.spend, weights=told.count)) * 2 / 3])
    maximum = maximise(lambda logs: _likelihood(logs, told, (distinct, place)), start, NAMES)
    fit = maximum.fit("gamma-gamma", NAMES, customers=told.customers, unit="")
    if fit.parameters["q"] <= 1:
        raise NotConvergedError(
            say("The fit has no finite mean spend (q is {q}, at most 1).", q=fit.parameters["q"])
        )
    return fit


def expected_spend(parameters: Parameters, history: SpendHistory) -> Vector:
    """Expected amount of a future purchase: p (γ + x·spend) / (q + p x - 1).

    >>> published = {"p": 6.25, "q": 3.74, "gamma": 15.44}
    >>> expected_spend(published, SpendHistory.of([0, 2], [0, 22.35])).round(2).tolist()
    [35.22, 24.66]
    """
    shape, scale = _posterior(parameters, history)
    return parameters["p"] * scale / (shape - 1)


def spend_interval(
    parameters: Parameters, history: SpendHistory, *, confidence: float = 0.95
) -> tuple[Vector, Vector]:
    """Interval of what a customer truly spends on average, parameters taken as given."""
    shape, scale = _posterior(parameters, history)
    miss = (1 - confidence) / 2
    low = parameters["p"] * scale / gammaincinv(shape, 1 - miss)
    high = parameters["p"] * scale / gammaincinv(shape, miss)
    return np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)


def spend_correlation(history: SpendHistory) -> float:
    """Correlation of how often with how much, of repeat buyers; the model assumes none.

    >>> round(spend_correlation(SpendHistory.of([1, 2, 3], [30, 20, 10])), 3)
    -1.0
    """
    told = history.informative
    if told.customers < _FEWEST or np.ptp(told.x) == 0 or np.ptp(told.spend) == 0:
        return float("nan")
    spread = np.cov(told.x, told.spend, aweights=told.count)
    return float(spread[0, 1] / np.sqrt(spread[0, 0] * spread[1, 1]))


def second_moment(parameters: Parameters, history: SpendHistory) -> Vector:
    """E[M²] of a customer's true mean spend; infinite where q + p x ≤ 2."""
    shape, scale = _posterior(parameters, history)
    finite = shape > 2  # noqa: PLR2004 - the order of the moment
    room = np.where(finite, (shape - 1) * (shape - 2), 1.0)
    return np.asarray(
        np.where(finite, (parameters["p"] * scale) ** 2 / room, np.inf), dtype=np.float64
    )


def _posterior(parameters: Parameters, history: SpendHistory) -> tuple[Vector, Vector]:
    """Shape and scale of ν given what the customer spent."""
    told = history.x * (history.spend > 0)
    shape = parameters["q"] + parameters["p"] * told
    return shape, parameters["gamma"] + told * history.spend


def _likelihood(
    logs: Vector, told: SpendHistory, lookup: tuple[Vector, npt.NDArray[np.intp]]
) -> Likelihood:
    """Log-likelihood by the logarithms of (p, q, γ); gamma functions only at the distinct x."""
    p, q, gamma = np.exp(logs).tolist()
    distinct, place = lookup
    x, count, money = told.x, told.count, told.x * told.spend
    whole = gamma + money
    share = money / whole
    shape, both = p * distinct, p * distinct + q
    level = (gammaln(both) - gammaln(shape) - gammaln(q))[place]
    value = count @ (level + p * x * np.log(share) + q * np.log1p(-share) - np.log(told.spend))
    by_p = distinct * (digamma(both) - digamma(shape))
    by_q = digamma(both) - digamma(q)
    slopes = np.array(
        [
            p * (count @ (by_p[place] + x * np.log(share))),
            q * (count @ (by_q[place] + np.log1p(-share))),
            count @ (q * share - p * x * (1 - share)),
        ]
    )
    bend = polygamma(1, both)
    rest = share * (1 - share)
    hessian = np.diag(slopes)
    hessian[0, 0] += p * p * (count @ (distinct**2 * (bend - polygamma(1, shape)))[place])
    hessian[0, 1] = hessian[1, 0] = p * q * (count @ (distinct * bend)[place])
    hessian[1, 1] += q * q * (count @ (bend - polygamma(1, q))[place])
    hessian[0, 2] = hessian[2, 0] = -p * (count @ (x * (1 - share)))
    hessian[1, 2] = hessian[2, 1] = q * (count @ share)
    hessian[2, 2] = -float((count * (p * x + q)) @ rest)
    return Likelihood(float(value), slopes, hessian)
