"""Reads: everything about one delivery, with what stood behind the decision."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from regulars.apps.contact.models import (
    Address,
    ConsentEvent,
    Delivery,
    DeliveryEvent,
    Hold,
    Suppression,
)
from regulars.apps.contact.queries.batches import BatchRow, batch_row
from regulars.apps.contact.queries.deliveries import (
    DeliveryRow,
    OnlyDeliveries,
    rows_of,
    wanted,
)
from regulars.apps.contact.queries.suppressions import SuppressionRow, suppression_row
from regulars.apps.contact.rules.masks import without_addresses
from regulars.apps.contact.rules.purposes import Channel, Consent, Kind, Purpose, Scope
from regulars.apps.contact.rules.states import EventKind, Reason
from regulars.apps.people.queries import same_person
from regulars.kernel.errors import InputError
from regulars.kernel.wording import say


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """What a provider told of a delivery.

    Attributes:
        detail: In the provider's words.
        at: When it happened, by the provider's clock.
    """

    kind: EventKind
    provider: str
    detail: str
    at: datetime
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidRow:
    """What the customer last said of the purpose before it was decided."""

    state: Consent
    channel: Channel
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRow:
    """What was open with the customer when it was decided."""

    kind: Kind
    reason: str
    source: str
    placed_at: datetime
    until: datetime | None
    released_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryCard:
    """One delivery with all that is known of it.

    Attributes:
        row: The delivery.
        batch: The batch that it belongs to.
        events: What the provider told, in its order.
        said: The consent behind the decision, where it was decided by consent.
        withheld: The suppressions behind it, where it was decided by them.
        held: The holds behind it, where it was decided by them.
    """

    row: DeliveryRow
    batch: BatchRow
    events: tuple[EventRow, ...]
    said: SaidRow | None
    withheld: tuple[SuppressionRow, ...]
    held: tuple[HeldRow, ...]


def get_delivery(
    number: int, *, stores: frozenset[str] | None = None, in_clear: bool = False
) -> DeliveryCard:
    """One delivery.

    Args:
        number: The delivery's.
        stores: The stores that the reader is limited to; None where he is not.
        in_clear: Whether addresses are shown as they are.

    Raises:
        InputError: There is no such delivery, or the reader may not see it.
    """
    found = wanted(OnlyDeliveries(stores=stores)).select_related("batch").filter(pk=number)
    it = found.first()
    if it is None:
        raise InputError(say("There is no delivery {number}.", number=str(number)))
    [row] = rows_of([it], in_clear=in_clear)
    decided_at = it.ended_at or it.due_at
    return DeliveryCard(
        row=row,
        batch=batch_row(it.batch),
        events=_events(number, in_clear=in_clear),
        said=_said(it, decided_at) if row.reason is Reason.NO_CONSENT else None,
        withheld=_withheld(it, decided_at) if row.reason is Reason.SUPPRESSED else (),
        held=_held(it, decided_at) if row.reason is Reason.HOLD else (),
    )


def _events(number: int, *, in_clear: bool) -> tuple[EventRow, ...]:
    return tuple(
        EventRow(
            kind=EventKind(it.kind),
            provider=it.provider,
            detail=it.detail if in_clear else without_addresses(it.detail),
            at=it.at,
            received_at=it.received_at,
        )
        for it in DeliveryEvent.objects.filter(delivery=number).order_by("at", "pk")
    )


def _said(it: Delivery, decided_at: datetime) -> SaidRow | None:
    if it.customer_id is None:
        return None
    events = ConsentEvent.objects.filter(
        customer__in=same_person(it.customer_id), purpose=it.purpose, at__lte=decided_at
    )
    if channel := it.channel or _first_way(it):
        events = events.filter(channel=channel)
    last = events.order_by("-at", "-pk").first()
    if last is None:
        return None
    return SaidRow(state=Consent(last.state), channel=Channel(last.channel), at=last.at)


def _withheld(it: Delivery, decided_at: datetime) -> tuple[SuppressionRow, ...]:
    keys = [it.key] if it.key else _keys_of(it)
    kind = Purpose(it.purpose).kind
    scopes = [scope.value for scope in Scope if scope.covers(kind)]
    rows = Suppression.objects.filter(
        _stood(decided_at, "lifted_at"), key__in=keys, scope__in=scopes, at__lte=decided_at
    )
    return tuple(suppression_row(row) for row in rows.order_by("pk"))


def _first_way(it: Delivery) -> str:
    """The way that was looked at first: what was skipped took none."""
    known = Address.objects.filter(customer__in=same_person(it.customer_id or 0))
    there = set(known.values_list("channel", flat=True))
    return next((channel for channel in it.batch.channels if channel in there), "")


def _keys_of(it: Delivery) -> list[str]:
    """The addresses that it could have gone to: what was skipped went nowhere."""
    if it.customer_id is None:
        return []
    known = Address.objects.filter(
        customer__in=same_person(it.customer_id), channel__in=it.batch.channels
    )
    return list(known.values_list("key", flat=True))


def _held(it: Delivery, decided_at: datetime) -> tuple[HeldRow, ...]:
    if it.customer_id is None:
        return ()
    rows = Hold.objects.filter(
        _stood(decided_at, "released_at"),
        customer__in=same_person(it.customer_id),
        kind=Purpose(it.purpose).kind,
        placed_at__lte=decided_at,
    )
    return tuple(
        HeldRow(
            kind=Kind(row.kind),
            reason=row.reason,
            source=row.source,
            placed_at=row.placed_at,
            until=row.until,
            released_at=row.released_at,
        )
        for row in rows.order_by("pk")
    )


def _stood(at: datetime, ended: str) -> Q:
    """Whether something that has an end was not over at an instant."""
    return Q(**{f"{ended}__isnull": True}) | Q(**{f"{ended}__gt": at})
