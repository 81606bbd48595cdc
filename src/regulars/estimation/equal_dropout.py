"""MBG/NBD in which everybody is equally likely to leave: what small firms' data can determine.

Customers differ in how often they buy, λ ~ Gamma(r, α), and leave after any purchase with the same
probability p. It is the limit of MBG/NBD as a and b grow with a/(a+b) = p, which is where the fit
of few customers often runs to: their data do not show that they differ in how readily they leave.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import betainc, expit

from regulars.estimation.beta_geometric import NAMES, Sufficient, likelihood
from regulars.estimation.fitting import Fit, Likelihood, Maximum, maximise
from regulars.estimation.purchase_history import PurchaseHistory, refuse_degenerate

type Vector = npt.NDArray[np.float64]
type Parameters = Mapping[str, float]

_LIMIT = 1e7  # b: customers differ in p by a few ten-thousandths of it
_SHIFT = 1  # as MBG/NBD, he may leave after the first purchase too


@dataclass(frozen=True, slots=True)
class EqualDropout:
    """MBG/NBD with one chance to leave for all.

    >>> history = PurchaseHistory.per_customer([2, 0], [30.0, 0.0], [38.0, 38.0], unit="week")
    >>> EQUAL_DROPOUT.p_alive({"r": 0.5, "alpha": 6.0, "p": 0.25}, history).round(2).tolist()
    [0.64, 0.53]
    """

    name: str = "equal-dropout"

    @property
    def names(self) -> tuple[str, ...]:
        """r, α and p."""
        return ("r", "alpha", "p")

    def fit(self, history: PurchaseHistory) -> Fit:
        """Maximum likelihood.

        Raises:
            DegenerateDataError: Nobody came back, or all customers are alike.
            NotConvergedError: There is no maximum, as where nobody leaves.
        """
        refuse_degenerate(history)
        data = Sufficient.of(history.collapsed(), _SHIFT)

        def objective(logs: Vector) -> Likelihood:
            here = likelihood(np.append(logs, np.log(_LIMIT)), data)
            return Likelihood(here.value, here.gradient[:3], here.hessian[:3, :3])

        rate = history.purchases / float(history.T @ history.count)
        found = maximise(objective, np.log([0.5, 0.4 / rate, 0.25 * _LIMIT]), NAMES[:3])
        stays = _LIMIT / (_LIMIT + np.exp(found.point[2]))
        scale = np.array([1, 1, stays])  # ln p moves by 1 - p where ln a moves by 1
        point = np.append(found.point[:2], np.log(1 - stays))
        covariance = scale[:, None] * found.covariance * scale
        maximum = Maximum(point, found.value, covariance, found.steps)
        return maximum.fit(self.name, self.names, customers=history.customers, unit=history.unit)

    def p_alive(self, parameters: Parameters, history: PurchaseHistory, /) -> Vector:
        """1 / (1 + p/(1-p) ((α+T)/(α+t_x))^(r+x)): that each customer is still there."""
        r, alpha, p = (parameters[name] for name in self.names)
        silence = np.log((alpha + history.T) / (alpha + history.t_x))
        odds = np.log(p / (1 - p)) + (r + history.x) * silence
        return np.asarray(expit(-odds), dtype=np.float64)

    def moments(
        self, parameters: Parameters, history: PurchaseHistory, horizon: float, /
    ) -> tuple[Vector, Vector]:
        """E[N] and E[N(N-1)] of the purchases in the horizon, of customers still there.

        With λ given, E[N] = (1 - e^(-λp·horizon))/p; the mixture over λ has a closed form.
        """
        r, alpha, p = (parameters[name] for name in self.names)
        shape, scale = r + history.x, alpha + history.T
        share = p * horizon / scale
        gone = -np.expm1(-shape * np.log1p(share))
        lost = shape * share * np.exp(-(shape + 1) * np.log1p(share))
        return gone / p, 2 * (1 - p) * (gone - lost) / p**2

    def at_least(
        self, parameters: Parameters, history: PurchaseHistory, horizon: float, k: Vector, /
    ) -> Vector:
        """P(N ≥ k) of customers still there, for k ≥ 1: he buys k times and stays k - 1 times."""
        r, alpha, p = (parameters[name] for name in self.names)
        share = horizon / (alpha + history.T + horizon)
        return np.asarray(betainc(k, r + history.x, share) * (1 - p) ** (k - 1), np.float64)


EQUAL_DROPOUT = EqualDropout()
