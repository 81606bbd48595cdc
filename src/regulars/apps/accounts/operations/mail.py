"""Letters to staff: posted with the change that they tell of, sent by the worker.

Whoever asks for a sign-in code waits for no mail server, so that the answer takes as long for an
address that is known as for one that is not.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime
from smtplib import SMTPException

from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.db.models import F, Q

from regulars.apps.accounts.letters import Letter
from regulars.apps.accounts.models import Mail
from regulars.apps.accounts.queries import old_letters
from regulars.apps.journal.rules import LEASE, back_off


def post_letter(letter: Letter, now: datetime) -> None:
    """Put a letter into the queue."""
    _post(letter, Mail.State.WAITING, now)


def post_to_nobody(now: datetime) -> None:
    """Do the work of posting a letter where there is nobody to write to."""
    _post(Letter("", "", "", now), Mail.State.NOBODY, now)


def _post(letter: Letter, state: Mail.State, now: datetime) -> None:
    Mail.objects.create(
        address=letter.address,
        subject=" ".join(letter.subject.split())[:200],
        text=letter.text,
        state=state,
        made_at=now,
        due_at=now,
        until=letter.until,
    )


def send_due(now: datetime, most: int = 20) -> int:
    """Send what waits; a failure is written down and tried again while the letter is of use.

    Returns:
        How many letters were taken up.
    """
    claimed = _claimed(now, secrets.token_hex(16), most)
    for mail in claimed:
        _send(mail, now)
    return len(claimed)


def _claimed(now: datetime, lease: str, most: int) -> Sequence[Mail]:
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=now)
    with transaction.atomic():
        due = Mail.objects.filter(free, state=Mail.State.WAITING, due_at__lte=now)
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        ids = [mail.pk for mail in due.order_by("due_at", "id")[:most]]
        Mail.objects.filter(pk__in=ids).update(
            lease=lease, leased_until=now + LEASE, attempts=F("attempts") + 1
        )
    return list(Mail.objects.filter(lease=lease).order_by("id"))


def _send(mail: Mail, now: datetime) -> None:
    mine = Mail.objects.filter(pk=mail.pk, lease=mail.lease)
    if mail.until <= now:
        mine.update(state=Mail.State.LATE, text="", leased_until=None)
        return
    try:
        EmailMessage(mail.subject, mail.text, to=[mail.address]).send()
    except (OSError, SMTPException) as error:
        mine.update(
            due_at=now + back_off(mail.attempts),
            leased_until=None,
            reason=f"{type(error).__name__}: {error}",
        )
    else:
        mine.update(state=Mail.State.SENT, text="", leased_until=None, reason="")


def forget_letters(before: datetime, most: int = 10_000) -> int:
    """Delete old letters that wait no more; return how many."""
    ids = old_letters(before).order_by("made_at").values_list("pk", flat=True)[:most]
    return Mail.objects.filter(pk__in=list(ids)).delete()[0]
