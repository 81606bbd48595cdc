"""Writes: an address is written to no more, or may be written to again."""

from datetime import datetime

from django.db import transaction

from regulars.apps.contact.models import Suppression
from regulars.apps.contact.queries.suppressions import key_of
from regulars.apps.contact.rules.purposes import Channel, Scope, Withheld
from regulars.apps.journal.operations import record
from regulars.kernel.actors import Actor
from regulars.kernel.errors import InputError
from regulars.kernel.wording import say

LONGEST_NOTE = 300
"""So many characters has a note on a suppression, or the reason why one was lifted."""


def suppress_address(
    channel: Channel, value: str, scope: Scope, note: str = "", *, actor: Actor, now: datetime
) -> bool:
    """Let nothing of a scope go to an address; return whether that was new.

    Args:
        channel: What kind of address.
        value: The address; only its hash is kept.
        scope: How much is held back.
        note: Why, in the firm's own words.
        actor: Who says so.
        now: The time.

    Raises:
        InputError: It is no address, or the note is too long.
    """
    key = key_of(channel, value)
    told = _checked(note)
    with transaction.atomic():
        row, new = Suppression.objects.get_or_create(
            key=key,
            scope=scope,
            reason=Withheld.MANUAL,
            lifted_at=None,
            defaults={"channel": channel, "note": told, "at": now, "by": str(actor)},
        )
        if new:
            data = {"scope": scope.value, "channel": channel.value}
            record(actor, "suppressed an address", f"suppression:{row.pk}", now, data)
    return new


def lift_suppression(number: int, reason: str, *, actor: Actor, now: datetime) -> bool:
    """Let an address be written to again; return whether it was held back.

    Args:
        number: The suppression's.
        reason: Why, for the trail.
        actor: Who says so.
        now: The time.

    Raises:
        InputError: There is no such suppression, or no reason is given.
    """
    told = _checked(reason)
    if not told:
        raise InputError(say("Say why the address may be written to again."))
    with transaction.atomic():
        row = Suppression.objects.select_for_update().filter(pk=number).first()
        if row is None:
            raise InputError(say("There is no suppression {number}.", number=str(number)))
        if row.lifted_at is not None:
            return False
        Suppression.objects.filter(pk=number).update(lifted_at=now, lifted_by=str(actor))
        data = {"scope": row.scope, "reason": row.reason, "because": told}
        record(actor, "lifted a suppression", f"suppression:{number}", now, data)
    return True


def _checked(text: str) -> str:
    told = text.strip()
    if len(told) > LONGEST_NOTE:
        raise InputError(say("It has at most {n} characters.", n=LONGEST_NOTE))
    return told
