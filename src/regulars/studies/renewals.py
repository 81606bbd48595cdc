"""How many customers under contract will renew, by how often they have renewed already?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import override

import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt

from regulars.analytics.contracts import renewal_counts
from regulars.estimation.fitting import EstimationError, Fit
from regulars.estimation.interval import Estimate, normal_quantile, wilson
from regulars.estimation.shifted_beta_geometric import (
    fit_shifted_beta_geometric,
    renewal_rates,
    survival,
    survival_errors,
)
from regulars.kernel.errors import NotEnoughEvidence, OptionError
from regulars.kernel.periods import Period
from regulars.kernel.wording import say
from regulars.studies.answer import Answer, Evidence
from regulars.studies.contracts import Contracts, contracts_of
from regulars.studies.model_choice import refused
from regulars.warehouse.sources import Source

type Vector = npt.NDArray[np.float64]

_AHEAD = 5  # renewals shown beyond the last that anybody came to
_HELD_OUT = 3  # a third of the days is held out


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """One renewal of a contract: the 1st, the 2nd, ….

    Attributes:
        renewal: Which one.
        at_risk: Contracts that came up for it; ``lost`` those of them that ended at it.
        lost: Contracts.
        observed: Share renewed, with Wilson's interval; None where none came up for it.
        expected: Share renewed, as the model has it.
        survival: Share of all contracts that the model has survive it.
        survival_low: Lower end of its interval; ``survival_high`` the upper one.
        survival_high: Share.
    """

    renewal: int
    at_risk: int
    lost: int
    observed: Estimate | None
    expected: float
    survival: float
    survival_low: float
    survival_high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalHoldout:
    """Renewals that were forecast for days which have already come.

    Attributes:
        start: First day held out; ``to`` the last one, included.
        to: Day.
        due: Renewals that contracts running on the day before came to in these days.
        predicted: How many of them were forecast to be made; ``actual`` how many were.
        actual: Renewals made.
        bias: Relative error of the forecast; None where none were made.
        mae: Mean absolute error of the share renewed, by the number of the renewal, weighted by
            those due.
    """

    start: date
    to: date
    due: int
    predicted: float
    actual: int
    bias: float | None
    mae: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalForecast(Answer):
    """The shifted beta-geometric model of contracts, beside what was observed.

    Attributes:
        evidence: What the contracts cover.
        period: What lies between renewals.
        contracts: Contracts that came to a renewal.
        parameters: alpha and beta; ``standard_errors`` theirs.
        standard_errors: By name.
        log_likelihood: At the maximum.
        renewals: Each renewal, some that nobody has come to yet among them.
        holdout: The error on the last third of the days; None where it cannot be told.
    """

    evidence: Evidence
    period: Period
    contracts: int
    parameters: Mapping[str, float]
    standard_errors: Mapping[str, float]
    log_likelihood: float
    renewals: tuple[Renewal, ...]
    holdout: RenewalHoldout | None

    @override
    def records(self) -> list[dict[str, object]]:
        """One row a renewal."""
        return [
            {
                "renewal": row.renewal,
                "at_risk": row.at_risk,
                "lost": row.lost,
                "rate": row.observed and row.observed.value,
                "low": row.observed and row.observed.low,
                "high": row.observed and row.observed.high,
                "expected": row.expected,
                "survival": row.survival,
                "survival_low": row.survival_low,
                "survival_high": row.survival_high,
            }
            for row in self.renewals
        ]

    @override
    def json(self) -> dict[str, object]:
        """One object: the model, its holdout error, every renewal."""
        return {
            "model": "shifted-beta-geometric",
            "unit": self.period.value,
            "customers": self.contracts,
            "parameters": dict(self.parameters),
            "standard_errors": dict(self.standard_errors),
            "log_likelihood": self.log_likelihood,
            "holdout": self.holdout and _holdout_record(self.holdout),
            "renewals": self.records(),
        }


def renewal_forecast(
    spans: ir.Table | Source,
    *,
    period: Period = Period.MONTH,
    as_of: date | None = None,
    confidence: float = 0.95,
) -> RenewalForecast | NotEnoughEvidence:
    """How many contracts are renewed, from the first renewal to some that are yet to come.

    Args:
        spans: Subscriptions: ``customer_id``, ``started_on``, ``ended_on``. Each span is a
            contract of its own.
        period: What lies between renewals: a month, a quarter or a year.
        as_of: The last day included; None: the last day on which a contract started.
        confidence: Of the intervals.

    Raises:
        OptionError: Contracts are not renewed by day or week here.

    Source: Fader & Hardie (2007), "How to Project Customer Retention", Journal of Interactive
    Marketing 21(1).

    >>> import pyarrow as pa
    >>> day = "2024-{:02}-01".format
    >>> ended = [day(2)] * 4 + [day(3)] * 2 + [day(4)] + [None] * 3
    >>> spans = pa.table(
    ...     {
    ...         "customer_id": [f"c{n}" for n in range(10)],
    ...         "started_on": [day(1)] * 10,
    ...         "ended_on": ended,
    ...     }
    ... )
    >>> from datetime import date
    >>> answer = renewal_forecast(spans, as_of=date(2024, 4, 15))
    >>> [(row.at_risk, row.lost) for row in answer.renewals][:4]
    [(10, 4), (6, 2), (4, 1), (0, 0)]
    """
    if period not in {Period.MONTH, Period.QUARTER, Period.YEAR}:
        raise OptionError(
            say("Contracts are not renewed by the {period}.", period=period.value),
            accepted=say("Give month, quarter or year."),
        )
    contracts = contracts_of(spans, as_of)
    if isinstance(contracts, NotEnoughEvidence):
        return contracts
    at_risk, lost = _ages(contracts.spans, period, contracts.evidence.as_of)
    try:
        fit = fit_shifted_beta_geometric(at_risk, lost, unit=period.value)
    except EstimationError as error:
        return refused(error)
    return RenewalForecast(
        evidence=contracts.evidence,
        period=period,
        contracts=fit.customers,
        parameters=fit.parameters,
        standard_errors=fit.standard_errors,
        log_likelihood=fit.log_likelihood,
        renewals=tuple(_renewals(fit, at_risk, lost, confidence)),
        holdout=_holdout(contracts, period),
    )


def _ages(spans: ir.Table, period: Period, until: date) -> tuple[Vector, Vector]:
    """Contracts that came up for the 1st, 2nd … renewal, and those lost at it."""
    rows = renewal_counts(spans, period, until).to_pyarrow().to_pylist()
    most = max((row["renewals"] for row in rows), default=0)
    at_risk, lost = np.zeros(max(most, 1)), np.zeros(max(most, 1))
    for row in rows:
        at_risk[: row["renewals"]] += row["contracts"]
        if row["lost"] and row["renewals"]:
            lost[row["renewals"] - 1] += row["contracts"]
    return at_risk, lost


def _renewals(fit: Fit, at_risk: Vector, lost: Vector, confidence: float) -> Iterator[Renewal]:
    shown = len(at_risk) + _AHEAD
    expected, still = renewal_rates(fit.parameters, shown), survival(fit.parameters, shown)[1:]
    reach = normal_quantile(confidence) * survival_errors(fit, shown)[1:]
    for place in range(shown):
        known = place < len(at_risk)
        due, gone = (int(at_risk[place]), int(lost[place])) if known else (0, 0)
        yield Renewal(
            renewal=place + 1,
            at_risk=due,
            lost=gone,
            observed=wilson(due - gone, due, confidence) if due else None,
            expected=float(expected[place]),
            survival=float(still[place]),
            survival_low=max(float(still[place] - reach[place]), 0.0),
            survival_high=min(float(still[place] + reach[place]), 1.0),
        )


def _holdout(contracts: Contracts, period: Period) -> RenewalHoldout | None:
    """What the model of the first two thirds of the days said of the last third."""
    first, last = contracts.evidence.data_from, contracts.evidence.as_of
    until = last - timedelta(days=((last - first).days + 1) // _HELD_OUT)
    known = contracts.spans.filter(contracts.spans.started_on <= until)
    before, gone_before = _ages(known, period, until)
    try:
        fit = fit_shifted_beta_geometric(before, gone_before)
    except EstimationError:
        return None
    after, gone_after = _ages(known, period, last)
    due, gone = after.copy(), gone_after.copy()
    due[: len(before)] -= before[: len(due)]
    gone[: len(gone_before)] -= gone_before[: len(gone)]
    if not due.sum():
        return None
    rates = renewal_rates(fit.parameters, len(due))
    predicted, actual = float(due @ rates), float((due - gone).sum())
    seen = due > 0
    miss = np.abs(rates[seen] - 1 + gone[seen] / due[seen])
    return RenewalHoldout(
        start=until + timedelta(days=1),
        to=last,
        due=round(float(due.sum())),
        predicted=predicted,
        actual=round(actual),
        bias=predicted / actual - 1 if actual else None,
        mae=float(due[seen] @ miss / due.sum()),
    )


def _holdout_record(held: RenewalHoldout) -> dict[str, object]:
    return {
        "from": held.start.isoformat(),
        "to": held.to.isoformat(),
        "due": held.due,
        "predicted_total": held.predicted,
        "actual_total": held.actual,
        "bias": held.bias,
        "mae": held.mae,
    }
