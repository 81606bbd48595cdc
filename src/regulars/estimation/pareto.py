"""The likelihood of Pareto/NBD, with exact derivatives, by quadrature over the time of leaving.

A customer buys at his own rate λ ~ Gamma(r, α) until he leaves after a time that is exponential
with his own rate μ ~ Gamma(s, β). Summed over the time τ at which he may have left,

    L = Γ(r+x)/Γ(r) αʳ βˢ [ (α+T)^-(r+x) (β+T)^-s + s ∫ (α+τ)^-(r+x) (β+τ)^-(s+1) dτ ]

with τ from t_x to T. The usual form writes the integral as two hypergeometric functions, which
overflow for long histories and have no simple derivatives. The integrand itself is smooth: on a
logarithmic axis twenty-four points of Gauss and Legendre give it to eleven digits, and its
derivatives with it, since they are averages over the same points.

Source of the model: Schmittlein, Morrison & Colombo (1987), Management Science 33(1); Fader &
Hardie (2005), "A Note on Deriving the Pareto/NBD Model". The quadrature is our own.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import digamma, gammaln, polygamma

from regulars.estimation.fitting import Likelihood
from regulars.estimation.purchase_history import PurchaseHistory

type Vector = npt.NDArray[np.float64]
type Grid = npt.NDArray[np.float64]

NAMES = ("r", "alpha", "s", "beta")
# Rows; with the points of the quadrature they fill the processor's cache, and their products stay
# too small for the linear algebra library to wake its threads.
_BLOCK = 1 << 8
_FADED = 40.0  # logarithms below its start at which the integrand no longer counts

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(24)
NODES, WEIGHTS = (_NODES + 1) / 2, _WEIGHTS / 2


@dataclass(frozen=True, slots=True)
class Rates:
    """The parameters on their natural scale."""

    r: float
    alpha: float
    s: float
    beta: float


@dataclass(frozen=True, slots=True, eq=False)
class Leaving:
    """Where a customer may have left: points between his last purchase and the end.

    Attributes:
        since: Time of each point, counted from the first purchase; rows × points.
        logs: Logarithm of the odds of having left about there, against being still there.
        odds: Logarithm of the odds of having left at all; one a row.
    """

    since: Grid
    logs: Grid
    odds: Vector


def leaving(rates: Rates, x: Vector, t_x: Vector, T: Vector) -> Leaving:
    """The odds of having left, point by point."""
    power = rates.r + x
    least = min(rates.alpha, rates.beta)
    reach = np.minimum(T - t_x, _reach(rates, power, t_x))
    width = np.log1p(reach / (least + t_x))
    past = (least + t_x)[:, None] * np.expm1(width[:, None] * NODES)
    since = t_x[:, None] + past
    fade = power[:, None] * np.log1p(past / (rates.alpha + t_x)[:, None])
    fade += rates.s * np.log1p(past / (rates.beta + t_x)[:, None])
    ratio = width[:, None] * (WEIGHTS * rates.s) * (least + since) / (rates.beta + since)
    start = power * np.log1p((T - t_x) / (rates.alpha + t_x))
    start += rates.s * np.log1p((T - t_x) / (rates.beta + t_x))
    logs = start[:, None] - fade
    shares = ratio * np.exp(-fade)
    odds = start + np.log(np.maximum(shares.sum(axis=1), 1e-300))
    return Leaving(since, logs + np.log(np.maximum(ratio, 1e-300)), odds)


def _reach(rates: Rates, power: Vector, t_x: Vector) -> Vector:
    """How far past the last purchase the integrand has faded away."""
    by_rate = (rates.alpha + t_x) * np.expm1(np.minimum(_FADED / power, 500.0))
    by_dropout = (rates.beta + t_x) * np.expm1(min(_FADED / rates.s, 500.0))
    return np.asarray(np.minimum(by_rate, by_dropout), dtype=np.float64)


def likelihood(
    logs: Vector, history: PurchaseHistory, distinct: tuple[Vector, Vector]
) -> Likelihood:
    """The log-likelihood at the logarithms of (r, α, s, β).

    Args:
        logs: Logarithms of the parameters.
        history: Distinct histories.
        distinct: The distinct ``x`` with the customers that have each.
    """
    rates = Rates(*np.exp(logs).tolist())
    total = _of_rate(rates.r, *distinct)
    for start in range(0, len(history), _BLOCK):
        block = slice(start, start + _BLOCK)
        columns = (history.x[block], history.t_x[block], history.T[block])
        total += _still_there(rates, columns, history.count[block])
        total += _left(rates, columns, history.count[block])
    return total


def _of_rate(r: float, x: Vector, count: Vector) -> Likelihood:
    """The term Γ(r+x)/Γ(r), of how often he bought."""
    rise = count @ (gammaln(r + x) - gammaln(r))
    slope = r * float(count @ (digamma(r + x) - digamma(r)))
    bend = r * r * float(count @ (polygamma(1, r + x) - polygamma(1, r)))
    hessian = np.zeros((4, 4))
    hessian[0, 0] = slope + bend
    return Likelihood(float(rise), np.array([slope, 0, 0, 0]), hessian)


def _still_there(
    rates: Rates, columns: tuple[Vector, Vector, Vector], count: Vector
) -> Likelihood:
    """The term αʳ βˢ (α+T)^-(r+x) (β+T)^-s, of a customer still there."""
    x, _, T = columns
    bought = _power_law(rates.r, rates.alpha, (T, count, x))
    stayed = _power_law(rates.s, rates.beta, (T, count, np.zeros_like(x)))
    hessian = np.zeros((4, 4))
    hessian[:2, :2], hessian[2:, 2:] = bought.hessian, stayed.hessian
    gradient = np.concatenate((bought.gradient, stayed.gradient))
    return Likelihood(bought.value + stayed.value, gradient, hessian)


def _power_law(shape: float, scale: float, columns: tuple[Vector, Vector, Vector]) -> Likelihood:
    """The factor scale^shape (scale+T)^-(shape+x), by the logarithms of shape and scale."""
    T, count, x = columns
    share, past = scale / (scale + T), T / (scale + T)
    # log1p and the quotient keep their digits where the scale is far above T
    level = -shape * float(count @ np.log1p(T / scale))
    gone = float(count @ past)
    bend = float((count * (shape + x)) @ (share * past))
    return Likelihood(
        level - float((count * x) @ np.log(scale + T)),
        np.array([level, shape * gone - float((count * x) @ share)]),
        np.array([[level, shape * gone], [shape * gone, -bend]]),
    )


def _left(rates: Rates, columns: tuple[Vector, Vector, Vector], count: Vector) -> Likelihood:
    """The factor 1 + odds of having left; its derivatives are averages over when he left."""
    x, _, T = columns
    gone = leaving(rates, *columns)
    value = np.logaddexp(0, gone.odds)
    shares = np.exp(gone.logs - value[:, None])
    weights = shares * count[:, None]
    slopes, bends = _slopes(rates, gone.since, x[:, None], T[:, None])
    means = np.einsum("pij,ij->pi", slopes, shares)
    flat = slopes.reshape(4, -1)
    hessian = (flat * weights.ravel()) @ flat.T - (means * count) @ means.T
    curvature = np.einsum("pij,ij->p", bends, weights)
    hessian[:2, :2] += [[curvature[0], curvature[1]], [curvature[1], curvature[2]]]
    hessian[2:, 2:] += [[curvature[3], curvature[4]], [curvature[4], curvature[5]]]
    return Likelihood(float(count @ value), means @ count, hessian)


def _slopes(rates: Rates, since: Grid, x: Grid, T: Grid) -> tuple[Grid, Grid]:
    """First and second derivatives of the logarithm of each point's odds.

    Returns:
        By r, α, s, β; and by rr, rα, αα, ss, sβ, ββ, each rows × points.
    """
    power = rates.r + x
    rate, rate_end = rates.alpha / (rates.alpha + since), rates.alpha / (rates.alpha + T)
    drop, drop_end = rates.beta / (rates.beta + since), rates.beta / (rates.beta + T)
    left = T - since
    by_r = rates.r * np.log1p(left / (rates.alpha + since))
    by_s = rates.s * np.log1p(left / (rates.beta + since))
    ahead = rate * left / (rates.alpha + T)
    later = drop * left / (rates.beta + T)
    bend_rate = rate * (1 - rate) - rate_end * (1 - rate_end)
    bend_drop = drop * (1 - drop)
    bend_later = rates.s * (bend_drop - drop_end * (1 - drop_end)) + bend_drop
    slopes = np.stack((by_r, -power * ahead, 1 + by_s, -rates.s * later - drop))
    bends = np.stack(
        (by_r, -rates.r * ahead, -power * bend_rate, by_s, -rates.s * later, -bend_later)
    )
    return slopes, bends
