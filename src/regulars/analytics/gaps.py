"""The firm's own rhythm: how many days lie between a customer's purchase days."""

import ibis
import ibis.expr.types as ir

from regulars.analytics.calendar import period_number
from regulars.kernel.periods import Period


def gap_counts(days: ir.Table) -> ir.Table:
    """How often each gap between two neighbouring purchase days of a customer occurs.

    Args:
        days: ``purchase_days``: one row per customer and day.

    Returns:
        ``gap`` (whole days, 0 stands for a customer's first day) · ``times``.
    """
    numbered = days.select("customer_id", day=period_number(days.ordered_on, Period.DAY))
    by_customer = ibis.window(group_by="customer_id", order_by="day")
    before = numbered.mutate(
        previous=numbered.day.lag().over(by_customer),
        nth=ibis.row_number().over(by_customer),
    )
    # an engine may lag to 0 instead of null, so the first day is told by its number
    gaps = before.select(gap=(before.nth == 0).ifelse(0, before.day - before.previous))
    return gaps.group_by("gap").agg(times=gaps.count())
