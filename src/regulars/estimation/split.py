"""Why a product changed: its change shared out among its factors without a remainder."""

from collections.abc import Sequence
from math import log, prod

from regulars.kernel.errors import OptionError
from regulars.kernel.wording import say


def log_mean(a: float, b: float) -> float:
    """The logarithmic mean (a - b) / (ln a - ln b); a where both are equal.

    >>> round(log_mean(2.0, 1.0), 4)
    1.4427
    """
    if abs(a - b) <= 1e-12 * max(a, b):
        return (a + b) / 2
    return (a - b) / log(a / b)


def split_change(before: Sequence[float], after: Sequence[float]) -> list[float]:
    """What each factor added to the change of their product.

    With y = ∏ f the part of f is L(y₁, y₀) · ln(f₁ / f₀), L the logarithmic mean; the parts add
    up to y₁ - y₀ (LMDI I: B. W. Ang, Energy Policy 33, 2005), in whatever order they stand.

    Raises:
        OptionError: A factor is not positive, or their numbers differ.

    >>> [round(part, 3) for part in split_change([2.0, 10.0], [3.0, 10.0])]
    [10.0, 0.0]
    """
    if len(before) != len(after) or min([*before, *after], default=0) <= 0:
        raise OptionError(say("Only a product of positive factors can be split."))
    weight = log_mean(prod(after), prod(before))
    return [weight * log(new / old) for new, old in zip(after, before, strict=True)]
