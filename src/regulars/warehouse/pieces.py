"""What orders are made of, so that later news of the same order can be joined to it.

A sale and its refunds may be told in different files. Each order therefore is kept as one sale
(all its records that are not negative, summed) and as its refunds, one by one. The rules by which
news meets what is known:

1. A sale that is told again replaces the one told before: it is a correction, or the same.
2. A refund stands beside the sale; the same refund told again is the same refund. Where order
   lines have no line id, two equal lines in one file are two.
3. An order is worth its sale and its refunds and was made at the earliest of them. Its customer
   is the sale's, and the refund's only where the sale names none.

Portable Ibis: the same on every engine.
"""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from regulars.warehouse.numbers import MONEY, whole

ORDER = "order_id"
LINE = ("line", "product_id", "category", "quantity", "line_amount")
"""Columns of an order line, beside those of its order."""

_COUNTED = ("records", "pieces")
_OWN = frozenset({ORDER, "customer_id", "ordered_at", "ordered_on", "amount", "margin"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """Orders as sales, refunds and lines.

    Attributes:
        sales: One row an order that was sold: the columns of ``Orders.purchases`` before refunds,
            ``records`` (how many say so) and ``pieces`` (how many without repeats).
        refunds: One row a refund, those without their order included: the same columns, those of
            a line, ``copies`` (how often it counts) and ``records``.
        lines: The lines of ``sales``; None where the orders came without lines.
        generated: Whether order ids were made up, so that no later news can name an order.
    """

    sales: ir.Table
    refunds: ir.Table | None
    lines: ir.Table | None
    generated: bool = False


def pieces_of(rows: ir.Table, *, single: bool, lined: bool, generated: bool) -> Pieces:
    """Take settled rows apart.

    Args:
        rows: Accepted rows, each once: those of a purchase, ``refund`` (1: a refund), ``copies``
            (repeats taken out) and the columns of lines.
        single: No order has two rows.
        lined: Rows are order lines.
        generated: Order ids were made up.
    """
    sold = rows.filter(rows.refund == 0)
    return Pieces(
        sales=_as_they_are(sold) if single else _summed(sold),
        refunds=_one_by_one(rows.filter(rows.refund == 1)),
        lines=_lines(sold) if lined else None,
        generated=generated,
    )


def pieces_from(purchases: ir.Table, lines: ir.Table | None) -> Pieces:
    """Orders of which nothing more is known than that they are settled."""
    one = ibis.literal(1).cast("int64")
    return Pieces(sales=purchases.mutate(records=one, pieces=one), refunds=None, lines=lines)


def totals(sales: ir.Table, refunds: ir.Table | None) -> ir.Table:
    """Orders put together again, unmatched refunds among them.

    Returns:
        The columns of ``sales``, with ``sales`` (1: there is one) and ``refunds`` (how many).
    """
    sold = sales.mutate(sales=ibis.literal(1).cast("int64"), refunds=ibis.literal(0).cast("int64"))
    if refunds is None:
        return sold
    both = sold.union(_like(sold, refunds))
    by_sale = both.customer_id.max(where=both.sales == 1)
    columns: dict[str, ir.Value] = {
        "customer_id": ibis.coalesce(by_sale, both.customer_id.min()),
        "ordered_at": both.ordered_at.min(),
        "ordered_on": both.ordered_on.min(),
        "amount": both.amount.sum().cast(MONEY),
    }
    if "margin" in both.columns:
        columns["margin"] = both.margin.sum().cast(MONEY)
    columns |= {name: both[name].min() for name in words_of(both)}
    columns |= {name: whole(both[name].sum()) for name in (*_COUNTED, "sales", "refunds")}
    return both.group_by(ORDER).agg(**columns).select(*sold.columns)


def words_of(table: ir.Table) -> list[str]:
    """Columns that say something about an order as a whole: channel, store, the firm's own."""
    known = {*_OWN, *_COUNTED, *LINE, "sales", "refunds", "copies", "refund"}
    return [name for name in table.columns if name not in known]


def refund_lines(refunds: ir.Table) -> ir.Table:
    """Refunds as order lines."""
    amount = refunds.line_amount if "line_amount" in refunds.columns else refunds.amount
    return refunds.select(
        ORDER,
        *(_or_null(refunds, name) for name in LINE[:3]),
        quantity=(_or_null(refunds, "quantity") * refunds.copies).cast("float64"),
        amount=(amount * refunds.copies).cast(MONEY),
    )


def _like(sold: ir.Table, refunds: ir.Table) -> ir.Table:
    """Refunds with the columns of sales."""
    given: dict[str, ir.Value] = {
        "amount": (refunds.amount * refunds.copies).cast(MONEY),
        "pieces": refunds.copies,
        "sales": ibis.literal(0).cast("int64"),
        "refunds": refunds.copies,
    }
    if "margin" in refunds.columns:
        given["margin"] = (refunds.margin * refunds.copies).cast(MONEY)
    columns = {
        name: given.get(name, refunds[name] if name in refunds.columns else ibis.null())
        for name in sold.columns
    }
    return refunds.select(**{name: it.cast(sold[name].type()) for name, it in columns.items()})


def _as_they_are(sold: ir.Table) -> ir.Table:
    one = ibis.literal(1).cast("int64")
    return sold.select(*_of_an_order(sold), records=one, pieces=one)


def _summed(sold: ir.Table) -> ir.Table:
    columns: dict[str, ir.Value] = {
        "customer_id": sold.customer_id.min(),
        "ordered_at": sold.ordered_at.min(),
        "ordered_on": sold.ordered_on.min(),
        "amount": sold.amount.sum().cast(MONEY),
    }
    if "margin" in sold.columns:
        columns["margin"] = sold.margin.sum().cast(MONEY)
    columns |= {name: sold[name].min() for name in words_of(sold)}
    return sold.group_by(ORDER).agg(
        **columns, records=whole(sold.copies.sum()), pieces=sold.count().cast("int64")
    )


def _one_by_one(refunds: ir.Table) -> ir.Table:
    content = [*_of_an_order(refunds), *(name for name in LINE if name in refunds.columns)]
    return refunds.group_by(content).agg(
        copies=refunds.count().cast("int64"), records=whole(refunds.copies.sum())
    )


def _of_an_order(rows: ir.Table) -> list[str]:
    fixed = [ORDER, "customer_id", "ordered_at", "ordered_on", "amount"]
    return [*fixed, *(["margin"] if "margin" in rows.columns else []), *words_of(rows)]


def _lines(sold: ir.Table) -> ir.Table:
    amount = sold.line_amount if "line_amount" in sold.columns else sold.amount
    return sold.select(ORDER, *(_or_null(sold, name) for name in LINE[:4]), amount=amount)


def _or_null(table: ir.Table, name: str) -> ir.Column:
    kind = "float64" if name == "quantity" else "string"
    return table[name] if name in table.columns else ibis.null(kind).name(name)
