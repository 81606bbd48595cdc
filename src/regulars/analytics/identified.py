"""How much of the business has a known customer."""

import ibis
import ibis.expr.types as ir

from regulars.analytics.calendar import period_number
from regulars.kernel.periods import Period


def identified(purchases: ir.Table) -> ir.Table:
    """Orders and revenue, all and with a customer: one row.

    Returns:
        ``orders`` · ``identified_orders`` · ``revenue`` · ``identified_revenue``.
    """
    return purchases.agg(**_sums(purchases))


def by_store(purchases: ir.Table) -> ir.Table:
    """The same by store, the one with the most orders first; ``store`` is text or null."""
    named = purchases.mutate(store=purchases.store.cast("string"))
    return named.group_by("store").agg(**_sums(named)).order_by([ibis.desc("orders"), "store"])


def by_period(purchases: ir.Table, period: Period) -> ir.Table:
    """The same by calendar period, the oldest first; ``period`` is its number."""
    numbered = purchases.mutate(period=period_number(purchases.ordered_on, period))
    return numbered.group_by("period").agg(**_sums(numbered)).order_by("period")


def names_any(table: ir.Table, column: str) -> bool:
    """Whether the table has the column and any value in it."""
    if column not in table.columns:
        return False
    return bool(table[column].count().to_pyarrow().as_py())


def _sums(purchases: ir.Table) -> dict[str, ir.Scalar]:
    known = purchases.customer_id.notnull()
    return {
        "orders": purchases.count(),
        "identified_orders": known.ifelse(1, 0).sum(),
        "revenue": purchases.amount.sum(),
        "identified_revenue": known.ifelse(purchases.amount, 0).sum(),
    }
