"""Reads: how far the door out is behind."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from regulars.apps.contact.models import Batch, Delivery
from regulars.apps.contact.rules.states import State


@dataclass(frozen=True, slots=True)
class Waiting:
    """How far the door out is behind.

    Attributes:
        due: Deliveries that are due and have not gone; those of paused batches are not due.
        oldest: How long the one that was due first has been.
        uncertain: Deliveries of which nobody knows whether they went.
    """

    due: int
    oldest: timedelta
    uncertain: int


def get_waiting(now: datetime) -> Waiting:
    """How far the door out is behind."""
    paused = Batch.objects.filter(paused_at__isnull=False)
    due = Delivery.objects.filter(state=State.PLANNED, due_at__lte=now).exclude(batch__in=paused)
    first = due.order_by("due_at").values_list("due_at", flat=True).first()
    return Waiting(
        due=due.count(),
        oldest=timedelta() if first is None else now - first,
        uncertain=Delivery.objects.filter(state=State.UNCERTAIN).count(),
    )
