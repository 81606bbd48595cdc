"""Reads: what senders handed over at once, and how far it is."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet

from regulars.apps.contact.models import Batch, Delivery
from regulars.apps.contact.rules.plain import PLAIN
from regulars.apps.contact.rules.purposes import Channel, Purpose
from regulars.apps.contact.rules.states import OPEN, Reason, State


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRow:
    """One message for however many people.

    Attributes:
        number: The batch's.
        sender: The app that sends it.
        dedupe_key: What the sender calls it.
        label: What staff call it.
        channels: The ways that may be used, in their order.
        languages: The languages in which it has a text.
        secret: Nobody of the staff is shown its text.
        version: Counts the changes of its text.
    """

    number: int
    sender: str
    dedupe_key: str
    label: str
    purpose: Purpose
    channels: tuple[Channel, ...]
    languages: tuple[str, ...]
    secret: bool
    version: int
    made_at: datetime
    paused_at: datetime | None
    stopped_at: datetime | None

    @property
    def called(self) -> str:
        """What it is called: by staff, else by its sender."""
        return self.label or f"{self.sender}: {self.dedupe_key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """So many deliveries of a batch are in a state for a reason."""

    state: State
    reason: Reason | None
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlyBatches:
    """Which batches are wanted; what is None does not matter."""

    sender: str | None = None
    purpose: Purpose | None = None
    paused: bool | None = None
    stopped: bool | None = None


ALL = OnlyBatches()
"""All of them."""


def list_batches(
    only: OnlyBatches = ALL, *, newest: bool = True, after: int | None = None, limit: int = 50
) -> list[BatchRow]:
    """Batches in the order in which they were handed over.

    Args:
        only: Which are wanted.
        newest: The newest first.
        after: Only those behind the one of this number.
        limit: At most so many.
    """
    found = _wanted(only)
    if after is not None:
        found = found.filter(pk__lt=after) if newest else found.filter(pk__gt=after)
    return [batch_row(it) for it in found.order_by("-pk" if newest else "pk")[:limit]]


def count_batches(only: OnlyBatches = ALL, *, most: int = 10_000) -> int:
    """How many there are; counting stops at ``most``."""
    return _wanted(only).values("pk")[:most].count()


def find_batch(number: int) -> BatchRow | None:
    """A batch by its number."""
    it = Batch.objects.filter(pk=number).first()
    return None if it is None else batch_row(it)


def count_batch(number: int) -> list[Counted]:
    """How many deliveries of a batch are in each state for each reason, the most first."""
    found = Delivery.objects.filter(batch=number).values_list("state", "reason")
    counted = [
        Counted(state=State(state), reason=Reason(reason) if reason else None, count=count)
        for state, reason, count in found.annotate(count=Count("pk"))
    ]
    return sorted(counted, key=lambda it: (-it.count, it.state, it.reason or ""))


def is_open(number: int) -> bool:
    """Whether anything of a batch is not over yet."""
    states = [state.value for state in OPEN]
    return Delivery.objects.filter(batch=number, state__in=states).exists()


def list_senders() -> list[str]:
    """Every app that ever handed something over, by name."""
    return list(Batch.objects.values_list("sender", flat=True).distinct().order_by("sender"))


def _wanted(only: OnlyBatches) -> QuerySet[Batch]:
    told = {
        "sender": only.sender,
        "purpose": only.purpose,
        "paused_at__isnull": None if only.paused is None else not only.paused,
        "stopped_at__isnull": None if only.stopped is None else not only.stopped,
    }
    return Batch.objects.filter(**{name: it for name, it in told.items() if it is not None})


def batch_row(it: Batch) -> BatchRow:
    """A batch as it is shown."""
    return BatchRow(
        number=it.pk,
        sender=it.sender,
        dedupe_key=it.dedupe_key,
        label=it.label,
        purpose=Purpose(it.purpose),
        channels=tuple(map(Channel, it.channels)),
        languages=tuple(language for language in it.content if language != PLAIN),
        secret=it.secret,
        version=it.version,
        made_at=it.made_at,
        paused_at=it.paused_at,
        stopped_at=it.stopped_at,
    )
