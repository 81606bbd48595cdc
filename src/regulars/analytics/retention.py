"""Who stayed: customers of a look-back counted in the period after it, in one pass."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.types as ir

from regulars.kernel.periods import Span


@dataclass(frozen=True, slots=True)
class Window:
    """A period and the look-back before it.

    Attributes:
        span: The period, half-open.
        lookback_from: First day of the look-back, which ends where the period starts; None:
            everything before the period (``ever``).
    """

    span: Span
    lookback_from: date | None


def within(day: ir.DateColumn, start: date | None, end: date) -> ir.BooleanValue:
    """Whether a day lies in ``[start, end)``; no start: any day before the end."""
    before = day < ibis.date(end)
    return before if start is None else before & (day >= ibis.date(start))


def window_counts(
    days: ir.Table, windows: Sequence[Window], segments: ir.Table | None = None
) -> ir.Table:
    """Customers at the start, active, new and retained, for several windows in one pass.

    Args:
        days: ``customer_id`` · ``ordered_on``, all history up to ``as_of``.
        windows: The windows to count, numbered from 0 in their order.
        segments: ``customer_id`` · ``segment``; None: everybody together.

    Returns:
        One row (one per ``segment``), with ``start_0``, ``active_0``, ``new_0``, ``retained_0``,
        ``start_1``, …; a new customer is one whose first purchase lies in the period.
    """
    flags = {}
    for number, window in enumerate(windows):
        span = window.span
        back = within(days.ordered_on, window.lookback_from, span.start)
        inside = within(days.ordered_on, span.start, span.end)
        flags[f"back_{number}"] = back.ifelse(1, 0).max()
        flags[f"in_{number}"] = inside.ifelse(1, 0).max()
    customers = days.group_by("customer_id").agg(first_on=days.ordered_on.min(), **flags)
    starts = [window.span.start for window in windows]
    return count_flags(customers, starts, segments)


def count_flags(
    customers: ir.Table, starts: Sequence[date], segments: ir.Table | None
) -> ir.Table:
    """Sum the flags of customers (1: there before, there in the period) over each segment.

    Args:
        customers: ``customer_id`` · ``first_on`` · ``back_0`` · ``in_0`` · ``back_1`` · …
        starts: First day of each period.
        segments: ``customer_id`` · ``segment``; None: everybody together.
    """
    if segments is not None:
        customers = customers.join(segments, "customer_id")
    sums = {}
    for number, start in enumerate(starts):
        back, inside = customers[f"back_{number}"], customers[f"in_{number}"]
        sums[f"start_{number}"] = back.sum()
        sums[f"active_{number}"] = inside.sum()
        sums[f"retained_{number}"] = (back * inside).sum()
        fresh = customers.first_on >= ibis.date(start)
        sums[f"new_{number}"] = fresh.ifelse(inside, 0).sum()
    return customers.agg(**sums) if segments is None else customers.group_by("segment").agg(**sums)
