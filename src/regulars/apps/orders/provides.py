"""How long orders say who bought, where somebody did, and what programs are told of orders."""

from datetime import datetime

from django.db.models import QuerySet

from regulars.apps.firm.registry import Keeping
from regulars.apps.journal.webhooks.registry import Facts, Published
from regulars.apps.orders.events import (
    CostsPut,
    OrdersTaken,
    ProductsPut,
    RefundsTaken,
    SubscriptionsPut,
)
from regulars.apps.orders.models import Order
from regulars.apps.orders.operations import unlink_orders
from regulars.apps.orders.queries import count_linked
from regulars.apps.orders.queries.told import (
    customers_of_orders,
    customers_of_refunds,
    customers_of_subscriptions,
    tell_costs,
    tell_orders,
    tell_products,
    tell_refunds,
    tell_subscriptions,
)
from regulars.kernel.wording import say


def bought(stores: frozenset[str] | None) -> QuerySet[Order]:
    """Orders of some stores, or of any where None."""
    return Order.objects.all() if stores is None else Order.objects.filter(store__in=stores)


def _drop(before: datetime, now: datetime, most: int) -> int:
    return unlink_orders(before, now=now, most=most)


LINKS = Keeping(
    kind="order-links",
    what=say("Which customer an old order was of; the order itself stays"),
    fewest_days=365,
    default_days=None,
    most=5_000,
    count=count_linked,
    drop=_drop,
)


def _nobody(_: Facts) -> tuple[None]:
    return (None,)


PUBLISHED = (
    Published(
        news=OrdersTaken,
        name="order.taken",
        what=say("Orders were made or changed"),
        customers=customers_of_orders,
        tell=tell_orders,
    ),
    Published(
        news=RefundsTaken,
        name="refund.taken",
        what=say("Money went back"),
        customers=customers_of_refunds,
        tell=tell_refunds,
    ),
    Published(
        news=SubscriptionsPut,
        name="subscription.changed",
        what=say("Subscriptions were made or changed"),
        customers=customers_of_subscriptions,
        tell=tell_subscriptions,
    ),
    Published(
        news=ProductsPut,
        name="product.changed",
        what=say("Products were made or changed"),
        customers=_nobody,
        tell=tell_products,
    ),
    Published(
        news=CostsPut,
        name="cost.changed",
        what=say("Costs were made or changed"),
        customers=_nobody,
        tell=tell_costs,
    ),
)
"""What programs are told of orders."""
