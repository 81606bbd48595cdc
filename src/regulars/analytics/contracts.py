"""Who stayed under contract: customers with a running span at both ends of a period."""

from collections.abc import Sequence
from datetime import date

import ibis
import ibis.expr.types as ir

from regulars.analytics.retention import count_flags
from regulars.kernel.periods import Period, Span


def contract_counts(
    spans: ir.Table, periods: Sequence[Span], segments: ir.Table | None = None
) -> ir.Table:
    """Customers at the start, active at the end, new and retained, for several periods.

    A customer stands at a day's beginning when one of his spans ``[started_on, ended_on)`` holds
    the day before. New: his first span ever starts in the period and he is there at its end.

    Args:
        spans: ``customer_id`` · ``started_on`` · ``ended_on`` (null: running).
        periods: The periods, half-open, numbered from 0 in their order.
        segments: ``customer_id`` · ``segment``; None: everybody together.

    Returns:
        One row (one per ``segment``), with ``start_0`` · ``active_0`` · ``new_0`` ·
        ``retained_0`` · ``start_1`` · ….
    """
    flags = {}
    for number, period in enumerate(periods):
        for name, day in ((f"back_{number}", period.start), (f"in_{number}", period.end)):
            begun = spans.started_on < ibis.date(day)
            running = spans.ended_on.isnull() | (spans.ended_on >= ibis.date(day))
            flags[name] = (begun & running).ifelse(1, 0).max()
    customers = spans.group_by("customer_id").agg(first_on=spans.started_on.min(), **flags)
    return count_flags(customers, [period.start for period in periods], segments)


def renewal_counts(spans: ir.Table, period: Period, until: date) -> ir.Table:
    """How many contracts came to how many renewals, and whether they ended there.

    A contract comes up for renewal one period after its first day, two periods after it, and so
    on, on the same day of the month. One that ended comes to the first renewal on or after its
    end and is lost there; one that still runs has made every renewal up to ``until``.

    Args:
        spans: ``customer_id`` · ``started_on`` · ``ended_on`` (null: running).
        period: What lies between renewals: ``month``, ``quarter`` or ``year``.
        until: The last day looked at: later ends are not known of yet.

    Returns:
        ``renewals`` (those come to, the one lost at included) · ``lost`` (0 or 1) · ``contracts``.
    """
    begun = spans.filter(spans.started_on <= ibis.date(until))
    lost = (begun.ended_on.notnull() & (begun.ended_on <= ibis.date(until))).ifelse(1, 0)
    end = (lost == 1).ifelse(begun.ended_on, ibis.date(until))
    dated = begun.select(start=begun.started_on, end=end, lost=lost)
    months = (dated.end.year() - dated.start.year()) * 12 + dated.end.month() - dated.start.month()
    ahead = dated.end.day() - dated.start.day()
    length = {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: 12}[period]
    # whole periods that passed, and one more where an ended contract got past the last of them
    whole = months - (ahead < 0).ifelse(1, 0)
    passed = (whole // length).cast("int64")
    beyond = ((whole % length > 0) | (ahead != 0)).ifelse(1, 0)
    rows = dated.select("lost", renewals=passed + dated.lost * beyond)
    return rows.group_by(["renewals", "lost"]).agg(contracts=rows.count())
