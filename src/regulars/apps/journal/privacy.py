"""What the journal holds of customers: what was done to them, and answers that tell of them."""

import json
from collections.abc import Mapping, Sequence

from django.db.models import Q, QuerySet

from regulars.apps.journal.models import Answer, Entry, Handling

HOLDS: Mapping[str, frozenset[str]] = {
    "journal.Entry": frozenset({"data"}),
    "journal.Answer": frozenset({"body"}),
    "journal.Handling": frozenset({"reason"}),
}
KEEPS: Mapping[str, str] = {
    "journal.Entry.actor": "an id of staff or of a key",
    "journal.Entry.verb": "a word of the program",
    "journal.Entry.subject": "a number within Regulars",
    "journal.Event": "ids within Regulars",
    "journal.Handling.follower": "a name of the program",
    "journal.Handling.lease": "random",
    "journal.Handling.state": "a word of the program",
    "journal.Answer.actor": "an id of staff or of a key",
    "journal.Answer.key": "a hash",
    "journal.Answer.fingerprint": "a hash",
}
ERASED = json.dumps(
    {"title": "Erased", "status": 410, "detail": "What this answer told was erased."}
)
"""What a repeated request is answered whose first answer told of somebody erased since."""


def export(
    numbers: Sequence[int], texts: Sequence[str]
) -> Mapping[str, Sequence[Mapping[str, object]]]:
    """What was done to a person, and the stored answers that name him."""
    entries = _entries(numbers).order_by("pk").values("at", "actor", "verb", "subject", "data")
    answers = Answer.objects.filter(_naming("body", texts)).order_by("pk")
    reasons = Handling.objects.filter(_naming("reason", texts)).order_by("pk")
    return {
        "journal.Entry": list(entries),
        "journal.Answer": list(answers.values("at", "status", "body")),
        "journal.Handling": list(reasons.values("follower", "reason")),
    }


def erase(numbers: Sequence[int], texts: Sequence[str]) -> None:
    """Empty what was written about a person; that it was done, when and by whom stays.

    Of answers and failures that name him nothing is left: both are kept for days only.
    """
    _entries(numbers).update(data={})
    Answer.objects.filter(_naming("body", texts)).update(body=ERASED, status=410)
    Handling.objects.filter(_naming("reason", texts)).update(reason="")


def _entries(numbers: Sequence[int]) -> QuerySet[Entry]:
    return Entry.objects.filter(subject__in=[f"customer:{number}" for number in numbers])


def _naming(field: str, texts: Sequence[str]) -> Q:
    """A field names one of the texts, as JSON writes a text or as Python does."""
    naming = Q(pk__in=[])
    for text in texts:
        for written in (json.dumps(text, ensure_ascii=False), json.dumps(text), repr(text)):
            naming |= Q(**{f"{field}__contains": written})
    return naming
