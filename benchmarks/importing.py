"""Orders with lines from Parquet into the records, against the same rows written bare.

Ours checks ids, makes customers and products, compares fingerprints, remembers the run and tells
the news, batch by batch. The bare side reads the same file and writes the same rows into two
tables without a key: by COPY on PostgreSQL, by executemany on SQLite. Each side runs in a process
of its own. Rows are orders and lines together; the CPU seconds of the database server count in.
"""

import sys
from dataclasses import replace

from measuring import Cost, apart, cost_of, show, tell
from platform_rows import DATABASES, batches, columns, installation, lines, open_here, server_cpu

TO_REACH = {"sqlite": 15_000, "postgresql": 20_000}


def ours(size: str) -> int:
    """An import run; returns its rows."""
    from regulars.apps.orders.operations import LineColumns, OrderColumns, import_orders
    from regulars.interfaces.clock import now
    from regulars.kernel.actors import COMMAND

    rows = 0
    for table in batches(lines(size)):
        orders, of_them = columns(table)
        moment = now()
        told = OrderColumns(**orders), LineColumns(**of_them)
        import_orders(*told, run=f"bench {size}", actor=COMMAND, now=moment)
        rows += len(orders["id"]) + table.num_rows
    return rows


def bare(size: str) -> int:
    """The rows alone; returns how many."""
    from django.db import connection, transaction

    _plain_tables()
    rows = 0
    for table in batches(lines(size)):
        with transaction.atomic(), connection.cursor() as cursor:
            for name, told in zip(("bare_order", "bare_line"), columns(table), strict=True):
                if connection.vendor == "postgresql":
                    with cursor.copy(f"COPY {name} FROM STDIN") as copy:
                        for row in zip(*told.values(), strict=True):
                            copy.write_row(row)
                else:
                    places = ", ".join(["%s"] * len(told))
                    insert = f"INSERT INTO {name} VALUES ({places})"  # noqa: S608 - our own names
                    cursor.executemany(insert, list(zip(*told.values(), strict=True)))
                rows += len(next(iter(told.values())))
    return rows


def _plain_tables() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bare_order (id text, customer text, at timestamp with time zone, "
            "utc_offset integer, currency text, amount numeric, channel text, store text)"
        )
        cursor.execute(
            "CREATE TABLE bare_line (order_id text, line text, product text, category text, "
            "quantity numeric, amount numeric, unit_cost numeric)"
        )


def measured(size: str = "1m") -> dict[str, Cost]:
    """The cost of both sides on both databases, and ours on 100k rows for its memory."""
    costs: dict[str, Cost] = {}
    for database in DATABASES:
        for way, rows in (("ours", "100k"), ("ours", size), ("bare", size)):
            name = f"{database}, {way}, {rows}"
            with installation(database):
                costs[name] = apart(__file__, way, rows)
    return costs


def counted(size: str) -> int:
    """The rows of a file: its lines and its orders."""
    return sum(len(columns(table)[0]["id"]) + table.num_rows for table in batches(lines(size)))


def main() -> None:
    """Print both sides, their ratio, and how memory grows."""
    if len(sys.argv) == 3:  # noqa: PLR2004 - one side, in this process
        open_here()
        before = server_cpu()
        cost = cost_of(lambda: {"ours": ours, "bare": bare}[sys.argv[1]](sys.argv[2]))
        tell(replace(cost, cpu=cost.cpu + server_cpu() - before))
        return
    size = (sys.argv[1:] or ["1m"])[0]
    costs, rows = measured(size), counted(size)
    for name, cost in costs.items():
        show(name, cost)
    for database in DATABASES:
        mine, peer = costs[f"{database}, ours, {size}"], costs[f"{database}, bare, {size}"]
        small = costs[f"{database}, ours, 100k"]
        print(
            f"{database}: {rows / mine.wall:,.0f} rows a second, {rows / mine.cpu:,.0f} a CPU "
            f"second (to reach: {TO_REACH[database]:,}); bare {rows / peer.wall:,.0f} and "
            f"{rows / peer.cpu:,.0f}, ratio of CPU {peer.cpu / mine.cpu:.2f}; memory "
            f"{mine.peak / small.peak:.2f} x that of 100k rows"
        )


if __name__ == "__main__":
    main()
