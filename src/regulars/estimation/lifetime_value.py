"""What a customer will be worth within a horizon: purchases × spend, discounted, with a margin.

Purchases come from a model of purchases, the amount of each from Gamma-Gamma; the two are taken to
be independent. Without a margin the figure is revenue, and is called so.

Intervals: with N purchases and the customer's true mean spend M, the sum S has
E[S] = E[N] E[M] and E[S²] = E[M²] (E[N]/p + E[N²]) exactly; given S > 0 it is taken for a gamma
variable with these two moments, and S = 0 has its exact probability.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.special import gammaincinv, ndtri

from regulars.estimation.fitting import Fit
from regulars.estimation.forecast import PurchaseModel, expected_purchases, slopes_of
from regulars.estimation.gamma_gamma import SpendHistory, expected_spend, second_moment
from regulars.estimation.purchase_history import PurchaseHistory
from regulars.kernel.errors import OptionError
from regulars.kernel.wording import say

type Vector = npt.NDArray[np.float64]
type Parameters = Mapping[str, float]

_PERIODS = 24  # parts of the horizon, each discounted from its middle


@dataclass(frozen=True, slots=True)
class Terms:
    """What the worth of a customer depends on beside himself.

    Attributes:
        horizon: How far ahead, in the unit of the history.
        margin: Share of the revenue that stays with the firm; None where the firm has not said.
        discount: Interest per unit of time, compounded.

    Raises:
        OptionError: The horizon is not positive, or the interest negative.

    >>> Terms(horizon=52, margin=0.3, discount=0.002).kind
    'clv'
    >>> Terms(horizon=52).kind
    'revenue'
    """

    horizon: float
    margin: float | None = None
    discount: float = 0.0

    def __post_init__(self) -> None:
        if not self.horizon > 0:
            raise OptionError(say("The horizon is not positive."))
        if not self.discount >= 0:
            raise OptionError(say("The interest is negative."))

    @property
    def kind(self) -> Literal["clv", "revenue"]:
        """What the figure may be called."""
        return "revenue" if self.margin is None else "clv"


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class LifetimeValue:
    """Worth of each customer within a horizon; one entry a row of the history.

    Attributes:
        terms: Horizon, margin and interest.
        p_alive: Probability that he is still there.
        purchases: Expected purchases; ``spend`` the expected amount of one.
        value: Expected worth; ``low`` and ``high`` its interval.
        variance: Of his worth; infinite where the spending of strangers has no variance (q ≤ 2).
        total: Worth of all customers; ``total_low`` and ``total_high`` its interval.
        confidence: Probability that an interval covers.
    """

    terms: Terms
    p_alive: Vector
    purchases: Vector
    spend: Vector
    value: Vector
    low: Vector
    high: Vector
    variance: Vector
    total: float
    total_low: float
    total_high: float
    confidence: float


@dataclass(frozen=True, slots=True, eq=False)
class Buyers:
    """Customers as two models see them: when they bought, and what they spent, row by row."""

    model: PurchaseModel
    fit: Fit
    history: PurchaseHistory
    spend_fit: Fit
    spend: SpendHistory


def lifetime_value(buyers: Buyers, terms: Terms, *, confidence: float = 0.95) -> LifetimeValue:
    """What each customer is worth within the horizon.

    >>> from regulars.estimation.bg_nbd import BG_NBD
    >>> history = PurchaseHistory.per_customer([0, 1, 4, 2], [0, 5, 30, 9], [38, 39, 37, 20])
    >>> spend = SpendHistory.of(history.x, [0, 20, 35, 50])
    >>> def known(model, **parameters):
    ...     size = len(parameters)
    ...     errors = dict.fromkeys(parameters, 0.0)
    ...     return Fit(
    ...         model=model,
    ...         parameters=parameters,
    ...         standard_errors=errors,
    ...         customers=4,
    ...         covariance=np.zeros((size, size)),
    ...         log_likelihood=0.0,
    ...         unit="week",
    ...         steps=0,
    ...     )
    >>> buys = known("bg-nbd", r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> spends = known("gamma-gamma", p=6.25, q=3.74, gamma=15.44)
    >>> worth = lifetime_value(Buyers(BG_NBD, buys, history, spends, spend), Terms(horizon=52))
    >>> worth.terms.kind, worth.value.round(1).tolist()
    ('revenue', [9.0, 9.4, 107.8, 84.3])
    """
    alive, purchases, spend, square = _moments(buyers, terms.horizon)
    revenue, worth = purchases * spend, worth_of_revenue(buyers, terms)
    low, high = _interval(_returning(buyers, alive, terms.horizon), revenue, square, confidence)
    variance = worth**2 * np.maximum(square - revenue**2, 0)
    total = float(buyers.history.count @ (worth * revenue))
    reach = float(ndtri((1 + confidence) / 2)) * _spread(buyers, terms, variance)
    return LifetimeValue(
        terms=terms,
        p_alive=alive,
        purchases=purchases,
        spend=spend,
        value=worth * revenue,
        low=worth * low,
        high=worth * high,
        variance=variance,
        total=total,
        total_low=max(total - reach, 0.0),
        total_high=total + reach,
        confidence=confidence,
    )


def worth_of_revenue(buyers: Buyers, terms: Terms) -> Vector:
    """What one unit of a customer's undiscounted revenue is worth: margin and interest."""
    margin = 1.0 if terms.margin is None else terms.margin
    if not terms.discount:
        return np.full(len(buyers.history), margin)
    discounted = _discounted(buyers.model, buyers.fit.parameters, buyers.history, terms)
    plain = expected_purchases(buyers.model, buyers.fit.parameters, buyers.history, terms.horizon)
    return margin * np.divide(discounted, plain, out=np.ones_like(plain), where=plain > 0)


def _moments(buyers: Buyers, horizon: float) -> tuple[Vector, Vector, Vector, Vector]:
    """P(alive), E[N], E[M] and E[S²] of each customer."""
    parameters, history = buyers.fit.parameters, buyers.history
    alive = buyers.model.p_alive(parameters, history)
    mean, second = buyers.model.moments(parameters, history, horizon)
    purchases = alive * mean
    times = purchases / buyers.spend_fit.parameters["p"] + alive * (second + mean)
    squares = second_moment(buyers.spend_fit.parameters, buyers.spend)
    square = np.multiply(squares, times, out=np.zeros_like(times), where=purchases > 0)
    return alive, purchases, expected_spend(buyers.spend_fit.parameters, buyers.spend), square


def _returning(buyers: Buyers, alive: Vector, horizon: float) -> Vector:
    """Probability to buy at all in the horizon."""
    once = np.ones(len(buyers.history))
    return alive * buyers.model.at_least(buyers.fit.parameters, buyers.history, horizon, once)


def _discounted(
    model: PurchaseModel, parameters: Parameters, history: PurchaseHistory, terms: Terms
) -> Vector:
    """Expected purchases, each part of the horizon discounted from its middle."""
    edges = np.linspace(0, terms.horizon, _PERIODS + 1)
    worth = (1 + terms.discount) ** -((edges[1:] + edges[:-1]) / 2)
    alive = model.p_alive(parameters, history)
    total, before = np.zeros(len(history)), np.zeros(len(history))
    for edge, factor in zip(edges[1:].tolist(), worth.tolist(), strict=True):
        until = model.moments(parameters, history, edge)[0]
        total += factor * (until - before)
        before = until
    return alive * total


def _interval(
    some: Vector, mean: Vector, square: Vector, confidence: float
) -> tuple[Vector, Vector]:
    """Interval of a sum that is zero with probability 1 - ``some``, else gamma by its moments."""
    miss = (1 - confidence) / 2
    safe = np.maximum(some, 1e-300)
    level = mean / safe
    spread = np.maximum(square / safe - level**2, 1e-12 * level**2)
    known = np.isfinite(spread) & (mean > 0)
    shape = np.divide(level**2, spread, out=np.ones_like(mean), where=known)

    def quantile(probability: Vector) -> Vector:
        above = np.clip(1 - (1 - probability) / safe, 0, 1)
        scale = np.divide(spread, level, out=np.zeros_like(mean), where=known)
        return np.where(known, gammaincinv(shape, above) * scale, 0.0)

    low = quantile(np.full_like(mean, miss))
    # An interval from 0 misses nothing below, so all that it may miss is above.
    high = quantile(np.where(low > 0, 1 - miss, 1 - 2 * miss))
    return low, np.where(np.isfinite(square), high, np.inf)


def _spread(buyers: Buyers, terms: Terms, variance: Vector) -> float:
    """Standard deviation of the total: of what customers do, and of both models' parameters."""
    count = buyers.history.count
    worth = worth_of_revenue(buyers, terms)

    def by_purchases(parameters: Parameters) -> float:
        ahead = expected_purchases(buyers.model, parameters, buyers.history, terms.horizon)
        return float((count * spend * worth) @ ahead)

    def by_spend(parameters: Parameters) -> float:
        return float((count * purchases * worth) @ expected_spend(parameters, buyers.spend))

    spend = expected_spend(buyers.spend_fit.parameters, buyers.spend)
    purchases = expected_purchases(
        buyers.model, buyers.fit.parameters, buyers.history, terms.horizon
    )
    moved = slopes_of(by_purchases, buyers.fit)
    paid = slopes_of(by_spend, buyers.spend_fit)
    of_parameters = moved @ buyers.fit.covariance @ moved
    of_parameters += paid @ buyers.spend_fit.covariance @ paid
    return float(np.sqrt(float(count @ variance) + of_parameters))
