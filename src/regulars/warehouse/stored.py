"""From a store to the orders that every study takes: nothing is parsed or settled again."""

from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import ibis
import ibis.expr.types as ir

from regulars.kernel.errors import InputError, OptionError
from regulars.kernel.wording import say
from regulars.warehouse.customers import read_customers
from regulars.warehouse.news import BASES, LINES, ORDERS, REFUNDS
from regulars.warehouse.options import Reading
from regulars.warehouse.orders import Orders, Prepared
from regulars.warehouse.pieces import ORDER, totals
from regulars.warehouse.remembering import State, read_state
from regulars.warehouse.settling import Figures, figures_of
from regulars.warehouse.store import Store, open_for_reading

_ASKED = frozenset(
    {"as_of", "burn_in_days", "customers", "memory_limit", "keep", "now", "encoding"}
)
"""What may be told when a store is read; all else was settled when its orders were."""
_OF_ORDERS = frozenset({ORDERS, BASES, REFUNDS, LINES, "state"})
_COUNTED = ("records", "pieces")
_READ = frozenset({"accepted", "duplicates", "unidentified"})
"""Counts of records, which are read whatever the viewpoint."""


def read_store(path: Path, reading: Reading) -> Orders:
    """Read the orders of a store.

    Raises:
        InputError: Somebody writes to it, or it has no orders.
        OptionError: Something in ``reading`` was settled when the orders were.
    """
    store = open_for_reading(path, reading.memory_limit)
    text = store.state()
    if text is None:
        raise InputError(
            say("The store {file} has no orders yet.", file=path.name),
            accepted=say("Refresh it with some."),
        )
    state = read_state(text)
    _refuse_settled(reading, state)
    orders = _orders(store, state, reading)
    as_of = reading.as_of or state.as_of
    return orders if as_of >= state.as_of else _back_then(store, orders, as_of)


def _refuse_settled(reading: Reading, state: State) -> None:
    """Refuse options about what a store's orders were settled with.

    Raises:
        OptionError: One is given, and says something else.
    """
    usual = Reading()
    given = {field.name for field in fields(Reading)} - _ASKED
    other = {name for name in given if getattr(reading, name) != getattr(usual, name)}
    same = {"timezone": state.timezone, "currency": state.currency}
    wrong = sorted(name for name in other if getattr(reading, name) != same.get(name))
    if wrong:
        raise OptionError(
            say("A store is read as it is: {options} was settled.", options=", ".join(wrong)),
            accepted=say("Leave it out, or make a new store from the orders."),
        )


def _orders(store: Store, state: State, reading: Reading) -> Orders:
    tables = {name: store.table(name) for name in store.names()}
    found = {name: table for name, table in tables.items() if table is not None}
    purchases = found[ORDERS].drop(*_COUNTED)
    lines = found.get(LINES)
    prepared = {name: table for name, table in found.items() if name not in _OF_ORDERS}
    return Orders(
        purchases=purchases,
        lines=None if lines is None else lines.drop("refund"),
        customers=read_customers(store.engine, reading, purchases.customer_id.type()),
        data_from=state.data_from,
        as_of=max(reading.as_of or state.as_of, state.as_of),
        timezone=state.timezone,
        currency=state.currency,
        burn_in_days=reading.burn_in_days,
        quality=state.quality,
        prepared=Prepared(tables=prepared, facts=state.facts),
    )


def _back_then(store: Store, orders: Orders, as_of: date) -> Orders:
    """The orders as they were known on the evening of an earlier day; all are scanned.

    Raises:
        InputError: The first order is later.
    """
    if as_of < orders.data_from:
        raise InputError(
            say(
                "The first order is of {first}, after {as_of}.",
                first=orders.data_from,
                as_of=as_of,
            ),
            accepted=say("Give an as-of date from {first} on.", first=orders.data_from),
        )
    states = _totals_until(store, as_of)
    bought = states.filter(states.sales > 0)
    figures = figures_of(states)
    counted = {name: getattr(figures, name) for name in Figures.__slots__ if name not in _READ}
    quality = replace(orders.quality, **counted)
    return replace(
        orders,
        purchases=bought.drop("sales", "refunds", *_COUNTED),
        as_of=as_of,
        quality=quality,
        prepared=None,
    )


def _totals_until(store: Store, as_of: date) -> ir.Table:
    tables = {name: store.table(name) for name in (ORDERS, BASES, REFUNDS)}
    known = {
        name: table.filter(table.ordered_on <= ibis.date(as_of))
        for name, table in tables.items()
        if table is not None
    }
    sales = known[ORDERS]
    refunds, bases = known.get(REFUNDS), known.get(BASES)
    if refunds is None or bases is None:
        return totals(sales, None)
    every = tables[BASES]
    plain = totals(sales.anti_join(every, ORDER), None)
    told = totals(bases.select(*sales.columns), refunds)
    return plain.union(told.select(*plain.columns).cast(dict(plain.schema())))
