"""Records of orders as rows of values: instants, local days and net amounts."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from regulars.kernel.errors import InputError
from regulars.kernel.wording import Message, say
from regulars.warehouse import parsing
from regulars.warehouse.currencies import known_currencies
from regulars.warehouse.dates import Zones, instant_and_day
from regulars.warehouse.engines import Engine
from regulars.warehouse.money import Basis, Money, basis_of, convert, currency_of, net_amount
from regulars.warehouse.numbers import times
from regulars.warehouse.options import Reading
from regulars.warehouse.parsing import Rule, Survey
from regulars.warehouse.quality import Reject
from regulars.warehouse.records import BROKEN, FILE, KEPT, RECORD, REST, Records

NUMBERS = ("amount", "unit_price", "quantity", "tax", "refunded", "margin")
KEYS = ("order_id", "customer_id", "line", "product_id")
WORDS = ("category", "channel", "store")
_DAY = "ordered_at"
_READ = "read_"
_FILES_APART = 10**12


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRows:
    """Rows of orders, read but not settled yet.

    Attributes:
        table: The rows that can be used: ``file``, ``record``, ``order_id``, ``customer_id``,
            ``ordered_at`` (UTC), ``ordered_on``, ``amount`` (net), ``refund`` (1: the amount as
            written is negative), and the other columns that the source has.
        total: Records read.
        rejected: The rows refused.
        lined: Whether rows are order lines.
        currency: The currency of all amounts where it is known already.
        basis: ``net``, ``gross`` or ``as given``.
        notes: What a careful reader should know.
    """

    table: ir.Table
    total: int
    rejected: tuple[Reject, ...]
    lined: bool
    currency: str | None
    basis: Basis
    notes: tuple[Message, ...]


def read_rows(engine: Engine, records: Records, reading: Reading) -> OrderRows:
    """Read the records of a source of orders.

    Raises:
        InputError: There are none, or a column cannot be read as a whole.
    """
    parsing.refuse_types(records, number=NUMBERS, day=(_DAY,))
    base = _tidy(records)
    zones = Zones(reading.timezone, reading.times_in or "UTC")
    seen = parsing.survey(base, day=_days(base, zones), number=NUMBERS, key=KEYS)
    total = seen.figures["rows"]
    if not total:
        raise InputError(
            say("{source} has a heading but no rows.", source=", ".join(records.files[:3])),
            accepted=say("Give a file with at least one order."),
        )
    parsing.refuse_ambiguous(base, records.columns.get(_DAY, _DAY), _DAY, seen, reading)
    money = currency_of(base, reading)
    read = _read(base, seen, reading, zones)
    only = _only_currency(base, records)
    rules = list(_rules(base, records, reading, only))
    valued = partial(_values, records=records, reading=reading, money=money)
    table, rejected = _sifted(engine, records, read, rules, valued)
    return OrderRows(
        table=table,
        total=total,
        rejected=rejected,
        lined=_is_lined(records),
        currency=money.currency or only,
        basis=basis_of(records, reading),
        notes=tuple(_notes(records, reading, seen)) + money.notes,
    )


def _quick(records: Records) -> bool:
    """Whether the rows are read anew as quickly as they would be read from a copy.

    So it is with columns that have their type in a file made for it: only those that a question
    needs are read, and nothing is held in memory. Text has to be parsed, so it is parsed once.
    """
    schema = records.table.schema()
    read = [name for name in (_DAY, *NUMBERS, *KEYS) if name in schema]
    return records.columnar and not any(schema[name].is_string() for name in read)


def _sifted(
    engine: Engine,
    records: Records,
    read: ir.Table,
    rules: list[Rule],
    valued: Callable[[ir.Table], ir.Table],
) -> tuple[ir.Table, tuple[Reject, ...]]:
    """The rows that can be used, and the others with their reasons."""
    judged = parsing.judged(read, rules)
    if _quick(records) and not _any(judged.problem > 0):
        return valued(read), ()
    kept = engine.keep(valued(judged), "rows")
    if not _any(kept.problem > 0):
        return kept.drop("problem"), ()
    rejected = tuple(parsing.rejects(judged, rules, records))
    return kept.filter(kept.problem == 0).drop("problem"), rejected


def _any(condition: ir.BooleanColumn) -> bool:
    return bool(condition.ifelse(1, 0).max().to_pyarrow().as_py())


def _is_lined(records: Records) -> bool:
    return "line" in records.columns or "product_id" in records.columns


def _days(base: ir.Table, zones: Zones) -> tuple[str, ...]:
    """The columns whose dates must be looked at before they are read."""
    typed = isinstance(base[_DAY].type(), dt.Timestamp)
    return () if typed and zones.plain else (_DAY,)


def _tidy(records: Records) -> ir.Table:
    """The records without blank ones; totals that stand on an order's first line filled in."""
    table = records.table
    cells = [name for name in table.columns if name not in {FILE, RECORD, REST}]
    if all(isinstance(table[name].type(), dt.String) for name in cells):
        table = table.filter(ibis.coalesce(*(table[name] for name in cells)).notnull())
    if any(found.shop is not None and found.shop.once for found in records.found):
        return _fill(table)
    return table


