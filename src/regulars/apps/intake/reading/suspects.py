"""Orders that the platform's own rules refuse: found by the engine, judged by the rules.

The engine only tells which orders look odd; what is wrong with them, in words, say the rules that
the API asks too.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import duckdb

from regulars.apps.intake.rules import Fault
from regulars.apps.orders.rules import LineData, OrderData, problems_of
from regulars.kernel.problems import LONGEST_ID
from regulars.kernel.wording import say
from regulars.warehouse.currencies import known_currencies
from regulars.warehouse.records import FILE, RECORD

_LONGEST = {"channel": 100, "store": 100, "category": 200, "line": 60}
_AT_ONCE = 1000


def mark_suspects(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the table ``suspects`` of the ids of orders that may break a rule."""
    orders = " OR ".join(
        [
            _odd_id("id"),
            f"(customer_id IS NOT NULL AND {_odd_id('customer_id')})",
            _odd_text("channel"),
            _odd_text("store"),
            "amount IS NULL OR amount < 0 OR amount >= 1e14",
            "currency IS NULL OR NOT list_contains($1, currency)",
        ]
    )
    lines = " OR ".join(
        [
            f"(product_id IS NOT NULL AND {_odd_id('product_id')})",
            _odd_text("category"),
            _odd_text("line"),
            "(refund = 0 AND product_id IS NOT NULL AND (line_amount < 0 OR quantity < 0))",
        ]
    )
    connection.execute(
        f"CREATE TABLE suspects AS SELECT id FROM sold WHERE {orders}"  # noqa: S608 - our own names
        f" UNION SELECT id FROM said WHERE {lines}"
        f" UNION SELECT id FROM said WHERE refund = 1 AND {_odd_id('id')}",
        [sorted(known_currencies())],
    )


def _odd_id(column: str) -> str:
    return (
        f"({column} IS NULL OR length({column}) > {LONGEST_ID} OR trim({column}) = ''"
        rf" OR regexp_matches(replace({column}, ' ', ''), '[\p{{C}}\p{{Z}}]'))"
    )


def _odd_text(column: str) -> str:
    return f"(length({column}) > {_LONGEST[column]} OR contains({column}, chr(0)))"


def faulty_orders(
    connection: duckdb.DuckDBPyConnection,
) -> Iterator[tuple[tuple[int, int], tuple[Fault, ...]]]:
    """The places of the rows of orders that break a rule; they are taken out of the tables."""
    ids = connection.execute("SELECT id FROM suspects").fetchall()
    for start in range(0, len(ids), _AT_ONCE):
        some = [row[0] for row in ids[start : start + _AT_ONCE]]
        for id_, rows in _rows_by_order(connection, some).items():
            faults = _faults(id_, rows)
            if not faults:
                continue
            for table in ("said", "sold"):
                connection.execute(
                    f"DELETE FROM {table} WHERE id IS NOT DISTINCT FROM $1",  # noqa: S608 - one of two
                    [id_],
                )
            yield from (((row[FILE], row[RECORD]), faults) for row in rows)


def _rows_by_order(
    connection: duckdb.DuckDBPyConnection, ids: Sequence[str]
) -> dict[str, list[dict[str, Any]]]:
    found = (
        connection.sql(
            f"SELECT said.* REPLACE (coalesce(said.currency, sold.currency) AS currency)"  # noqa: S608 - names of our own
            f" FROM said LEFT JOIN sold USING (id) WHERE list_contains($1, said.id)"
            f" ORDER BY said.{FILE}, said.{RECORD}",
            params=[ids],
        )
        .to_arrow_table()
        .to_pylist()
    )
    orders: dict[str, list[dict[str, Any]]] = {}
    for row in found:
        orders.setdefault(row["id"], []).append(row)
    return orders


def _faults(id_: str, rows: Sequence[dict[str, Any]]) -> tuple[Fault, ...]:
    told = _order(id_, rows)
    faults = [
        Fault(problem.field, problem.message)
        for problem in problems_of(told)
        # what a shop adds to its lines, such as freight, is in the amount; a free gift has no unit
        if not _tolerated(problem.field, told)
    ]
    return (*faults, *_too_long(rows))


def _tolerated(field: str, told: OrderData) -> bool:
    if field == "amount":
        return 0 <= told.amount < Decimal(10) ** 14
    name = field.rpartition(".")[2]
    if name != "quantity":
        return False
    return told.lines[int(field.split(".")[1])].quantity >= 0


def _order(id_: str, rows: Sequence[dict[str, Any]]) -> OrderData:
    sales = [row for row in rows if not row["refund"]]
    moment: datetime = min(row["ordered_at"] for row in sales or rows)
    customers = [row["customer_id"] for row in rows if row["customer_id"] is not None]
    return OrderData(
        id=id_,
        customer_id=min(customers, default=None),
        ordered_at=moment.replace(tzinfo=UTC),
        currency=rows[0]["currency"] or "",
        amount=sum((row["amount"] for row in sales), Decimal()),
        lines=tuple(
            LineData(
                line=row["line"] or str(place),
                product_id=row["product_id"],
                quantity=row["quantity"],
                amount=row["line_amount"],
            )
            for place, row in enumerate(sales, start=1)
            if row["product_id"] is not None
        ),
    )


def _too_long(rows: Sequence[dict[str, Any]]) -> Iterator[Fault]:
    for name, most in _LONGEST.items():
        for row in rows:
            text = row[name] or ""
            if len(text) > most or "\0" in text:
                yield Fault(
                    name, say("Give at most {n} characters, none of them NUL.", n=most), text[:200]
                )
                break
