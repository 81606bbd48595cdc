"""Deliveries: why did she (not) get it, for programs."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router
from pydantic import BaseModel, Field

from regulars.apps.accounts.queries import KeyRow
from regulars.apps.accounts.rules import Permission
from regulars.apps.contact.operations.batches import cancel_delivery
from regulars.apps.contact.queries.deliveries import (
    DeliveryRow,
    OnlyDeliveries,
    list_deliveries,
    list_deliveries_of,
)
from regulars.apps.contact.queries.delivery_card import (
    DeliveryCard,
    EventRow,
    HeldRow,
    SaidRow,
    get_delivery,
)
from regulars.apps.contact.queries.said import Said, find_said
from regulars.apps.contact.rules.purposes import Channel, Consent, Kind, Purpose, Scope, Withheld
from regulars.apps.contact.rules.states import EventKind, Reason, State
from regulars.apps.contact.rules.told import told, told_event
from regulars.apps.people.queries import external_ids, same_person
from regulars.interfaces.api.access import Bearer, caller
from regulars.interfaces.api.known import number_of
from regulars.interfaces.api.pages import After, Id, Limit, Moment, OfCustomer, page
from regulars.interfaces.api.problems import FieldError, RefusedError
from regulars.interfaces.api.writing import answer_once
from regulars.interfaces.clock import now
from regulars.kernel.errors import InputError

router = Router()
of_customers = Router()

type Number = Annotated[int, Path(ge=1, lt=2**63, description="The number of the delivery.")]
_LONGEST_PLACE = 19


class DeliveryOut(BaseModel):
    """One message to one person."""

    id: int
    batch: int = Field(description="The number of the batch that it belongs to.")
    sender: str = Field(description="The part of the platform that sends it.")
    label: str = Field(description="What staff call the batch.")
    purpose: Purpose
    customer_id: str | None = Field(
        description="Your own id of the customer; null where you gave none, and of staff."
    )
    state: State = Field(description="How far it is.")
    reason: Reason | None = Field(description="Why it waits, was skipped or failed.")
    why: str = Field(description="The same as a sentence.")
    detail: str = Field(description="More of it, such as what the provider answered.")
    channel: Channel | None = Field(description="The way that was taken; null before.")
    destination: str = Field(
        description="Where it went; shortened for keys without `contacts:read`."
    )
    language: str
    planned_at: datetime
    due_at: datetime = Field(description="Nobody looks at it before.")
    valid_until: datetime | None = Field(description="Afterwards it is not sent any more.")
    gone_at: datetime | None = Field(
        description="When it was, or may have been, handed to the provider."
    )
    ended_at: datetime | None
    attempts: int
    became: EventKind | None = Field(
        description="What the provider told of it; of several the most telling."
    )


class Deliveries(BaseModel):
    """A page of deliveries."""

    items: list[DeliveryOut]
    next: str | None = Field(description="The `after` of the next page; null on the last.")


class EventOut(BaseModel):
    """What a provider told of a delivery."""

    kind: EventKind
    what: str = Field(description="The same as a sentence.")
    provider: str
    detail: str
    at: datetime = Field(description="By the provider's clock.")
    received_at: datetime


class SaidOut(BaseModel):
    """What the customer last said of the purpose before it was decided."""

    state: Consent
    channel: Channel
    at: datetime


class WithheldOut(BaseModel):
    """A suppression that the decision came of."""

    id: int
    scope: Scope
    reason: Withheld
    note: str
    at: datetime


class HeldOut(BaseModel):
    """A hold that the decision came of."""

    kind: Kind
    reason: str
    source: str
    placed_at: datetime
    until: datetime | None


class MessageOut(BaseModel):
    """What the delivery says, with links that lead nowhere."""

    language: str
    subject: str
    text: str
    html: str
    short: str = Field(description="As a text message.")
    trouble: str | None = Field(description="Why it cannot be filled for this customer.")


class OneDelivery(DeliveryOut):
    """One delivery with all that is known of it."""

    events: list[EventOut] = Field(description="What the provider told, in its order.")
    consent: SaidOut | None = Field(description="Where it was decided by consent.")
    suppressions: list[WithheldOut] = Field(description="Where it was decided by suppression.")
    holds: list[HeldOut] = Field(description="Where it was held back.")
    message: MessageOut | None = Field(description="Null for what is secret.")


class Sort(StrEnum):
    """In which order a list comes."""

    ID = "id"
    NEWEST = "newest"


@router.get(
    "",
    auth=Bearer(Permission.READ_DELIVERIES),
    response=Deliveries,
    summary="List deliveries",
)
def get_deliveries(  # noqa: PLR0913 - each is a parameter of the address
    request: HttpRequest,
    *,
    after: After = "",
    customer_id: OfCustomer = None,
    state: Annotated[State | None, Query(description="Only those in this state.")] = None,
    reason: Annotated[Reason | None, Query(description="Only those for this reason.")] = None,
    purpose: Annotated[Purpose | None, Query(description="Only those for this.")] = None,
    channel: Annotated[Channel | None, Query(description="Only those by this way.")] = None,
    sender: Annotated[str | None, Query(description="Only those of this sender.")] = None,
    batch: Annotated[
        int | None, Query(ge=1, lt=2**63, description="Only those of this batch.")
    ] = None,
    planned_from: Annotated[
        Moment | None, Query(description="Only those of this instant or later, with its offset.")
    ] = None,
    planned_before: Annotated[
        Moment | None, Query(description="Only those before this instant, with its offset.")
    ] = None,
    sort: Annotated[
        Sort, Query(description="By `id`, as for a complete copy, or the `newest` first.")
    ] = Sort.ID,
    limit: Limit = 100,
) -> Deliveries:
    """What waits, what went, what did not and why, a page at a time."""
    only = OnlyDeliveries(
        state=state,
        reason=reason,
        purpose=purpose,
        channel=channel,
        sender=sender,
        batch=batch,
        since=planned_from,
        until=planned_before,
        customers=None if customer_id is None else same_person(number_of(customer_id)),
    )
    key = caller(request)
    rows = list_deliveries(
        only,
        newest=sort is Sort.NEWEST,
        after=read_place(after),
        limit=limit + 1,
        in_clear=_in_clear(key),
    )
    return _page(rows, limit)


@of_customers.get(
    "/{id}/deliveries",
    auth=Bearer(Permission.READ_DELIVERIES),
    response=Deliveries,
    summary="List the deliveries to a customer",
)
def get_deliveries_of(
    request: HttpRequest,
    id: Id,  # noqa: A002 - the path's name
    *,
    after: After = "",
    limit: Limit = 100,
) -> Deliveries:
    """Why did she (not) get it: the newest first, merged records included."""
    rows = list_deliveries_of(
        number_of(id),
        after=read_place(after),
        limit=limit + 1,
        in_clear=_in_clear(caller(request)),
    )
    return _page(rows, limit)


@router.get(
    "/{id}",
    auth=Bearer(Permission.READ_DELIVERIES),
    response=OneDelivery,
    summary="Show a delivery",
)
def get_one_delivery(request: HttpRequest, id: Number) -> OneDelivery:  # noqa: A002 - the path's name
    """A delivery with what the provider told, what the decision came of, and what it says."""
    card = _get(id, caller(request))
    ids = _ids([card.row])
    said = find_said(id)
    return OneDelivery(
        **dict(_out(card.row, ids)),
        events=[_event(it) for it in card.events],
        consent=None if card.said is None else _consent(card.said),
        suppressions=[
            WithheldOut(id=it.number, scope=it.scope, reason=it.reason, note=it.note, at=it.at)
            for it in card.withheld
        ],
        holds=[_held(it) for it in card.held],
        message=None if said is None else _message(said),
    )


@router.post(
    "/{id}/cancel",
    auth=Bearer(Permission.WRITE_DELIVERIES),
    response=DeliveryOut,
    summary="Cancel a delivery",
)
def post_cancel_delivery(request: HttpRequest, id: Number) -> HttpResponse:  # noqa: A002 - the path's name
    """Cancel a delivery that waits; one that no longer does stays as it is."""
    key, moment = caller(request), now()
    _get(id, key)

    def act() -> tuple[int, object]:
        cancel_delivery(id, actor=key.actor, now=moment)
        row = _get(id, key).row
        return 200, _out(row, _ids([row])).model_dump(mode="json")

    return answer_once(request, key.actor, moment, act)


def read_place(after: str) -> int | None:
    """The number behind which a page begins.

    Raises:
        RefusedError: It is none.
    """
    if not after:
        return None
    if not (after.isascii() and after.isdigit() and len(after) < _LONGEST_PLACE):
        refused = FieldError("after", "Give the `next` of the page before, as it stands.")
        raise RefusedError(422, "after is no place in this list.", [refused])
    return int(after)


def _get(number: int, key: KeyRow) -> DeliveryCard:
    try:
        return get_delivery(number, in_clear=_in_clear(key))
    except InputError as error:
        raise RefusedError(404, str(error)) from error


def _in_clear(key: KeyRow) -> bool:
    return key.may(Permission.READ_CONTACTS)


def _ids(rows: list[DeliveryRow]) -> dict[int, str]:
    return external_ids(row.customer.number for row in rows if row.customer is not None)


def _page(rows: list[DeliveryRow], limit: int) -> Deliveries:
    ids = _ids(rows[:limit])
    items, following = page(rows, limit, lambda row: _out(row, ids), lambda row: str(row.number))
    return Deliveries(items=items, next=following)


def _out(row: DeliveryRow, ids: dict[int, str]) -> DeliveryOut:
    return DeliveryOut(
        id=row.number,
        batch=row.batch,
        sender=row.sender,
        label=row.label,
        purpose=row.purpose,
        customer_id=ids.get(row.customer.number) if row.customer else None,
        state=row.state,
        reason=row.reason,
        why=str(told(row.state, row.reason, became=row.became)),
        detail=row.detail,
        channel=row.channel,
        destination=row.destination,
        language=row.language,
        planned_at=row.made_at,
        due_at=row.due_at,
        valid_until=row.valid_until,
        gone_at=row.gone_at,
        ended_at=row.ended_at,
        attempts=row.attempts,
        became=row.became,
    )


def _event(it: EventRow) -> EventOut:
    return EventOut(
        kind=it.kind,
        what=str(told_event(it.kind)),
        provider=it.provider,
        detail=it.detail,
        at=it.at,
        received_at=it.received_at,
    )


def _consent(it: SaidRow) -> SaidOut:
    return SaidOut(state=it.state, channel=it.channel, at=it.at)


def _held(it: HeldRow) -> HeldOut:
    return HeldOut(
        kind=it.kind,
        reason=it.reason,
        source=it.source,
        placed_at=it.placed_at,
        until=it.until,
    )


def _message(said: Said) -> MessageOut:
    return MessageOut(
        language=said.language,
        subject=said.subject,
        text=said.text,
        html=said.html,
        short=said.short,
        trouble=None if said.trouble is None else str(said.trouble),
    )
