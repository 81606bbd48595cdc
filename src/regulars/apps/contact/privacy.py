"""What the door out holds of a customer, given out and forgotten."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from regulars.apps.contact.models import (
    Address,
    Batch,
    ConsentEvent,
    Credit,
    Delivery,
    DeliveryEvent,
    Hold,
    Suppression,
    Turn,
)
from regulars.apps.contact.operations.kinds import ADDRESSES, CONSENTS
from regulars.apps.contact.rules.purposes import Scope, Withheld
from regulars.apps.contact.rules.states import Reason, State
from regulars.apps.journal.undoing import forget_records
from regulars.kernel.actors import WORKER

HOLDS: Mapping[str, frozenset[str]] = {
    "contact.Address": frozenset({"value"}),
    "contact.ConsentEvent": frozenset({"proof"}),
    "contact.Delivery": frozenset({"destination", "values", "detail"}),
    "contact.DeliveryEvent": frozenset({"detail"}),
    "contact.Hold": frozenset({"reason", "source"}),
    "contact.Credit": frozenset({"kind", "source"}),
    "contact.Turn": frozenset(),
}
KEEPS: Mapping[str, str] = {
    "contact.Suppression": "hashes: what must not go to an address outlives who had it",
    "contact.Wording": "words of the firm",
    "contact.Batch": "what the firm said to everybody; what it said to one alone goes with him",
    "contact.Template": "words of the firm",
    "contact.TemplateText": "words of the firm",
    "contact.Policy": "the firm itself",
    "contact.Address.channel": "a word of the program",
    "contact.Address.key": "a hash, which goes with the address",
    "contact.Delivery.key": "a hash, emptied with the address",
    "contact.DeliveryEvent.key": "a hash, emptied with the address",
    "contact.ConsentEvent.purpose": "a word of the program",
    "contact.ConsentEvent.channel": "a word of the program",
    "contact.ConsentEvent.state": "a word of the program",
    "contact.ConsentEvent.basis": "a word of the program",
    "contact.ConsentEvent.wording": "a version of words of the firm",
    "contact.ConsentEvent.language": "a language",
    "contact.ConsentEvent.actor": "an id of staff or of a key",
    "contact.Hold.kind": "a word of the program",
    "contact.Delivery.purpose": "a word of the program",
    "contact.Delivery.state": "a word of the program",
    "contact.Delivery.reason": "a word of the program",
    "contact.Delivery.channel": "a word of the program",
    "contact.Delivery.language": "a language",
    "contact.Delivery.lease": "random",
    "contact.Delivery.transport": "a name of the program",
    "contact.Delivery.provider_id": "what the provider calls a message",
    "contact.DeliveryEvent.provider": "a name of the program",
    "contact.DeliveryEvent.event_id": "what the provider calls it",
    "contact.DeliveryEvent.kind": "a word of the program",
}


def export(
    numbers: Sequence[int], _texts: Sequence[str]
) -> Mapping[str, Sequence[Mapping[str, object]]]:
    """A person's addresses, all that he agreed to, and every message with what became of it."""
    told = {label: list(rows.order_by("pk").values()) for label, rows in _tables(numbers).items()}
    keys = Address.objects.filter(customer__in=numbers).values("key")
    withheld = Suppression.objects.filter(key__in=keys).order_by("pk")
    return {**told, "contact.Suppression": list(withheld.values())}


def erase(numbers: Sequence[int], texts: Sequence[str]) -> None:
    """Forget addresses and proofs; that nothing may go there any more stays, as a hash."""
    _withhold(numbers)
    _unsay(numbers)
    tables = _tables(numbers)
    # what runs of imports wrote of him can be undone no longer
    for kind, label in ((ADDRESSES, "contact.Address"), (CONSENTS, "contact.ConsentEvent")):
        forget_records(kind, list(tables[label].values_list("pk", flat=True)))
    for label in ("contact.Address", "contact.Hold", "contact.Credit", "contact.Turn"):
        tables[label].delete()
    ConsentEvent.objects.filter(customer__in=numbers).update(proof={})
    mine = Delivery.objects.filter(customer__in=numbers)
    waiting = mine.filter(state__in=[State.PLANNED, State.CLAIMED])
    waiting.update(
        state=State.SKIPPED, reason=Reason.ERASED, detail="", leased_until=None, ended_at=Now()
    )
    mine.update(destination="", key="", values=None, detail="", language="")
    DeliveryEvent.objects.filter(delivery__in=mine).update(key="", detail="")
    for text in texts:
        unknown = DeliveryEvent.objects.filter(delivery__isnull=True, detail__icontains=text)
        unknown.update(detail="")


def busy(since: datetime) -> Q:
    """Customers who were written to since an instant, or said something about it."""
    wrote = Delivery.objects.filter(gone_at__gte=since, customer__isnull=False)
    said = ConsentEvent.objects.filter(at__gte=since)
    return Q(pk__in=wrote.values("customer")) | Q(pk__in=said.values("customer"))


def known_by(numbers: Sequence[int]) -> Sequence[str]:
    """A person's addresses: stored answers and failures may tell of him by them."""
    mine = Address.objects.filter(customer__in=numbers)
    return list(mine.values_list("value", flat=True))


def _unsay(numbers: Sequence[int]) -> None:
    """Empty what was said to these people alone."""
    mine = Delivery.objects.filter(customer__in=numbers)
    others = Delivery.objects.filter(batch=OuterRef("pk")).exclude(customer__in=numbers)
    alone = Batch.objects.filter(pk__in=mine.values("batch")).exclude(Exists(others))
    alone.update(content={}, values={}, label="")


def _withhold(numbers: Sequence[int]) -> None:
    mine = Address.objects.filter(customer__in=numbers)
    # whoever shares the address was not erased, and is written to as before
    others = Address.objects.filter(key=OuterRef("key")).exclude(customer__in=numbers)
    addresses = mine.exclude(Exists(others)).values_list("key", "channel")
    Suppression.objects.bulk_create(
        [
            Suppression(
                key=key,
                channel=channel,
                scope=Scope.ALL.value,
                reason=Withheld.ERASURE.value,
                at=Now(),
                by=str(WORKER),
            )
            for key, channel in addresses.distinct()
        ],
        ignore_conflicts=True,
    )


def _tables(numbers: Sequence[int]) -> Mapping[str, QuerySet[Model]]:
    return {
        "contact.Address": Address.objects.filter(customer__in=numbers),
        "contact.ConsentEvent": ConsentEvent.objects.filter(customer__in=numbers),
        "contact.Delivery": Delivery.objects.filter(customer__in=numbers),
        "contact.DeliveryEvent": DeliveryEvent.objects.filter(delivery__customer__in=numbers),
        "contact.Hold": Hold.objects.filter(customer__in=numbers),
        "contact.Credit": Credit.objects.filter(customer__in=numbers),
        "contact.Turn": Turn.objects.filter(customer__in=numbers),
    }
