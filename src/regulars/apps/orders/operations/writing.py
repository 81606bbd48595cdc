"""The one way in which orders are written: sets of them, however they came.

Every transaction takes its locks in one order: customers, orders, products, each by its id; and
of two batches one waits for the other. So none stops another for good.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import compress

from regulars.apps.journal.tables import (
    Column,
    add,
    instant,
    load,
    load_by_names,
    numbers_of,
    replace,
    take_turns,
    values_of,
)
from regulars.apps.journal.undoing import keep_written, states_of
from regulars.apps.orders.kinds import ORDERS, PRODUCTS
from regulars.apps.orders.models import Line, Order, Product
from regulars.apps.people.operations import ensure_customers
from regulars.kernel.errors import InputError
from regulars.kernel.outcomes import Outcome
from regulars.kernel.wording import say

_A_HANDFUL = 100
"""So many lines are written as fast by one statement as by one that looks and one that copies."""
_BETWEEN = "\0"
"""Between the values of a fingerprint: no database keeps it within one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderColumns:
    """Orders of a batch in columns of one length; no id comes twice.

    Attributes:
        id: The caller's ids.
        customer_id: A source's ids of customers; None for an order of nobody.
        ordered_at: Instants; which zone they are told in does not matter.
        utc_offset: Minutes that the local clock was ahead of UTC.
        currency: Codes of ISO 4217.
        amount: At most four decimal places.
        channel: Empty where it is not known.
        store: Empty where it is not known.
    """

    id: Sequence[str]
    customer_id: Sequence[str | None]
    ordered_at: Sequence[datetime]
    utc_offset: Sequence[int]
    currency: Sequence[str]
    amount: Sequence[Decimal]
    channel: Sequence[str]
    store: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineColumns:
    """Lines of a batch's orders in columns of one length, in any order.

    Attributes:
        order_id: Ids of orders of the same batch.
        line: The line's name, once within its order: its place from 1 where it has none.
        product_id: The caller's ids of products; an unknown one is made with the category.
        category: Empty where it is not known.
        quantity: At most three decimal places.
        amount: At most four decimal places.
        unit_cost: The same; None where it is not known.
    """

    order_id: Sequence[str] = ()
    line: Sequence[str] = ()
    product_id: Sequence[str] = ()
    category: Sequence[str] = ()
    quantity: Sequence[Decimal] = ()
    amount: Sequence[Decimal] = ()
    unit_cost: Sequence[Decimal | None] = ()


@dataclass(frozen=True, slots=True)
class Wrote:
    """What became of orders.

    Attributes:
        outcomes: One for each id.
        numbers: Of the orders that were made or changed, ascending.
    """

    outcomes: Mapping[str, Outcome]
    numbers: Sequence[int]


def write_orders(
    orders: OrderColumns, lines: LineColumns, *, now: datetime, source: str, run: str | None
) -> Wrote:
    """Make orders or replace them by their ids, in the caller's transaction.

    Raises:
        InputError: An id comes twice, or a line names an order that is not among them.
    """
    told = _Told(orders, lines)
    if len(orders.id) > 1:
        take_turns("orders")
    columns = _with_customers(_news(told.columns(now)), now, source, run)
    made = add(Order, "external_id", columns)
    changed = _changed(columns, made)
    _replace(columns, changed, now, run)
    numbers = made | changed
    _write_lines(told, numbers, now, run)
    if run is not None:
        keep_written(run, ORDERS, now, made=made.values(), before={})
    return Wrote(
        dict.fromkeys(orders.id, Outcome.UNCHANGED)
        | dict.fromkeys(made, Outcome.CREATED)
        | dict.fromkeys(changed, Outcome.UPDATED),
        sorted(numbers.values()),
    )


type Columns = Mapping[str, Column]


class _Told:
    """Orders and lines as the database takes them, with the places of each order's lines."""

    def __init__(self, orders: OrderColumns, lines: LineColumns) -> None:
        self._orders = orders
        self.products, self.categories = lines.product_id, lines.category
        self.lines: Columns = {
            "line": lines.line,
            "category": lines.category,
            "quantity": [f"{value:.3f}" for value in lines.quantity],
            "amount": [f"{value:.4f}" for value in lines.amount],
            "unit_cost": [None if value is None else f"{value:.4f}" for value in lines.unit_cost],
        }
        self._marks = (
            lines.line,
            lines.product_id,
            lines.category,
            self.lines["quantity"],
            self.lines["amount"],
            [value or "" for value in self.lines["unit_cost"]],
        )
        self.places = _places(orders.id, lines.order_id)

    def columns(self, now: datetime) -> Columns:
        """The orders' own values; customers by the ids that they are told by."""
        told = self._orders
        named: dict[str, Sequence[str]] = {
            "external_id": told.id,
            # an order of nobody is not one of a customer without an id: ids are never empty
            "customer_id": [id_ or "" for id_ in told.customer_id],
            "ordered_at": list(map(instant, told.ordered_at)),
            "utc_offset": list(map(str, told.utc_offset)),
            "currency": told.currency,
            "amount": [f"{value:.4f}" for value in told.amount],
            "channel": told.channel,
            "store": told.store,
        }
        return named | {
            "customer_id": told.customer_id,
            "fingerprint": self._fingerprints(named),
            "changed_at": [instant(now)] * len(told.id),
        }

    def _fingerprints(self, orders: Mapping[str, Sequence[str]]) -> list[str]:
        """Equal for equal orders, in whatever order their lines are told."""
        lines = list(map(_BETWEEN.join, zip(*self._marks, strict=True)))
        marks = [
            _BETWEEN.join([*row, *sorted([lines[place] for place in self.places[row[0]]])])
            for row in zip(*orders.values(), strict=True)
        ]
        return [hashlib.sha256(mark.encode()).hexdigest() for mark in marks]


