"""Writes: a letter to somebody of the staff is a delivery like any other."""

import secrets
from datetime import datetime

from django.db import transaction

from regulars.apps.accounts.letters import Letter
from regulars.apps.contact.models import Batch, Delivery
from regulars.apps.contact.rules.addresses import address_key
from regulars.apps.contact.rules.plain import PLAIN
from regulars.apps.contact.rules.purposes import Channel, Purpose
from regulars.apps.contact.rules.states import Reason, State

SENDER = "accounts"
PRIORITY = Purpose.SERVICE.priority + 10
"""Whoever signs in waits for the letter."""
_LONGEST_SUBJECT = 200


def post_letter(letter: Letter | None, now: datetime) -> None:
    """Plan a letter.

    Args:
        letter: None for nobody: the same rows are written, so that it takes as long, and nothing
            goes.
        now: The time.
    """
    told = letter or Letter("", "", "", now)
    subject = " ".join(told.subject.split())[:_LONGEST_SUBJECT]
    with transaction.atomic():
        batch = Batch.objects.create(
            sender=SENDER,
            dedupe_key=secrets.token_hex(16),
            purpose=Purpose.SERVICE,
            channels=[Channel.EMAIL.value],
            content={PLAIN: {"subject": subject, "text": told.text}},
            secret=True,
            made_at=now,
        )
        Delivery.objects.create(
            batch=batch,
            purpose=Purpose.SERVICE,
            priority=PRIORITY,
            state=State.SKIPPED if letter is None else State.PLANNED,
            reason=Reason.NOBODY if letter is None else "",
            destination=told.address,
            key=address_key(Channel.EMAIL, told.address) if letter else "",
            made_at=now,
            due_at=now,
            valid_until=told.until,
            ended_at=now if letter is None else None,
        )
