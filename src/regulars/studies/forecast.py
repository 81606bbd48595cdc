"""How many purchases are to come, how sure is that, and how far off would it have been?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import override

from regulars.estimation.forecast import Total
from regulars.kernel.errors import NotEnoughEvidence
from regulars.kernel.wording import Message
from regulars.studies.answer import Answer, Evidence
from regulars.studies.backtest import Backtest, TimeUnit, finite


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """The purchases to come of the customers known by the last day of the data.

    Attributes:
        start: First day that is forecast; ``to`` the last one, included.
        customers: Customers forecast; those yet to be won are not among them.
        total: Purchase days of all of them together, with an interval.
        factor: What the model's forecast was multiplied by; 1: it was not corrected.
        parameters: Of the model, fitted to all data; ``standard_errors`` theirs.
        standard_errors: By name.
    """

    start: date
    to: date
    customers: int
    total: Total
    factor: float
    parameters: Mapping[str, float]
    standard_errors: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrajectoryPoint:
    """Repeat purchase days so far, up to the end of a day.

    Attributes:
        day: The last day counted.
        actual: Counted since the first day of the data, of the customers who were known by the
            calibration day (up to there and in the holdout); None after the data.
        expected: The same, as forecast on the calibration day; None up to it, and after the
            holdout, where ``outlook`` goes on from.
        outlook: Purchase days of all customers of the last day of the data, as forecast on that
            day, counted from it; None up to it.
    """

    day: date
    actual: float | None
    expected: float | None
    outlook: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast(Answer):
    """The purchases to come, with the error that the same forecast would have had.

    Attributes:
        evidence: The data behind the answer.
        model: The model used; the naive ``own-rate`` where no model did better.
        unit: What the parameters count time in.
        customers: Customers with a first purchase up to the calibration day.
        parameters: Of the model, fitted up to the calibration day, by the papers' names.
        standard_errors: Theirs, by name.
        log_likelihood: At the maximum; None for the naive model, which has none.
        holdout: What was forecast on the calibration day, beside what came.
        why: Why this model.
        outlook: The days to come, from the model refitted to all data; or why it has none.
        trajectory: Forecast and actual purchases week by week, for a drawing (≤ 200 points).
    """

    evidence: Evidence
    model: str
    unit: TimeUnit
    customers: int
    parameters: Mapping[str, float]
    standard_errors: Mapping[str, float]
    log_likelihood: float | None
    holdout: Backtest
    why: Message
    outlook: Outlook | NotEnoughEvidence
    trajectory: tuple[TrajectoryPoint, ...]

    @override
    def records(self) -> list[dict[str, object]]:
        """One row a candidate, with its errors on the days held out."""
        return [candidate.record() for candidate in self.holdout.candidates]

    @override
    def json(self) -> dict[str, object]:
        """One object: the model, its holdout errors, the days to come."""
        return {
            "model": self.model,
            "unit": self.unit.value,
            "customers": self.customers,
            "parameters": dict(self.parameters),
            "standard_errors": dict(self.standard_errors),
            "log_likelihood": self.log_likelihood,
            "holdout": self.holdout.record(),
            "candidates": self.records(),
            "why": str(self.why),
            "future": _outlook(self.outlook),
            "data_from": self.evidence.data_from.isoformat(),
            "as_of": self.evidence.as_of.isoformat(),
        }


def _outlook(outlook: Outlook | NotEnoughEvidence) -> dict[str, object]:
    if isinstance(outlook, NotEnoughEvidence):
        return outlook.json()
    return {
        "from": outlook.start.isoformat(),
        "to": outlook.to.isoformat(),
        "customers": outlook.customers,
        "expected": outlook.total.expected,
        "low": outlook.total.low,
        "high": finite(outlook.total.high),
        "confidence": outlook.total.confidence,
        "factor": outlook.factor,
        "parameters": dict(outlook.parameters),
        "standard_errors": dict(outlook.standard_errors),
    }
