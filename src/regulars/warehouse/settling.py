"""Rows become orders: repeats counted once, refunds netted, contradictions refused.

The rules, in the order in which they hold:

1. Records with one order id and one line id (without line or product columns: one order id) and
   the same content count once; without a line id all lines count.
2. Such records that differ are refused with their whole order, unless all but one are negative:
   negative ones are refunds and are netted.
3. An order with two customers or two currencies is refused. A blank beside one customer is that
   customer.
4. An order is worth the sum of its records and was made at the earliest of them. One that has
   negative records only is an unmatched refund: no purchase, no revenue, but counted.

Portable Ibis: the same on every engine.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import ibis.expr.types as ir

from regulars.warehouse.numbers import MONEY
from regulars.warehouse.records import FILE, KEPT, RECORD, REST

type Keep = Callable[[ir.Table, str], ir.Table]
"""Computes a table once and keeps it under a name like the one given."""

CONFLICT, CUSTOMERS, CURRENCIES = 1, 2, 3
"""Why an order is refused."""

_ORDER = "order_id"
_WORD = 5  # 2**5 ids share a word
_WORDS = ("channel", "store")
_CONTENT = (
    "customer_id",
    "ordered_at",
    "amount",
    "refund",
    "currency",
    "product_id",
    "category",
    "quantity",
    "line_amount",
    "margin",
    *_WORDS,
    REST,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """Orders settled from rows.

    Attributes:
        purchases: One row an order: ``order_id``, ``customer_id``, ``ordered_at``,
            ``ordered_on``, ``amount``, and what else the rows have for an order as a whole.
        rows: The rows that purchases are made of, each once.
        accepted: Those, and the refunds that no purchase is known of.
        single: No order has two rows.
        refused: ``order_id`` and ``why`` of the orders refused; None: there are none.
        figures: What was counted.
        span: The days of the first purchase and of the last; None: there is no purchase.
    """

    purchases: ir.Table
    rows: ir.Table
    accepted: ir.Table
    single: bool
    refused: ir.Table | None
    figures: "Figures"
    span: tuple[date, date] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What settling counted; the meaning is that of the same names in ``Quality``."""

    accepted: int
    duplicates: int
    orders: int
    unidentified: int
    unidentified_orders: int
    revenue: Decimal
    identified_revenue: Decimal
    unmatched_refunds: int
    unmatched_refund_amount: Decimal
    zero_orders: int


@dataclass(frozen=True, slots=True)
class _Once:
    """Rows with their repeats taken out, and the orders whose repeats contradict each other."""

    rows: ir.Table
    contradicted: ir.Table | None
    single: bool


def settle(rows: ir.Table, *, lined: bool, as_of: date | None, keep: Keep) -> Settled:
    """Settle rows into orders.

    Args:
        rows: ``file``, ``record``, ``order_id``, ``customer_id``, ``ordered_at``, ``ordered_on``,
            ``amount``, ``refund`` (1: negative as written), and others.
        lined: Rows are order lines.
        as_of: What happened after this day is not known yet; None: all is known.
        keep: How a table is computed once.
    """
    once = _without_repeats(rows, lined=lined, keep=keep)
    totals = _totals(once, as_of)
    if not once.single or as_of is not None:
        totals = keep(totals, "totals")
    refused = _refused(totals, once.contradicted, keep)
    good = totals if refused is None else totals.anti_join(refused, _ORDER)
    bought = good.filter(good.sales > 0)
    figures, span = _figures_and_span(good)
    purchases = bought.drop("sales", "refunds", "records", "pieces", *_seconds(bought))
    if refused is not None:
        purchases = keep(purchases, "orders")  # so that the refused are taken out once
    whole = refused is None and as_of is None and not figures.unmatched_refunds
    return Settled(
        purchases=purchases,
        rows=once.rows if whole else _rows_of(once.rows, purchases, as_of),
        accepted=_accepted(once.rows, refused, as_of),
        single=once.single,
        refused=refused,
        figures=figures,
        span=span,
    )


