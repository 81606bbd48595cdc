"""Reads: what was erased, for a restore of an older backup."""

from dataclasses import dataclass
from datetime import datetime

from regulars.apps.people.models import Erasure


@dataclass(frozen=True, slots=True)
class Erased:
    """A record that was erased: its number, and the instant at which it was made."""

    number: int
    made_at: datetime
    erased_at: datetime


def list_erasures() -> list[Erased]:
    """Every record that was ever erased, in the order of erasure; nothing in it is personal."""
    rows = Erasure.objects.order_by("pk").values_list("number", "made_at", "erased_at")
    return [Erased(*row) for row in rows]
