"""What imports hold of people: the files themselves, and the samples that a run shows of them.

A file is not taken apart for one person: an erasure forgets the files and the refused rows of
every import that has ended. Who was in them can be told again by the source alone.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import batched

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from regulars.apps.intake.models import Run
from regulars.apps.intake.operations import forget_files

HOLDS: Mapping[str, frozenset[str]] = {"intake.Run": frozenset({"findings", "reason"})}
KEEPS: Mapping[str, str] = {
    "intake.Connection": "a database of the firm and how it is read",
    "intake.Run.kind": "a word of the program",
    "intake.Run.state": "a word of the program",
    "intake.Run.aim": "a word of the program",
    "intake.Run.name": "the name of a file",
    "intake.Run.source": "an address within the firm",
    "intake.Run.digest": "a hash",
    "intake.Run.how": "names of columns",
    "intake.Run.actor": "an id of staff or of a key",
    "intake.Run.lease": "random",
}
_ALWAYS = datetime(9999, 1, 1, tzinfo=UTC)
_TEXTS_AT_ONCE = 50
"""More conditions than four times so many are too deep for SQLite."""


def export(
    _numbers: Sequence[int], texts: Sequence[str]
) -> Mapping[str, Sequence[Mapping[str, object]]]:
    """What runs of imports show of a person."""
    return {"intake.Run": list(_naming(texts).values("name", "findings", "reason"))}


def erase(_numbers: Sequence[int], texts: Sequence[str]) -> None:
    """Forget what runs show of a person, and the files of every import that has ended."""
    _naming(texts).update(findings={}, reason={})
    forget_files(_ALWAYS)


def _naming(texts: Sequence[str]) -> QuerySet[Run]:
    """Runs that name one of the texts, as JSON writes it."""
    runs = Run.objects.annotate(
        found=Cast("findings", TextField()), because=Cast("reason", TextField())
    )
    numbers: set[int] = set()
    for some in batched(texts, _TEXTS_AT_ONCE):
        naming = Q(pk__in=[])
        for text in some:
            for written in (json.dumps(text, ensure_ascii=False)[1:-1], json.dumps(text)[1:-1]):
                naming |= Q(found__contains=written) | Q(because__contains=written)
        numbers.update(runs.filter(naming).values_list("pk", flat=True))
    return Run.objects.filter(pk__in=numbers).order_by("pk")
