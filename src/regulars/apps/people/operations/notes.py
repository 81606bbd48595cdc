"""Writes: notes on customers."""

from datetime import datetime

from django.db import transaction

from regulars.apps.journal.operations import record
from regulars.apps.people.models import Note
from regulars.apps.people.operations.living import locked
from regulars.apps.people.rules import LONGEST_NOTE
from regulars.kernel.actors import Actor
from regulars.kernel.errors import InputError
from regulars.kernel.wording import say


def add_note(number: int, text: str, *, actor: Actor, now: datetime) -> int:
    """Write a note on a customer; return its id.

    Raises:
        InputError: There is no such customer, or the note is empty or too long.
    """
    written = _checked(text)
    with transaction.atomic():
        locked(number)
        note = Note.objects.create(customer_id=number, author=str(actor), text=written, at=now)
        record(actor, "added note", f"customer:{number}", now, {"note": note.pk})
    return note.pk


def change_note(note: int, text: str, *, actor: Actor, now: datetime) -> bool:
    """Write one's own note anew; return whether anything changed.

    Raises:
        InputError: There is no such note, it is somebody else's, or it is empty or too long.
    """
    written = _checked(text)
    with transaction.atomic():
        row = _locked_note(note)
        if row.author != str(actor):
            raise InputError(
                say("Note {note} is somebody else's.", note=str(note)),
                accepted=say("Add a note of your own."),
            )
        if row.text == written:
            return False
        Note.objects.filter(pk=note).update(text=written, changed_at=now)
        record(actor, "changed note", f"customer:{row.customer_id}", now, {"note": note})
    return True


def remove_note(note: int, *, actor: Actor, now: datetime) -> None:
    """Take a note away, whoever wrote it.

    Raises:
        InputError: There is no such note.
    """
    with transaction.atomic():
        row = _locked_note(note)
        row.delete()
        data = {"note": note, "author": row.author}
        record(actor, "removed note", f"customer:{row.customer_id}", now, data)


def _locked_note(note: int) -> Note:
    row = Note.objects.select_for_update().filter(pk=note).first()
    if row is None:
        raise InputError(say("There is no note {note}.", note=str(note)))
    return row


def _checked(text: str) -> str:
    written = text.strip()
    if not written or len(written) > LONGEST_NOTE:
        raise InputError(say("A note has 1 to {n} characters.", n=LONGEST_NOTE))
    return written
