"""Reads: what a person bought, gave back and subscribed to, as a history."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q

from regulars.apps.orders.models import Order, Refund, Subscription
from regulars.apps.orders.queries.sales import local_time


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRefund:
    """A refund of one of a person's orders.

    Attributes:
        number: The id within Regulars.
        order: The number of the order.
    """

    number: int
    id: str
    order: int
    order_id: str
    refunded_at: datetime
    currency: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class PastSubscription:
    """A subscription of a person; it has not ended where ``ended_on`` is None."""

    number: int
    id: str
    plan: str
    started_on: date
    ended_on: date | None
    currency: str
    amount: Decimal
    every: str


def refunds_before(
    customers: Collection[int],
    at: datetime,
    id_: int,
    *,
    stores: frozenset[str] | None = None,
    limit: int = 50,
) -> list[PastRefund]:
    """Refunds of some customers' orders, newest first, from a place in their history on.

    Args:
        customers: Numbers of their records.
        at: Only refunds until this instant.
        id_: Of those at the instant itself, only ones with a smaller number.
        stores: The stores that the reader may see; None for all.
        limit: At most so many.
    """
    sales = Order.objects.filter(customer__in=customers)
    if stores is not None:
        sales = sales.filter(store__in=stores)
    found = list(
        Refund.objects.filter(
            Q(refunded_at__lte=at) & (Q(refunded_at__lt=at) | Q(pk__lt=id_)),
            order_external_id__in=sales.values("external_id"),
        ).order_by("-refunded_at", "-pk")[:limit]
    )
    orders = Order.objects.filter(external_id__in=[refund.order_external_id for refund in found])
    told = {order.external_id: order for order in orders}
    return [_past_refund(refund, told[refund.order_external_id]) for refund in found]


def list_subscriptions_of(customers: Collection[int]) -> list[PastSubscription]:
    """The subscriptions of some customers, the last to start first."""
    found = Subscription.objects.filter(customer__in=customers).order_by("-started_on", "-pk")
    return [
        PastSubscription(
            number=row.pk,
            id=row.external_id,
            plan=row.plan,
            started_on=row.started_on,
            ended_on=row.ended_on,
            currency=row.currency,
            amount=row.amount,
            every=row.every,
        )
        for row in found
    ]


def _past_refund(refund: Refund, order: Order) -> PastRefund:
    return PastRefund(
        number=refund.pk,
        id=refund.external_id,
        order=order.pk,
        order_id=order.external_id,
        refunded_at=local_time(refund.refunded_at, refund.utc_offset),
        currency=order.currency,
        amount=refund.amount,
    )
