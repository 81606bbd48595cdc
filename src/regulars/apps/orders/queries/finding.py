"""Reads: orders with their lines and what came back."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

from django.db.models import Q, QuerySet

from regulars.apps.journal.tables import values_of
from regulars.apps.orders.models import Cost, Line, Order, Product, Refund, Subscription
from regulars.apps.orders.rules import CostKind, Every, OrderData
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductRow:
    """A thing that is sold."""

    id: str
    name: str
    category: str
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CostRow:
    """What was spent from a day to a day, both included."""

    id: str
    kind: CostKind
    from_on: date
    to_on: date
    currency: str
    amount: Decimal
    changed_at: datetime


def find_product(external_id: str) -> ProductRow | None:
    """The product of an id."""
    row = Product.objects.filter(external_id=external_id).first()
    return None if row is None else _product(row)


def list_products(
    *, after: str = "", category: str | None = None, limit: int = 100
) -> list[ProductRow]:
    """Products in the order of their ids.

    Args:
        after: Only ids behind this one.
        category: Only those of this category.
        limit: At most so many.
    """
    products = Product.objects.filter(external_id__gt=after)
    if category is not None:
        products = products.filter(category=category)
    return [_product(row) for row in products.order_by("external_id")[:limit]]


def find_cost(external_id: str) -> CostRow | None:
    """The cost of an id."""
    row = Cost.objects.filter(external_id=external_id).first()
    return None if row is None else _cost(row)


def list_costs(
    *, after: str = "", kind: CostKind | None = None, limit: int = 100
) -> list[CostRow]:
    """Costs in the order of their ids.

    Args:
        after: Only ids behind this one.
        kind: Only those of this kind.
        limit: At most so many.
    """
    costs = Cost.objects.filter(external_id__gt=after)
    if kind is not None:
        costs = costs.filter(kind=kind)
    return [_cost(row) for row in costs.order_by("external_id")[:limit]]


def _product(row: Product) -> ProductRow:
    return ProductRow(
        id=row.external_id, name=row.name, category=row.category, changed_at=row.changed_at
    )


def _cost(row: Cost) -> CostRow:
    return CostRow(
        id=row.external_id,
        kind=CostKind(row.kind),
        from_on=row.from_on,
        to_on=row.to_on,
        currency=row.currency,
        amount=row.amount,
        changed_at=row.changed_at,
    )


def find_subscription(external_id: str, source: str = API) -> SubscriptionRow | None:
    """The subscription of an id."""
    rows = Subscription.objects.filter(external_id=external_id)
    return next(iter(_subscriptions(list(rows), source)), None)


def list_subscriptions(
    *,
    after: str = "",
    customer_id: str | None = None,
    active_on: date | None = None,
    limit: int = 100,
    source: str = API,
) -> list[SubscriptionRow]:
    """Subscriptions in the order of their ids.

    Args:
        after: Only ids behind this one.
        customer_id: Only those of this person, merged records included.
        active_on: Only those that ran on this day.
        limit: At most so many.
        source: Whose customer ids.
    """
    rows = Subscription.objects.filter(external_id__gt=after)
    if customer_id is not None:
        rows = rows.filter(customer__in=_records_of(customer_id, source))
    if active_on is not None:
        running = Q(ended_on__isnull=True) | Q(ended_on__gte=active_on)
        rows = rows.filter(running, started_on__lte=active_on)
    return _subscriptions(list(rows.order_by("external_id")[:limit]), source)


def _subscriptions(rows: Sequence[Subscription], source: str) -> list[SubscriptionRow]:
    customers = external_ids((row.customer_id for row in rows), source)
    return [
        SubscriptionRow(
            id=row.external_id,
            customer_id=customers.get(row.customer_id),
            plan=row.plan,
            started_on=row.started_on,
            ended_on=row.ended_on,
            currency=row.currency,
            amount=row.amount,
            every=Every(row.every),
        )
        for row in rows
    ]


def _records_of(customer_id: str, source: str) -> list[int]:
    """Every record of the person whom a source knows by an id; none where nobody is."""
    number = numbers_of([customer_id], source).get(customer_id)
    return [] if number is None else same_person(number)


def find_order(external_id: str, source: str = API) -> OrderRow | None:
    """The order of an id."""
    orders = Order.objects.filter(external_id=external_id)
    return next(iter(_rows(list(orders), source)), None)


def as_told(order: OrderData) -> OrderRow:
    """An order that was just taken, with its refunds: what :func:`find_order` would find."""
    # an order is seldom refunded before it is told
    refunded = values_of(Refund, "order_external_id", [order.id], "id")
    refunds = refunds_of(refunded).get(order.id, []) if refunded else []
    return OrderRow(
        id=order.id,
        customer_id=order.customer_id,
        ordered_at=order.ordered_at,
        currency=order.currency,
        amount=order.amount,
        refunded=_refunded(order.amount, refunds),
        channel=order.channel,
        store=order.store,
        lines=tuple(LineRow(**asdict(line)) for line in order.lines),
        refunds=tuple(refunds),
    )


def list_orders(
    *,
    after: str = "",
    customer_id: str | None = None,
    from_at: datetime | None = None,
    before: datetime | None = None,
    limit: int = 100,
    source: str = API,
) -> list[OrderRow]:
    """Orders in the order of their ids.

    Args:
        after: Only ids behind this one.
        customer_id: Only those of this person, merged records included.
        from_at: Only those of this instant or later.
        before: Only those before this instant.
        limit: At most so many.
        source: Whose customer ids.
    """
    orders = _orders(customer_id, from_at, before, source).filter(external_id__gt=after)
    return _rows(list(orders.order_by("external_id")[:limit]), source)


def list_newest_orders(
    *,
    after: tuple[datetime, str] | None = None,
    customer_id: str | None = None,
    from_at: datetime | None = None,
    before: datetime | None = None,
    limit: int = 100,
    source: str = API,
) -> list[OrderRow]:
    """Orders, the newest first; of one instant in the order of their ids.

    Args:
        after: Only those behind the order of this time and id.
        customer_id: Only those of this person, merged records included.
        from_at: Only those of this instant or later.
        before: Only those before this instant.
        limit: At most so many.
        source: Whose customer ids.
    """
    orders = _orders(customer_id, from_at, before, source)
    if after is not None:
        at, id_ = after
        behind = Q(ordered_at__lt=at) | Q(ordered_at=at, external_id__gt=id_)
        orders = orders.filter(behind, ordered_at__lte=at)  # said again for the index
    return _rows(list(orders.order_by("-ordered_at", "external_id")[:limit]), source)


def _orders(
    customer_id: str | None, from_at: datetime | None, before: datetime | None, source: str
) -> QuerySet[Order]:
    orders = Order.objects.all()
    if customer_id is not None:
        orders = orders.filter(customer__in=_records_of(customer_id, source))
    if from_at is not None:
        orders = orders.filter(ordered_at__gte=from_at)
    if before is not None:
        orders = orders.filter(ordered_at__lt=before)
    return orders


def find_refund(external_id: str) -> RefundRow | None:
    """The refund of an id."""
    return next(iter(_refunds(Refund.objects.filter(external_id=external_id))), None)


def list_refunds(
    *,
    after: str = "",
    order_id: str | None = None,
    customer_id: str | None = None,
    from_at: datetime | None = None,
    before: datetime | None = None,
    limit: int = 100,
) -> list[RefundRow]:
    """Refunds in the order of their ids.

    Args:
        after: Only ids behind this one.
        order_id: Only those of this order.
        customer_id: Only those of this person's orders, merged records included.
        from_at: Only those of this instant or later.
        before: Only those before this instant.
        limit: At most so many.
    """
    refunds = Refund.objects.filter(external_id__gt=after)
    if order_id is not None:
        refunds = refunds.filter(order_external_id=order_id)
    if customer_id is not None:
        theirs = Order.objects.filter(customer__in=_records_of(customer_id, API))
        refunds = refunds.filter(order_external_id__in=theirs.values("external_id"))
    if from_at is not None:
        refunds = refunds.filter(refunded_at__gte=from_at)
    if before is not None:
        refunds = refunds.filter(refunded_at__lt=before)
    return _refunds(refunds.order_by("external_id")[:limit])


def _refunds(refunds: QuerySet[Refund]) -> list[RefundRow]:
    return [
        RefundRow(
            id=refund.external_id,
            order_id=refund.order_external_id,
            refunded_at=local_time(refund.refunded_at, refund.utc_offset),
            amount=refund.amount,
            lines=tuple(refund.lines),
        )
        for refund in refunds
    ]


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
    refunds = refunds_of([order.external_id for order in orders])
    return [
        OrderRow(
            id=order.external_id,
            customer_id=None if order.customer_id is None else customers.get(order.customer_id),
            ordered_at=local_time(order.ordered_at, order.utc_offset),
            currency=order.currency,
            amount=order.amount,
            refunded=_refunded(order.amount, refunds[order.external_id]),
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


def _refunded(amount: Decimal, refunds: Iterable[RefundRow]) -> Decimal:
    return min(amount, sum((refund.amount for refund in refunds), Decimal()))


def refunds_of(order_ids: Iterable[str]) -> dict[str, list[RefundRow]]:
    """The refunds of orders, by the ids of the orders."""
    found: dict[str, list[RefundRow]] = {id_: [] for id_ in order_ids}
    for refund in _refunds(
        Refund.objects.filter(order_external_id__in=list(found)).order_by("pk")
    ):
        found[refund.order_id].append(refund)
    return found


def local_time(moment: datetime, minutes: int) -> datetime:
    """An instant on the clock of where it happened."""
    return moment.astimezone(timezone(timedelta(minutes=minutes)))
