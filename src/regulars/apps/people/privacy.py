"""What people holds of a customer, given out and forgotten."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Model, Q, QuerySet

from regulars.apps.people.models import Alias, Customer, Dismissal, Identity, NameWord, Note

HOLDS: Mapping[str, frozenset[str]] = {
    "people.Customer": frozenset(
        {"name", "search", "name_key", "language", "time_zone", "attributes", "greetings"}
    ),
    "people.NameWord": frozenset({"word"}),
    "people.Identity": frozenset({"source", "external_id"}),
    "people.Note": frozenset({"text", "author"}),
    "people.Alias": frozenset(),
    "people.Dismissal": frozenset({"by"}),
}
KEEPS: Mapping[str, str] = {
    "people.Alias.made_by": "an id of staff or of a key",
    "people.Alias.undone_by": "an id of staff or of a key",
    "people.AttributeDefinition": "words of the firm",
    "people.Erasure": "a number, so that a restored backup erases it again",
}


def export(
    numbers: Sequence[int], _texts: Sequence[str]
) -> Mapping[str, Sequence[Mapping[str, object]]]:
    """The records of a person with their ids, notes and merges."""
    tables = _tables(numbers)
    return {label: list(rows.order_by("pk").values()) for label, rows in tables.items()}


def erase(numbers: Sequence[int], _texts: Sequence[str]) -> None:
    """Empty the records; ids, notes and words go, merges stay so that the books still agree."""
    for label in ("people.Identity", "people.Note", "people.NameWord", "people.Dismissal"):
        _tables(numbers)[label].delete()
    Customer.objects.filter(pk__in=numbers).update(
        name="",
        search="",
        name_key="",
        language="",
        time_zone="",
        birth_year=None,
        birth_month=None,
        birth_day=None,
        attributes={},
        greetings={},
        contact_person=None,
        substitute=None,
    )


def busy(since: datetime) -> Q:
    """Customers on whom somebody wrote a note, or whom somebody merged, since an instant."""
    noted = Note.objects.filter(Q(at__gte=since) | Q(changed_at__gte=since))
    merged = Alias.objects.filter(Q(made_at__gte=since) | Q(undone_at__gte=since))
    return (
        Q(pk__in=noted.values("customer"))
        | Q(pk__in=merged.values("customer"))
        | Q(pk__in=merged.values("canonical"))
    )


def _tables(numbers: Sequence[int]) -> Mapping[str, QuerySet[Model]]:
    return {
        "people.Customer": Customer.objects.filter(pk__in=numbers),
        "people.NameWord": NameWord.objects.filter(customer__in=numbers),
        "people.Identity": Identity.objects.filter(customer__in=numbers),
        "people.Note": Note.objects.filter(customer__in=numbers),
        "people.Alias": Alias.objects.filter(Q(customer__in=numbers) | Q(canonical__in=numbers)),
        "people.Dismissal": Dismissal.objects.filter(Q(first__in=numbers) | Q(second__in=numbers)),
    }
