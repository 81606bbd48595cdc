"""Purchase histories: how often, until when and for how long each customer was seen.

The models of purchases see a customer only through three numbers, so customers who share all three
share one row with a count. That is exact, and it makes a fit almost independent of the number of
customers: ten million customers counted in days have about a million and a half distinct rows.
"""

from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from regulars.estimation.fitting import DegenerateDataError
from regulars.kernel.errors import InputError
from regulars.kernel.wording import Message, say, say_count

type Vector = npt.NDArray[np.float64]
type Indices = npt.NDArray[np.intp]
type Keys = npt.NDArray[np.unsignedinteger[Any]]

# Whole days, or whole days expressed in weeks: times on such a grid sort as integers.
_GRIDS = (1.0, 7.0)
_SMALL_KEY, _LARGEST_KEY = 2**32, 2**62
_FEWEST = 2


@dataclass(frozen=True, slots=True, eq=False)
class PurchaseHistory:
    """Rows of purchase histories, each shared by ``count`` customers.

    Attributes:
        x: Days with a purchase after the first.
        t_x: Time from the first purchase to the last; 0 exactly where ``x`` is 0.
        T: Time from the first purchase to the end of the observation.
        count: Customers with this history.
        unit: Unit of ``t_x`` and ``T``, ``day`` or ``week``.
        group: Number of the group that the customers of a row belong to, where a model tells
            them apart (:mod:`regulars.estimation.by_group`); None: it does not.

    Raises:
        InputError: A value is missing, negative, not whole (``x``) or contradicts another.

    >>> history = PurchaseHistory.of(x=[2, 0, 2], t_x=[3, 0, 3], T=[9, 9, 9])
    >>> history.x.tolist(), history.count.tolist(), history.customers
    ([0.0, 2.0], [1.0, 2.0], 3)
    """

    x: Vector
    t_x: Vector
    T: Vector
    count: Vector
    unit: str = "day"
    group: Indices | None = None

    def __post_init__(self) -> None:
        if problem := self._problem():
            raise InputError(problem, accepted=_ACCEPTED)

    @classmethod
    def per_customer(
        cls, x: npt.ArrayLike, t_x: npt.ArrayLike, T: npt.ArrayLike, *, unit: str = "day"
    ) -> Self:
        """One row a customer, in the order given: what forecasts of single customers need."""
        times = np.asarray(x, dtype=np.float64)
        last, end = np.asarray(t_x, dtype=np.float64), np.asarray(T, dtype=np.float64)
        return cls(times, last, end, np.ones(times.shape), unit)

    @classmethod
    def of(
        cls,
        x: npt.ArrayLike,
        t_x: npt.ArrayLike,
        T: npt.ArrayLike,
        *,
        count: npt.ArrayLike | None = None,
        unit: str = "day",
    ) -> Self:
        """The distinct histories with their counts, sorted by ``x``, ``T``, ``t_x``."""
        each = cls.per_customer(x, t_x, T, unit=unit)
        if count is None:
            return each.collapsed()
        return replace(each, count=np.asarray(count, dtype=np.float64)).collapsed()

    def collapsed(self) -> Self:
        """The same customers, equal histories in one row, sorted by ``x``, ``T``, ``t_x``.

        Whatever group they belong to: a model that tells groups apart takes one at a time.
        """
        grid = _Grid.of(self)
        if grid is None:
            return self._grouped(np.lexsort((self.t_x, self.T, self.x)))
        keys = grid.keys(self)
        if bool((keys[1:] > keys[:-1]).all()):
            return self if self.group is None else replace(self, group=None)
        if bool((self.count == 1).all()):
            keys.sort()
            return self._counted(keys, grid)
        return self._grouped(np.argsort(keys))

    @property
    def customers(self) -> int:
        """Customers in all rows."""
        return round(float(self.count.sum()))

    @property
    def repeat_buyers(self) -> int:
        """Customers who came back at least once."""
        return round(float(self.count[self.x > 0].sum()))

    @property
    def purchases(self) -> float:
        """Purchases after the first, of all customers."""
        return float(self.x @ self.count)

    def __len__(self) -> int:
        return len(self.x)

    def rows(self, chosen: npt.NDArray[np.bool_] | Indices | slice) -> Self:
        """The chosen rows."""
        parts = (self.x[chosen], self.t_x[chosen], self.T[chosen], self.count[chosen])
        group = None if self.group is None else self.group[chosen]
        return type(self)(*parts, self.unit, group)

    def runs(self) -> tuple[Indices, Indices]:
        """The first row of each run of rows with equal ``x`` and ``T``, and the run of each row.

        What does not depend on ``t_x`` need be computed only once a run.
        """
        changes = np.ones(len(self), dtype=bool)
        changes[1:] = (self.x[1:] != self.x[:-1]) | (self.T[1:] != self.T[:-1])
        return np.flatnonzero(changes), np.cumsum(changes) - 1

    def _problem(self) -> Message | None:
        columns = (self.x, self.t_x, self.T, self.count)
        grouped = columns if self.group is None else (*columns, self.group)
        if any(column.shape != (len(self.x),) for column in grouped):
            return say("The columns of the purchase history differ in length.")
        if not all(bool(np.isfinite(column).all()) for column in columns):
            return say("A purchase history has a missing or infinite value.")
        wrong = (self.x < 0) | (self.x != np.floor(self.x)) | (self.count < 0)
        wrong |= (self.t_x < 0) | (self.t_x > self.T) | ((self.x == 0) != (self.t_x == 0))
        if not wrong.any():
            return None
        row = int(np.argmax(wrong))
        return say(
            "Row {row} of the purchase history contradicts itself: x {x}, t_x {t_x}, T {T}.",
            row=row + 1,
            x=float(self.x[row]),
            t_x=float(self.t_x[row]),
            T=float(self.T[row]),
        )

    def _counted(self, keys: Keys, grid: "_Grid") -> Self:
        """Distinct rows from sorted keys: sorting values is twice as fast as sorting rows."""
        first = np.flatnonzero(keys[1:] != keys[:-1]) + 1
        first = np.concatenate(([0], first))
        count = np.diff(first, append=len(keys)).astype(np.float64)
        return type(self)(*grid.values(keys[first]), count, self.unit)

    def _grouped(self, order: Indices) -> Self:
        ordered = self.rows(order)
        if len(ordered) == 0:
            return ordered
        changes = np.zeros(len(ordered), dtype=bool)
        changes[0] = True
        for column in (ordered.x, ordered.T, ordered.t_x):
            changes[1:] |= column[1:] != column[:-1]
        first = np.flatnonzero(changes)
        count = np.add.reduceat(ordered.count, first)
        return type(self)(ordered.x[first], ordered.t_x[first], ordered.T[first], count, self.unit)


