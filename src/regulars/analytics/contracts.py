"""Who stayed under contract: customers with a running span at both ends of a period."""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from regulars.analytics.retention import count_flags
from regulars.kernel.periods import Span


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