def _without_repeats(rows: ir.Table, *, lined: bool, keep: Keep) -> _Once:
    keys = [_ORDER, "line"] if "line" in rows.columns else [_ORDER]
    once = rows.mutate(copies=ibis.literal(1, "int64"))
    if lined and "line" not in rows.columns:
        return _Once(once, None, single=False)
    if keys == [_ORDER] and _surely_different(rows.order_id):
        return _Once(once, None, single=not lined)
    counted = rows.group_by(keys).agg(n=rows.count())
    often = keep(counted.filter((counted.n > 1) & counted[keys[-1]].notnull()).drop("n"), "often")
    if not _count(often):
        return _Once(once, None, single=not lined)
    each = keep(_each_once(rows.semi_join(often, keys), keys), "each")
    whole = each.filter(each.refund == 0)
    different = whole.group_by(keys).agg(n=whole.count())
    contradicted = different.filter(different.n > 1).select(_ORDER).distinct()
    rest = once.anti_join(often, keys)
    # what was kept has the engine's own types: timestamp(6) for timestamp
    alike = each.select(*rest.columns).cast(rest.schema())
    return _Once(rest.union(alike), contradicted, single=False)


def _surely_different(ids: ir.Column) -> bool:
    """Whether ids are known to be all different: whole numbers, without a table of all of them.

    Each number is one bit of a word of 32; where two are equal, the sum of the bits exceeds
    their union.
    """
    if not (isinstance(ids.type(), dt.Integer) and ibis.get_backend(ids).has_operation(ops.BitOr)):
        return False  # not told: Spark, as Ibis speaks to it, knows no union of bits
    place = (ids & (2**_WORD - 1)).cast("int32")
    bits = ids.as_table().select(word=ids >> _WORD, bit=ibis.literal(1).cast("int64") << place)
    words = bits.group_by("word").agg(seen=bits.bit.bit_or(), total=bits.bit.sum())
    return not _count(words.filter(words.seen != words.total))


def _each_once(repeated: ir.Table, keys: list[str]) -> ir.Table:
    content = [
        name
        for name in repeated.columns
        if name in keys or name in _CONTENT or name.startswith(KEPT)
    ]
    alike = ibis.window(group_by=content)
    first = ibis.window(group_by=content, order_by=[FILE, RECORD])
    numbered = repeated.mutate(
        copies=repeated.count().over(alike).cast("int64"),
        place=ibis.row_number().over(first),
    )
    return numbered.filter(numbered.place == 0).drop("place")


def _totals(once: _Once, as_of: date | None) -> ir.Table:
    """One row an order, with what tells whether it can be used."""
    rows = once.rows
    if once.single and as_of is None:
        return _as_orders(rows)
    known = ibis.literal(value=True) if as_of is None else rows.ordered_on <= ibis.date(as_of)
    sale, refund = known & (rows.refund == 0), known & (rows.refund == 1)
    columns: dict[str, ir.Value] = {
        "customer_id": rows.customer_id.min(),
        "customer_id_too": rows.customer_id.max(),
        "ordered_at": rows.ordered_at.min(where=known),
        "ordered_on": rows.ordered_on.min(where=known),
        "amount": rows.amount.sum(where=known).cast(MONEY),
        "sales": sale.ifelse(1, 0).sum(),
        "refunds": refund.ifelse(1, 0).sum(),
        "records": rows.copies.sum(),
        "pieces": rows.count(),
    }
    if "currency" in rows.columns:
        columns |= {"currency": rows.currency.min(), "currency_too": rows.currency.max()}
    if "margin" in rows.columns:
        columns["margin"] = rows.margin.sum(where=known).cast(MONEY)
    columns |= {name: rows[name].min() for name in _whole_order(rows)}
    return rows.group_by(_ORDER).agg(**columns)


def _as_orders(rows: ir.Table) -> ir.Table:
    """Rows that are orders as they stand: no order id comes twice."""
    names = [_ORDER, "customer_id", "ordered_at", "ordered_on", "amount"]
    names += [name for name in ("currency", "margin") if name in rows.columns]
    one = ibis.literal(1, "int64")
    return rows.select(
        *names,
        *_whole_order(rows),
        sales=(rows.refund == 0).ifelse(1, 0),
        refunds=(rows.refund == 1).ifelse(1, 0),
        records=one,
        pieces=one,
    )