@dataclass(frozen=True, slots=True)
class _Grid:
    """A grid of time on which whole rows become whole numbers that sort as (x, T, t_x).

    Attributes:
        steps: Steps of the grid in a unit of time.
        width: Numbers that a time can take.
        kind: The smallest kind of whole number that holds a row; small ones sort faster.
    """

    steps: float
    width: int
    kind: np.dtype[Any]

    @classmethod
    def of(cls, history: PurchaseHistory) -> Self | None:
        """The grid of a history, or None where it has none or is empty."""
        steps = _steps(history) if len(history) else None
        if steps is None:
            return None
        width = round(float(history.T.max()) * steps) + 1
        largest = (float(history.x.max()) + 1) * width * width
        if largest > _LARGEST_KEY:
            return None
        return cls(steps, width, np.dtype(np.uint32 if largest < _SMALL_KEY else np.uint64))

    def keys(self, history: PurchaseHistory) -> Keys:
        """One whole number a row."""
        keys: Keys = history.x.astype(self.kind)
        for column in (history.T, history.t_x):
            keys *= self.kind.type(self.width)
            keys += (column * self.steps + 0.5).astype(self.kind)
        return keys

    def values(self, keys: Keys) -> tuple[Vector, Vector, Vector]:
        """The x, t_x and T of keys."""
        rest, t_x = np.divmod(keys, self.kind.type(self.width))
        x, T = np.divmod(rest, self.kind.type(self.width))
        return x.astype(np.float64), t_x / self.steps, T / self.steps


def _steps(history: PurchaseHistory) -> float | None:
    for steps in _GRIDS:
        if _on_grid(history.T, steps) and _on_grid(history.t_x, steps):
            return steps
    return None


_ACCEPTED = say(
    "Accepted: x a whole number of at least 0, and 0 ≤ t_x ≤ T, with t_x 0 exactly where x is 0."
)


def _on_grid(values: Vector, grid: float) -> bool:
    """Whether every value is a whole number divided by ``grid``, to the last bit."""
    return bool((np.rint(values * grid) / grid == values).all())


def refuse_degenerate(history: PurchaseHistory) -> None:
    """Refuse a history from which no model of purchases can learn.

    Raises:
        DegenerateDataError: Fewer than two customers, nobody came back, or all are alike.
    """
    if history.customers < _FEWEST:
        problem = say_count(
            "There is {n} customer.", "There are {n} customers.", n=history.customers
        )
    elif not history.repeat_buyers:
        problem = say("No customer came back within the time observed.")
    elif all(np.ptp(column) == 0 for column in (history.x, history.t_x, history.T)):
        problem = say("All customers have the same purchase history.")
    else:
        return
    raise DegenerateDataError(problem, accepted=say("A model needs customers who differ."))


def distinct_sums(values: Vector, weights: Vector) -> tuple[Vector, Vector]:
    """The distinct values, ascending, and the sum of the weights of each."""
    for grid in _GRIDS:
        if len(values) and _on_grid(values, grid) and float(values.max()) * grid < len(values):
            sums = np.bincount(np.rint(values * grid).astype(np.intp), weights)
            hit = np.flatnonzero(np.bincount(np.rint(values * grid).astype(np.intp)))
            return hit / grid, sums[hit]
    distinct, place = np.unique(values, return_inverse=True)
    return distinct, np.bincount(place, weights, len(distinct))
