"""Orders that are new or told again, joined to those that a store knows.

Only the orders that the news names are looked at; the one thing read from all the others is their
id.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from regulars.warehouse.pieces import ORDER, Pieces, refund_lines, totals
from regulars.warehouse.settling import Figures, figures_of
from regulars.warehouse.store import Change, Store

ORDERS, BASES, REFUNDS, LINES = "orders", "bases", "refunds", "lines"
_MARKS = ("sales", "refunds")
_REFUND = "refund"
_IDS = (ORDER, "customer_id")

type Keep = Callable[[ir.Table], ir.Table]


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What the news changes.

    Attributes:
        before: Orders that changed, as they were known; None: none was.
        after: The same orders as they are known now, and the new ones.
        changes: What is to be written.
        new: Orders not known before; ``corrected`` those told otherwise, or refunded;
            ``unchanged`` those told again as they were.
        figures: What settling counts, the difference to be added.
    """

    before: ir.Table | None
    after: ir.Table
    changes: tuple[Change, ...]
    new: int
    corrected: int
    unchanged: int
    figures: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Known:
    """Sales, refunds and lines of the orders that the news names."""

    sales: ir.Table
    refunds: ir.Table | None
    lines: ir.Table | None


def take_in(store: Store, pieces: Pieces, keep: Keep) -> News:
    """Join news to what a store knows; nothing is written yet.

    Args:
        store: A store, open for writing.
        pieces: The news, on the store's engine.
        keep: Computes a table once.
    """
    if store.table(ORDERS) is None:
        return _first(pieces, keep)
    told = Pieces(
        sales=keep(pieces.sales),
        refunds=None if pieces.refunds is None else keep(pieces.refunds),
        lines=pieces.lines,
    )
    _make_room(store, told)
    told = _with_stored_ids(store, told)
    named = keep(_named(told))
    known = _known(store, named, keep)
    now = _Known(
        _together(told.sales, known.sales.anti_join(told.sales, ORDER)),
        _merged_refunds(told.refunds, known.refunds),
        None,
    )
    before, after = (keep(totals(it.sales, it.refunds)) for it in (known, now))
    changed = keep(_differing(before, after, told, known))
    return _news(told, known, now, (before, after), changed)


def _first(pieces: Pieces, keep: Keep) -> News:
    """All news is new."""
    refunds = pieces.refunds
    if refunds is not None:
        refunds = keep(refunds)
        refunds = refunds if _count(refunds) else None
    after = totals(pieces.sales, refunds)
    if refunds is not None:
        after = keep(after)
    changes = [Change(table=ORDERS, come=_orders(after))]
    if refunds is not None:
        changes.append(Change(table=REFUNDS, come=refunds))
        changes.append(Change(table=BASES, come=pieces.sales.semi_join(refunds, ORDER)))
    if pieces.lines is not None:
        changes.append(Change(table=LINES, come=_all_lines(pieces.lines, pieces.sales, refunds)))
    figures = figures_of(after)
    return News(
        before=None,
        after=after.filter(after.sales > 0),
        changes=tuple(changes),
        new=figures.orders,
        corrected=0,
        unchanged=0,
        figures=_fields(figures),
    )


def _news(
    told: Pieces,
    known: _Known,
    now: _Known,
    states: tuple[ir.Table, ir.Table],
    changed: ir.Table,
) -> News:
    before, after = (table.semi_join(changed, ORDER) for table in states)
    was, bought = before.filter(before.sales > 0), after.filter(after.sales > 0)
    new, both = _count(bought.anti_join(was, ORDER)), _count(bought.semi_join(was, ORDER))
    again = told.sales.anti_join(changed, ORDER)
    old, fresh = _fields(figures_of(before)), _fields(figures_of(after))
    return News(
        before=was,
        after=bought,
        changes=_writes(told, known, now, (before, after), changed),
        new=new,
        corrected=both,
        unchanged=_count(again),
        figures={name: fresh[name] - old[name] for name in fresh},
    )


def _writes(
    told: Pieces,
    known: _Known,
    now: _Known,
    states: tuple[ir.Table, ir.Table],
    changed: ir.Table,
) -> tuple[Change, ...]:
    before, after = states
    changes = [_change(ORDERS, before.filter(before.sales > 0), _orders(after))]
    if now.refunds is not None:
        refunds = now.refunds.semi_join(changed, ORDER)
        bases = now.sales.semi_join(changed, ORDER).semi_join(refunds, ORDER)
        changes += [_change(REFUNDS, changed, refunds), _change(BASES, changed, bases)]
    if told.lines is not None:
        lines = _lines_now(told.lines, told, known, now)
        changes.append(_change(LINES, changed, lines.semi_join(changed, ORDER)))
    return tuple(changes)


def _change(table: str, gone: ir.Table, come: ir.Table) -> Change:
    some = _count(gone) > 0
    return Change(table=table, keys=(ORDER,), gone=gone if some else None, come=come)


def _lines_now(lines: ir.Table, told: Pieces, known: _Known, now: _Known) -> ir.Table:
    fresh = lines
    if known.lines is not None:
        fresh = _together(lines, known.lines.anti_join(told.sales, ORDER))
    return _all_lines(fresh, now.sales, now.refunds)


