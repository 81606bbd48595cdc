"""How long orders say who bought, and where somebody did."""

from datetime import datetime

from django.db.models import QuerySet

from regulars.apps.firm.registry import Keeping
from regulars.apps.orders.models import Order
from regulars.apps.orders.operations import unlink_orders
from regulars.apps.orders.queries import count_linked
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
