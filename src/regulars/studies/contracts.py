"""Subscription spans as the basis of a retention rate: what they cover and whom they count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import ibis.expr.types as ir

from regulars.analytics.contracts import contract_counts
from regulars.analytics.retention import Window
from regulars.kernel.errors import NotEnoughEvidence
from regulars.kernel.periods import Period
from regulars.kernel.wording import say
from regulars.studies.answer import Evidence
from regulars.studies.rates import Counts, RetentionRate, Viewpoint
from regulars.studies.windows import calendar_window, last_whole
from regulars.warehouse.sources import Source
from regulars.warehouse.spans import read_spans

_TREND = 36  # periods: three years of months, and one pass over the spans


@dataclass(frozen=True, slots=True)
class Contracts:
    """Spans up to a viewpoint.

    Attributes:
        spans: ``customer_id`` · ``started_on`` · ``ended_on`` (null: running), each span at least
            one day long and begun by ``as_of``.
        evidence: What they cover; ``orders`` counts the spans.
    """

    spans: ir.Table
    evidence: Evidence

    def viewpoint(self, confidence: float) -> Viewpoint:
        """Nothing is hidden before the data: a span knows its own beginning."""
        return Viewpoint(
            data_from=None,
            as_of=self.evidence.as_of,
            burn_in_until=date.min,
            confidence=confidence,
        )


def contracts_of(source: ir.Table | Source, as_of: date | None) -> Contracts | NotEnoughEvidence:
    """Read spans; without a viewpoint it is the last day on which a span started."""
    spans = source if isinstance(source, ir.Table) else read_spans(source)
    spans = spans.filter(
        spans.customer_id.notnull()
        & (spans.ended_on.isnull() | (spans.ended_on > spans.started_on))
    )
    if as_of is not None:
        spans = spans.filter(spans.started_on <= as_of)
    counted = spans.agg(
        spans=spans.count(),
        first=spans.started_on.min(),
        last=spans.started_on.max(),
    )
    row = counted.to_pyarrow().to_pylist()[0]
    if not row["spans"]:
        return NotEnoughEvidence(
            say("No contract had begun, so nobody can be followed."),
            (say("contracts with a customer and a day on which they started"),),
        )
    # nunique() is an estimate on ClickHouse
    customers = spans.select("customer_id").distinct().count().to_pyarrow().as_py()
    return Contracts(spans, _evidence(row, customers, as_of or row["last"]))


def whole_periods(contracts: Contracts, period: Period) -> tuple[Window, ...]:
    """The whole calendar periods that the spans cover, the latest three years of months."""
    last = last_whole(period, contracts.evidence.as_of)
    first = max(period.number(contracts.evidence.data_from), last - _TREND + 1)
    return tuple(calendar_window(period, number) for number in range(first, last + 1))


def contract_rates(
    contracts: Contracts, windows: Sequence[Window], view: Viewpoint
) -> tuple[RetentionRate, ...]:
    """The contractual rate of each window, in one pass over the spans."""
    counted = contract_counts(contracts.spans, [window.span for window in windows])
    row = counted.to_pyarrow().to_pylist()[0]
    return tuple(
        view.rate(Counts.of(row, number), window, lasting=True)
        for number, window in enumerate(windows)
    )


def nobody_under_contract(window: Window) -> NotEnoughEvidence:
    """Why a period without anybody at its start has no rate."""
    eve = window.span.start - timedelta(days=1)
    return NotEnoughEvidence(
        say("Nobody was under contract on {day}, so nobody could stay.", day=eve),
        (say("contracts that were running on {day}", day=eve),),
    )


def _evidence(row: Mapping[str, Any], customers: int, as_of: date) -> Evidence:
    return Evidence(
        data_from=row["first"],
        as_of=as_of,
        burn_in_until=row["first"],
        customers=customers,
        orders=row["spans"],
        identified_orders=1.0,
        identified_revenue=None,
        rejected=0,
        currency=None,
        timezone="UTC",
        amount_basis="as given",
    )
