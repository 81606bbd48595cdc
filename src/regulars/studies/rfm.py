"""Who are the customers: how recent, how frequent, how much?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, override

import ibis.expr.types as ir
import pyarrow as pa

from regulars.analytics import rfm as measures
from regulars.analytics.keeping import keep
from regulars.estimation.scores import score_breaks
from regulars.kernel.errors import NotEnoughEvidence, OptionError
from regulars.kernel.wording import Message, say
from regulars.studies.answer import Answer, Evidence
from regulars.studies.evidence import Basis, basis_of
from regulars.studies.rfm_segments import SEGMENT_NAMES, Segment, rule_of, segment_of
from regulars.warehouse.orders import Orders
from regulars.warehouse.reading import Source

__all__ = [
    "Rfm",
    "RfmCell",
    "ScoreBreaks",
    "Segment",
    "SegmentSummary",
    "rfm",
]

_COLUMNS = ("customer_id", "frequency", "recency", "age", "monetary", "r", "f", "m", "segment")


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentSummary:
    """One segment in figures.

    Attributes:
        segment: The segment.
        name: Its name for people; ``rule`` who is in it, in words.
        customers: Customers in it, 0 where it is empty.
        share_of_customers: Their share of all customers.
        revenue: Their revenue so far; ``share_of_revenue`` None where there is no revenue.
        mean_recency: Mean days since the last purchase; None where the segment is empty, as are
            ``mean_frequency`` (purchase days) and ``mean_monetary`` (money a purchase day).
        at_most: Some of them may be old customers who only look new (left truncation).
    """

    segment: Segment
    name: Message
    rule: Message
    customers: int
    share_of_customers: float
    revenue: Decimal
    share_of_revenue: float | None
    mean_recency: float | None
    mean_frequency: float | None
    mean_monetary: float | None
    at_most: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RfmCell:
    """Customers with the same recency score, frequency score and segment: a tile of the map.

    Attributes:
        r: Recency score 1 … 5 (5: the most recent fifth).
        f: Frequency score 1 … 5.
        segment: Their segment; tiles of the upper left hold new and promising customers.
        customers: How many.
        revenue: Their revenue so far.
    """

    r: int
    f: int
    segment: Segment
    customers: int
    revenue: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreBreaks:
    """Where the scores change: the lowest value with score 2, 3, 4 and 5.

    For recency, the highest number of days with score 2, 3, 4 and 5. None: no value has it.

    Attributes:
        recency: Days since the last purchase.
        frequency: Purchase days.
        monetary: Mean amount per purchase day.
    """

    recency: tuple[int | None, ...]
    frequency: tuple[int | None, ...]
    monetary: tuple[float | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rfm(Answer):
    """Recency, frequency and monetary value of every customer, with scores and a segment.

    Attributes:
        evidence: The data behind the answer.
        customers: One row a customer: ``customer_id`` (text), ``frequency`` (purchase days),
            ``recency`` (days since the last), ``age`` (days since the first), ``monetary`` (mean
            amount per purchase day), ``r``, ``f``, ``m`` (1 … 5) and ``segment``.
        segments: All segments, the best first.
        cells: The map: customers by recency score, frequency score and segment.
        breaks: Where the scores change.
        new_days: A customer whose first purchase is at most so many days ago counts as new.
    """

    evidence: Evidence
    customers: pa.Table
    segments: tuple[SegmentSummary, ...]
    cells: tuple[RfmCell, ...]
    breaks: ScoreBreaks
    new_days: int

    @override
    def records(self) -> list[dict[str, object]]:
        """One row a customer, in the order of their ids."""
        rows: list[dict[str, object]] = self.customers.to_pylist()
        return rows

    @override
    def table(self) -> pa.Table:
        """The customers as they are held: nothing is copied."""
        return self.customers

    def summary(self) -> list[dict[str, object]]:
        """One row a segment, for programs."""
        return [
            {
                "segment": row.segment.value,
                "customers": row.customers,
                "share_of_customers": row.share_of_customers,
                "revenue": float(row.revenue),
                "share_of_revenue": row.share_of_revenue,
                "mean_recency": row.mean_recency,
                "mean_frequency": row.mean_frequency,
                "mean_monetary": row.mean_monetary,
                "at_most": row.at_most,
            }
            for row in self.segments
        ]


def rfm(
    orders: Orders | Basis | Source, *, new_days: int | None = None
) -> Rfm | NotEnoughEvidence:
    """Score every customer by recency, frequency and monetary value, and name his segment.

    A score is ``1 + floor(5 * share of customers with a strictly worse value)``: the best fifth
    has 5, and equal values share a score.

    Args:
        orders: Orders, or a source to read them from.
        new_days: A customer first seen at most so many days ago counts as new; None: the 90th
            percentile of the gaps between purchase days.

    Raises:
        OptionError: ``new_days`` is negative.

    Source: quintile scores after Hughes, Strategic Database Marketing, 1994; the segments' rule is
    our own (:func:`regulars.studies.rfm_segments.rule_of`).

    >>> import pyarrow as pa
    >>> shop = pa.table(
    ...     {
    ...         "customer_id": ["ann", "ann", "bob"],
    ...         "ordered_at": ["2024-01-01", "2024-01-08", "2024-01-02"],
    ...         "amount": [20, 30, 10],
    ...     }
    ... )
    >>> ann, bob = rfm(shop).records()
    >>> ann["recency"], ann["frequency"], ann["monetary"], ann["age"]
    (0, 2, 25.0, 7)
    >>> (ann["r"], ann["f"], ann["m"]), (bob["r"], bob["f"], bob["m"])
    ((5, 3, 3), (3, 1, 1))
    """
    if new_days is not None and new_days < 0:
        raise OptionError(
            say("New customers cannot be {n} days old.", n=new_days),
            accepted=say("Give 0 days or more."),
        )
    basis = basis_of(orders)
    if (refusal := basis.refusal()) is not None:
        return refusal
    recent = basis.gaps.percentile(0.9) or 0 if new_days is None else new_days
    return _answer(basis, recent)


def _answer(basis: Basis, recent: int) -> Rfm:
    as_of, histories = basis.orders.as_of, basis.histories
    each = keep(
        measures.rfm(basis.days, as_of) if histories is None else measures.rfm_of(histories, as_of)
    )
    breaks = _breaks(each)
    named = segment_of(measures.scored(each, breaks), recent)
    cells = named.group_by(["r", "f", "segment"]).agg(
        customers=named.count(),
        revenue=named.revenue.sum(),
        recency=named.recency.sum(),
        frequency=named.frequency.sum(),
        monetary=named.monetary.sum(),
    )
    rows = cells.order_by(["r", "f", "segment"]).to_pyarrow().to_pylist()
    return Rfm(
        evidence=basis.evidence,
        customers=_customers(named),
        segments=_segments(rows, recent, at_most=_may_be_old(basis, recent)),
        cells=tuple(_cell(row) for row in rows),
        breaks=_shown(breaks),
        new_days=recent,
    )


def _breaks(each: ir.Table) -> dict[str, Sequence[float | None]]:
    breaks: dict[str, Sequence[float | None]] = {}
    for column in ("recency", "frequency", "monetary"):
        counts = measures.value_counts(each, column).to_pyarrow()
        values = counts["value"].to_numpy()
        # ties at the good end of recency: who bought today is recent, however many others did
        days = column == "recency"
        better = -values if days else values
        breaks[column] = score_breaks(better, counts["customers"].to_numpy(), ties_up=days)
    return breaks


def _shown(breaks: Mapping[str, Sequence[float | None]]) -> ScoreBreaks:
    """Breaks as people read them: days since the last purchase are not negative."""
    return ScoreBreaks(
        recency=tuple(None if days is None else int(-days) for days in breaks["recency"]),
        frequency=tuple(None if days is None else int(days) for days in breaks["frequency"]),
        monetary=tuple(breaks["monetary"]),
    )


def _customers(named: ir.Table) -> pa.Table:
    text = named.mutate(customer_id=named.customer_id.cast("string"))
    return text.select(*_COLUMNS).order_by("customer_id").to_pyarrow()


def _may_be_old(basis: Basis, recent: int) -> bool:
    return basis.orders.as_of - timedelta(days=recent) < basis.evidence.burn_in_until


def _cell(row: Mapping[str, Any]) -> RfmCell:
    return RfmCell(
        r=row["r"],
        f=row["f"],
        segment=Segment(row["segment"]),
        customers=row["customers"],
        revenue=Decimal(str(row["revenue"])),
    )


def _segments(
    rows: Sequence[Mapping[str, Any]], new_days: int, *, at_most: bool
) -> tuple[SegmentSummary, ...]:
    everybody, revenue = _total(rows, "customers"), _total(rows, "revenue")
    return tuple(
        _segment(
            segment,
            [row for row in rows if row["segment"] == segment.value],
            (int(everybody), revenue),
            new_days,
            at_most=at_most and segment is Segment.NEW,
        )
        for segment in Segment
    )


def _segment(
    segment: Segment,
    rows: Sequence[Mapping[str, Any]],
    whole: tuple[int, Decimal],
    new_days: int,
    *,
    at_most: bool,
) -> SegmentSummary:
    customers, revenue = int(_total(rows, "customers")), _total(rows, "revenue")

    def mean(column: str) -> float | None:
        return float(_total(rows, column) / customers) if customers else None

    return SegmentSummary(
        segment=segment,
        name=SEGMENT_NAMES[segment],
        rule=rule_of(segment, new_days),
        customers=customers,
        share_of_customers=customers / whole[0],
        revenue=revenue,
        share_of_revenue=float(revenue / whole[1]) if whole[1] else None,
        mean_recency=mean("recency"),
        mean_frequency=mean("frequency"),
        mean_monetary=mean("monetary"),
        at_most=at_most,
    )


def _total(rows: Sequence[Mapping[str, Any]], column: str) -> Decimal:
    return sum((Decimal(str(row[column])) for row in rows), Decimal(0))
