"""Cohorts: customers by the period in which they were first seen, at each later period."""

import ibis.expr.types as ir


def cohort_cells(movements: ir.Table) -> ir.Table:
    """The non-empty cells of the cohort matrix.

    Args:
        movements: The cube of :func:`regulars.analytics.steps.movements`.

    Returns:
        ``cohort`` · ``period`` (numbers) · ``customers`` who bought · ``amount``.
    """
    return movements.group_by(["cohort", "period"]).agg(
        customers=movements.customers.sum(), amount=movements.amount.sum()
    )
