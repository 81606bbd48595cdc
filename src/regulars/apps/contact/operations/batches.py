"""Writes: a batch is paused, goes on, or is stopped; a single delivery is cancelled."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from regulars.apps.contact.events import DeliveriesEnded
from regulars.apps.contact.models import Batch, Delivery
from regulars.apps.contact.operations.emptying import empty_secrets
from regulars.apps.contact.rules.states import OPEN, Reason, State
from regulars.apps.journal.operations import announce, record
from regulars.kernel.actors import Actor
from regulars.kernel.errors import InputError
from regulars.kernel.wording import say

_AT_ONCE = 1000


def pause_batch(number: int, *, actor: Actor, now: datetime) -> bool:
    """Let nothing of a batch go for the time being; return whether that was new.

    What is being sent this very moment still goes.

    Args:
        number: The batch's.
        actor: Who does it.
        now: The time.

    Raises:
        InputError: There is no such batch, or it was stopped.
    """
    with transaction.atomic():
        batch = _going(number)
        if batch.paused_at is not None:
            return False
        Batch.objects.filter(pk=number).update(paused_at=now)
        record(actor, "paused a batch", f"batch:{number}", now)
    return True


def resume_batch(number: int, *, actor: Actor, now: datetime) -> bool:
    """Let a paused batch go on; return whether it was paused.

    Args:
        number: The batch's.
        actor: Who does it.
        now: The time.

    Raises:
        InputError: There is no such batch, or it was stopped.
    """
    with transaction.atomic():
        batch = _going(number)
        if batch.paused_at is None:
            return False
        Batch.objects.filter(pk=number).update(paused_at=None)
        record(actor, "went on with a batch", f"batch:{number}", now)
    return True


def stop_batch(number: int, *, actor: Actor, now: datetime) -> int:
    """End a batch for good: what waits is skipped; return how much that was.

    What is being sent this very moment still goes. Where this dies halfway it is done again: the
    gate lets nothing of a stopped batch through.

    Args:
        number: The batch's.
        actor: Who does it.
        now: The time.

    Raises:
        InputError: There is no such batch.
    """
    with transaction.atomic():
        if _locked(number).stopped_at is None:
            # nothing of a paused batch is ever taken up, not even to be skipped
            Batch.objects.filter(pk=number).update(stopped_at=now, paused_at=None)
            record(actor, "stopped a batch", f"batch:{number}", now)
    waiting = Delivery.objects.filter(batch=number, state=State.PLANNED).order_by("pk")
    numbers = list(waiting.values_list("pk", flat=True))
    # some at a time: whoever sends meanwhile does not wait for all of them
    return sum(
        _cancel(numbers[start : start + _AT_ONCE], now)
        for start in range(0, len(numbers), _AT_ONCE)
    )


def cancel_delivery(number: int, *, actor: Actor, now: datetime) -> bool:
    """Cancel a delivery that waits; return whether it still waited.

    Args:
        number: The delivery's.
        actor: Who does it.
        now: The time.

    Raises:
        InputError: There is no such delivery.
    """
    with transaction.atomic():
        row = Delivery.objects.select_for_update().filter(pk=number).first()
        if row is None:
            raise InputError(say("There is no delivery {number}.", number=str(number)))
        if not _cancel([number], now):
            return False
        record(actor, "cancelled a delivery", f"delivery:{number}", now)
    return True


def _cancel(numbers: list[int], now: datetime) -> int:
    """Skip those that still wait: a worker may have taken some up meanwhile."""
    with transaction.atomic():
        waiting = Delivery.objects.select_for_update().filter(pk__in=numbers, state=State.PLANNED)
        held = tuple(waiting.order_by("pk").values_list("pk", flat=True))
        Delivery.objects.filter(pk__in=held).update(
            state=State.SKIPPED, reason=Reason.CANCELLED, detail="", ended_at=now
        )
        if held:
            _empty(held)
            empty_secrets(held)
            announce(DeliveriesEnded(held), now)
    return len(held)


def _empty(numbers: Sequence[int]) -> None:
    """Let go what nobody may read, once nobody is left to get it."""
    Delivery.objects.filter(pk__in=numbers, batch__secret=True).update(values=None)
    states = [state.value for state in OPEN]
    waits = Delivery.objects.filter(batch=OuterRef("pk"), state__in=states)
    secret = Batch.objects.filter(secret=True, deliveries__in=numbers)
    Batch.objects.filter(~Exists(waits), pk__in=secret.values("pk")).update(content={}, values={})


def _going(number: int) -> Batch:
    batch = _locked(number)
    if batch.stopped_at is not None:
        raise InputError(
            say("The batch {number} was stopped for good.", number=str(number)),
            accepted=say("Plan another one."),
        )
    return batch


def _locked(number: int) -> Batch:
    batch = Batch.objects.select_for_update().filter(pk=number).first()
    if batch is None:
        raise InputError(say("There is no batch {number}.", number=str(number)))
    return batch
