"""Writes: deliveries that ended long ago go, with what providers told of them."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from regulars.apps.contact.models import Batch, Delivery, DeliveryEvent
from regulars.apps.contact.queries.old import old_letters, old_messages


def forget_letters(before: datetime, most: int) -> int:
    """Delete old deliveries to staff, at most so many; return how many."""
    return _forget(old_letters(before), most)


def forget_messages(before: datetime, most: int) -> int:
    """Delete old deliveries to customers, at most so many; return how many."""
    return _forget(old_messages(before), most)


def _forget(old: QuerySet[Delivery], most: int) -> int:
    with transaction.atomic():
        told = dict(old.order_by("pk").values_list("pk", "batch_id")[:most])
        DeliveryEvent.objects.filter(delivery__in=told).delete()
        gone, _ = Delivery.objects.filter(pk__in=told).delete()
        # nobody plans more of them meanwhile
        batches = Batch.objects.filter(pk__in=set(told.values())).order_by("pk")
        list(batches.select_for_update().values_list("pk", flat=True))
        left = Delivery.objects.filter(batch=OuterRef("pk"))
        batches.filter(~Exists(left)).delete()
    return gone
