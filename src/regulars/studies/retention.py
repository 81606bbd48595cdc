"""How many customers stay? The retention rate with everything that it is made of."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, override

import ibis.expr.types as ir

from regulars.analytics.contracts import contract_counts
from regulars.analytics.retention import window_counts
from regulars.analytics.segments import customer_segments
from regulars.kernel.errors import NotEnoughEvidence
from regulars.kernel.periods import Period
from regulars.kernel.wording import Message, say
from regulars.studies.answer import Answer, Evidence
from regulars.studies.contracts import (
    Contracts,
    contract_rates,
    contracts_of,
    nobody_under_contract,
    whole_periods,
)
from regulars.studies.evidence import Basis, Gaps, basis_of, period_for, why_period
from regulars.studies.groups import check_column
from regulars.studies.growth import GrowthPeriod, growth_periods
from regulars.studies.rates import (
    Benchmark,
    ComparedWith,
    Comparison,
    Counts,
    RetentionRate,
    Viewpoint,
    compare_goals,
    compare_periods,
)
from regulars.studies.windows import (
    Lookback,
    Question,
    ask_calendar,
    ask_span,
    calendar_window,
    nothing_to_see,
    span_of,
)
from regulars.warehouse.orders import Orders
from regulars.warehouse.sources import Source

__all__ = [
    "Benchmark",
    "ComparedWith",
    "Comparison",
    "Retention",
    "RetentionRate",
    "contractual_retention",
    "retention",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention(Answer):
    """How many customers stay.

    Attributes:
        overall: The rate of the period asked for, everybody together.
        trend: The rate of each calendar period, oldest first, each against the period before.
        segments: The rate of the period asked for, group by group, largest start first.
        comparisons: The rate against the period before, last year, target and benchmark.
        period: The calendar period of the trend.
        basis: ``purchases``, or ``spans`` of contracts.
        segment_column: What the groups are of.
        chosen: Why this period was taken, where the user named none.
    """

    evidence: Evidence
    overall: RetentionRate
    trend: tuple[RetentionRate, ...]
    segments: tuple[RetentionRate, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    period: Period
    basis: Literal["purchases", "spans"] = "purchases"
    segment_column: str | None = None
    chosen: Message | None = None

    @override
    def records(self) -> list[dict[str, object]]:
        """The rate asked for, then each group's."""
        return [
            {"segment": rate.segment, **rate.record()} for rate in (self.overall, *self.segments)
        ]

    @override
    def json(self) -> dict[str, object]:
        """One object: the rate, and beside it trend, groups and comparisons."""
        return {
            **self.overall.record(),
            "period": self.period.value,
            "basis": self.basis,
            "data_from": self.evidence.data_from.isoformat(),
            "as_of": self.evidence.as_of.isoformat(),
            "method": "wilson",
            "trend": [rate.record() for rate in self.trend],
            "segments": [{"segment": rate.segment, **rate.record()} for rate in self.segments],
            "comparisons": [comparison.record() for comparison in self.comparisons],
        }


def retention(  # noqa: PLR0913 - each is a part of the question, given by name
    orders: Orders | Basis | Source,
    *,
    from_: date | None = None,
    to: date | None = None,
    lookback: Lookback = None,
    period: Period | str | None = None,
    by: str | None = None,
    target: float | None = None,
    benchmark: Benchmark | None = None,
    confidence: float = 0.95,
) -> Retention | NotEnoughEvidence:
    """How many customers stay?

    The rate is retained / S: S customers bought in the look-back ``[from - L, from)``, retained
    ones in the period ``[from, to)`` as well. With ``ever`` it equals the textbook (E - N) / S.

    Args:
        orders: Orders, or anything that they can be read from.
        from_: First day of the period; None: the last whole calendar period.
        to: First day after it; None: the day after ``as_of``.
        lookback: Days before the period, or ``ever``; None: as long as the period, and the
            previous calendar period where the period is one.
        period: Calendar period of the trend; None: what suits the firm's rhythm.
        by: A column of the customers, or of their first orders, to split by.
        target: The firm's goal, a share of one.
        benchmark: A rate published elsewhere.
        confidence: Of the Wilson intervals.

    Raises:
        OptionError: An option that cannot be used.

    >>> from regulars.kernel.periods import Period
    >>> import pandas as pd
    >>> shop = pd.DataFrame(
    ...     {
    ...         "customer_id": ["ann", "bob", "ann", "cat"],
    ...         "ordered_at": ["2024-01-01", "2024-01-20", "2024-02-10", "2024-02-29"],
    ...         "amount": [20, 30, 25, 10],
    ...     }
    ... )
    >>> answer = retention(shop, period=Period.MONTH)
    >>> answer.overall.retained, answer.overall.start, answer.overall.rate.value
    (1, 2, 0.5)
    """
    basis = basis_of(orders)
    refusal = basis.refusal()
    if refusal is not None:
        return refusal
    question = _question(basis, from_, to, period, lookback)
    view = _viewpoint(basis, confidence)
    return _answer(basis, question, view, by, target, benchmark)


