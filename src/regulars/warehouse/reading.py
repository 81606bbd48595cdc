"""From a file, a database or a table in memory to the orders that every study takes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import reduce
from pathlib import Path

import ibis
import ibis.expr.types as ir

from regulars.kernel.errors import InputError
from regulars.kernel.progress import Progress, silent
from regulars.kernel.wording import Message, say
from regulars.warehouse import aliases
from regulars.warehouse.customers import read_customers, read_products
from regulars.warehouse.engines import Engine, open_engine
from regulars.warehouse.headings import Wanted
from regulars.warehouse.money import several_currencies
from regulars.warehouse.opening import name_of, open_records
from regulars.warehouse.options import Reading
from regulars.warehouse.order_rows import OrderRows, read_rows
from regulars.warehouse.orders import Orders
from regulars.warehouse.parsing import Rule, reject
from regulars.warehouse.pieces import Pieces, pieces_of
from regulars.warehouse.quality import Quality, Reject
from regulars.warehouse.records import FILE, KEPT, RECORD, REST, Records
from regulars.warehouse.settling import CONFLICT, CURRENCIES, CUSTOMERS, Settled, settle
from regulars.warehouse.sources import Source
from regulars.warehouse.store import is_store
from regulars.warehouse.stored import read_store

__all__ = ["SettledSource", "Source", "as_orders", "read_orders", "settle_source"]

_SHOWN_REASONS = 3

type _Refuse = Callable[[OrderRows, Settled, tuple[Reject, ...], Reading], None]


def as_orders(source: Orders | Source) -> Orders:
    """Orders as they are, or read from a source with nothing told about it."""
    return source if isinstance(source, Orders) else read_orders(source)


def read_orders(
    source: Source, reading: Reading | None = None, *, progress: Progress = silent
) -> Orders:
    """Read and settle the orders of a source.

    Parquet files whose columns have types are left where they are and read again by each question:
    they must stay as they are for as long as the orders are used.

    Args:
        source: A path (file or folder), a database URL, or a table in memory.
        reading: What the source does not say itself.
        progress: Told what is being done.

    Raises:
        InputError: The source cannot be used as a whole; single rows are rejected instead.
        OptionError: Something in ``reading`` does not fit the source.
    """
    reading = reading or Reading()
    if is_store(source):
        return read_store(Path(str(source)), reading)
    return _read(source, reading, progress, _refuse_nothing)


def read_news(source: Source, reading: Reading, progress: Progress = silent) -> Orders:
    """Read orders that are told to a store, which may know the orders of what is only refunds.

    Raises:
        InputError: The source cannot be used as a whole.
        OptionError: Something in ``reading`` does not fit the source.
    """
    return _read(source, reading, progress, _refuse_rubbish)


def _read(source: Source, reading: Reading, progress: Progress, refuse: _Refuse) -> Orders:
    engine = open_engine(reading.memory_limit, reading.engine)
    found = settle_source(engine, source, reading, progress)
    refuse(found.rows, found.settled, found.rejected, reading)
    orders = _assembled(engine, found.records, found.rows, found.settled, reading, found.rejected)
    progress(say("Orders read"), 1.0)
    return orders


@dataclass(frozen=True, slots=True)
class SettledSource:
    """A source of orders with every row settled or rejected, whatever is left of it.

    Attributes:
        records: Its records.
        rows: Its rows as values.
        settled: The orders that they are of.
        rejected: The rows refused.
    """

    records: Records
    rows: OrderRows
    settled: Settled
    rejected: tuple[Reject, ...]


def settle_source(
    engine: Engine, source: Source, reading: Reading, progress: Progress = silent
) -> SettledSource:
    """Read and settle the orders of a source, in several currencies too.

    Raises:
        InputError: The source is not there, not whole, or lacks a column.
        OptionError: Something in ``reading`` does not fit the source.
    """
    progress(say("Reading {source}", source=name_of(source)), 0.0)
    records = open_records(engine, source, wanted_of_orders(reading), reading)
    progress(say("Reading dates and amounts"), 0.4)
    rows = read_rows(engine, records, reading)
    progress(say("Settling orders"), 0.7)
    settled = settle(rows.table, lined=rows.lined, as_of=reading.as_of, keep=engine.keep)
    return SettledSource(records, rows, settled, _rejected(rows, settled, records))


def wanted_of_orders(reading: Reading) -> Wanted:
    """The columns that are looked for in a source of orders."""
    return Wanted(
        ranks=aliases.ORDERS,
        required={
            "ordered_at": (("ordered_at",),),
            "amount": (("amount",), ("unit_price", "quantity")),
        },
        given=reading.columns,
        keep=reading.keep,
        shops=True,
    )


def _rejected(rows: OrderRows, settled: Settled, records: Records) -> tuple[Reject, ...]:
    late = tuple(_contradictions(rows.table, settled.refused, records))
    files = {name: place for place, name in enumerate(records.files)}
    every = (*rows.rejected, *late)
    return tuple(sorted(every, key=lambda one: (files[one.source], one.line))) if late else every


def _contradictions(
    rows: ir.Table, refused: ir.Table | None, records: Records
) -> Iterator[Reject]:
    if refused is None:
        return
    joined = rows.inner_join(refused, "order_id")
    shown = {name: joined[name].cast("string") for name in ("order_id", "customer_id")}
    if "currency" in rows.columns:
        shown["currency"] = joined.currency
    table = joined.select(FILE, RECORD, "why", **shown)
    for row in table.to_pyarrow().to_pylist():
        rule = _RULES[row["why"]]
        yield reject(records, rule, row, row[rule.column or "order_id"])


def _never(table: ir.Table) -> ir.BooleanValue:
    return table.order_id.isnull()


_RULES = {
    CONFLICT: Rule(
        "order_id",
        say("The same order id stands on records that differ; each order must come once."),
        _never,
    ),
    CUSTOMERS: Rule("customer_id", say("The order has two customers."), _never),
    CURRENCIES: Rule("currency", say("The order has two currencies."), _never),
}


def _refuse_nothing(
    rows: OrderRows, settled: Settled, rejected: tuple[Reject, ...], reading: Reading
) -> None:
    """Refuse a source that leaves no purchase.

    Raises:
        InputError: No row can be used, or all are refunds, or all are later than ``as_of``.
    """
    if settled.figures.orders:
        return
    if len(rejected) == rows.total:
        raise InputError(_all_rejected(rejected))
    first = _earliest(rows.table)
    if reading.as_of is not None and first is not None and first > reading.as_of:
        raise InputError(
            say("The first order is of {first}, after {as_of}.", first=first, as_of=reading.as_of),
            accepted=say("Give an as-of date from {first} on.", first=first),
        )
    raise InputError(
        say("There are refunds only, no purchase."),
        accepted=say("Give the orders that the refunds belong to."),
    )


def _refuse_rubbish(
    rows: OrderRows, settled: Settled, rejected: tuple[Reject, ...], reading: Reading
) -> None:
    """Refuse news that holds neither a purchase nor a refund.

    Raises:
        InputError: No row can be used, or all are later than ``as_of``.
    """
    if not settled.figures.unmatched_refunds:
        _refuse_nothing(rows, settled, rejected, reading)


def _all_rejected(rejected: tuple[Reject, ...]) -> Message:
    reasons = [_told(one) for one in _first_of_each(rejected)]
    return say(
        "None of the {n} rows can be used. {reasons}",
        n=len(rejected),
        reasons=reduce(lambda one, other: say("{one} {other}", one=one, other=other), reasons),
    )


def _told(one: Reject) -> Message:
    if one.column is None or one.value is None:
        return say("Line {line}: {reason}", line=one.line, reason=one.reason)
    return say(
        "Line {line}, {column} {value}: {reason}",
        line=one.line,
        column=one.column,
        value=one.value,
        reason=one.reason,
    )


def _first_of_each(rejected: tuple[Reject, ...]) -> list[Reject]:
    firsts: dict[str, Reject] = {}
    for one in rejected:
        firsts.setdefault(str(one.reason), one)
    return list(firsts.values())[:_SHOWN_REASONS]


def _earliest(table: ir.Table) -> date | None:
    found = table.ordered_on.min().to_pyarrow().as_py()
    return found if isinstance(found, date) else None


def _assembled(
    engine: Engine,
    records: Records,
    rows: OrderRows,
    settled: Settled,
    reading: Reading,
    rejected: tuple[Reject, ...],
) -> Orders:
    purchases = _named(settled.purchases)
    products = read_products(engine, reading) if rows.lined else None
    lines = _lines(engine, settled.rows, products) if rows.lined else None
    customers = read_customers(engine, reading, purchases.customer_id.type())
    # news of refunds alone has no day of its own
    first, last = settled.span or (date.min, date.min)
    currency = rows.currency or _one_currency(purchases)
    if "currency" in purchases.columns:
        purchases = purchases.drop("currency")
    return Orders(
        purchases=engine.settle_in(purchases),
        lines=None if lines is None else engine.settle_in(lines),
        customers=None if customers is None else engine.settle_in(customers),
        data_from=first,
        as_of=reading.as_of or last,
        timezone=reading.timezone,
        currency=currency,
        burn_in_days=reading.burn_in_days,
        quality=_quality(records, rows, settled, rejected),
        pieces=_pieces(engine, settled, products, records, lined=rows.lined),
    )


def _pieces(
    engine: Engine, settled: Settled, products: ir.Table | None, records: Records, *, lined: bool
) -> Pieces:
    rows = _categorised(engine, settled.accepted, products)
    own = {FILE, RECORD, REST, "currency"}
    return pieces_of(
        _named(rows.drop(*(name for name in rows.columns if name in own))),
        single=settled.single,
        lined=lined,
        generated="order_id" not in records.columns,
    )


def _named(purchases: ir.Table) -> ir.Table:
    """Kept columns by the names they were asked for."""
    kept = {name.removeprefix(KEPT): name for name in purchases.columns if name.startswith(KEPT)}
    return purchases.rename(kept) if kept else purchases


def _one_currency(purchases: ir.Table) -> str | None:
    if "currency" not in purchases.columns:
        return None
    codes = purchases.select("currency").distinct().to_pyarrow()["currency"].to_pylist()
    known = sorted(code for code in codes if code is not None)
    if len(known) > 1:
        raise several_currencies(known)
    return known[0] if known else None


def _lines(engine: Engine, rows: ir.Table, products: ir.Table | None) -> ir.Table:
    rows = _categorised(engine, rows, products)
    return rows.select(
        order_id=rows.order_id,
        line=rows.line if "line" in rows.columns else rows[RECORD],
        product_id=_or_null(rows, "product_id", "string"),
        category=_or_null(rows, "category", "string"),
        quantity=_or_null(rows, "quantity", "float64"),
        amount=rows.line_amount if "line_amount" in rows.columns else rows.amount,
    )


def _categorised(engine: Engine, rows: ir.Table, products: ir.Table | None) -> ir.Table:
    """Rows with the categories that the table of products knows, before their own."""
    if products is None:
        return rows
    products = engine.beside(products, rows)
    keyed = rows.mutate(product_key=_or_null(rows, "product_id", "string").cast("string"))
    joined = keyed.left_join(products, "product_key")
    own = _or_null(joined, "category", "string")
    told = joined.mutate(category=ibis.coalesce(joined.category_of_product, own))
    return told.select(*rows.columns, *(["category"] if "category" not in rows.columns else []))


def _or_null(rows: ir.Table, name: str, kind: str) -> ir.Column:
    return rows[name] if name in rows.columns else ibis.null(kind)


def _quality(
    records: Records, rows: OrderRows, settled: Settled, rejected: tuple[Reject, ...]
) -> Quality:
    figures = settled.figures
    return Quality(
        rows=rows.total,
        accepted=figures.accepted,
        duplicates=figures.duplicates,
        orders=figures.orders,
        unidentified=figures.unidentified,
        unidentified_orders=figures.unidentified_orders,
        revenue=figures.revenue,
        identified_revenue=figures.identified_revenue,
        unmatched_refunds=figures.unmatched_refunds,
        unmatched_refund_amount=figures.unmatched_refund_amount,
        zero_orders=figures.zero_orders,
        columns=records.columns,
        ignored=records.ignored,
        amount_basis=rows.basis,
        rejected=rejected,
        notes=rows.notes,
    )
