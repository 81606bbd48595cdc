"""Writes: in which language a customer is written to."""

from datetime import datetime

from django.db import transaction

from regulars.apps.journal.operations import announce, record
from regulars.apps.people.events import CustomersChanged
from regulars.apps.people.models import Customer
from regulars.apps.people.operations.living import locked
from regulars.kernel.actors import Actor


def change_language(number: int, language: str, *, actor: Actor, now: datetime) -> bool:
    """Say in which language a customer is written to; return whether that was new.

    Raises:
        InputError: There is no such customer, or he was erased.
    """
    with transaction.atomic():
        row = locked(number)
        if row.language == language:
            return False
        change = {"fields": ["language"], "language": [row.language, language]}
        Customer.objects.filter(pk=number).update(language=language, changed_at=now)
        record(actor, "changed", f"customer:{number}", now, change)
        announce(CustomersChanged((number,)), now)
    return True
