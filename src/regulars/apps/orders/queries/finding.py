"""Reads: orders with their lines and what came back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

from django.db.models import Q

from regulars.apps.orders.models import Line, Order, Refund, Subscription
from regulars.apps.orders.rules import Every
from regulars.apps.people.queries import API, external_ids, numbers_of, same_person


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRow:
    """A line of an order."""

    line: str
    product_id: str
    category: str
    quantity: Decimal
    amount: Decimal
    unit_cost: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundRow:
    """A refund."""

    id: str
    order_id: str
    refunded_at: datetime
    amount: Decimal
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRow:
    """An order with its lines and refunds; ``refunded`` is never more than ``amount``."""

    id: str
    customer_id: str | None
    ordered_at: datetime
    currency: str
    amount: Decimal
    refunded: Decimal
    channel: str
    store: str
    lines: tuple[LineRow, ...]
    refunds: tuple[RefundRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionRow:
    """A subscription."""

    id: str
    customer_id: str | None
    plan: str
    started_on: date
    ended_on: date | None
    currency: str
    amount: Decimal
    every: Every


def find_subscription(external_id: str, source: str = API) -> SubscriptionRow | None:
    """The subscription of an id."""
    row = Subscription.objects.filter(external_id=external_id).first()
    if row is None:
        return None
    return SubscriptionRow(
        id=row.external_id,
        customer_id=external_ids([row.customer_id], source).get(row.customer_id),
        plan=row.plan,
        started_on=row.started_on,
        ended_on=row.ended_on,
        currency=row.currency,
        amount=row.amount,
        every=Every(row.every),
    )


def find_order(external_id: str, source: str = API) -> OrderRow | None:
    """The order of an id."""
    orders = Order.objects.filter(external_id=external_id)
    return next(iter(_rows(list(orders), source)), None)


def list_orders(
    *,
    after: str = "",
    customer_id: str | None = None,
    limit: int = 100,
    source: str = API,
) -> list[OrderRow]:
    """Orders in the order of their ids.

    Args:
        after: Only ids behind this one.
        customer_id: Only those of this person, merged records included.
        limit: At most so many.
        source: Whose customer ids.
    """
    orders = Order.objects.filter(external_id__gt=after)
    if customer_id is not None:
        number = numbers_of([customer_id], source).get(customer_id)
        orders = orders.filter(customer__in=[] if number is None else same_person(number))
    return _rows(list(orders.order_by("external_id")[:limit]), source)


def list_orders_of(
    number: int,
    *,
    before: tuple[datetime, str] | None = None,
    limit: int = 50,
    source: str = API,
) -> list[OrderRow]:
    """The orders of the person behind a customer's number, newest first, for his timeline.

    Args:
        number: Any record of his.
        before: Instant and id of the last order seen; only older ones are wanted.
        limit: At most so many.
        source: Whose customer ids.
    """
    orders = Order.objects.filter(customer__in=same_person(number))
    if before is not None:
        at, id_ = before
        orders = orders.filter(Q(ordered_at__lt=at) | Q(ordered_at=at, external_id__lt=id_))
    return _rows(list(orders.order_by("-ordered_at", "-external_id")[:limit]), source)


def count_linked(before: datetime) -> int:
    """How many orders of before an instant still say who bought."""
    return Order.objects.filter(ordered_at__lt=before, customer__isnull=False).count()


def _rows(orders: Sequence[Order], source: str) -> list[OrderRow]:
    customers = external_ids(
        (order.customer_id for order in orders if order.customer_id is not None), source
    )
    lines = _lines_of(orders)
    refunds = _refunds_of(orders)
    return [
        OrderRow(
            id=order.external_id,
            customer_id=None if order.customer_id is None else customers.get(order.customer_id),
            ordered_at=_local(order.ordered_at, order.utc_offset),
            currency=order.currency,
            amount=order.amount,
            refunded=min(
                order.amount,
                sum((refund.amount for refund in refunds[order.external_id]), Decimal()),
            ),
            channel=order.channel,
            store=order.store,
            lines=tuple(lines[order.pk]),
            refunds=tuple(refunds[order.external_id]),
        )
        for order in orders
    ]


def _lines_of(orders: Sequence[Order]) -> dict[int, list[LineRow]]:
    found: dict[int, list[LineRow]] = {order.pk: [] for order in orders}
    for line in Line.objects.filter(order__in=orders).select_related("product").order_by("pk"):
        found[line.order_id].append(
            LineRow(
                line=line.line,
                product_id=line.product.external_id,
                category=line.category,
                quantity=line.quantity,
                amount=line.amount,
                unit_cost=line.unit_cost,
            )
        )
    return found


def _refunds_of(orders: Sequence[Order]) -> dict[str, list[RefundRow]]:
    found: dict[str, list[RefundRow]] = {order.external_id: [] for order in orders}
    for refund in Refund.objects.filter(order_external_id__in=list(found)).order_by("pk"):
        found[refund.order_external_id].append(
            RefundRow(
                id=refund.external_id,
                order_id=refund.order_external_id,
                refunded_at=_local(refund.refunded_at, refund.utc_offset),
                amount=refund.amount,
                lines=tuple(refund.lines),
            )
        )
    return found


def _local(moment: datetime, minutes: int) -> datetime:
    return moment.astimezone(timezone(timedelta(minutes=minutes)))
