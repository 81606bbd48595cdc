"""Tables that several answers read are computed once and kept on their engine."""

import weakref

import ibis
import ibis.expr.types as ir
from ibis.util import gen_name


def keep(table: ir.Table) -> ir.Table:
    """Compute the table now and keep it as a temporary one, for as long as anything refers to it.

    ``Table.cache()`` of Ibis 12 does the same, but its statement to drop the table loses the name
    under sqlglot 30.30, so every dropped table would print a traceback.
    """
    engine = ibis.get_backend(table)
    name = gen_name("regulars")
    kept = engine.create_table(name, table, temp=True)
    dropping = weakref.finalize(kept.op(), _drop, weakref.ref(engine), name)
    dropping.atexit = False  # a temporary table ends with its connection
    return kept


def _drop(engine: weakref.ref[ibis.BaseBackend], name: str) -> None:
    alive = engine()
    if alive is not None:
        # drop_table() loses the name; ours is made of letters and digits, so nothing is quoted
        alive.raw_sql(f"DROP TABLE {name}")