def _fill(table: ir.Table) -> ir.Table:
    order = ibis.window(group_by=["order_id"])
    filled: dict[str, ir.Value] = {
        name: table[name].fill_null(table[name].max().over(order))
        for name in (_DAY, "customer_id", "currency", "status")
        if name in table.columns
    }
    total = table.amount.max().over(order)
    filled["amount"] = (table.amount.isnull() & total.notnull()).ifelse("0", table.amount)
    return table.mutate(**filled)


def _read(base: ir.Table, seen: Survey, reading: Reading, zones: Zones) -> ir.Table:
    """Add ``read_…`` columns: what each cell says, null where it cannot be read."""
    table, moment = parsing.when(base, _DAY, seen, reading)
    at, on = instant_and_day(moment, zones)
    values: dict[str, ir.Value] = {_READ + "at": at, _READ + "on": on}
    table = table.mutate(**values)
    for name in NUMBERS:
        if name in base.columns:
            table, value = parsing.number(table, name, seen, reading)
            table = table.mutate({_READ + name: value})
    keys = {
        _READ + name: parsing.identifier(table[name], name, seen)
        for name in KEYS
        if name in base.columns
    }
    return table.mutate(**keys)


def _rules(base: ir.Table, records: Records, reading: Reading, only: str | None) -> Iterator[Rule]:
    present = set(base.columns)
    if BROKEN in present:
        yield parsing.broken_rule()
    if "status" in present:
        yield _no_sale(records)
    if "order_id" in present:
        yield parsing.missing_rule("order_id", say("The order id is missing."), _READ + "order_id")
    yield from parsing.day_rules(_DAY, _READ + "at", _READ + "on", reading)
    needed = ("amount",) if "amount" in present else ("unit_price", "quantity")
    for name in needed:
        yield parsing.missing_rule(
            name, say("The {column} is missing.", column=name), _READ + name
        )
    for name in NUMBERS:
        if name in present:
            yield parsing.number_rule(name, _READ + name)
    if "currency" in present and not (only or (records.columnar and _all_are_currencies(base))):
        yield Rule("currency", say("This is not a currency code (ISO 4217)."), _no_currency)


def _no_sale(records: Records) -> Rule:
    words = {word for found in records.found if found.shop for word in found.shop.no_sale}
    return Rule(
        "status",
        say("The order never became a sale: it was cancelled, or its payment failed."),
        lambda t: t.status.strip().lower().isin(sorted(words)),
    )


def _no_currency(table: ir.Table) -> ir.BooleanValue:
    code = parsing.known_text(table.currency).upper()
    return code.notnull() & code.notin(known_currencies())


