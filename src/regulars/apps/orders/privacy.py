"""What orders hold of a customer: that he bought.

Orders are the firm's books. They stay, and so does their link, to a record that says nothing any
more: counts of customers, orders and returns are the same after an erasure as before.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from regulars.apps.orders.models import Line, Order, Refund, Subscription

HOLDS: Mapping[str, frozenset[str]] = {
    "orders.Order": frozenset(),
    "orders.Line": frozenset(),
    "orders.Subscription": frozenset(),
}
_NUMBER = "a number of the firm's books"
KEEPS: Mapping[str, str] = {
    "orders.Product": "a thing that is sold",
    "orders.Order.external_id": _NUMBER,
    "orders.Order.currency": "a code",
    "orders.Order.channel": "where it was sold",
    "orders.Order.store": "where it was sold",
    "orders.Order.fingerprint": "a hash; the same order sent again names nobody again",
    "orders.Line.line": "a place within the order",
    "orders.Line.category": "what was sold",
    "orders.Refund": _NUMBER,
    "orders.Subscription.external_id": _NUMBER,
    "orders.Subscription.plan": "what was sold",
    "orders.Subscription.currency": "a code",
    "orders.Subscription.every": "a word of the program",
    "orders.Cost": "what the firm spent",
}


def export(
    numbers: Sequence[int], _texts: Sequence[str]
) -> Mapping[str, Sequence[Mapping[str, object]]]:
    """What a person bought and what he got back."""
    orders = Order.objects.filter(customer__in=numbers).order_by("pk")
    lines = Line.objects.filter(order__in=orders.values("pk"))
    refunds = Refund.objects.filter(order_external_id__in=orders.values("external_id"))
    subscriptions = Subscription.objects.filter(customer__in=numbers)
    return {
        "orders.Order": list(orders.values()),
        "orders.Line": list(lines.order_by("pk").values()),
        "orders.Refund": list(refunds.order_by("pk").values()),
        "orders.Subscription": list(subscriptions.order_by("pk").values()),
    }


def erase(_numbers: Sequence[int], _texts: Sequence[str]) -> None:
    """Nothing: the books hold no column that is about a person."""


def busy(since: datetime) -> Q:
    """Customers who ordered since an instant, or whose subscription ran."""
    orders = Order.objects.filter(customer=OuterRef("pk"), ordered_at__gte=since)
    running = Q(ended_on__isnull=True) | Q(ended_on__gte=since.date())
    subscriptions = Subscription.objects.filter(running, customer=OuterRef("pk"))
    return Q(Exists(orders)) | Q(Exists(subscriptions))
