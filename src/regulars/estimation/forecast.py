"""Forecasts of purchases: of each customer and of all, with intervals.

Every model answers the same four questions (:class:`PurchaseModel`); the forecast is put together
here, once. Of a customer who may have left, the number of purchases N in the horizon has

    P(N ≥ k) = P(alive) P(N ≥ k | alive)

exactly; his interval is read off it, so it counts that he may be gone and that his rate is not
known. It takes the parameters of the model as given: with hundreds of customers their uncertainty
is small beside that of one customer. The total's interval does add it, by the delta method.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit, ndtri

from regulars.estimation.fitting import Fit
from regulars.estimation.purchase_history import PurchaseHistory

type Vector = npt.NDArray[np.float64]
type Indices = npt.NDArray[np.intp]
type Parameters = Mapping[str, float]

_STEP = 1e-4  # in logarithms of the parameters, for the slopes of a total


class PurchaseModel(Protocol):
    """What the forecast asks of a model of purchases."""

    @property
    def name(self) -> str:
        """Name, as the command line spells it."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of its parameters."""

    def fit(self, history: PurchaseHistory) -> Fit:
        """Estimate the parameters; raises EstimationError where that cannot be done."""

    def p_alive(self, parameters: Parameters, history: PurchaseHistory, /) -> Vector:
        """Probability that each customer is still there."""

    def moments(
        self, parameters: Parameters, history: PurchaseHistory, horizon: float, /
    ) -> tuple[Vector, Vector]:
        """E[N] and E[N(N-1)] of the purchases in the horizon, of customers still there."""

    def at_least(
        self, parameters: Parameters, history: PurchaseHistory, horizon: float, k: Vector, /
    ) -> Vector:
        """P(N ≥ k) of customers still there, for k ≥ 1."""


@dataclass(frozen=True, slots=True)
class Total:
    """The purchases of all customers together, expected, with an interval.

    Attributes:
        expected: Expected number.
        low: Lower end of the interval; ``high`` its upper end.
        spread: Standard deviation of the forecast: of the purchases, and of what is not known.
        confidence: Probability that the interval covers the number to come.
    """

    expected: float
    low: float
    high: float
    spread: float
    confidence: float


@dataclass(frozen=True, slots=True, eq=False)
class Forecast:
    """Purchases expected in a horizon; one entry a row of the history.

    Attributes:
        model: Name of the model.
        horizon: How far ahead, in the unit of the history.
        p_alive: Probability that the customer is still there.
        expected: Expected purchases; ``variance`` of their number.
        low: Lower end of the interval of his purchases; ``high`` its upper end, both included.
        total: All customers together.
        confidence: Probability that an interval covers, at least: counts are whole numbers.
    """

    model: str
    horizon: float
    p_alive: Vector
    expected: Vector
    variance: Vector
    low: Vector
    high: Vector
    total: Total
    confidence: float


def forecast(
    model: PurchaseModel,
    fit: Fit,
    history: PurchaseHistory,
    horizon: float,
    *,
    confidence: float = 0.95,
) -> Forecast:
    """What to expect of each customer in ``horizon`` units of time after his ``T``.

    >>> from regulars.estimation.own_rate import OWN_RATE
    >>> history = PurchaseHistory.per_customer([4, 0], [30, 0], [40, 30])
    >>> ahead = forecast(OWN_RATE, OWN_RATE.fit(history), history, 20)
    >>> ahead.expected.tolist(), ahead.low.tolist(), ahead.high.tolist()
    ([2.0, 0.0], [0.0, 0.0], [5.0, 0.0])
    """
    alive = model.p_alive(fit.parameters, history)
    mean, second = model.moments(fit.parameters, history, horizon)
    expected = alive * mean
    variance = np.maximum(alive * (second + mean) - expected**2, 0)

    def tail(rows: PurchaseHistory, k: Vector) -> Vector:
        # of somebody still there it does not matter when he bought last
        first, place = _runs(rows, k)
        return model.at_least(fit.parameters, rows.rows(first), horizon, k[first])[place]

    miss = (1 - confidence) / 2
    cap = np.ceil(expected + np.sqrt(variance / miss)) + 1
    low = _largest(tail, history, alive, cap, np.full(len(history), 1 - miss))
    # An interval from 0 misses nothing below, so all that it may miss is above.
    above = np.where(low > 0, miss, 2 * miss)
    return Forecast(
        model=model.name,
        horizon=horizon,
        p_alive=alive,
        expected=expected,
        variance=variance,
        low=low,
        high=_largest(tail, history, alive, cap, above),
        total=total_of(model, fit, history, horizon, confidence=confidence),
        confidence=confidence,
    )


