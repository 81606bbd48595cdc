"""The likelihood shared by BG/NBD and MBG/NBD, with exact derivatives.

Both models let a customer buy at his own rate λ ~ Gamma(r, α) and drop out after a purchase with
his own probability p ~ Beta(a, b). They differ in one thing only: BG/NBD lets nobody drop out
before his first repeat purchase, MBG/NBD does. With ``y = x`` (BG) or ``y = x + 1`` (MBG)
purchases at which a customer could have left, both read

    L = Γ(r+x)/Γ(r) αʳ B(a, b+y)/B(a, b) [ (α+T)^-(r+x) + 1{y>0} a/(b+y-1) (α+t_x)^-(r+x) ]

where the first term of the bracket is a customer still there, the second one who left at ``t_x``.

Source: Fader, Hardie & Lee (2005), Marketing Science 24(2); Batislam, Denizel & Filiztekin (2007),
International Journal of Research in Marketing 24(3). The derivatives are our own.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy.special import digamma, gammaln, polygamma

from regulars.estimation.fitting import Likelihood
from regulars.estimation.purchase_history import PurchaseHistory, distinct_sums

type Vector = npt.NDArray[np.float64]

NAMES = ("r", "alpha", "a", "b")
# Rows whose temporaries stay in the processor's cache, and whose products are too small for the
# linear algebra library to wake its threads, which would wait for one another most of the time.
_BLOCK = 1 << 13


@dataclass(frozen=True, slots=True, eq=False)
class Sufficient:
    """A history arranged so that each function is evaluated no more often than it must be.

    Attributes:
        x: Distinct numbers of repeat purchases, ``customers_x`` the customers with each.
        T: Distinct times observed, with the customers and the purchases of each.
        rows: The rows in which the customer may have left.
        place: Where each of those rows has its ``x``.
        shift: 0 for BG/NBD, 1 for MBG/NBD.
    """

    x: Vector
    customers_x: Vector
    T: Vector
    customers_t: Vector
    purchases_t: Vector
    rows: PurchaseHistory
    place: npt.NDArray[np.intp]
    shift: int

    @classmethod
    def of(cls, history: PurchaseHistory, shift: int) -> Self:
        """Arrange a collapsed history."""
        x, customers_x = distinct_sums(history.x, history.count)
        T, customers_t = distinct_sums(history.T, history.count)
        _, purchases_t = distinct_sums(history.T, history.count * history.x)
        rows = history if shift else history.rows(history.x > 0)
        place = np.searchsorted(x, rows.x)
        return cls(x, customers_x, T, customers_t, purchases_t, rows, place, shift)


def likelihood(logs: Vector, data: Sufficient) -> Likelihood:
    """The log-likelihood at the logarithms of (r, α, a, b)."""
    r, alpha, a, b = np.exp(logs).tolist()
    total = _rates(r, alpha, data) + _dropouts(a, b, data)
    chances = b + np.maximum(data.x + data.shift, 1) - 1
    odds, kappa = np.log(a / chances), b / chances
    for start in range(0, len(data.rows), _BLOCK):
        block = slice(start, start + _BLOCK)
        place = data.place[block]
        total += _left_or_silent(r, alpha, (odds[place], kappa[place]), data.rows, block)
    return total


def _rates(r: float, alpha: float, data: Sufficient) -> Likelihood:
    """Terms of λ for a customer still there: Γ(r+x)/Γ(r) αʳ (α+T)^-(r+x)."""
    value, first, second = _rising(r, data.x, data.customers_x)
    share, gone = alpha / (alpha + data.T), data.T / (alpha + data.T)
    logs = -np.log1p(data.T / alpha)
    weight = r * data.customers_t + data.purchases_t
    value += r * float(data.customers_t @ logs)
    value -= float(data.purchases_t @ np.log(alpha + data.T))
    slope_r = r * (first + float(data.customers_t @ logs))
    cross = r * float(data.customers_t @ gone)
    slope_alpha = cross - float(data.purchases_t @ share)
    gradient = np.array([slope_r, slope_alpha, 0, 0])
    hessian = np.zeros((4, 4))
    hessian[0, 0] = slope_r + r * r * second
    hessian[0, 1] = hessian[1, 0] = cross
    hessian[1, 1] = -float(weight @ (share * gone))
    return Likelihood(value, gradient, hessian)


def _dropouts(a: float, b: float, data: Sufficient) -> Likelihood:
    """Terms of p for a customer still there: B(a, b+y)/B(a, b)."""
    y = data.x + data.shift
    value_b, first_b, second_b = _rising(b, y, data.customers_x)
    value_c, first_c, second_c = _rising(a + b, y, data.customers_x)
    gradient = np.array([0, 0, -a * first_c, b * (first_b - first_c)])
    hessian = np.zeros((4, 4))
    hessian[2, 2] = gradient[2] - a * a * second_c
    hessian[2, 3] = hessian[3, 2] = -a * b * second_c
    hessian[3, 3] = gradient[3] + b * b * (second_b - second_c)
    return Likelihood(value_b - value_c, gradient, hessian)


def _rising(z: float, steps: Vector, weight: Vector) -> tuple[float, float, float]:
    """Weighted sum of ln Γ(z + steps)/Γ(z), with its first two derivatives by z."""
    total = float(weight.sum())
    return (
        float(weight @ gammaln(z + steps)) - total * float(gammaln(z)),
        float(weight @ digamma(z + steps)) - total * float(digamma(z)),
        float(weight @ polygamma(1, z + steps)) - total * float(polygamma(1, z)),
    )


def _left_or_silent(
    r: float,
    alpha: float,
    tables: tuple[Vector, Vector],
    rows: PurchaseHistory,
    block: slice,
) -> Likelihood:
    """The correction ln(1 + odds of having left) of each row, summed.

    The odds are a/(b+y-1) ((α+T)/(α+t_x))^(r+x); their logarithm never overflows.
    """
    odds, kappa = tables
    count = rows.count[block]
    end, last = alpha + rows.T[block], alpha + rows.t_x[block]
    power = r + rows.x[block]
    wait = rows.T[block] - rows.t_x[block]
    silence = np.log1p(wait / last)
    at_end, at_last = alpha / end, alpha / last
    apart = at_last * wait / end
    log_odds = odds + power * silence
    small = np.exp(-np.abs(log_odds))
    value = float(count @ (np.maximum(log_odds, 0) + np.log1p(small)))
    gone = np.where(log_odds >= 0, 1.0, small) / (1 + small)
    weight = count * gone
    slopes = np.empty((4, len(count)))
    np.multiply(r, silence, out=slopes[0])
    np.multiply(-power, apart, out=slopes[1])
    slopes[2] = 1
    np.negative(kappa, out=slopes[3])
    gradient = (slopes * weight).sum(axis=1)
    hessian = (slopes * (weight * (1 - gone))) @ slopes.T
    hessian[0, 0] += gradient[0]
    hessian[0, 1] -= r * float(weight @ apart)
    hessian[1, 0] = hessian[0, 1]
    bend = at_end * (1 - at_end) - at_last * (1 - at_last)
    hessian[1, 1] += float((weight * power) @ bend)
    hessian[3, 3] -= float(weight @ (kappa * (1 - kappa)))
    return Likelihood(value, gradient, hessian)
