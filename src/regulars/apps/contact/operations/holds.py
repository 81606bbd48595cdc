"""Writes: nothing of a class goes to somebody for a while, and things of worth are counted."""

from datetime import datetime

from django.db import transaction

from regulars.apps.contact.models import Credit, Hold
from regulars.apps.contact.rules.purposes import Kind
from regulars.apps.journal.operations import Line, record, record_all
from regulars.kernel.actors import Actor


def place_hold(  # noqa: PLR0913 - one column an argument
    customer: int,
    kind: Kind,
    *,
    reason: str,
    source: str,
    until: datetime | None = None,
    actor: Actor,
    now: datetime,
) -> bool:
    """Let nothing of a class go to somebody; return whether that was new.

    Args:
        customer: The number of his record.
        kind: The class.
        reason: Why, in a word or two that staff read.
        source: What of a higher app it is for, as ``case:17``: it is released by that.
        until: When it ends by itself; None for when it is released.
        actor: Who does it.
        now: The time.
    """
    with transaction.atomic():
        hold, new = Hold.objects.select_for_update().get_or_create(
            customer_id=customer,
            kind=kind.value,
            source=source,
            released_at=None,
            defaults={"reason": reason, "until": until, "placed_at": now},
        )
        changed = not new and hold.until != until
        if changed:
            Hold.objects.filter(pk=hold.pk).update(until=until)
        if new or changed:
            told = {"kind": kind.value, "reason": reason, "source": source}
            record(actor, "held back", f"customer:{customer}", now, told)
    return new or changed


def release_holds(source: str, *, actor: Actor, now: datetime) -> int:
    """Let go again what was held for something; return how many holds there were."""
    with transaction.atomic():
        holds = Hold.objects.select_for_update().filter(source=source, released_at__isnull=True)
        rows = list(holds.order_by("pk"))
        Hold.objects.filter(pk__in=[hold.pk for hold in rows]).update(released_at=now)
        told = [
            Line("let go", f"customer:{hold.customer_id}", {"kind": hold.kind, "source": source})
            for hold in rows
        ]
        record_all(actor, told, now)
    return len(rows)


def give_credit(customer: int, kind: str, source: str, *, at: datetime) -> bool:
    """Count something of worth that was done for a customer; return whether it was new.

    Args:
        customer: The number of his record.
        kind: What, as ``praise``.
        source: What of a higher app it is for, as ``case:17``: it counts once.
        at: When it was done.
    """
    _, new = Credit.objects.get_or_create(
        source=source, defaults={"customer_id": customer, "kind": kind, "at": at}
    )
    return new
