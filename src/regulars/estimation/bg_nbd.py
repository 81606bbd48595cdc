"""BG/NBD and MBG/NBD: fitted, and what they expect of each customer.

The two differ only in whether a customer may leave right after his first purchase (MBG/NBD) or not
(BG/NBD): see :mod:`regulars.estimation.beta_geometric`. BG/NBD therefore calls everybody without a
repeat purchase alive with certainty; use MBG/NBD or Pareto/NBD to find customers at risk.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import prod

import numpy as np
import numpy.typing as npt
from scipy.special import betainc, betaln, expit, hyp2f1, log_expit, polygamma

from regulars.estimation.beta_geometric import NAMES, Sufficient, likelihood
from regulars.estimation.fitting import Fit, maximise
from regulars.estimation.purchase_history import PurchaseHistory, refuse_degenerate

type Vector = npt.NDArray[np.float64]
type Parameters = Mapping[str, float]

_STEP_ASIDE = 0.01  # formulas with a removable pole at a = 1 or 2 are interpolated across it


@dataclass(frozen=True, slots=True)
class BetaGeometricNBD:
    """A model of purchases with dropout at purchases: BG/NBD (``shift`` 0) or MBG/NBD (1).

    >>> history = PurchaseHistory.per_customer([2], [30.43], [38.86], unit="week")
    >>> published = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}
    >>> round(float(BG_NBD.p_alive(published, history)[0]), 4)
    0.7266
    >>> mean, _ = BG_NBD.moments(published, history, 39)
    >>> round(float(mean[0]) * 0.7266, 3)
    1.226
    """

    name: str
    shift: int

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the parameters, in the order of the covariance."""
        return NAMES

    def fit(self, history: PurchaseHistory) -> Fit:
        """Maximum likelihood.

        Raises:
            DegenerateDataError: Nobody came back, or all customers are alike.
            NotConvergedError: There is no maximum to report; the reason says why.

        Source: Fader, Hardie & Lee (2005), eq. 6; Batislam et al. (2007) for MBG/NBD.
        """
        refuse_degenerate(history)
        collapsed = history.collapsed()
        data = Sufficient.of(collapsed, self.shift)
        rate = history.purchases / float(history.T @ history.count)
        start = np.log([0.5, 0.4 / rate, 0.7, 2.0])
        maximum = maximise(lambda logs: likelihood(logs, data), start, NAMES)
        return maximum.fit(self.name, NAMES, customers=history.customers, unit=history.unit)

    def log_likelihood(self, parameters: Parameters, history: PurchaseHistory) -> float:
        """The log-likelihood of the history at given parameters."""
        logs = np.log([parameters[name] for name in NAMES])
        return likelihood(logs, Sufficient.of(history.collapsed(), self.shift)).value

    def p_alive(self, parameters: Parameters, history: PurchaseHistory) -> Vector:
        """Probability that each customer is still there at the end of his observation.

        1 / (1 + a/(b+y-1) ((α+T)/(α+t_x))^(r+x)), and 1 where he had no chance to leave.
        """
        r, alpha, a, b = (parameters[name] for name in NAMES)
        y = history.x + self.shift
        silence = np.log((alpha + history.T) / (alpha + history.t_x))
        odds = np.log(a / (b + np.maximum(y, 1) - 1)) + (r + history.x) * silence
        return np.asarray(np.where(y > 0, expit(-odds), 1.0), dtype=np.float64)

    def moments(
        self, parameters: Parameters, history: PurchaseHistory, horizon: float
    ) -> tuple[Vector, Vector]:
        """E[N] and E[N(N-1)] of the purchases in (T, T + horizon] of a customer still there.

        With p and λ given, E[N] = (1 - e^(-λp·horizon))/p; the mixtures over λ ~ Gamma(r+x, α+T)
        and p ~ Beta(a, b+y) give hypergeometric functions, here in the form whose arguments do
        not grow with x. The mean is eq. 10 of Fader, Hardie & Lee (2005).
        """
        r, alpha, a, b = (parameters[name] for name in NAMES)
        first, place = history.runs()
        x = history.x[first]
        rate, stay = (r + x, alpha + history.T[first]), b + x + self.shift
        mean = _around_poles(lambda at: _mean(at, stay, rate, horizon), a)
        second = _around_poles(lambda at: _second(at, stay, rate, horizon), a)
        lost = np.flatnonzero(~np.isfinite(mean + second))
        if len(lost):
            few = (rate[0][lost], rate[1][lost])
            mean[lost], second[lost] = _by_quadrature(a, stay[lost], few, horizon)
        return mean[place], second[place]

    def at_least(
        self, parameters: Parameters, history: PurchaseHistory, horizon: float, k: Vector
    ) -> Vector:
        """Probability of at least ``k`` ≥ 1 purchases in the horizon of a customer still there.

        He has to buy k times, had he stayed, and to stay through the first k - 1 of them:
        I_q(k, r+x) B(a, b+y+k-1)/B(a, b+y) with q = horizon/(α+T+horizon).
        """
        r, alpha, a, b = (parameters[name] for name in NAMES)
        stay = b + history.x + self.shift
        share = horizon / (alpha + history.T + horizon)
        buys = betainc(k, r + history.x, share)
        stays = np.exp(betaln(a, stay + k - 1) - betaln(a, stay))
        return np.asarray(buys * stays, dtype=np.float64)


