"""Old orders forget who bought."""

from datetime import datetime

from django.db import transaction

from regulars.apps.journal.operations import announce
from regulars.apps.orders.events import OrdersTaken
from regulars.apps.orders.models import Order


def unlink_orders(before: datetime, *, now: datetime, most: int) -> int:
    """Forget which customer old orders were of; the orders stay. Return how many.

    Args:
        before: Orders of before this instant.
        now: The time.
        most: At most so many.
    """
    with transaction.atomic():
        old = Order.objects.filter(ordered_at__lt=before, customer__isnull=False)
        ids = sorted(old.order_by("ordered_at").values_list("pk", flat=True)[:most])
        if ids:
            Order.objects.filter(pk__in=ids).update(customer=None, changed_at=now)
            announce(OrdersTaken(ids[0], ids[-1], len(ids), now.isoformat()), now)
    return len(ids)