def alive_interval(
    model: PurchaseModel, fit: Fit, history: PurchaseHistory, *, confidence: float = 0.95
) -> tuple[Vector, Vector]:
    """Interval of each P(alive), for what is not known of the parameters.

    By the delta method on the logit scale, on which the interval stays within 0 and 1. Certainty
    that comes from the model itself, as BG/NBD's for customers without a repeat, stays certain.
    """
    alive = model.p_alive(fit.parameters, history)
    slopes = [
        (model.p_alive(more, history) - model.p_alive(less, history)) / (2 * _STEP)
        for more, less in _nudged(fit)
    ]
    unsure = alive * (1 - alive)
    stack = np.array(slopes).reshape(len(slopes), len(alive))
    spread = np.sqrt(np.einsum("ip,ij,jp->p", stack, fit.covariance, stack))
    reach = float(ndtri((1 + confidence) / 2))
    reach = reach * np.divide(spread, unsure, out=np.zeros_like(alive), where=unsure > 0)
    odds = logit(alive)
    return np.asarray(expit(odds - reach)), np.asarray(expit(odds + reach))


def expected_purchases(
    model: PurchaseModel, parameters: Parameters, history: PurchaseHistory, horizon: float
) -> Vector:
    """Expected purchases in the horizon, the chance of having left included; one a row."""
    return model.p_alive(parameters, history) * model.moments(parameters, history, horizon)[0]


def total_of(
    model: PurchaseModel,
    fit: Fit,
    history: PurchaseHistory,
    horizon: float,
    *,
    confidence: float = 0.95,
) -> Total:
    """The purchases of all customers together.

    Customers buy independently of one another, so their variances add; the uncertainty of the
    parameters moves all of them together, and is added by the delta method.
    """
    history = history if history.group is not None else history.collapsed()
    alive = model.p_alive(fit.parameters, history)
    mean, second = model.moments(fit.parameters, history, horizon)
    expected = float(history.count @ (alive * mean))
    variance = float(history.count @ (alive * (second + mean) - (alive * mean) ** 2))

    def total(parameters: Parameters) -> float:
        return float(history.count @ expected_purchases(model, parameters, history, horizon))

    slopes = slopes_of(total, fit)
    spread = float(np.sqrt(variance + slopes @ fit.covariance @ slopes))
    reach = float(ndtri((1 + confidence) / 2)) * spread
    return Total(expected, max(expected - reach, 0.0), expected + reach, spread, confidence)


def slopes_of(figure: Callable[[Parameters], float], fit: Fit) -> Vector:
    """How a figure moves with the logarithm of each parameter, by central differences."""
    slopes = [(figure(more) - figure(less)) / (2 * _STEP) for more, less in _nudged(fit)]
    return np.array(slopes, dtype=np.float64)


def _nudged(fit: Fit) -> Iterator[tuple[Parameters, Parameters]]:
    """Each parameter a step up and a step down, the others as they are."""
    for name, value in fit.parameters.items():
        more = {**fit.parameters, name: value * float(np.exp(_STEP))}
        yield more, {**fit.parameters, name: value * float(np.exp(-_STEP))}


def _runs(rows: PurchaseHistory, k: Vector) -> tuple[Indices, Indices]:
    """The first row of each run of rows alike in all but ``t_x``, and the run of each row."""
    changes = np.ones(len(rows), dtype=bool)
    for column in (rows.x, rows.T, k, *(() if rows.group is None else (rows.group,))):
        changes[1:] &= column[1:] == column[:-1]
    changes[1:] = ~changes[1:]
    return np.flatnonzero(changes), np.cumsum(changes) - 1


def _largest(
    tail: Callable[[PurchaseHistory, Vector], Vector],
    history: PurchaseHistory,
    alive: Vector,
    cap: Vector,
    threshold: Vector,
) -> Vector:
    """The largest k with P(N ≥ k) ≥ threshold, by halving; 0 where not even one is that likely.

    The cap lies above it by Chebyshev's inequality. Rows that are decided are left out.
    """
    low, high = np.zeros(len(history)), cap.copy()
    middle = np.ones(len(history))
    active = np.flatnonzero(alive >= threshold)
    while len(active):
        k = middle[active]
        reached = alive[active] * tail(history.rows(active), k) >= threshold[active]
        low[active] = np.where(reached, k, low[active])
        high[active] = np.where(reached, high[active], k)
        active = active[high[active] - low[active] > 1]
        middle = np.floor((low + high) / 2)
    return low