def _all_lines(lines: ir.Table, sales: ir.Table, refunds: ir.Table | None) -> ir.Table:
    """Lines of sales, then those of refunds whose sale is known."""
    sold = lines.mutate(**{_REFUND: ibis.literal(0).cast("int64")})
    if refunds is None:
        return sold
    given = refund_lines(refunds.semi_join(sales, ORDER))
    return _together(sold, given.mutate(**{_REFUND: ibis.literal(1).cast("int64")}))


def _orders(states: ir.Table) -> ir.Table:
    bought = states.filter(states.sales > 0)
    return bought.drop(*_MARKS)


def _make_room(store: Store, told: Pieces) -> None:
    """Give the stored tables the columns and kinds that the news has."""
    parts = {ORDERS: told.sales, BASES: told.sales, REFUNDS: told.refunds, LINES: told.lines}
    for name, part in parts.items():
        if part is not None:
            store.widen(name, part.schema())
    ids = {name: told.sales[name].type() for name in _IDS}
    for name in store.names():
        table = store.table(name)
        if table is not None:
            store.widen(name, {it: kind for it, kind in ids.items() if it in table.columns})


def _with_stored_ids(store: Store, told: Pieces) -> Pieces:
    """The news with ids of the kind that the store has, which may be text."""
    stored = store.table(ORDERS)
    assert stored is not None  # noqa: S101 - the caller has looked
    kinds = {name: stored[name].type() for name in _IDS}

    def like(table: ir.Table | None) -> ir.Table | None:
        if table is None:
            return None
        return table.mutate(
            **{name: table[name].cast(kinds[name]) for name in _IDS if name in table.columns}
        )

    sales = like(told.sales)
    assert sales is not None  # noqa: S101 - it was no None
    return Pieces(sales=sales, refunds=like(told.refunds), lines=like(told.lines))


def _named(told: Pieces) -> ir.Table:
    ids = told.sales.select(ORDER)
    if told.refunds is None:
        return ids
    return ids.union(told.refunds.select(ORDER).distinct(), distinct=True)


def _known(store: Store, named: ir.Table, keep: Keep) -> _Known:
    found = {
        name: None if table is None else keep(_meeting(table, named))
        for name in (ORDERS, BASES, REFUNDS, LINES)
        for table in [store.table(name)]
    }
    orders, bases, lines = found[ORDERS], found[BASES], found[LINES]
    assert orders is not None  # noqa: S101 - the caller has looked
    sales = orders if bases is None else _together(orders.anti_join(bases, ORDER), bases)
    sold = None if lines is None else lines.filter(lines[_REFUND] == 0).drop(_REFUND)
    return _Known(sales, found[REFUNDS], sold)


def _meeting(table: ir.Table, named: ir.Table) -> ir.Table:
    kind = table[ORDER].type()
    return table.semi_join(named.select(named[ORDER].cast(kind).name(ORDER)), ORDER)


def _merged_refunds(told: ir.Table | None, known: ir.Table | None) -> ir.Table | None:
    """Refunds told now or before, the same one once."""
    if told is None or known is None:
        return told if known is None else known
    both = _together(told, known)
    content = [name for name in both.columns if name not in {"copies", "records"}]
    return both.group_by(content).agg(copies=both.copies.max(), records=both.records.max())


def _differing(before: ir.Table, after: ir.Table, told: Pieces, known: _Known) -> ir.Table:
    """Ids of the orders that are not known as they are told."""
    ids = _unlike(before, after)
    if told.lines is None or known.lines is None:
        return ids
    again = told.lines.semi_join(known.lines, ORDER)
    was = known.lines.semi_join(told.sales, ORDER)
    return ids.union(_unlike(was, again), distinct=True)


def _unlike(one: ir.Table, other: ir.Table) -> ir.Table:
    side = {"side": ibis.literal(1).cast("int64")}
    both = _together(one.mutate(**side), other.mutate(side=-side["side"]))
    alike = both.group_by([name for name in both.columns if name != "side"]).agg(
        sides=both.side.sum()
    )
    return alike.filter(alike.sides != 0).select(ORDER).distinct()


def _together(one: ir.Table, other: ir.Table) -> ir.Table:
    """Two tables as one; a column that either lacks is null there, ids are text if either is."""
    kinds: dict[str, dt.DataType] = {}
    for table in (one, other):
        for name, kind in table.schema().items():
            kinds[name] = kind if name not in kinds or kind.is_string() else kinds[name]
    return _conformed(one, kinds).union(_conformed(other, kinds))


def _conformed(table: ir.Table, kinds: Mapping[str, dt.DataType]) -> ir.Table:
    columns = {
        name: table[name].cast(kind) if name in table.columns else ibis.null(kind)
        for name, kind in kinds.items()
    }
    return table.select(**columns)


def _fields(figures: Figures) -> dict[str, Any]:
    return {name: getattr(figures, name) for name in Figures.__slots__}


def _count(table: ir.Table) -> int:
    return int(table.count().to_pyarrow().as_py())
