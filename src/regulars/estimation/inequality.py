"""How unequally a sum is spread over people: Lorenz curve, Gini, shares of the best."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from regulars.estimation.interval import Estimate, normal_quantile

type Floats = NDArray[np.float64]
type Numbers = NDArray[np.int64] | NDArray[np.float64]

LEAST_FOR_INTERVAL = 100
"""Below so many people the large-sample interval of a share of the best is not given."""


@dataclass(frozen=True, slots=True, eq=False)
class Distribution:
    """Non-negative amounts of people, as distinct values with their counts.

    Whole numbers (minor units of money) keep every comparison exact.

    Attributes:
        values: Distinct amounts, ascending.
        counts: People with each amount.
        n: People.
        total: Sum of all amounts, above 0.
    """

    values: Numbers
    counts: NDArray[np.int64]
    n: int
    total: int | float

    @classmethod
    def of(cls, values: ArrayLike, counts: ArrayLike | None = None) -> "Distribution":
        """Collect amounts, one a person or with the number of people who have each.

        Raises:
            ValueError: An amount is negative, or all are 0.

        >>> Distribution.of([3, 1, 1]).counts.tolist()
        [2, 1]
        """
        given = np.asarray(values)
        weight = np.ones(given.shape, np.int64) if counts is None else np.asarray(counts, np.int64)
        distinct, row = np.unique(given[weight > 0], return_inverse=True)
        people = np.zeros(distinct.size, np.int64)
        np.add.at(people, row, weight[weight > 0])
        total = (distinct * people).sum().item() if distinct.size else 0
        if total <= 0 or distinct[0] < 0:
            raise ValueError("amounts must not be negative, and not all 0")
        return cls(distinct, people, int(people.sum()), total)


def gini(amounts: Distribution) -> float:
    """The Gini coefficient: 0 when all have the same, towards 1 when one has everything.

    ``G = 2 * sum(i * x_i) / (n * sum(x)) - (n + 1) / n`` with ``x`` ascending and ``i`` from 1.

    Source: Gini 1912 in the rank form, e.g. Dixon et al. 1987.

    >>> gini(Distribution.of([1, 1, 1, 1]))
    0.0
    >>> gini(Distribution.of([0, 0, 0, 5]))
    0.75
    """
    last = amounts.counts.cumsum()
    # People with the same amount share the ranks last - count + 1 … last, on average:
    rank = last - (amounts.counts - 1) / 2
    weighted = float((rank * amounts.counts * amounts.values).sum())
    return max(2 * weighted / (amounts.n * amounts.total) - (amounts.n + 1) / amounts.n, 0.0)


def best_sum(amounts: Distribution, people: int) -> int | float:
    """The sum of the ``people`` largest amounts.

    >>> best_sum(Distribution.of([5, 1, 2, 2]), 2)
    7
    """
    counts, values = amounts.counts[::-1], amounts.values[::-1]
    before = counts.cumsum() - counts
    taken = np.clip(people - before, 0, counts)
    return (taken * values).sum().item()  # type: ignore[no-any-return]  # numpy types item() so


def best_count(amounts: Distribution, percent: int) -> int:
    """How many people are the best ``percent`` of 100: never fewer than the share, so at least 1.

    >>> best_count(Distribution.of([1] * 101), 20)
    21
    """
    return -(-amounts.n * percent // 100)


def share_of_best(
    amounts: Distribution, percent: int, confidence: float = 0.95
) -> Estimate | None:
    """The share of the sum that the best ``percent`` of 100 people hold, with its interval.

    The people are seen as a sample of all whom the firm might have had. The interval is the
    large-sample one of a Lorenz ordinate (Beach & Davidson 1983): with the quantile ``q`` above
    which the best stand, their share ``p`` and the mean ``m``, the share is a mean of
    ``((x - q)+ + q * p - S * x) / m`` to first order, and its variance that of a mean.

    Returns:
        None below :data:`LEAST_FOR_INTERVAL` people, where that interval cannot be trusted.

    >>> share_of_best(Distribution.of([1, 2, 3]), 20) is None
    True
    >>> best = share_of_best(Distribution.of(range(1, 1001)), 20)
    >>> round(best.value, 3), round(best.low, 3), round(best.high, 3)
    (0.36, 0.35, 0.37)
    """
    if amounts.n < LEAST_FOR_INTERVAL:
        return None
    people = best_count(amounts, percent)
    share = best_sum(amounts, people) / amounts.total
    edge = float(amounts.values[np.searchsorted(amounts.counts.cumsum(), amounts.n - people + 1)])
    values = amounts.values.astype(np.float64)
    influence = (np.maximum(values - edge, 0) - share * values) * amounts.n / amounts.total
    weight = amounts.counts / amounts.n
    centred = influence - (influence * weight).sum()
    error = float(np.sqrt((centred**2 * weight).sum() / amounts.n))
    reach = normal_quantile(confidence) * error
    return Estimate(
        value=share,
        low=max(share - reach, 0.0),
        high=min(share + reach, 1.0),
        n=amounts.n,
        method="beach-davidson",
        confidence=confidence,
    )


def fewest_for_share(amounts: Distribution, percent: int) -> int:
    """The fewest people who together hold at least ``percent`` of 100 of the sum.

    >>> fewest_for_share(Distribution.of([80, 10, 5, 5]), 80)
    1
    """
    counts, values = amounts.counts[::-1], amounts.values[::-1]
    sums = (counts * values).cumsum()
    goal = amounts.total * percent
    row = int(np.searchsorted(sums * 100, goal))
    before = int(counts[:row].sum())
    missing = goal - (100 * (sums[row] - counts[row] * values[row])).item()
    return before + max(_whole_up(missing, 100 * values[row].item()), 1)


def _whole_up(part: float, unit: float) -> int:
    """``part / unit`` rounded up; exact for whole numbers of any size."""
    return int(-(-part // unit))


def lorenz(amounts: Distribution, points: int = 101) -> tuple[Floats, Floats]:
    """The Lorenz curve: the poorest share of people against their share of the sum.

    Returns:
        People's share, evenly spaced from 0 to 1, and the sum's share, both of at most ``points``
        values. Each is exact: a whole number of people and their sum.

    >>> people, money = lorenz(Distribution.of([1, 3]))
    >>> people.tolist(), money.tolist()
    ([0.0, 0.5, 1.0], [0.0, 0.25, 1.0])
    """
    steps = min(points - 1, amounts.n)
    people = np.arange(steps + 1) * amounts.n // steps
    last = amounts.counts.cumsum()
    sums = np.concatenate([[0], (amounts.counts * amounts.values).cumsum()])
    row = np.minimum(np.searchsorted(last, people), last.size - 1)
    inside = people - (last[row] - amounts.counts[row])
    money = sums[row] + inside * amounts.values[row]
    return people / amounts.n, money / amounts.total
