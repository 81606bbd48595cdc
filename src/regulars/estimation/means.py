"""The difference of two means from sums, as an engine hands them out."""

from dataclasses import dataclass
from math import inf, sqrt

from scipy.special import stdtrit

from regulars.estimation.interval import Estimate, normal_quantile
from regulars.kernel.errors import OptionError
from regulars.kernel.wording import say


@dataclass(frozen=True, slots=True)
class Moments:
    """Number, sum and sum of squares of some values; they add."""

    n: int
    total: float
    squares: float

    @property
    def mean(self) -> float:
        """The arithmetic mean."""
        return self.total / self.n

    @property
    def error(self) -> float:
        """The squared standard error of the mean; infinite for one value."""
        if self.n < 2:  # noqa: PLR2004 - one value shows no scatter
            return inf
        scatter = max(0.0, self.squares - self.total * self.mean)
        return scatter / (self.n - 1) / self.n


def mean_difference(a: Moments, b: Moments, confidence: float = 0.95) -> Estimate:
    """The mean of a less that of b with Welch's interval.

    d ± t·√(s²_a/n_a + s²_b/n_b), t with Welch and Satterthwaite's degrees of freedom (B. L. Welch,
    Biometrika 34, 1947). The groups are taken as independent. Where one of them has a single value
    the bounds are infinite.

    Raises:
        OptionError: A group without values, or a confidence outside 0 … 1.

    >>> change = mean_difference(Moments(3, 9.0, 29.0), Moments(3, 3.0, 5.0))
    >>> change.value, round(change.low, 2), round(change.high, 2)
    (2.0, -0.27, 4.27)
    """
    normal_quantile(confidence)
    if min(a.n, b.n) < 1:
        raise OptionError(say("A mean needs at least one value."))
    difference, error = a.mean - b.mean, a.error + b.error
    reach = inf if error == inf else _quantile(a, b, confidence) * sqrt(error)
    return Estimate(
        value=difference,
        low=difference - reach,
        high=difference + reach,
        n=a.n + b.n,
        method="welch",
        confidence=confidence,
    )


def _quantile(a: Moments, b: Moments, confidence: float) -> float:
    """Student's t at Welch and Satterthwaite's degrees of freedom."""
    weight = a.error**2 / (a.n - 1) + b.error**2 / (b.n - 1)
    freedom = (a.error + b.error) ** 2 / weight if weight else inf
    if freedom == inf:
        return normal_quantile(confidence)
    return float(stdtrit(freedom, 0.5 + confidence / 2))
