"""How soon the customers of each cohort bought again."""

import ibis
import ibis.expr.types as ir

from regulars.analytics.calendar import period_number
from regulars.kernel.periods import Period


def early_repeats(days: ir.Table, period: Period, window_days: int) -> ir.Table:
    """Customers of each cohort, and how many bought again within a window after their first day.

    Args:
        days: ``purchase_days``: one row per customer and day.
        period: Unit of the cohorts.
        window_days: A repeat counts from one day to this many days after the first.

    Returns:
        ``cohort`` (number of the period) · ``customers`` · ``repeated``.
    """
    walk = ibis.window(group_by="customer_id", order_by="day")
    numbered = days.select(
        "customer_id",
        cohort=period_number(days.ordered_on, period),
        day=period_number(days.ordered_on, Period.DAY),
    )
    walked = numbered.mutate(
        following=numbered.day.lead().over(walk), nth=ibis.row_number().over(walk)
    )
    firsts = walked.filter(walked.nth == 0)
    # beyond the end some engines find 0 instead of null: both are no later day
    again = (firsts.following > firsts.day) & (firsts.following <= firsts.day + window_days)
    return firsts.group_by("cohort").agg(
        customers=firsts.count(), repeated=again.ifelse(1, 0).sum()
    )