def _places(ids: Sequence[str], order_ids: Sequence[str]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {id_: [] for id_ in ids}
    if len(places) < len(ids):
        twice = next(id_ for place, id_ in enumerate(ids) if id_ in ids[:place])
        raise InputError(say("Order {id} comes twice in one batch.", id=twice))
    try:
        for place, id_ in enumerate(order_ids):
            places[id_].append(place)
    except KeyError as error:
        raise InputError(
            say("A line names order {id}, which is not in its batch.", id=str(error.args[0]))
        ) from error
    return places


def _news(columns: Columns) -> Columns:
    """Without the orders that are known exactly so: they name nobody again."""
    ids = list(map(str, columns["external_id"]))
    known: dict[str, str] = values_of(Order, "external_id", ids, "fingerprint")
    if not known:
        return columns
    told = zip(columns["external_id"], columns["fingerprint"], strict=True)
    wanted = [known.get(str(id_)) != fingerprint for id_, fingerprint in told]
    return {name: list(compress(column, wanted)) for name, column in columns.items()}


def _with_customers(columns: Columns, now: datetime, source: str, run: str | None) -> Columns:
    """With the customers' numbers; whoever is not known is made."""
    told = [None if id_ is None else str(id_) for id_ in columns["customer_id"]]
    named = (id_ for id_ in told if id_ is not None)
    customers = ensure_customers(named, now=now, source=source, run=run)
    return {**columns, "customer_id": [None if id_ is None else customers[id_] for id_ in told]}


def _changed(columns: Columns, made: Mapping[str, int]) -> dict[str, int]:
    """Numbers of the orders that are known otherwise; they are locked."""
    told = dict(zip(columns["external_id"], columns["fingerprint"], strict=True))
    rest = [id_ for id_ in told if id_ not in made]
    if not rest:
        return {}
    rows = Order.objects.select_for_update(no_key=True).filter(external_id__in=rest).order_by("pk")
    known = rows.values_list("external_id", "pk", "fingerprint")
    return {id_: number for id_, number, fingerprint in known if told[id_] != fingerprint}


def _replace(columns: Columns, changed: Mapping[str, int], now: datetime, run: str | None) -> None:
    if not changed:
        return
    numbers = list(changed.values())
    if run is not None:
        keep_written(run, ORDERS, now, made=(), before=states_of(ORDERS, numbers))
    Line.objects.filter(order__in=numbers).delete()
    wanted = [id_ in changed for id_ in columns["external_id"]]
    replace(
        Order,
        "external_id",
        {name: list(compress(column, wanted)) for name, column in columns.items()},
    )


def _write_lines(told: _Told, numbers: Mapping[str, int], now: datetime, run: str | None) -> None:
    places = [place for id_ in numbers for place in told.places[id_]]
    if not places:
        return
    names = [told.products[place] for place in places]
    lines: Columns = {
        "order_id": [number for id_, number in numbers.items() for _ in told.places[id_]],
        **{name: [column[place] for place in places] for name, column in told.lines.items()},
    }
    if (
        run is None
        and len(names) <= _A_HANDFUL
        and load_by_names(
            Line, {**lines, "product_id": names}, "product_id", Product, "external_id"
        )
    ):
        return
    products = _products(names, [told.categories[place] for place in places], now, run)
    load(Line, {**lines, "product_id": products})


def _products(
    ids: Sequence[str], categories: Sequence[str], now: datetime, run: str | None
) -> list[int]:
    """The numbers of lines' products; an unknown one is made with the line's category."""
    told = dict(zip(ids, categories, strict=True))
    known = numbers_of(Product, "external_id", told)
    missing = sorted(told.keys() - known.keys())
    if missing:
        made = add(
            Product,
            "external_id",
            {
                "external_id": missing,
                "name": [""] * len(missing),
                "category": [told[id_] for id_ in missing],
                "changed_at": [instant(now)] * len(missing),
            },
        )
        if run is not None:
            keep_written(run, PRODUCTS, now, made=made.values(), before={})
        known |= numbers_of(Product, "external_id", missing)
    return [known[id_] for id_ in ids]
