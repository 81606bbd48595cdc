"""Is each new cohort as good as the last while volume grows?"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from math import log2
from typing import override

from regulars.analytics.consistency import early_repeats
from regulars.estimation.interval import Estimate, wilson
from regulars.estimation.trend import NoTrendError, Trend, logistic_trend
from regulars.kernel.errors import NotEnoughEvidence, OptionError
from regulars.kernel.periods import Period
from regulars.kernel.wording import say
from regulars.studies.answer import Answer, Evidence
from regulars.studies.evidence import Basis, basis_of, choose_period
from regulars.warehouse.orders import Orders
from regulars.warehouse.sources import Source

_SHARE = 0.9  # of all gaps, which the window outlasts
_FEWEST = 4  # cohorts, below which a line says nothing
_MATERIAL = 0.10  # a change of ten points matters to a shop


class Verdict(StrEnum):
    """What became of the quality of new cohorts."""

    HOLDS = "holds"
    FALLS = "falls"
    RISES = "rises"
    TOO_EARLY = "too early"


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortQuality:
    """One cohort: how many were won and how many bought again soon.

    Attributes:
        cohort: First day of the period in which they were first seen.
        customers: How many they are.
        repeated: How many bought again, on a later day, within the window.
        rate: ``repeated / customers``.
        fitted: The rate that the trend over time puts here.
    """

    cohort: date
    customers: int
    repeated: int
    rate: Estimate
    fitted: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Consistency(Answer):
    """Growth against consistency.

    Attributes:
        period: Unit of the cohorts.
        window_days: Days after a customer's first purchase in which he is expected back.
        cohorts: Those whose window is fully observed and that begin after the burn-in.
        change: Fitted rate of the last cohort less that of the first (share of one); None where
            there are too few cohorts.
        odds_per_doubling: Logarithm of the odds ratio that goes with a cohort twice as large;
            None where the sizes do not differ or are too few. Below 0: larger cohorts are worse.
        growth: Size of the last cohort divided by that of the first; None without cohorts.
        verdict: Whether the quality holds.
    """

    evidence: Evidence
    period: Period
    window_days: int
    cohorts: tuple[CohortQuality, ...]
    change: Estimate | None
    odds_per_doubling: Estimate | None
    growth: float | None
    verdict: Verdict

    @override
    def records(self) -> list[dict[str, object]]:
        """One row a cohort."""
        return [
            {
                "cohort": cohort.cohort.isoformat(),
                "customers": cohort.customers,
                "repeated": cohort.repeated,
                "rate": cohort.rate.value,
                "low": cohort.rate.low,
                "high": cohort.rate.high,
                "fitted": cohort.fitted,
            }
            for cohort in self.cohorts
        ]

    @override
    def json(self) -> dict[str, object]:
        """One object: the verdict, the trends and the cohorts."""
        return {
            "period": self.period.value,
            "window_days": self.window_days,
            "verdict": self.verdict.value,
            "growth": self.growth,
            "change": _bounds(self.change),
            "odds_per_doubling": _bounds(self.odds_per_doubling),
            "cohorts": self.records(),
        }


def _bounds(estimate: Estimate | None) -> dict[str, float | str] | None:
    if estimate is None:
        return None
    return {
        "value": estimate.value,
        "low": estimate.low,
        "high": estimate.high,
        "method": estimate.method,
        "confidence": estimate.confidence,
    }


def consistency(
    orders: Orders | Basis | Source,
    *,
    period: Period | None = None,
    window_days: int | None = None,
    confidence: float = 0.95,
) -> Consistency | NotEnoughEvidence:
    """Is each new cohort as good as the last while volume grows?

    The quality of a cohort is the share of its customers who buy again, on a later day, within a
    window after their first. A logistic line through these shares over time judges: it *falls* or
    *rises* where the interval of its change leaves out zero, *holds* where that interval stays
    within ±10 points, and it is *too early* to tell otherwise or with fewer than four cohorts.

    Args:
        orders: Orders, or anything that they can be read from.
        period: Unit of the cohorts; None: what suits the firm's rhythm.
        window_days: None: what 90 % of all gaps between purchase days do not exceed.
        confidence: Of all intervals.

    Raises:
        OptionError: A window without a day, or a confidence outside 0 … 1.

    >>> import pandas as pd
    >>> shop = pd.DataFrame(
    ...     {
    ...         "customer_id": ["ann", "bob", "ann", "cat"],
    ...         "ordered_at": ["2024-01-01", "2024-01-20", "2024-02-10", "2024-04-30"],
    ...         "amount": [20, 30, 25, 10],
    ...     }
    ... )
    >>> answer = consistency(shop, period=Period.MONTH, window_days=60)
    >>> str(answer.verdict)
    'too early'
    """
    _check_window(window_days)
    basis = basis_of(orders)
    refusal = basis.refusal()
    if refusal is not None:
        return refusal
    window = window_days or basis.gaps.percentile(_SHARE)
    if window is None:
        return _nobody_came_back()
    period = period or choose_period(basis.gaps)
    cohorts = _cohorts(basis, period, window, confidence)
    over_time = _over_time(cohorts, period, confidence)
    return Consistency(
        evidence=basis.evidence,
        period=period,
        window_days=window,
        cohorts=_fitted(cohorts, over_time),
        change=over_time.change if over_time else None,
        odds_per_doubling=_by_size(cohorts, confidence),
        growth=cohorts[-1].customers / cohorts[0].customers if cohorts else None,
        verdict=_verdict(over_time),
    )


def _check_window(days: int | None) -> None:
    if days is not None and days < 1:
        raise OptionError(
            say("Nobody can buy again within {days} days.", days=days),
            accepted=say("Give at least 1 day."),
        )


def _nobody_came_back() -> NotEnoughEvidence:
    return NotEnoughEvidence(
        say("Nobody has bought on two days, so it is not known how soon a customer comes back."),
        (say("customers with purchases on two days"), say("or a window of your own, in days")),
    )


def _cohorts(
    basis: Basis, period: Period, window: int, confidence: float
) -> tuple[CohortQuality, ...]:
    """Cohorts after the burn-in whose last customer has been watched for the whole window."""
    rows = early_repeats(basis.days, period, window).to_pyarrow().to_pylist()
    latest = basis.covered_until - timedelta(days=window)
    watched = sorted(
        (row["cohort"], row["customers"], row["repeated"])
        for row in rows
        if period.start(row["cohort"]) >= basis.sure_from
        and period.start(row["cohort"] + 1) <= latest
    )
    return tuple(
        CohortQuality(
            cohort=period.start(cohort),
            customers=customers,
            repeated=repeated,
            rate=wilson(repeated, customers, confidence),
        )
        for cohort, customers, repeated in watched
    )


def _over_time(
    cohorts: Sequence[CohortQuality], period: Period, confidence: float
) -> Trend | None:
    return _trend(cohorts, [period.number(it.cohort) for it in cohorts], confidence)


def _by_size(cohorts: Sequence[CohortQuality], confidence: float) -> Estimate | None:
    trend = _trend(cohorts, [log2(it.customers) for it in cohorts], confidence)
    return trend.slope if trend else None


def _trend(
    cohorts: Sequence[CohortQuality], at: Sequence[float], confidence: float
) -> Trend | None:
    if len(cohorts) < _FEWEST:
        return None
    try:
        return logistic_trend(
            [it.repeated for it in cohorts], [it.customers for it in cohorts], at, confidence
        )
    except NoTrendError:
        return None


def _fitted(cohorts: Sequence[CohortQuality], trend: Trend | None) -> tuple[CohortQuality, ...]:
    if trend is None:
        return tuple(cohorts)
    return tuple(
        replace(cohort, fitted=share) for cohort, share in zip(cohorts, trend.fitted, strict=True)
    )


def _verdict(trend: Trend | None) -> Verdict:
    if trend is None:
        return Verdict.TOO_EARLY
    change = trend.change
    if change.excludes_zero:
        return Verdict.RISES if change.value > 0 else Verdict.FALLS
    small = change.low >= -_MATERIAL and change.high <= _MATERIAL
    return Verdict.HOLDS if small else Verdict.TOO_EARLY
