"""Writes of import runs: whole batches in columns, each in one transaction, each remembered."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal

from regulars.apps.orders.operations.putting import put_costs, put_products, put_subscription
from regulars.apps.orders.operations.taking import take_orders, take_refunds
from regulars.apps.orders.rules import (
    CostData,
    LineData,
    OrderData,
    ProductData,
    RefundData,
    SubscriptionData,
)
from regulars.apps.people.queries import API
from regulars.kernel.actors import Actor
from regulars.kernel.outcomes import Outcome


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


def import_orders(
    orders: OrderColumns,
    lines: LineColumns,
    *,
    run: str,
    actor: Actor,
    now: datetime,
    source: str = API,
) -> Counter[Outcome]:
    """Make a batch of orders or replace them by their ids, as :func:`take_orders` does, but fast.

    All are taken, or none; the same again changes nothing; it may run twice at once. The run is
    remembered: :func:`undo_run` takes back what it wrote. Batches of 2,000 to 5,000 orders cost
    the least; memory is that of a batch.

    Args:
        orders: Orders without problems.
        lines: Their lines.
        run: The id of the run, at most 40 characters.
        actor: Who tells.
        now: The time: another one for each batch.
        source: Whose customer ids they bear.

    Returns:
        How many orders had which outcome.
    """
    found: dict[str, list[LineData]] = {id_: [] for id_ in orders.id}
    for place, id_ in enumerate(lines.order_id):
        found[id_].append(
            LineData(
                line=lines.line[place],
                product_id=lines.product_id[place],
                category=lines.category[place],
                quantity=lines.quantity[place],
                amount=lines.amount[place],
                unit_cost=lines.unit_cost[place],
            )
        )
    told = [
        OrderData(
            id=id_,
            customer_id=orders.customer_id[place],
            ordered_at=orders.ordered_at[place].astimezone(
                timezone(timedelta(minutes=orders.utc_offset[place]))
            ),
            currency=orders.currency[place],
            amount=orders.amount[place],
            channel=orders.channel[place],
            store=orders.store[place],
            lines=tuple(found[id_]),
        )
        for place, id_ in enumerate(orders.id)
    ]
    return Counter(take_orders(told, actor=actor, now=now, source=source))


def import_refunds(
    told: Sequence[RefundData], *, run: str, actor: Actor, now: datetime
) -> Counter[Outcome]:
    """Make a batch of refunds or replace them by their ids; the run is remembered."""
    return Counter(take_refunds(told, actor=actor, now=now))


def import_products(
    told: Sequence[ProductData], *, run: str, actor: Actor, now: datetime
) -> Counter[Outcome]:
    """Make a batch of products or replace what is known of them; the run is remembered."""
    return Counter(put_products(told, actor=actor, now=now))


def import_costs(
    told: Sequence[CostData], *, run: str, actor: Actor, now: datetime
) -> Counter[Outcome]:
    """Make a batch of costs or replace what is known of them; the run is remembered."""
    return Counter(put_costs(told, actor=actor, now=now))


def import_subscriptions(
    told: Sequence[SubscriptionData],
    *,
    run: str,
    actor: Actor,
    now: datetime,
    source: str = API,
) -> Counter[Outcome]:
    """Make a batch of subscriptions or replace what is known of them; the run is remembered."""
    return Counter(put_subscription(one, actor=actor, now=now, source=source) for one in told)
