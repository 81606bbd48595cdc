"""What each customer has brought."""

import ibis
import ibis.expr.types as ir


def customer_revenue(days: ir.Table) -> ir.Table:
    """One row per customer.

    Args:
        days: ``purchase_days``: one row per customer and day.

    Returns:
        ``customer_id`` · ``revenue`` · ``purchase_days`` · ``first_on`` · ``last_on``.
    """
    return days.group_by("customer_id").agg(
        revenue=days.amount.sum(),
        purchase_days=days.count(),
        first_on=days.ordered_on.min(),
        last_on=days.ordered_on.max(),
    )


def best_customers(customers: ir.Table, limit: int) -> ir.Table:
    """The ``limit`` customers with the most revenue; equal ones in the order of their id."""
    text = customers.mutate(customer_id=customers.customer_id.cast("string"))
    return text.order_by([ibis.desc("revenue"), "customer_id"]).limit(limit)


def revenue_counts(customers: ir.Table) -> ir.Table:
    """How many customers brought each amount; who was refunded more than he spent brought 0.

    Args:
        customers: ``customer_revenue``.

    Returns:
        ``revenue`` (float) · ``customers``.
    """
    brought = (customers.revenue < 0).ifelse(0, customers.revenue)
    amounts = customers.select(revenue=brought.cast("float64"))
    return amounts.group_by("revenue").agg(customers=amounts.count())
