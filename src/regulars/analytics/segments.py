"""Which group a customer belongs to: one value a customer, from his card or his first day."""

import ibis.expr.types as ir

NO_SEGMENT = "(none)"


def customer_segments(
    facts: ir.Table, happened_on: str, column: str, customers: ir.Table | None = None
) -> ir.Table:
    """Each customer's group.

    The value in ``customers`` where that table has the column, else the value on the customer's
    first day in ``facts``; the smallest where that day has several.

    Args:
        facts: ``customer_id``, the day column and, it may be, the segment column; rows without a
            customer are left out.
        happened_on: Name of the day column.
        column: Name of the segment column.
        customers: One row a customer, with the firm's own columns.

    Returns:
        ``customer_id`` · ``segment`` (text; ``(none)`` where there is no value), one row for each
        customer of ``facts``.
    """
    known = facts.filter(facts.customer_id.notnull())
    if customers is not None and column in customers.columns:
        everybody = known.select("customer_id").distinct()
        return _one_each(everybody.left_join(customers, "customer_id"), column)
    first = known.group_by("customer_id").agg(first_on=known[happened_on].min())
    return _one_each(
        known.join(first, ["customer_id", known[happened_on] == first.first_on]), column
    )


def _one_each(rows: ir.Table, column: str) -> ir.Table:
    value = rows[column].cast("string").min().fill_null(NO_SEGMENT)
    return rows.group_by("customer_id").agg(segment=value)
