"""What the contact app knows of how people are reached, and what they said: told, or forgotten."""

from collections.abc import Mapping, Sequence

from django.db.models import QuerySet
from django.db.models.functions import Now

from regulars.apps.contact.models import Address, ConsentEvent, Suppression
from regulars.apps.contact.operations.kinds import ADDRESSES, CONSENTS
from regulars.apps.contact.rules.purposes import Scope, Withheld
from regulars.apps.journal.undoing import forget_records
from regulars.kernel.actors import WORKER


def export_contacts(numbers: Sequence[int]) -> Mapping[str, Sequence[Mapping[str, object]]]:
    """The addresses of a person, all that he said of being written to, and what is withheld."""
    addresses, events = _addresses(numbers), _events(numbers)
    withheld = Suppression.objects.filter(key__in=list(addresses.values_list("key", flat=True)))
    return {
        "contact.Address": list(
            addresses.values("channel", "value", "verified_at", "made_at", "changed_at")
        ),
        "contact.ConsentEvent": list(
            events.values(
                "purpose",
                "channel",
                "state",
                "basis",
                "wording",
                "language",
                "proof",
                "at",
                "recorded_at",
            )
        ),
        "contact.Suppression": list(
            withheld.order_by("pk").values("channel", "scope", "reason", "at", "lifted_at")
        ),
    }


def forget_contacts(numbers: Sequence[int]) -> None:
    """Forget how a person is reached, and keep of it only that nothing may go there.

    What he said stays, without its proof and without the address. An address that somebody else
    who is not erased has too stays open to him.
    """
    rows = list(_addresses(numbers))
    keys = {row.key: row.channel for row in rows}
    others = Address.objects.filter(key__in=list(keys)).exclude(customer__in=numbers)
    shared = set(others.values_list("key", flat=True))
    Suppression.objects.bulk_create(
        [
            Suppression(
                key=key,
                channel=channel,
                scope=Scope.ALL.value,
                reason=Withheld.ERASURE.value,
                # privacy is told no time, and nothing hangs on the clock that is asked here
                at=Now(),
                by=str(WORKER),
            )
            for key, channel in sorted(keys.items())
            if key not in shared
        ],
        ignore_conflicts=True,
    )
    # what runs of imports wrote of him can be undone no longer
    forget_records(CONSENTS, list(_events(numbers).values_list("pk", flat=True)))
    forget_records(ADDRESSES, [row.pk for row in rows])
    _events(numbers).update(proof={}, address=None)
    _addresses(numbers).delete()


def _addresses(numbers: Sequence[int]) -> QuerySet[Address]:
    return Address.objects.filter(customer__in=numbers).order_by("pk")


def _events(numbers: Sequence[int]) -> QuerySet[ConsentEvent]:
    return ConsentEvent.objects.filter(customer__in=numbers).order_by("pk")