def _whole_order(rows: ir.Table) -> list[str]:
    """Columns that say something about an order as a whole; on ties the smallest value holds."""
    return [name for name in rows.columns if name in _WORDS or name.startswith(KEPT)]


def _seconds(totals: ir.Table) -> list[str]:
    return [name for name in totals.columns if name.endswith("_too")]


def _refused(totals: ir.Table, contradicted: ir.Table | None, keep: Keep) -> ir.Table | None:
    whys = []
    if contradicted is not None:
        whys.append(contradicted.mutate(why=ibis.literal(CONFLICT, "int8")))
    for name, why in (("customer_id", CUSTOMERS), ("currency", CURRENCIES)):
        if f"{name}_too" in totals.columns:
            two = totals.filter(totals[name] != totals[f"{name}_too"])
            whys.append(two.select(_ORDER, why=ibis.literal(why, "int8")))
    if not whys:
        return None
    every = ibis.union(*whys) if len(whys) > 1 else whys[0]
    refused = keep(every.group_by(_ORDER).agg(why=every.why.min()), "refused")
    return refused if _count(refused) else None


def _rows_of(rows: ir.Table, purchases: ir.Table, as_of: date | None) -> ir.Table:
    if as_of is not None:
        rows = rows.filter(rows.ordered_on <= ibis.date(as_of))
    return rows.semi_join(purchases, _ORDER)


def _accepted(rows: ir.Table, refused: ir.Table | None, as_of: date | None) -> ir.Table:
    known = rows if as_of is None else rows.filter(rows.ordered_on <= ibis.date(as_of))
    return known if refused is None else known.anti_join(refused, _ORDER)


def _count(table: ir.Table) -> int:
    return int(table.count().to_pyarrow().as_py())


def figures_of(good: ir.Table) -> Figures:
    """Count orders that were not refused.

    Args:
        good: One row an order: ``customer_id``, ``amount``, ``sales`` and ``refunds`` (records of
            each kind), ``records`` (all of them) and ``pieces`` (without repeats).
    """
    return _figures(good.aggregate(**_counts(good)).to_pyarrow().to_pylist()[0])


def _figures_and_span(good: ir.Table) -> tuple[Figures, tuple[date, date] | None]:
    """Both in one pass over the rows."""
    bought = good.sales > 0
    first, last = good.ordered_on.min(where=bought), good.ordered_on.max(where=bought)
    row = good.aggregate(**_counts(good), first=first, last=last).to_pyarrow().to_pylist()[0]
    first, last = row.pop("first"), row.pop("last")
    figures = _figures(row)
    return figures, (first, last) if figures.orders else None


def _counts(good: ir.Table) -> dict[str, ir.Scalar]:
    bought = good.sales > 0
    known, unmatched = good.customer_id.notnull(), (good.sales == 0) & (good.refunds > 0)
    return {
        "accepted": good.records.sum(),
        "pieces": good.pieces.sum(),
        "orders": bought.ifelse(1, 0).sum(),
        "unidentified": good.records.sum(where=~known),
        "unidentified_orders": (bought & ~known).ifelse(1, 0).sum(),
        "revenue": good.amount.sum(where=bought),
        "identified_revenue": good.amount.sum(where=bought & known),
        "unmatched_refunds": good.refunds.sum(where=unmatched),
        "unmatched_refund_amount": good.amount.sum(where=unmatched),
        "zero_orders": (bought & (good.amount == 0)).ifelse(1, 0).sum(),
    }


def _figures(row: Mapping[str, Any]) -> Figures:
    # the sum of nothing is null
    count = {name: int(value or 0) for name, value in row.items()}
    money = {name: Decimal(value or 0) for name, value in row.items()}
    return Figures(
        accepted=count["accepted"],
        duplicates=count["accepted"] - count["pieces"],
        orders=count["orders"],
        unidentified=count["unidentified"],
        unidentified_orders=count["unidentified_orders"],
        revenue=money["revenue"],
        identified_revenue=money["identified_revenue"],
        unmatched_refunds=count["unmatched_refunds"],
        unmatched_refund_amount=money["unmatched_refund_amount"],
        zero_orders=count["zero_orders"],
    )
