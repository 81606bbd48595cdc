"""What customers spend in a period, and the parts that it is the product of."""

from collections.abc import Sequence

import ibis.expr.types as ir

from regulars.analytics.calendar import period_number
from regulars.kernel.periods import Period


def spend_totals(calendar: ir.Table, periods: Sequence[int]) -> ir.Table:
    """Customers, orders and money of some periods.

    Args:
        calendar: ``customer_id`` · ``period`` · ``orders`` · ``amount``.
        periods: Numbers of the periods wanted.

    Returns:
        ``period`` · ``customers`` · ``orders`` · ``revenue`` · ``squares`` (sum over customers of
        their squared spend, a float, for the variance).
    """
    wanted = calendar.filter(calendar.period.isin(list(periods)))
    amount = wanted.amount.cast("float64")
    return wanted.group_by("period").agg(
        customers=wanted.count(),
        orders=wanted.orders.sum(),
        revenue=wanted.amount.sum(),
        squares=(amount * amount).sum(),
    )


def category_orders(
    purchases: ir.Table, lines: ir.Table, period: Period, periods: Sequence[int]
) -> ir.Table:
    """Categories summed over the orders of identified customers: one per order and category.

    Lines without a category count as one category of their own.

    Returns:
        ``period`` · ``category_orders``.
    """
    known = purchases.filter(purchases.customer_id.notnull())
    numbered = known.select("order_id", period=period_number(known.ordered_on, period))
    wanted = numbered.filter(numbered.period.isin(list(periods)))
    named = lines.select("order_id", category=lines.category.fill_null(""))
    pairs = wanted.join(named, "order_id").select("period", "order_id", "category").distinct()
    return pairs.group_by("period").agg(category_orders=pairs.count())
