"""The naive candidate: every customer goes on as he did, and nobody ever leaves.

It stands beside the models in every comparison. A model that does not beat it has not earned its
place.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import betainc

from regulars.estimation.fitting import Fit
from regulars.estimation.purchase_history import PurchaseHistory

type Vector = npt.NDArray[np.float64]
type Parameters = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class OwnRate:
    """Expects ``x / T`` purchases a unit of time of each customer, whoever he is.

    Its intervals are those of a rate known only from ``x`` purchases in ``T``: the future count
    is then negative binomial with shape ``x``.

    >>> history = PurchaseHistory.per_customer([4, 0], [30, 0], [40, 0])
    >>> OWN_RATE.moments({}, history, 10)[0].tolist()
    [1.0, 0.0]
    """

    name: str = "own-rate"

    @property
    def names(self) -> tuple[str, ...]:
        """It has no parameters."""
        return ()

    def fit(self, history: PurchaseHistory) -> Fit:
        """There is nothing to learn; the result says on how many customers it learned nothing."""
        return Fit(
            model=self.name,
            parameters={},
            standard_errors={},
            covariance=np.zeros((0, 0)),
            log_likelihood=float("nan"),
            customers=history.customers,
            unit=history.unit,
            steps=0,
        )

    def p_alive(self, _parameters: Parameters, history: PurchaseHistory) -> Vector:
        """One for everybody."""
        return np.ones(len(history))

    def moments(
        self, _parameters: Parameters, history: PurchaseHistory, horizon: float
    ) -> tuple[Vector, Vector]:
        """E[N] and E[N(N-1)] of the purchases in the horizon."""
        share = _share(history, horizon)
        return history.x * share, history.x * (history.x + 1) * share**2

    def at_least(
        self, _parameters: Parameters, history: PurchaseHistory, horizon: float, k: Vector
    ) -> Vector:
        """Probability of at least ``k`` ≥ 1 purchases in the horizon."""
        share = _share(history, horizon)
        bought = betainc(k, np.maximum(history.x, 1), share / (1 + share))
        return np.asarray(np.where(history.x > 0, bought, 0.0), dtype=np.float64)


def _share(history: PurchaseHistory, horizon: float) -> Vector:
    """The horizon as a multiple of the time observed; 0 for a customer not observed at all."""
    observed = history.T > 0
    return np.divide(horizon, history.T, out=np.zeros(len(history)), where=observed)


OWN_RATE = OwnRate()
