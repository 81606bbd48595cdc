"""Writes: a sender hands over what should go to whom. Again adds nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import batched

from django.db import transaction

from regulars.apps.contact.models import Batch, Delivery
from regulars.apps.contact.rules.purposes import Channel, Kind, Purpose
from regulars.apps.contact.rules.states import Reason, State
from regulars.apps.contact.texts import Look, Text, compile_message
from regulars.apps.journal.tables import Column, add, count_anew, instant
from regulars.apps.people.queries import unknown_numbers
from regulars.kernel.errors import InputError
from regulars.kernel.wording import say

WAYS = (Channel.EMAIL, Channel.PHONE)
"""The ways that a message takes where its sender says nothing else."""
_LIVES: Mapping[Kind, timedelta | None] = {
    Kind.SERVICE: None,
    Kind.CARE: None,
    Kind.SURVEY: timedelta(days=14),
    Kind.PROMOTION: timedelta(days=3),
}
"""How long a message is of use where its sender says nothing else."""
_AT_ONCE = 2_000
_MANY = 10_000
"""After so many the gate would read by what PostgreSQL knew of the table without them."""
_FIELDS = ("subject", "preheader", "body", "short")

type Content = Mapping[str, Mapping[str, str]]
"""Language to what is said in it: ``subject``, ``preheader``, ``body`` and ``short``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a sender wants to say, to however many people.

    Attributes:
        sender: The app, as ``feedback``.
        dedupe_key: What the sender calls the occasion, such as ``newsletter:2026-11-22``.
        purpose: Why people are written to.
        content: What is said, by language.
        label: What staff call it.
        channels: The ways that may be taken: the first that is open to the recipient is.
        values: What stands in the text for everybody.
        priority: Which goes first, where several are due for one person; None for the purpose's.
        not_before: Nothing goes before; None for at once.
        valid_until: Afterwards it is of no use; None for what suits the purpose.
        secret: The text is shown to nobody of the staff, and emptied once it has gone.
    """

    sender: str
    dedupe_key: str
    purpose: Purpose
    content: Content
    label: str = ""
    channels: Sequence[Channel] = WAYS
    values: Mapping[str, object] = field(default_factory=dict)
    priority: int | None = None
    not_before: datetime | None = None
    valid_until: datetime | None = None
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who should get it.

    Attributes:
        customer: The number of his record.
        values: What stands in his text.
        held_out: He gets nothing, so that it can be seen what the message does.
        not_before: For him; None for the message's.
        valid_until: For him; None for the message's.
    """

    customer: int
    values: Mapping[str, object] | None = None
    held_out: bool = False
    not_before: datetime | None = None
    valid_until: datetime | None = None


def plan_deliveries(message: Message, recipients: Iterable[Recipient], *, now: datetime) -> int:
    """Plan one delivery for each recipient who has none of this message; return how many.

    Every part of the list is committed by itself, unless the caller has a transaction: killed in
    the middle, the same call plans the rest.

    Raises:
        InputError: It says nothing, a recipient is not known, or another text or purpose was
            planned under the same key.
        TextError: Its text is not understood.
    """
    number = _batch(message, now)
    added = sum(
        _plan(message, number, some, now) for some in batched(recipients, _AT_ONCE, strict=False)
    )
    if added >= _MANY:
        count_anew(Delivery)
    return added


def _plan(message: Message, batch: int, recipients: Sequence[Recipient], now: datetime) -> int:
    told = {it.customer: it for it in recipients}
    with transaction.atomic():
        if unknown := unknown_numbers(told):
            raise InputError(say("There is no customer {number}.", number=str(unknown[0])))
        rows = [told[customer] for customer in sorted(told)]
        added = add(
            Delivery, "customer_id", _columns(message, batch, rows, now), within="batch_id"
        )
    return len(added)


def _columns(
    message: Message, batch: int, rows: Sequence[Recipient], now: datetime
) -> dict[str, Column]:
    count, life = len(rows), _LIVES[message.purpose.kind]
    due = [it.not_before or message.not_before or now for it in rows]
    until = [
        it.valid_until or message.valid_until or (max(at, now) + life if life else None)
        for it, at in zip(rows, due, strict=True)
    ]
    priority = message.purpose.priority if message.priority is None else message.priority
    out = [it.held_out for it in rows]
    return {
        "batch_id": [batch] * count,
        "customer_id": [it.customer for it in rows],
        "purpose": [message.purpose.value] * count,
        "priority": [priority] * count,
        "state": [(State.HELD_OUT if held else State.PLANNED).value for held in out],
        "reason": [Reason.HELD_OUT.value if held else "" for held in out],
        "values": [it.values for it in rows],
        "made_at": [instant(now)] * count,
        "due_at": [instant(at) for at in due],
        "valid_until": [None if at is None else instant(at) for at in until],
        "ended_at": [instant(now) if held else None for held in out],
    }


def _batch(message: Message, now: datetime) -> int:
    """The batch of a message, made where it is new."""
    _check(message)
    batch, _ = Batch.objects.get_or_create(
        sender=message.sender,
        dedupe_key=message.dedupe_key,
        defaults={
            "label": message.label,
            "purpose": message.purpose.value,
            "channels": [channel.value for channel in message.channels],
            "content": {language: dict(text) for language, text in message.content.items()},
            "values": dict(message.values),
            "secret": message.secret,
            "made_at": now,
        },
    )
    # what was revised since, or emptied, is not told again by whoever plans the same once more
    if batch.purpose != message.purpose or (
        batch.version == 1 and batch.content not in ({}, _plain(message.content))
    ):
        raise InputError(
            say(
                "{sender} planned something else under {key}.",
                sender=message.sender,
                key=message.dedupe_key,
            ),
            accepted=say("Give it another key, or revise what was planned."),
        )
    return batch.pk


def _check(message: Message) -> None:
    """Refuse what could be sent to nobody."""
    if other := sorted(set(message.channels).difference(WAYS)):
        raise InputError(say("Nothing goes out by {channel}.", channel=other[0].value))
    if not message.content:
        raise InputError(
            say("The message {key} says nothing.", key=message.dedupe_key),
            accepted=say("Give its text in at least one language."),
        )
    for language, text in message.content.items():
        if unknown := sorted(set(text).difference(_FIELDS)):
            raise InputError(
                say("A text has no {field}.", field=unknown[0]),
                accepted=say("Give some of {fields}.", fields=", ".join(_FIELDS)),
            )
        compile_message(Text(**text), Look(), language)


def _plain(content: Content) -> dict[str, dict[str, str]]:
    return {language: dict(text) for language, text in content.items()}


def revise_batch(sender: str, dedupe_key: str, content: Content) -> bool:
    """Say something else from now on; what has gone stays as it was. Return whether it was new.

    Raises:
        InputError: Nothing was planned under that key.
    """
    with transaction.atomic():
        found = Batch.objects.select_for_update().filter(sender=sender, dedupe_key=dedupe_key)
        batch = found.first()
        if batch is None:
            raise InputError(say("Nothing was planned under {key}.", key=dedupe_key))
        if batch.content == _plain(content):
            return False
        batch.content = _plain(content)
        batch.version += 1
        batch.save(update_fields=["content", "version"])
    return True