def _answer(
    basis: Basis,
    question: Question,
    view: Viewpoint,
    by: str | None,
    target: float | None,
    benchmark: Benchmark | None,
) -> Retention | NotEnoughEvidence:
    refusal = nothing_to_see(question.window.span, basis.orders.data_from, basis.orders.as_of)
    if refusal is not None:
        return refusal
    periods = growth_periods(basis, question.period)
    counts = _calendar_counts(question, periods) or _window_counts(basis, question)
    rates = [view.rate(*it) for it in zip(counts, question.windows, strict=True)]
    comparisons = _comparisons(rates, question, target, benchmark)
    if not rates[0].start:
        return _nobody(question)
    return Retention(
        evidence=basis.evidence,
        overall=rates[0],
        trend=_trend(periods, question.period, view),
        segments=_segments(basis, by, question, view) if by else (),
        comparisons=comparisons,
        period=question.period,
        segment_column=by,
        chosen=question.chosen,
    )


def contractual_retention(  # noqa: PLR0913 - each is a part of the question, given by name
    spans: ir.Table | Source,
    *,
    as_of: date | None = None,
    from_: date | None = None,
    to: date | None = None,
    period: Period | str | None = None,
    by: str | None = None,
    target: float | None = None,
    benchmark: Benchmark | None = None,
    confidence: float = 0.95,
) -> Retention | NotEnoughEvidence:
    """How many customers stay under contract?

    The rate is retained / S: S customers had a running span on the day before ``from``, retained
    ones on the day before ``to`` as well. New: first span ever starts in the period; resurrected:
    there at its end, neither new nor in S.

    Args:
        spans: ``customer_id`` · ``started_on`` · ``ended_on`` (first day no longer covered; null:
            running), or anything that they can be read from.
        as_of: The last day known; None: the last day on which a span started.
        from_: First day of the period; None: the last whole calendar period.
        to: First day after it; None: the day after ``as_of``.
        period: Calendar period of the trend; None: month.
        by: A column of the spans to split by, read on the customer's first day.
        target: The firm's goal, a share of one.
        benchmark: A rate published elsewhere.
        confidence: Of the Wilson intervals.

    Raises:
        OptionError: An option that cannot be used.

    >>> import datetime, ibis, pyarrow as pa
    >>> day = datetime.date.fromisoformat
    >>> clubs = ibis.memtable(
    ...     pa.table(
    ...         {
    ...             "customer_id": ["ann", "bob", "cat"],
    ...             "started_on": [day("2024-01-01"), day("2024-01-05"), day("2024-02-03")],
    ...             "ended_on": [None, day("2024-02-20"), None],
    ...         }
    ...     )
    ... )
    >>> answer = contractual_retention(clubs, from_=day("2024-02-01"), to=day("2024-03-01"))
    >>> answer.overall.start, answer.overall.active, answer.overall.new, answer.overall.rate.value
    (2, 2, 1, 0.5)
    """
    contracts = contracts_of(spans, as_of)
    if isinstance(contracts, NotEnoughEvidence):
        return contracts
    if by:
        check_column(by, contracts.spans)
    last, unit = contracts.evidence.as_of, period_for(period, Gaps((), ()))
    span = span_of(from_, to, last)
    question = ask_span(span, unit, None) if span else ask_calendar(unit, last, None)
    view = contracts.viewpoint(confidence)
    return _contract_answer(contracts, question, view, by, target, benchmark)


def _contract_answer(
    contracts: Contracts,
    question: Question,
    view: Viewpoint,
    by: str | None,
    target: float | None,
    benchmark: Benchmark | None,
) -> Retention | NotEnoughEvidence:
    asked = len(question.windows)
    windows = (*question.windows, *whole_periods(contracts, question.period))
    rates = contract_rates(contracts, windows, view)
    comparisons = _comparisons(rates[:asked], question, target, benchmark)
    if not rates[0].start:
        return nobody_under_contract(question.window)
    return Retention(
        evidence=contracts.evidence,
        overall=rates[0],
        trend=rates[asked:],
        segments=_contract_segments(contracts, by, question, view) if by else (),
        comparisons=comparisons,
        period=question.period,
        basis="spans",
        segment_column=by,
    )


