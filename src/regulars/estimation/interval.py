"""How sure a share is: Wilson's interval for one, Newcombe's for the difference of two."""

from dataclasses import dataclass
from math import hypot

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from regulars.kernel.errors import OptionError
from regulars.kernel.wording import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A value with how sure it is and what it stands on; nothing shows a value without these.

    Attributes:
        value: The estimate itself, in the unit of the thing estimated (a rate: share of one).
        low: Lower bound of the interval; ``high`` the upper one.
        n: Observations (mostly customers) behind it.
        method: How the interval was made: ``wilson``, ``newcombe``, ….
        confidence: Share of such intervals that hold the truth, for example 0.95.
    """

    value: float
    low: float
    high: float
    n: int
    method: str
    confidence: float

    @property
    def excludes_zero(self) -> bool:
        """Whether the interval lies wholly on one side of zero: the effect is real."""
        return self.low > 0 or self.high < 0

    def minus(self, constant: float) -> "Estimate":
        """This estimate less a number that is known exactly, such as a target."""
        return Estimate(
            value=self.value - constant,
            low=self.low - constant,
            high=self.high - constant,
            n=self.n,
            method=self.method,
            confidence=self.confidence,
        )

    def record(self) -> dict[str, float | str]:
        """The estimate as programs get it."""
        return {
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "n": self.n,
            "method": self.method,
            "confidence": self.confidence,
        }


def normal_quantile(confidence: float) -> float:
    """The half-width of a two-sided normal interval, in standard deviations.

    Raises:
        OptionError: ``confidence`` does not lie between 0 and 1.

    >>> round(normal_quantile(0.95), 3)
    1.96
    """
    if not 0 < confidence < 1:
        raise OptionError(
            say("A confidence of {confidence} cannot be used.", confidence=confidence),
            accepted=say("Give a number between 0 and 1, such as 0.95."),
        )
    return float(ndtri(0.5 + confidence / 2))


def wilson_bounds(
    successes: ArrayLike, n: ArrayLike, confidence: float = 0.95
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Wilson's score bounds of many shares at once.

    The share p of k among n has the bounds
    (p + z²/2n ± z·√(p(1-p)/n + z²/4n²)) / (1 + z²/n), z the
    normal quantile (E. B. Wilson, JASA 22, 1927). They stay within 0 and 1 and hold
    for small n. Where n is 0 nothing is known: the bounds are 0 and 1.

    Args:
        successes: How many of each; any shape that broadcasts with ``n``.
        n: Of how many.
        confidence: Between 0 and 1.

    Returns:
        The lower and the upper bounds.

    >>> low, high = wilson_bounds([0, 5, 10], [10, 10, 10])
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.0, 0.237, 0.722], [0.278, 0.763, 1.0])
    """
    z = normal_quantile(confidence)
    k, total = np.broadcast_arrays(
        np.asarray(successes, dtype=np.float64), np.asarray(n, dtype=np.float64)
    )
    safe = np.maximum(total, 1)
    middle = k + z * z / 2
    spread = z * np.sqrt(k * (safe - k) / safe + z * z / 4)
    low = np.where((total == 0) | (k == 0), 0.0, (middle - spread) / (safe + z * z))
    high = np.where((total == 0) | (k == total), 1.0, (middle + spread) / (safe + z * z))
    return low, high


def wilson(successes: int, n: int, confidence: float = 0.95) -> Estimate:
    """The share of ``successes`` among ``n`` with Wilson's score interval.

    Raises:
        OptionError: ``n`` is not positive, or ``successes`` lies outside 0 … n.

    >>> rate = wilson(5, 10)
    >>> rate.value, round(rate.low, 3), round(rate.high, 3), rate.n
    (0.5, 0.237, 0.763, 10)
    """
    if n < 1 or not 0 <= successes <= n:
        raise OptionError(
            say("{successes} of {n} is not a share.", successes=successes, n=n),
            accepted=say("Count at least one customer, and no more successes than customers."),
        )
    low, high = wilson_bounds(successes, n, confidence)
    return Estimate(
        value=successes / n,
        low=float(low),
        high=float(high),
        n=n,
        method="wilson",
        confidence=confidence,
    )


def newcombe_difference(a: Estimate, b: Estimate) -> Estimate:
    """The difference a - b of two shares with Newcombe's hybrid score interval.

    With shares p and Wilson bounds l, u: low = d - √((p_a - l_a)² + (u_b - p_b)²),
    high = d + √((u_a - p_a)² + (p_b - l_b)²) (R. G. Newcombe, Statistics in Medicine 17, 1998,
    method 10). The groups are taken as independent; where many customers stand in both, as in two
    neighbouring periods, and behave alike in both, the interval is wider than it need be.

    Raises:
        OptionError: The two were made with different confidence.

    >>> difference = newcombe_difference(wilson(56, 70), wilson(48, 80))
    >>> [round(x, 4) for x in (difference.value, difference.low, difference.high)]
    [0.2, 0.0524, 0.3339]
    """
    if a.confidence != b.confidence:
        raise OptionError(say("Two estimates are compared only at the same confidence."))
    difference = a.value - b.value
    return Estimate(
        value=difference,
        low=difference - hypot(a.value - a.low, b.high - b.value),
        high=difference + hypot(a.high - a.value, b.value - b.low),
        n=a.n + b.n,
        method="newcombe",
        confidence=a.confidence,
    )
