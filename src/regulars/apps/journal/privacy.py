"""What the journal holds of customers: what was done to them, and answers that tell of them."""

import json
from collections.abc import Mapping, Sequence
from itertools import batched

from django.db.models import Q, QuerySet

from regulars.apps.journal.models import Answer, Entry, Handling, WebhookDelivery, Written

HOLDS: Mapping[str, frozenset[str]] = {
    "journal.Entry": frozenset({"data"}),
    "journal.Answer": frozenset({"body"}),
    "journal.Handling": frozenset({"reason"}),
    "journal.Written": frozenset({"before"}),
    "journal.WebhookDelivery": frozenset({"answer"}),
}
KEEPS: Mapping[str, str] = {
    "journal.Entry.actor": "an id of staff or of a key",
    "journal.Entry.verb": "a word of the program",
    "journal.Entry.subject": "a number within Regulars",
    "journal.Event": "ids within Regulars",
    "journal.Handling.follower": "a name of the program",
    "journal.Handling.lease": "random",
    "journal.Handling.state": "a word of the program",
    "journal.Written.run": "an id within Regulars",
    "journal.Written.kind": "a word of the program",
    "journal.Webhook": "of the firm's own software",
    "journal.WebhookSecret": "random, and a hash",
    "journal.WebhookDelivery.state": "a word of the program",
    "journal.WebhookDelivery.lease": "random",
    "journal.Answer.actor": "an id of staff or of a key",
    "journal.Answer.key": "a hash",
    "journal.Answer.fingerprint": "a hash",
}
ERASED = json.dumps(
    {"title": "Erased", "status": 410, "detail": "What this answer told was erased."}
)
"""What a repeated request is answered whose first answer told of somebody erased since."""

_TEXTS_AT_ONCE = 50
"""More conditions than three times so many are too deep for SQLite."""


def export(
    numbers: Sequence[int], texts: Sequence[str]
) -> Mapping[str, Sequence[Mapping[str, object]]]:
    """What was done to a person, and the stored answers that name him."""
    entries = _entries(numbers).order_by("pk").values("at", "actor", "verb", "subject", "data")
    answers: list[Mapping[str, object]] = []
    reasons: list[Mapping[str, object]] = []
    for some in batched(texts, _TEXTS_AT_ONCE):
        naming = Answer.objects.filter(_naming("body", some)).order_by("pk")
        answers += naming.values("at", "status", "body")
        failed = Handling.objects.filter(_naming("reason", some)).order_by("pk")
        reasons += failed.values("follower", "reason")
    told = WebhookDelivery.objects.filter(customer__in=numbers).order_by("pk")
    return {
        "journal.Entry": list(entries),
        "journal.Answer": answers,
        "journal.Handling": reasons,
        "journal.Written": list(_written(numbers).values("run", "at", "before")),
        "journal.WebhookDelivery": list(
            told.values("made_at", "event__name", "customer", "tried_at", "answer")
        ),
    }


def erase(numbers: Sequence[int], texts: Sequence[str]) -> None:
    """Empty what was written about a person; that it was done, when and by whom stays.

    Of answers and failures that name him nothing is left: both are kept for days only.
    """
    _entries(numbers).update(data={})
    _written(numbers).delete()
    WebhookDelivery.objects.filter(customer__in=numbers).update(answer="")
    for some in batched(texts, _TEXTS_AT_ONCE):
        Answer.objects.filter(_naming("body", some)).update(body=ERASED, status=410)
        Handling.objects.filter(_naming("reason", some)).update(reason="")
        WebhookDelivery.objects.filter(_naming("answer", some)).update(answer="")


def _entries(numbers: Sequence[int]) -> QuerySet[Entry]:
    return Entry.objects.filter(subject__in=[f"customer:{number}" for number in numbers])


def _written(numbers: Sequence[int]) -> QuerySet[Written]:
    """What runs of imports replaced in a person's records: it can be undone no longer."""
    return Written.objects.filter(kind="people.customer", number__in=numbers).order_by("pk")


def _naming(field: str, texts: Sequence[str]) -> Q:
    """A field names one of the texts, as JSON writes a text or as Python does."""
    naming = Q(pk__in=[])
    for text in texts:
        for written in (json.dumps(text, ensure_ascii=False), json.dumps(text), repr(text)):
            naming |= Q(**{f"{field}__contains": written})
    return naming