def _all_are_currencies(base: ir.Table) -> bool:
    """Looked up once for each code instead of for each row."""
    codes = base.select("currency").distinct()
    return not codes.filter(_no_currency(codes)).limit(1).to_pyarrow().num_rows


def _only_currency(base: ir.Table, records: Records) -> str | None:
    """The one code that every record names; None: the orders have to be looked at."""
    if "currency" not in base.columns or not records.columnar:
        return None
    codes = base.select("currency").distinct().limit(2).to_pyarrow()["currency"].to_pylist()
    return codes[0] if len(codes) == 1 and codes[0] in known_currencies() else None


def _values(judged: ir.Table, records: Records, reading: Reading, money: Money) -> ir.Table:
    """The columns of settled rows, whatever the source called them."""
    raw = _raw_amount(judged)
    values: dict[str, ir.Value] = {
        FILE: judged[FILE],
        RECORD: judged[RECORD],
        "order_id": _order_id(judged, records),
        "customer_id": _or_null(judged, "customer_id"),
        "ordered_at": judged[_READ + "at"],
        "ordered_on": judged[_READ + "on"],
        "amount": convert(net_amount(judged, raw, records, reading), judged, money),
        "refund": (raw < 0).ifelse(1, 0).cast("int8"),
    }
    if "problem" in judged.columns:
        values["problem"] = judged.problem
    values |= _optional(judged, money)
    values |= {name: judged[name] for name in judged.columns if name.startswith(KEPT)}
    if REST in judged.columns:
        values[REST] = judged[REST]
    return judged.select(**values)


def _raw_amount(judged: ir.Table) -> ir.DecimalColumn:
    if "amount" in judged.columns:
        return judged.read_amount
    return _product(judged)


def _product(judged: ir.Table) -> ir.DecimalColumn:
    return times(judged.read_unit_price, judged.read_quantity)


def _or_null(judged: ir.Table, name: str) -> ir.Column:
    read = _READ + name
    return judged[read] if read in judged.columns else ibis.null("string")


def _order_id(judged: ir.Table, records: Records) -> ir.Column:
    if "order_id" in records.columns:
        return judged.read_order_id
    if len(records.files) == 1:
        return judged[RECORD]
    return judged[FILE].cast("int64") * _FILES_APART + judged[RECORD]


def _optional(judged: ir.Table, money: Money) -> dict[str, ir.Value]:
    present = set(judged.columns)
    values: dict[str, ir.Value] = {
        name: parsing.known_text(judged[name]) for name in WORDS if name in present
    }
    values |= {name: judged[_READ + name] for name in ("line", "product_id") if name in present}
    if "currency" in present:
        values["currency"] = parsing.known_text(judged.currency).upper()
    if "quantity" in present:
        values["quantity"] = judged.read_quantity.cast("float64")
    if "margin" in present:
        values["margin"] = convert(judged.read_margin, judged, money)
    if {"amount", "unit_price", "quantity"} <= present:
        values["line_amount"] = convert(_product(judged), judged, money)
    return values


def _notes(records: Records, reading: Reading, seen: Survey) -> Iterator[Message]:
    shops = {found.shop.name for found in records.found if found.shop}
    for shop in sorted(shops):
        yield say("The file was recognised as an export of {shop}.", shop=shop)
    if "order_id" not in records.columns:
        yield say("There is no order id: each row counts as one order.")
    if "customer_id" not in records.columns:
        yield say("There is no customer column: every receipt is unidentified.")
    for name in NUMBERS:
        guessed = seen.count(name, "either") and seen.numbers(name).guessed
        if guessed and reading.decimal is None:
            yield say(
                "Numbers such as 1.234 in {heading} can be read in two ways; the point was taken "
                "as the decimal sign.",
                heading=records.columns[name],
            )
    if seen.count(_DAY, "filled") and seen.dates(_DAY).order and reading.date_order is None:
        order = seen.dates(_DAY).order or ""
        yield say("Dates were read in the order {order}.", order=order)
