"""Writes: ids of other sources are added to a customer and taken away."""

from datetime import datetime

from django.db import transaction

from regulars.apps.journal.operations import announce, record
from regulars.apps.people.events import CustomersChanged
from regulars.apps.people.models import Identity
from regulars.apps.people.operations.living import locked
from regulars.kernel.actors import Actor
from regulars.kernel.errors import InputError
from regulars.kernel.wording import say


def add_identity(
    number: int, source: str, external_id: str, *, actor: Actor, now: datetime
) -> bool:
    """Say that a source knows a customer by an id too.

    Args:
        number: The customer's record.
        source: Whose id it is, as ``till`` or ``loyalty card``.
        external_id: The id.
        actor: Who says it.
        now: The time.

    Returns:
        Whether that was new.

    Raises:
        InputError: The source knows somebody else by that id.
    """
    with transaction.atomic():
        locked(number)
        identity, new = Identity.objects.get_or_create(
            source=source, external_id=external_id, defaults={"customer_id": number}
        )
        if identity.customer_id != number:
            raise InputError(
                say(
                    "The id {id} of {source} is another customer's.", id=external_id, source=source
                ),
                accepted=say("Where both are one person, merge them."),
            )
        if new:
            record(actor, "added id", f"customer:{number}", now, {"source": source})
            announce(CustomersChanged((number,)), now)
    return new


def remove_identity(
    number: int, source: str, external_id: str, *, actor: Actor, now: datetime
) -> None:
    """Say that a source does not know a customer by an id after all.

    Raises:
        InputError: It does not, or it is the last id that the customer has.
    """
    with transaction.atomic():
        locked(number)
        ids = Identity.objects.filter(customer=number)
        known = ids.filter(source=source, external_id=external_id)
        if not known.exists():
            raise InputError(
                say("{source} knows the customer by no id {id}.", source=source, id=external_id)
            )
        if ids.count() == 1:
            raise InputError(
                say("The id {id} is the last one that the customer has.", id=external_id),
                accepted=say("Add another first, or erase the customer."),
            )
        known.delete()
        record(actor, "removed id", f"customer:{number}", now, {"source": source})
        announce(CustomersChanged((number,)), now)
