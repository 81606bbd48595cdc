"""Tables that several answers read are computed once and kept on their engine."""

import ibis.expr.types as ir


def keep(table: ir.Table) -> ir.Table:
    """Compute the table now and keep it as a temporary one, for as long as anything refers to it.

    A table that is kept twice is computed once.
    """
    return table.cache()