def _around_poles(formula: Callable[[float], Vector], a: float) -> Vector:
    """The formula at ``a``; next to a removable pole the cubic through four points around it."""
    pole = round(a)
    if pole not in {1, 2} or abs(a - pole) > _STEP_ASIDE:
        return formula(a)
    nodes = [pole + steps * _STEP_ASIDE for steps in (-2, -1, 1, 2)]
    weights = [prod((a - o) / (n - o) for o in nodes if o != n) for n in nodes]
    values = [weight * formula(node) for node, weight in zip(nodes, weights, strict=True)]
    return np.asarray(np.sum(values, axis=0), dtype=np.float64)


def _mean(a: float, stay: Vector, rate: tuple[Vector, Vector], horizon: float) -> Vector:
    total = a + stay - 1
    survival = _decay(rate, horizon, a - 1, total)
    return np.asarray(total / (a - 1) * (1 - survival), dtype=np.float64)


def _second(a: float, stay: Vector, rate: tuple[Vector, Vector], horizon: float) -> Vector:
    shape, scale = rate
    total = a + stay - 1
    first = _decay(rate, horizon, a - 2, total)
    second = _decay((shape + 1, scale), horizon, a - 1, total + 1)
    lost = shape * horizon / scale * (a - 2) / total * second
    return np.asarray(2 * stay * total / ((a - 1) * (a - 2)) * (1 - first - lost), np.float64)


def _decay(rate: tuple[Vector, Vector], horizon: float, a: float, c: Vector) -> Vector:
    """₂F₁(shape, a; c; -horizon/scale) = E[e^(-λp·horizon)], in the form that stays bounded.

    Of Pfaff's two transformations one grows without end as the horizon does, the other converges.
    """
    shape, scale = np.broadcast_arrays(*rate)
    left = scale / (scale + horizon)
    small = shape < a
    power = np.where(small, shape, a)
    other = c - np.where(small, a, shape)
    return np.asarray(left**power * hyp2f1(power, other, c, 1 - left), dtype=np.float64)


def _by_quadrature(
    a: float, stay: Vector, rate: tuple[Vector, Vector], horizon: float
) -> tuple[Vector, Vector]:
    """The same moments summed over p, for extreme arguments at which the series gives up.

    On the logit scale the density of p has no corners, where the trapezoid rule is most exact.
    """
    spread = np.sqrt(polygamma(1, a) + polygamma(1, stay))
    logit = np.log(a / stay) + np.multiply.outer(np.linspace(-14, 14, 1001), spread)
    logs = a * log_expit(logit) + stay * log_expit(-logit)
    weights = np.exp(logs - logs.max(axis=0))
    weights /= weights.sum(axis=0)
    shape, scale = rate
    # Below the floor both moments are at their limits; there the differences would cancel.
    p = np.maximum(expit(logit), 1e-4 * scale / horizon / (shape + 1))
    growth = np.log1p(p * horizon / scale)
    gone = -np.expm1(-shape * growth)
    lost = shape * p * horizon / scale * np.exp(-(shape + 1) * growth)
    second = 2 * expit(-logit) * (gone - lost) / p**2
    return (weights * gone / p).sum(axis=0), (weights * second).sum(axis=0)


BG_NBD = BetaGeometricNBD("bg-nbd", shift=0)
MBG_NBD = BetaGeometricNBD("mbg-nbd", shift=1)
