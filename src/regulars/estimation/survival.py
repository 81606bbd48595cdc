"""Time until something happens, for people of whom some are still waiting."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from regulars.estimation.interval import Estimate, normal_quantile

type Floats = NDArray[np.float64]
type Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Survival:
    """A Kaplan-Meier curve with its pointwise band: the share still waiting after each day.

    The curve is a staircase: row ``i`` holds from ``days[i]`` up to, not including,
    ``days[i + 1]``. The first row is day 0 with nobody gone; every other row but the last is a
    day with an event; the last row is the longest time watched.

    Attributes:
        days: Ascending times in days.
        at_risk: Watched and still waiting just before the day.
        events: Events on the day.
        waiting: Share still waiting after the day (1 … 0).
        low: Lower end of its band; ``high`` the upper end.
        n: People followed.
        censored: People whose event had not happened when watching ended.
        confidence: Coverage of the band at each day.
    """

    days: Integers
    at_risk: Integers
    events: Integers
    waiting: Floats
    low: Floats
    high: Floats
    n: int
    censored: int
    confidence: float

    @property
    def watched(self) -> int:
        """The longest time anybody was watched, in days; the curve says nothing after it."""
        return int(self.days[-1])

    def happened_by(self, day: int) -> Estimate:
        """The share of people to whom the event happened within ``day`` days.

        Beyond :attr:`watched` the last known share is given: at least so many.

        >>> curve = kaplan_meier([2, 4, 4, 9], [True, True, False, False])
        >>> round(curve.happened_by(4).value, 3)
        0.5
        """
        row = int(np.searchsorted(self.days, day, side="right")) - 1
        return Estimate(
            value=float(1 - self.waiting[row]),
            low=float(1 - self.high[row]),
            high=float(1 - self.low[row]),
            n=self.n,
            method="kaplan-meier",
            confidence=self.confidence,
        )

    def days_until(self, share: float = 0.5) -> int | None:
        """The first day by which at least ``share`` of people had the event; None: not reached.

        >>> kaplan_meier([2, 4, 4, 9], [True, True, False, False]).days_until(0.5)
        4
        >>> kaplan_meier([2, 9], [False, False]).days_until(0.5) is None
        True
        """
        return _first_day(self.days, self.waiting, share)

    def days_until_between(self, share: float = 0.5) -> tuple[int | None, int | None]:
        """The interval of :meth:`days_until`, read off the band (Brookmeyer & Crowley 1982)."""
        return _first_day(self.days, self.low, share), _first_day(self.days, self.high, share)


def _first_day(days: Integers, waiting: Floats, share: float) -> int | None:
    # A share like 0.9 is not exact in binary; the tolerance keeps "exactly 90 %" on the right day.
    reached = np.flatnonzero(waiting <= 1 - share + 1e-12)
    return int(days[reached[0]]) if reached.size else None


def kaplan_meier(
    durations: ArrayLike,
    happened: ArrayLike,
    counts: ArrayLike | None = None,
    *,
    confidence: float = 0.95,
) -> Survival:
    """Estimate how long it takes until an event, some of which have not happened yet.

    At each day with events the share still waiting is multiplied by ``1 - events / at_risk``;
    who was watched for exactly that long and is still waiting counts as at risk on it. The band
    is Greenwood's variance on the scale ``log(-log S)``, which stays within 0 … 1.

    Args:
        durations: Whole days until the event or until watching ended, at least 0.
        happened: Whether the event happened.
        counts: People of each row; None: one each. Rows may repeat.
        confidence: Coverage of the band at each day.

    Raises:
        ValueError: Nobody to follow, a negative duration or count, or unequal lengths.

    Source: Kaplan & Meier 1958; Greenwood 1926; Kalbfleisch & Prentice 2002, §1.4.

    >>> curve = kaplan_meier([2, 4, 4, 9], [True, True, False, False])
    >>> curve.days.tolist(), curve.waiting.tolist()
    ([0, 2, 4, 9], [1.0, 0.75, 0.5, 0.5])
    """
    length, event, weight = _checked(durations, happened, counts)
    days, row = np.unique(length, return_inverse=True)
    left = _count(row, weight, days.size)
    events = _count(row, weight * event, days.size)
    at_risk = left[::-1].cumsum()[::-1]
    keep = (events > 0) | (np.arange(days.size) == days.size - 1)
    waiting, low, high = _curve(events[keep], at_risk[keep], confidence)
    n = int(weight.sum())
    first = 0 if days[keep][0] > 0 else 1  # a curve that already falls on day 0 starts there
    return Survival(
        days=np.concatenate([[0], days[keep]])[first:],
        at_risk=np.concatenate([[n], at_risk[keep]])[first:],
        events=np.concatenate([[0], events[keep]])[first:],
        waiting=np.concatenate([[1.0], waiting])[first:],
        low=np.concatenate([[1.0], low])[first:],
        high=np.concatenate([[1.0], high])[first:],
        n=n,
        censored=n - int(events.sum()),
        confidence=confidence,
    )


def _checked(
    durations: ArrayLike, happened: ArrayLike, counts: ArrayLike | None
) -> tuple[Integers, Integers, Integers]:
    length = np.asarray(durations, dtype=np.int64)
    event = np.asarray(happened, dtype=bool).astype(np.int64)
    weight = np.ones_like(length) if counts is None else np.asarray(counts, dtype=np.int64)
    if not length.shape == event.shape == weight.shape:
        raise ValueError("durations, happened and counts must have the same length")
    if not weight.sum():
        raise ValueError("there is nobody to follow")
    if length.min() < 0 or weight.min() < 0:
        raise ValueError("durations and counts cannot be negative")
    return length[weight > 0], event[weight > 0], weight[weight > 0]


def _count(row: Integers, weight: Integers, size: int) -> Integers:
    total = np.zeros(size, dtype=np.int64)
    np.add.at(total, row, weight)
    return total


def _curve(
    events: Integers, at_risk: Integers, confidence: float
) -> tuple[Floats, Floats, Floats]:
    waiting = np.cumprod(1 - events / at_risk)
    z = normal_quantile(confidence)
    stay = at_risk - events
    inner = (waiting > 0) & (waiting < 1)
    variance = np.cumsum(events / (at_risk * np.where(stay > 0, stay, 1)))
    log = np.log(np.where(inner, waiting, 0.5))
    spread = np.exp(z * np.sqrt(variance) / np.abs(log))
    low = np.where(inner, np.exp(log * spread), waiting)
    high = np.where(inner, np.exp(log / spread), waiting)
    if waiting[-1] == 0:  # everybody is gone: the scale ends at 0, so the last upper end stands
        high[-1] = high[-2] if high.size > 1 else 1.0
    return waiting, low, high
