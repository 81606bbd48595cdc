"""Reads: which addresses are written to no more, known by their hashes alone."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from regulars.apps.contact.models import Suppression
from regulars.apps.contact.queries.policy import get_policy
from regulars.apps.contact.rules.addresses import address_key, read_address
from regulars.apps.contact.rules.purposes import Channel, Scope, Withheld


@dataclass(frozen=True, slots=True, kw_only=True)
class SuppressionRow:
    """What must not go to an address.

    Attributes:
        number: The suppression's.
        key: The hash of the address.
        by: Who said so, as ``staff:3``.
        lifted_by: Who lifted it.
    """

    number: int
    key: str
    channel: Channel
    scope: Scope
    reason: Withheld
    note: str
    at: datetime
    by: str
    lifted_at: datetime | None
    lifted_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlySuppressions:
    """Which are wanted; what is None does not matter.

    Attributes:
        key: Of the address with this hash.
        in_force: Not lifted, or lifted.
    """

    key: str | None = None
    channel: Channel | None = None
    scope: Scope | None = None
    reason: Withheld | None = None
    in_force: bool | None = None


def list_suppressions(
    only: OnlySuppressions, *, newest: bool = True, after: int | None = None, limit: int = 50
) -> list[SuppressionRow]:
    """Suppressions in the order in which they were made.

    Args:
        only: Which are wanted.
        newest: The newest first.
        after: Only those behind the one of this number.
        limit: At most so many.
    """
    found = _wanted(only)
    if after is not None:
        found = found.filter(pk__lt=after) if newest else found.filter(pk__gt=after)
    return [suppression_row(it) for it in found.order_by("-pk" if newest else "pk")[:limit]]


def suppressed_at(keys: Collection[str]) -> list[SuppressionRow]:
    """What must not go to some addresses, told by their hashes."""
    if not keys:
        return []
    rows = Suppression.objects.filter(key__in=keys, lifted_at__isnull=True)
    return [suppression_row(row) for row in rows.order_by("pk")]


def count_suppressions(only: OnlySuppressions, *, most: int = 10_000) -> int:
    """How many there are; counting stops at ``most``."""
    return _wanted(only).values("pk")[:most].count()


def find_suppression(number: int) -> SuppressionRow | None:
    """A suppression by its number."""
    it = Suppression.objects.filter(pk=number).first()
    return None if it is None else suppression_row(it)


def key_of(channel: Channel, told: str) -> str:
    """The hash by which an address is known, however somebody types it.

    Raises:
        InputError: It is no address.
    """
    return address_key(channel, read_address(channel, told, get_policy().country))


def _wanted(only: OnlySuppressions) -> QuerySet[Suppression]:
    told = {
        "key": only.key,
        "channel": only.channel,
        "scope": only.scope,
        "reason": only.reason,
        "lifted_at__isnull": only.in_force,
    }
    return Suppression.objects.filter(**{name: it for name, it in told.items() if it is not None})


def suppression_row(it: Suppression) -> SuppressionRow:
    """A suppression as it is shown."""
    return SuppressionRow(
        number=it.pk,
        key=it.key,
        channel=Channel(it.channel),
        scope=Scope(it.scope),
        reason=Withheld(it.reason),
        note=it.note,
        at=it.at,
        by=it.by,
        lifted_at=it.lifted_at,
        lifted_by=it.lifted_by,
    )
