"""Pareto/NBD: fitted, and what it expects of each customer.

A customer buys at his own rate until he silently leaves, at any time: see
:mod:`regulars.estimation.pareto`. Everybody has some probability of having left, those without a
repeat purchase included.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import betainc, expit, exprel

from regulars.estimation.fitting import Fit, Maximum, maximise
from regulars.estimation.pareto import NAMES, NODES, WEIGHTS, Rates, leaving, likelihood
from regulars.estimation.purchase_history import (
    PurchaseHistory,
    distinct_sums,
    refuse_degenerate,
)

type Vector = npt.NDArray[np.float64]
type Parameters = Mapping[str, float]

# The rows are sorted, so every sixteenth of a large history has its maximum near that of all.
_LARGE, _SAMPLE = 1 << 16, 16
_BLOCK = 1 << 14  # rows; times the points of a quadrature they fit the memory of any machine


@dataclass(frozen=True, slots=True)
class ParetoNBD:
    """The model of purchases with dropout at any time.

    >>> history = PurchaseHistory.per_customer([2], [30.43], [38.86], unit="week")
    >>> published = {"r": 0.553, "alpha": 10.578, "s": 0.606, "beta": 11.669}
    >>> round(float(PARETO_NBD.p_alive(published, history)[0]), 3)
    0.869
    """

    name: str = "pareto-nbd"

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the parameters, in the order of the covariance."""
        return NAMES

    def fit(self, history: PurchaseHistory) -> Fit:
        """Maximum likelihood.

        Raises:
            DegenerateDataError: Nobody came back, or all customers are alike.
            NotConvergedError: There is no maximum to report; the reason says why.
        """
        refuse_degenerate(history)
        collapsed = history.collapsed()
        scale = float(history.T @ history.count) / history.purchases
        start = np.log([0.5, 0.4 * scale, 0.6, 0.5 * scale])
        if len(collapsed) > _LARGE:
            start = _climb(collapsed.rows(slice(None, None, _SAMPLE)), start).point
        maximum = _climb(collapsed, start)
        return maximum.fit(self.name, NAMES, customers=history.customers, unit=history.unit)

    def log_likelihood(self, parameters: Parameters, history: PurchaseHistory) -> float:
        """The log-likelihood of the history at given parameters."""
        logs = np.log([parameters[name] for name in NAMES])
        collapsed = history.collapsed()
        return likelihood(logs, collapsed, distinct_sums(collapsed.x, collapsed.count)).value

    def p_alive(self, parameters: Parameters, history: PurchaseHistory) -> Vector:
        """Probability that each customer is still there at the end of his observation."""
        rates = _rates(parameters)
        alive = np.empty(len(history))
        for start in range(0, len(history), _BLOCK):
            block = slice(start, start + _BLOCK)
            gone = leaving(rates, history.x[block], history.t_x[block], history.T[block])
            alive[block] = expit(-gone.odds)
        return alive

    def moments(
        self, parameters: Parameters, history: PurchaseHistory, horizon: float
    ) -> tuple[Vector, Vector]:
        """E[N] and E[N(N-1)] of the purchases in (T, T + horizon] of a customer still there.

        His rate is Gamma(r+x, α+T), and the time he stays within the horizon is independent of it:
        E[N] = (r+x)/(α+T) E[stay], E[N(N-1)] = (r+x)(r+x+1)/(α+T)² E[stay²], with
        P(stay > u) = ((β+T)/(β+T+u))^s. The mean is eq. 41 of Fader & Hardie (2005).
        """
        rates = _rates(parameters)
        shape, scale = rates.r + history.x, rates.alpha + history.T
        base = rates.beta + history.T
        width = np.log1p(horizon / base)
        first = base * width * exprel((1 - rates.s) * width)
        second = 2 * base * (base * width * exprel((2 - rates.s) * width) - first)
        return shape / scale * first, shape * (shape + 1) / scale**2 * second

    def at_least(
        self, parameters: Parameters, history: PurchaseHistory, horizon: float, k: Vector
    ) -> Vector:
        """Probability of at least ``k`` ≥ 1 purchases in the horizon of a customer still there.

        The negative binomial tail over the time he stays, averaged over that time.
        """
        rates = _rates(parameters)
        tail = np.empty(len(history))
        for start in range(0, len(history), _BLOCK):
            block = slice(start, start + _BLOCK)
            columns = (rates.r + history.x[block], history.T[block], k[block])
            tail[block] = _tail(rates, columns, horizon)
        return tail


def _climb(history: PurchaseHistory, start: Vector) -> Maximum:
    distinct = distinct_sums(history.x, history.count)
    return maximise(lambda logs: likelihood(logs, history, distinct), start, NAMES)


def _tail(rates: Rates, columns: tuple[Vector, Vector, Vector], horizon: float) -> Vector:
    shape, T, k = columns
    base, scale = rates.beta + T, rates.alpha + T
    width = np.log1p(horizon / base)
    reach = np.minimum(width, 40 / rates.s)[:, None]
    stay = base[:, None] * np.expm1(reach * NODES)
    chance = rates.s * np.exp(-rates.s * reach * NODES) * reach * WEIGHTS
    bought = betainc(k[:, None], shape[:, None], stay / (scale[:, None] + stay))
    stays = np.exp(-rates.s * width)
    whole = stays * betainc(k, shape, horizon / (scale + horizon))
    return np.asarray((chance * bought).sum(axis=1) + whole, dtype=np.float64)


def _rates(parameters: Parameters) -> Rates:
    return Rates(*(float(parameters[name]) for name in NAMES))


PARETO_NBD = ParetoNBD()
