"""Growth accounting: how each period's customers came."""

import ibis.expr.types as ir


def period_movements(movements: ir.Table) -> ir.Table:
    """The cube without its cohorts: at most three rows a period.

    Args:
        movements: The cube of :func:`regulars.analytics.steps.movements`.

    Returns:
        ``period`` · ``came`` · ``customers`` · ``amount`` · ``before`` ·
        ``expansion`` · ``contraction``.
    """
    return movements.group_by(["period", "came"]).agg(
        **{
            name: movements[name].sum()
            for name in ("customers", "amount", "before", "expansion", "contraction")
        }
    )
