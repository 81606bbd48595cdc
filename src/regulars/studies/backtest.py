"""How far off a forecast would have been: each model tried on days that it was not shown."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from regulars.estimation.holdout import HoldoutError
from regulars.kernel.wording import Message


class TimeUnit(StrEnum):
    """What times are counted in; a purchase history in weeks has its days divided by 7."""

    DAY = "day"
    WEEK = "week"

    @property
    def days(self) -> int:
        """Days in one.

        >>> TimeUnit.WEEK.days
        7
        """
        return 7 if self is TimeUnit.WEEK else 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A model tried on the days held out: how far it was off, or why it could not be fitted.

    Attributes:
        model: ``pareto-nbd``, ``bg-nbd``, ``mbg-nbd``, ``equal-dropout`` where none of these could
            be fitted, or the naive ``own-rate``: everybody goes on as he did.
        corrected: Whether its forecast was multiplied by what rehearsals before the calibration
            day called for.
        chosen: Whether it is the one that the forecast uses.
        error: Its errors; None where it could not be fitted.
        refusal: Why it could not be fitted, else None.
    """

    model: str
    corrected: bool
    chosen: bool
    error: HoldoutError | None
    refusal: Message | None = None

    def record(self) -> dict[str, object]:
        """The candidate as programs get it."""
        error = self.error
        return {
            "model": self.model,
            "corrected": self.corrected,
            "chosen": self.chosen,
            "mae": error and error.mae,
            "rmse": error and error.rmse,
            "bias": error and finite(error.bias),
            "predicted_total": error and error.predicted_total,
            "coverage": error and error.coverage,
            "reason": str(self.refusal) if self.refusal else None,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """The forecast of days that have already come, beside what came.

    Attributes:
        start: First day held out, the day after the calibration; ``to`` the last one, included.
        error: Errors of the forecast that was chosen.
        factor: What the chosen model's forecast was multiplied by; 1: it was not corrected.
        candidates: All models tried, the naive one among them.
    """

    start: date
    to: date
    error: HoldoutError
    factor: float
    candidates: tuple[Candidate, ...]

    def record(self) -> dict[str, object]:
        """The comparison as programs get it."""
        return {
            "from": self.start.isoformat(),
            "to": self.to.isoformat(),
            "mae": self.error.mae,
            "rmse": self.error.rmse,
            "bias": finite(self.error.bias),
            "predicted_total": self.error.predicted_total,
            "actual_total": self.error.actual_total,
            "coverage": self.error.coverage,
            "total_covered": self.error.total_covered,
            "factor": self.factor,
        }


def finite(value: float) -> float | None:
    """The value for JSON, which has neither infinity nor NaN.

    >>> finite(0.5), finite(float("nan"))
    (0.5, None)
    """
    return value if abs(value) < float("inf") else None
