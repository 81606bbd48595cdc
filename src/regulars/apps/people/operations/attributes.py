"""Writes: the firm declares what its own attributes hold."""

from datetime import datetime

from django.db import transaction

from regulars.apps.journal.operations import record
from regulars.apps.people.models import AttributeDefinition
from regulars.apps.people.rules import AttributeKind
from regulars.kernel.actors import Actor
from regulars.kernel.errors import InputError
from regulars.kernel.wording import say

_MOST = 100
_LONGEST = {"name": 60, "label": 100}


def put_attribute(
    name: str, label: str, kind: AttributeKind, *, actor: Actor, now: datetime
) -> bool:
    """Declare an attribute, or say otherwise what it holds; values kept already stay.

    Args:
        name: What callers name it.
        label: What the staff read.
        kind: What it holds.
        actor: Who declares it.
        now: The time.

    Returns:
        Whether that was new.

    Raises:
        InputError: A text is empty or too long, or there are too many attributes.
    """
    for field, text in (("name", name), ("label", label)):
        if not text.strip() or len(text) > _LONGEST[field] or not text.isprintable():
            raise InputError(
                say("The {field} has 1 to {n} characters.", field=field, n=_LONGEST[field])
            )
    with transaction.atomic():
        row = AttributeDefinition.objects.select_for_update().filter(name=name).first()
        if row is not None and (row.label, row.kind) == (label, kind.value):
            return False
        if row is None and AttributeDefinition.objects.count() >= _MOST:
            raise InputError(say("There are {n} attributes already.", n=_MOST))
        AttributeDefinition.objects.update_or_create(
            name=name, defaults={"label": label, "kind": kind.value}
        )
        record(actor, "declared attribute", f"attribute:{name}", now, {"kind": kind.value})
    return True


def remove_attribute(name: str, *, actor: Actor, now: datetime) -> bool:
    """No longer check an attribute; values kept already stay. Return whether it was declared."""
    with transaction.atomic():
        gone = AttributeDefinition.objects.filter(name=name).delete()[0]
        if gone:
            record(actor, "removed attribute", f"attribute:{name}", now)
    return bool(gone)
