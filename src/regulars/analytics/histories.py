"""Purchase histories: how often, until when and for how long each customer was seen to buy.

The models of purchases see a customer through three numbers only, so few rows leave the engine
however many customers there are. Times are in whole days.
"""

from datetime import date

import ibis
import ibis.expr.types as ir

from regulars.analytics.calendar import period_number
from regulars.kernel.periods import Period


def histories(days: ir.Table, until: date) -> ir.Table:
    """One row per customer with a purchase up to a day, and what he spent coming back.

    Args:
        days: ``purchase_days``: one row per customer and day.
        until: The last day looked at.

    Returns:
        ``customer_id`` · ``x`` (days with a purchase after the first) · ``t_x`` (days from the
        first purchase to the last) · ``T`` (days from the first purchase to ``until``) ·
        ``amount`` (of the ``x`` days after the first).
    """
    numbered = _numbered(days.filter(days.ordered_on <= ibis.date(until)))
    seen = numbered.group_by("customer_id").agg(
        n=numbered.count(),
        first_on=numbered.first_on.min(),
        last_on=numbered.day.max(),
        amount=(numbered.day > numbered.first_on).ifelse(numbered.amount, 0).sum(),
    )
    return seen.select(
        "customer_id",
        x=seen.n - 1,
        t_x=seen.last_on - seen.first_on,
        T=ibis.literal(Period.DAY.number(until)) - seen.first_on,
        amount=seen.amount,
    )


def history_counts(
    days: ir.Table, until: date, later: date, groups: ir.Table | None = None
) -> ir.Table:
    """The distinct purchase histories up to a day, with what came after it.

    Args:
        days: ``purchase_days``.
        until: The last day of the history.
        later: The last day of what came after it; the same day where nothing is asked of it.
        groups: ``customer_id`` · ``segment``, one row a customer; None: nobody is told apart.

    Returns:
        ``x`` · ``t_x`` · ``T`` · ``later`` (days with a purchase after ``until``, up to
        ``later``) · ``segment``, where there are groups · ``customers`` (how many share all).
    """
    end = ibis.literal(Period.DAY.number(until))
    seen = days.filter(days.ordered_on <= ibis.date(later))
    day = period_number(seen.ordered_on, Period.DAY)
    numbered = seen.select("customer_id", day=day)
    known = numbered.day <= end
    each = numbered.group_by("customer_id").agg(
        n=known.ifelse(1, 0).sum(),
        first_on=numbered.day.min(),
        last_on=numbered.day.max(where=known),
        later=known.ifelse(0, 1).sum(),
    )
    seen = each.filter(each.first_on <= end)
    shared = ["x", "t_x", "T", "later"]
    if groups is not None:
        seen = seen.join(groups, "customer_id")
        shared.append("segment")
    rows = seen.mutate(x=seen.n - 1, t_x=seen.last_on - seen.first_on, T=end - seen.first_on)
    return rows.group_by(shared).agg(customers=rows.count())


def later_purchases(days: ir.Table, until: date, later: date) -> ir.Table:
    """Purchase days of the customers known by a day, by calendar day.

    Args:
        days: ``purchase_days``.
        until: The day by which a customer must have bought.
        later: The last day looked at.

    Returns:
        ``ordered_on`` · ``purchases`` (customers who bought on it, not for the first time).
    """
    numbered = _numbered(days.filter(days.ordered_on <= ibis.date(later)))
    again = numbered.filter(
        (numbered.first_on <= ibis.literal(Period.DAY.number(until)))
        & (numbered.day > numbered.first_on)
    )
    return again.group_by("ordered_on").agg(purchases=again.count())


def _numbered(days: ir.Table) -> ir.Table:
    """Purchase days by their number, each beside the customer's first."""
    day = period_number(days.ordered_on, Period.DAY)
    numbered = days.select("customer_id", "ordered_on", "amount", day=day)
    by_customer = ibis.window(group_by="customer_id")
    return numbered.mutate(first_on=numbered.day.min().over(by_customer))
