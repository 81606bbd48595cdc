"""A model that answers once for all customers who share a purchase history.

A list of customers has a row each, and most of them share their history with others: a million
customers have some ten thousand. Asking the model once a history and handing the answers out is
exact, and many times faster.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from regulars.estimation.fitting import Fit
from regulars.estimation.forecast import PurchaseModel
from regulars.estimation.purchase_history import PurchaseHistory

type Vector = npt.NDArray[np.float64]
type Indices = npt.NDArray[np.intp]
type Parameters = Mapping[str, float]


@dataclass(frozen=True, slots=True, eq=False)
class ByDistinct:
    """A model of purchases for one list of customers.

    Attributes:
        model: The model that is asked.
        whole: The list, one row a customer; other histories are answered row by row.
        distinct: The histories in it, each once; ``place`` says where each customer's is.
        place: Row of ``distinct`` for each row of ``whole``.

    >>> from regulars.estimation.own_rate import OWN_RATE
    >>> people = PurchaseHistory.per_customer([4, 0, 4], [30, 0, 30], [40, 9, 40])
    >>> once = ByDistinct.of(OWN_RATE, people)
    >>> len(once.distinct), once.moments({}, people, 10)[0].tolist()
    (2, [1.0, 0.0, 1.0])
    """

    model: PurchaseModel
    whole: PurchaseHistory
    distinct: PurchaseHistory
    place: Indices

    @classmethod
    def of(cls, model: PurchaseModel, whole: PurchaseHistory) -> Self:
        """The distinct histories of a list, found by sorting it once."""
        order = np.lexsort((whole.t_x, whole.T, whole.x))
        new = np.zeros(len(whole), dtype=bool)
        new[:1] = True
        for column in (whole.x, whole.T, whole.t_x):
            new[1:] |= column[order][1:] != column[order][:-1]
        place = np.empty(len(whole), dtype=np.intp)
        place[order] = np.cumsum(new) - 1
        counts = np.bincount(place, whole.count, int(new.sum()))
        rows = whole.rows(order[new])
        distinct = PurchaseHistory(rows.x, rows.t_x, rows.T, counts, whole.unit)
        return cls(model, whole, distinct, place)

    @property
    def name(self) -> str:
        """That of the model."""
        return self.model.name

    @property
    def names(self) -> tuple[str, ...]:
        """Those of the model's parameters."""
        return self.model.names

    def fit(self, history: PurchaseHistory) -> Fit:
        """The model's own fit."""
        return self.model.fit(self.distinct if history is self.whole else history)

    def p_alive(self, parameters: Parameters, history: PurchaseHistory, /) -> Vector:
        """Probability that each customer is still there."""
        if history is not self.whole:
            return self.model.p_alive(parameters, history)
        return self.model.p_alive(parameters, self.distinct)[self.place]

    def moments(
        self, parameters: Parameters, history: PurchaseHistory, horizon: float, /
    ) -> tuple[Vector, Vector]:
        """E[N] and E[N(N-1)] of the purchases in the horizon, of customers still there."""
        if history is not self.whole:
            return self.model.moments(parameters, history, horizon)
        mean, second = self.model.moments(parameters, self.distinct, horizon)
        return mean[self.place], second[self.place]

    def at_least(
        self, parameters: Parameters, history: PurchaseHistory, horizon: float, k: Vector, /
    ) -> Vector:
        """P(N ≥ k) of customers still there; once a history where k is the same for all."""
        if history is not self.whole or len(k) == 0 or np.ptp(k) != 0:
            return self.model.at_least(parameters, history, horizon, k)
        same = np.full(len(self.distinct), k[0])
        return self.model.at_least(parameters, self.distinct, horizon, same)[self.place]