def _contract_segments(
    contracts: Contracts, column: str, question: Question, view: Viewpoint
) -> tuple[RetentionRate, ...]:
    groups = customer_segments(contracts.spans, "started_on", column)
    counted = contract_counts(contracts.spans, [question.window.span], groups)
    return _by_size(counted, question, view, lasting=True)


def _question(
    basis: Basis,
    from_: date | None,
    to: date | None,
    period: Period | str | None,
    lookback: Lookback,
) -> Question:
    span = span_of(from_, to, basis.orders.as_of)
    unit = period_for(period, basis.gaps)
    if span is not None:
        return ask_span(span, unit, lookback)
    question = ask_calendar(unit, basis.orders.as_of, lookback)
    return replace(question, chosen=None if period else why_period(basis.gaps))


def _viewpoint(basis: Basis, confidence: float) -> Viewpoint:
    return Viewpoint(
        data_from=None if basis.has_beginning else basis.orders.data_from,
        as_of=basis.orders.as_of,
        burn_in_until=basis.sure_from,
        confidence=confidence,
    )


def _window_counts(basis: Basis, question: Question) -> list[Counts]:
    """What is counted in every window of the question, the one asked for first."""
    row = window_counts(basis.days, question.windows).to_pyarrow().to_pylist()[0]
    return [Counts.of(row, number) for number in range(len(question.windows))]


def _calendar_counts(question: Question, periods: Sequence[GrowthPeriod]) -> list[Counts] | None:
    """The same from growth accounting, where each window is a period against the one before."""
    unit, known = question.period, {it.period: _growth_counts(it) for it in periods}
    numbers = [unit.number(window.span.start) for window in question.windows]
    usual = [calendar_window(unit, number) for number in numbers]
    after = unit.start(unit.number(periods[-1].period) + 1)
    if usual != list(question.windows) or any(it.span.start >= after for it in usual):
        return None
    return [known.get(window.span.start, Counts(0, 0, 0, 0)) for window in usual]


def _growth_counts(it: GrowthPeriod) -> Counts:
    return Counts(it.retained + it.churned, it.active, it.new, it.retained)


def _comparisons(
    rates: Sequence[RetentionRate],
    question: Question,
    target: float | None,
    benchmark: Benchmark | None,
) -> tuple[Comparison, ...]:
    others = dict(zip(question.others, rates[1:], strict=True))
    return (*compare_periods(rates[0], others), *compare_goals(rates[0], target, benchmark))


def _nobody(question: Question) -> NotEnoughEvidence:
    window = question.window
    needs = (say("customers who bought before the period, to see whether they stay"),)
    if window.lookback_from is None:
        return NotEnoughEvidence(
            say("Nobody bought before {start}, so nobody could stay.", start=window.span.start),
            needs,
        )
    return NotEnoughEvidence(
        say(
            "Nobody bought from {back} up to {start}, so nobody could stay.",
            back=window.lookback_from,
            start=window.span.start,
        ),
        needs,
    )


def _trend(
    periods: Sequence[GrowthPeriod], period: Period, view: Viewpoint
) -> tuple[RetentionRate, ...]:
    """Growth accounting read as retention: each period against the one before it."""
    return tuple(
        view.rate(
            _growth_counts(it),
            calendar_window(period, period.number(it.period)),
        )
        for it in periods
    )


def _segments(
    basis: Basis, column: str, question: Question, view: Viewpoint
) -> tuple[RetentionRate, ...]:
    orders = basis.orders
    check_column(column, orders.purchases, orders.customers)
    groups = customer_segments(orders.purchases, "ordered_on", column, orders.customers)
    counted = window_counts(basis.days, [question.window], groups)
    return _by_size(counted, question, view)


def _by_size(
    counted: ir.Table, question: Question, view: Viewpoint, *, lasting: bool = False
) -> tuple[RetentionRate, ...]:
    rates = [
        view.rate(Counts.of(row, 0), question.window, row["segment"], lasting=lasting)
        for row in counted.to_pyarrow().to_pylist()
    ]
    return tuple(sorted(rates, key=lambda rate: (-rate.start, rate.segment or "")))
