"""Holdout errors: what a forecast said beside what came, and the choice of a model by it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from regulars.estimation.fitting import EstimationError, Fit, NotConvergedError
from regulars.estimation.forecast import Forecast, PurchaseModel, forecast
from regulars.estimation.purchase_history import PurchaseHistory
from regulars.kernel.errors import InputError
from regulars.kernel.wording import say

type Vector = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Holdout:
    """What customers did after the end of their histories.

    Attributes:
        history: Histories up to the day of calibration; rows may stand for several customers.
        actual: Days with a purchase in the horizon after it, one entry a row.
        horizon: Length of the time held out, in the unit of the history.

    Raises:
        InputError: The columns differ in length, or a count is negative.
    """

    history: PurchaseHistory
    actual: Vector
    horizon: float

    def __post_init__(self) -> None:
        if self.actual.shape != self.history.x.shape:
            raise InputError(say("The purchases held out are not one figure a row."))
        if not bool((self.actual >= 0).all()):
            raise InputError(say("A number of purchases held out is negative or missing."))

    @property
    def total(self) -> float:
        """Purchases held out, of all customers."""
        return float(self.history.count @ self.actual)


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldoutError:
    """How far a forecast was off.

    Attributes:
        mae: Mean absolute error of a customer's purchases.
        rmse: Root of the mean squared error.
        predicted_total: Purchases forecast for all customers; ``actual_total`` those that came.
        predicted_low: Lower end of that forecast's interval; ``predicted_high`` its upper one.
        bias: Relative error of the total; -0.1 is a forecast ten per cent too low. NaN where
            nothing came.
        coverage: Share of customers whose purchases were within their interval.
        total_covered: Whether the total was within its interval.
        customers: Customers compared.
    """

    mae: float
    rmse: float
    predicted_total: float
    predicted_low: float
    predicted_high: float
    actual_total: float
    bias: float
    coverage: float
    total_covered: bool
    customers: int


def holdout_error(ahead: Forecast, holdout: Holdout) -> HoldoutError:
    """The error of a forecast that was made from the holdout's history.

    >>> from regulars.estimation.own_rate import OWN_RATE
    >>> history = PurchaseHistory.per_customer([4, 0], [30, 0], [40, 40])
    >>> held_out = Holdout(history, np.array([1.0, 1.0]), horizon=20)
    >>> ahead = forecast(OWN_RATE, OWN_RATE.fit(history), history, 20)
    >>> error = holdout_error(ahead, held_out)
    >>> error.mae, error.bias, error.coverage
    (1.0, 0.0, 0.5)
    """
    count, actual = holdout.history.count, holdout.actual
    customers = float(count.sum())
    miss = ahead.expected - actual
    covered = (ahead.low <= actual) & (actual <= ahead.high)
    predicted, came = float(count @ ahead.expected), holdout.total
    return HoldoutError(
        mae=float(count @ np.abs(miss)) / customers,
        rmse=float(np.sqrt(count @ miss**2 / customers)),
        predicted_total=predicted,
        predicted_low=ahead.total.low,
        predicted_high=ahead.total.high,
        actual_total=came,
        bias=predicted / came - 1 if came else float("nan"),
        coverage=float(count @ covered) / customers,
        total_covered=ahead.total.low <= came <= ahead.total.high,
        customers=round(customers),
    )


@dataclass(frozen=True, slots=True)
class Trial:
    """A model tried on a holdout: its fit and its error, or the refusal."""

    model: PurchaseModel
    fit: Fit | None
    error: HoldoutError | None
    refusal: EstimationError | None = None


def try_models(
    models: Sequence[PurchaseModel], holdout: Holdout, *, confidence: float = 0.95
) -> tuple[Trial, ...]:
    """Each model fitted to the histories and compared with what came after them."""
    return tuple(_try(model, holdout, confidence) for model in models)


def best_trial(trials: Sequence[Trial]) -> Trial:
    """The trial with the smallest RMSE.

    The mean squared error is smallest for the expectation, which is what totals and values are
    made of; the mean absolute error would reward forecasting nothing for the many who buy rarely.

    Raises:
        NotConvergedError: No model could be fitted.
    """
    ranked = [(trial.error.rmse, place) for place, trial in enumerate(trials) if trial.error]
    if not ranked:
        raise NotConvergedError(say("None of the models could be fitted."))
    return trials[min(ranked)[1]]


def _try(model: PurchaseModel, holdout: Holdout, confidence: float) -> Trial:
    try:
        fit = model.fit(holdout.history)
    except EstimationError as refusal:
        return Trial(model, None, None, refusal)
    ahead = forecast(model, fit, holdout.history, holdout.horizon, confidence=confidence)
    return Trial(model, fit, holdout_error(ahead, holdout))
