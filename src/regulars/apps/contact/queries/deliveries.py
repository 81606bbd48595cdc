"""Reads: what waits, what went, and what did not and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from regulars.apps.contact.models import Delivery, DeliveryEvent
from regulars.apps.contact.rules.addresses import masked
from regulars.apps.contact.rules.masks import without_addresses
from regulars.apps.contact.rules.purposes import Channel, Purpose
from regulars.apps.contact.rules.states import EventKind, Reason, State
from regulars.apps.contact.rules.told import TELLING
from regulars.apps.people.queries import NameRow, names_of, of_seen, same_person


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRow:
    """One message to one person.

    Attributes:
        number: The delivery's.
        batch: The number of the batch that it belongs to.
        sender: The app that sends it.
        label: What staff call the batch.
        customer: To whom; None for somebody of the staff.
        channel: The way that was taken; None until it is decided.
        destination: Where it went; empty until it is decided.
        became: What the provider told of it; of several the most telling.
    """

    number: int
    batch: int
    sender: str
    label: str
    purpose: Purpose
    priority: int
    state: State
    reason: Reason | None
    detail: str
    customer: NameRow | None
    channel: Channel | None
    destination: str
    language: str
    made_at: datetime
    due_at: datetime
    valid_until: datetime | None
    gone_at: datetime | None
    ended_at: datetime | None
    attempts: int
    transport: str
    became: EventKind | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlyDeliveries:
    """Which deliveries are wanted; what is None does not matter.

    Attributes:
        customers: Of these records.
        since: Planned at this instant or later.
        until: Planned before this instant.
        stores: The stores that the reader is limited to; None where he is not.
    """

    state: State | None = None
    reason: Reason | None = None
    purpose: Purpose | None = None
    channel: Channel | None = None
    sender: str | None = None
    batch: int | None = None
    customers: Sequence[int] | None = None
    since: datetime | None = None
    until: datetime | None = None
    stores: frozenset[str] | None = None


EVERY = OnlyDeliveries()
"""All of them."""


def list_deliveries(
    only: OnlyDeliveries = EVERY,
    *,
    newest: bool = True,
    after: int | None = None,
    limit: int = 50,
    in_clear: bool = False,
) -> list[DeliveryRow]:
    """Deliveries in the order in which they were planned.

    Args:
        only: Which are wanted.
        newest: The newest first.
        after: Only those behind the one of this number.
        limit: At most so many.
        in_clear: Whether addresses are shown as they are, to whoever may see them.
    """
    found = wanted(only)
    if after is not None:
        found = found.filter(pk__lt=after) if newest else found.filter(pk__gt=after)
    rows = found.select_related("batch").order_by("-pk" if newest else "pk")
    return rows_of(list(rows[:limit]), in_clear=in_clear)


def count_deliveries(only: OnlyDeliveries = EVERY, *, most: int = 10_000) -> int:
    """How many there are; counting stops at ``most``, so that it stays quick."""
    return wanted(only).values("pk")[:most].count()


def list_deliveries_of(
    number: int, *, after: int | None = None, limit: int = 50, in_clear: bool = False
) -> list[DeliveryRow]:
    """The deliveries to a person, the newest first, whichever of the merged records they bear.

    Args:
        number: Any record of the person.
        after: Only those behind the one of this number.
        limit: At most so many.
        in_clear: Whether addresses are shown as they are.
    """
    only = OnlyDeliveries(customers=same_person(number))
    return list_deliveries(only, after=after, limit=limit, in_clear=in_clear)


def count_states(stores: frozenset[str] | None = None, *, most: int = 10_000) -> dict[State, int]:
    """How many deliveries are in each state; each is counted up to ``most``, so that it is quick.

    Args:
        stores: The stores that the reader is limited to; None where he is not.
        most: Where counting stops.
    """
    return {
        state: count_deliveries(OnlyDeliveries(state=state, stores=stores), most=most)
        for state in State
    }


def wanted(only: OnlyDeliveries) -> QuerySet[Delivery]:
    """Those deliveries."""
    told = {
        "state": only.state,
        "reason": only.reason,
        "purpose": only.purpose,
        "channel": only.channel,
        "batch__sender": only.sender,
        "batch": only.batch,
        "customer__in": only.customers,
        "made_at__gte": only.since,
        "made_at__lt": only.until,
    }
    asked = {name: value for name, value in told.items() if value is not None}
    return Delivery.objects.filter(of_seen("customer", only.stores), **asked)


def rows_of(found: Sequence[Delivery], *, in_clear: bool) -> list[DeliveryRow]:
    """Deliveries as they are shown, with names and with what became of them."""
    names = names_of({it.customer_id for it in found if it.customer_id is not None})
    became = _became(it.pk for it in found)
    return [_row(it, names, became.get(it.pk), in_clear=in_clear) for it in found]


def _row(
    it: Delivery, names: dict[int, NameRow], became: EventKind | None, *, in_clear: bool
) -> DeliveryRow:
    return DeliveryRow(
        number=it.pk,
        batch=it.batch_id,
        sender=it.batch.sender,
        label=it.batch.label,
        purpose=Purpose(it.purpose),
        priority=it.priority,
        state=State(it.state),
        reason=Reason(it.reason) if it.reason else None,
        detail=it.detail if in_clear else without_addresses(it.detail),
        customer=None if it.customer_id is None else names.get(it.customer_id),
        channel=Channel(it.channel) if it.channel else None,
        destination=it.destination if in_clear else _hidden(it),
        language=it.language,
        made_at=it.made_at,
        due_at=it.due_at,
        valid_until=it.valid_until,
        gone_at=it.gone_at,
        ended_at=it.ended_at,
        attempts=it.attempts,
        transport=it.transport,
        became=became,
    )


def _hidden(it: Delivery) -> str:
    if it.destination and it.channel:
        return masked(Channel(it.channel), it.destination)
    return without_addresses(it.destination)


def _became(numbers: Iterable[int]) -> dict[int, EventKind]:
    """The most telling event of each delivery that has any."""
    told: dict[int, set[EventKind]] = {}
    events = DeliveryEvent.objects.filter(delivery__in=list(numbers))
    for number, kind in events.values_list("delivery_id", "kind"):
        told.setdefault(number, set()).add(EventKind(kind))
    return {number: next(it for it in TELLING if it in kinds) for number, kinds in told.items()}
