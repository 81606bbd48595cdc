"""Writes: a worker takes deliveries up, and takes over what a dead one has left."""

from datetime import datetime

from django.db import connection, transaction
from django.db.models import QuerySet

from regulars.apps.contact.models import Batch, Delivery
from regulars.apps.contact.rules.arriving import LEASE
from regulars.apps.contact.rules.purposes import Purpose
from regulars.apps.contact.rules.states import Reason, State

URGENT = Purpose.SERVICE.priority
"""From this priority on nobody waits until a worker has sent what it took up before."""
_SENT_AGAIN = [purpose.value for purpose in Purpose if purpose.kind.at_least_once]


def claim(lease: str, *, now: datetime, most: int) -> int:
    """Take up deliveries that are due, the most important first; return how many.

    Args:
        lease: The worker's own word for what it takes up now.
        now: The time.
        most: At most so many.
    """
    return _claim(Delivery.objects.all(), lease, now, most)


def claim_urgent(lease: str, *, now: datetime, most: int) -> int:
    """Take up what has become due meanwhile and cannot wait; return how much.

    Args:
        lease: The worker's own word for what it has taken up.
        now: The time.
        most: At most so many.
    """
    return _claim(Delivery.objects.filter(priority__gte=URGENT), lease, now, most)


def _claim(deliveries: QuerySet[Delivery], lease: str, now: datetime, most: int) -> int:
    with transaction.atomic():
        paused = Batch.objects.filter(paused_at__isnull=False)
        due = deliveries.filter(state=State.PLANNED, due_at__lte=now)
        due = due.exclude(batch__in=paused).order_by("-priority", "id")
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True, of=("self",))
        ids = list(due.values_list("pk", flat=True)[:most])
        return Delivery.objects.filter(pk__in=ids).update(
            state=State.CLAIMED, lease=lease, leased_until=now + LEASE
        )


def hand_back(lease: str) -> int:
    """Let others take up what this worker claimed and has not decided; return how many."""
    mine = Delivery.objects.filter(lease=lease, state=State.CLAIMED, leased_until__isnull=False)
    return mine.update(state=State.PLANNED, leased_until=None)


def take_over(now: datetime) -> int:
    """Name what dead workers left: claimed is planned again, what may have gone is uncertain.

    What must arrive at least once is planned again even if it may have gone. A worker that was
    only slow still writes down what became of its deliveries.

    Returns:
        How many were left.
    """
    late = Delivery.objects.filter(leased_until__lt=now)
    with transaction.atomic():
        sending = late.filter(state=State.SENDING)
        again = sending.filter(purpose__in=_SENT_AGAIN).update(
            state=State.PLANNED, leased_until=None, due_at=now, reason=Reason.WORKER_DIED
        )
        unsure = sending.update(
            state=State.UNCERTAIN, leased_until=None, ended_at=now, reason=Reason.WORKER_DIED
        )
        claimed = late.filter(state=State.CLAIMED)
        return again + unsure + claimed.update(state=State.PLANNED, leased_until=None)
