"""Reads: the firm, and how long it keeps what."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from regulars.apps.firm import models
from regulars.apps.firm.registry import get_keeping, kept
from regulars.apps.firm.rules import Company, Weekday
from regulars.kernel.wording import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRow:
    """How long something is kept; ``days`` is None for ever."""

    kind: str
    what: Message
    days: int | None
    fewest_days: int
    applied_at: datetime | None


def get_company() -> Company:
    """The firm; before it said anything, a firm without a name."""
    row = models.Company.objects.first()
    if row is None:
        return Company()
    return Company(
        name=row.name,
        address=row.address,
        currency=row.currency,
        time_zone=row.time_zone,
        language=row.language,
        week_start=Weekday(row.week_start),
    )


def list_retention() -> list[RetentionRow]:
    """Everything that has a period, with the one that holds."""
    rows = {row.kind: row for row in models.Retention.objects.all()}
    return [
        RetentionRow(
            kind=keeping.kind,
            what=keeping.what,
            days=rows[keeping.kind].days if keeping.kind in rows else keeping.default_days,
            fewest_days=keeping.fewest_days,
            applied_at=rows[keeping.kind].applied_at if keeping.kind in rows else None,
        )
        for keeping in kept()
    ]


def count_too_old(kind: str, days: int, now: datetime) -> int:
    """How many rows would go if something were kept for so many days.

    Raises:
        OptionError: Nothing is kept under that name.
    """
    return get_keeping(kind).count(now - timedelta(days=days))
