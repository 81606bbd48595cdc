"""Reads: what was erased, for a restore of an older backup."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from regulars.apps.people.models import Erasure


@dataclass(frozen=True, slots=True)
class Erased:
    """A record that was erased: its number, and the instant at which it was made."""

    number: int
    made_at: datetime
    erased_at: datetime

    @property
    def subject(self) -> str:
        """What is kept of it outside the database; :meth:`read` reads it.

        >>> from datetime import UTC
        >>> at = datetime(2026, 11, 22, tzinfo=UTC)
        >>> Erased(12, at, at).subject
        'customer:12 of 2026-11-22T00:00:00+00:00'
        """
        return f"customer:{self.number} of {self.made_at.isoformat()}"

    @classmethod
    def read(cls, subject: str, erased_at: datetime) -> Self:
        """An erasure by what was kept of it.

        >>> from datetime import UTC
        >>> at = datetime(2026, 11, 22, tzinfo=UTC)
        >>> Erased.read(Erased(12, at, at).subject, at) == Erased(12, at, at)
        True
        """
        number, _, made_at = subject.removeprefix("customer:").partition(" of ")
        return cls(int(number), datetime.fromisoformat(made_at), erased_at)


def list_erasures() -> list[Erased]:
    """Every record that was ever erased, in the order of erasure; nothing in it is personal."""
    rows = Erasure.objects.order_by("pk").values_list("number", "made_at", "erased_at")
    return [Erased(*row) for row in rows]
