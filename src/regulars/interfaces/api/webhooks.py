"""Webhooks: which programs are told what happens, what they were told, and telling them again."""

from datetime import datetime, timedelta
from typing import Annotated

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router
from pydantic import BaseModel, ConfigDict, Field

from regulars.apps.accounts.rules import Permission
from regulars.apps.journal.webhooks.operations import (
    Again,
    NewSecret,
    WebhookData,
    add_webhook,
    change_webhook,
    pause_webhook,
    problems_of_webhook,
    remove_webhook,
    replay,
    resume_webhook,
    rotate_secret,
    send_test,
)
from regulars.apps.journal.webhooks.queries import (
    DeliveryRow,
    Paused,
    State,
    WebhookRow,
    find_webhook,
    list_deliveries,
    list_webhooks,
)
from regulars.apps.journal.webhooks.registry import list_published
from regulars.apps.journal.webhooks.rules import LONGEST_OVERLAP, OVERLAP
from regulars.interfaces.api.access import Bearer, caller
from regulars.interfaces.api.described import NO_SECOND_ANSWER
from regulars.interfaces.api.fields import Text100, Time, words
from regulars.interfaces.api.known import Removed
from regulars.interfaces.api.pages import Limit
from regulars.interfaces.api.problems import RefusedError, as_errors
from regulars.interfaces.api.writing import answer_once
from regulars.interfaces.clock import now

router = Router()

_State = Annotated[State, words(State)]

_HOUR = timedelta(hours=1)
Number = Annotated[int, Path(ge=1, lt=2**63, description="The number of the webhook.")]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class WebhookIn(_In):
    """Where a program is told, and of what."""

    address: str = Field(min_length=1, description="Where deliveries are posted, with https://.")
    events: list[Text100] = Field(
        default_factory=list, description="Names of the events that it wants; empty for all."
    )


class RotationIn(_In):
    """How long the old secret signs beside the new one."""

    overlap_hours: int = Field(
        OVERLAP // _HOUR, ge=0, le=LONGEST_OVERLAP // _HOUR, description="0 ends it at once."
    )


class ReplayIn(_In):
    """Which deliveries are sent again: name one of the three."""

    delivery: int | None = Field(None, ge=1, lt=2**63, description="One, by its number.")
    failed: bool = Field(default=False, description="All that were given up.")
    since: Time | None = Field(None, description="All that were made at this instant or later.")


class WebhookOut(BaseModel):
    """A webhook without its secrets."""

    id: int
    address: str
    events: list[str] = Field(description="Names of the events that it wants; empty for all.")
    paused: Paused | None = Field(
        description="Why nothing is sent: by the staff, because it answered 410, because it "
        "failed for two days, or because its secret was lost with the installation's own."
    )
    paused_at: datetime | None
    failing_since: datetime | None = Field(description="The first failure since the last success.")
    made_at: datetime
    secrets_until: list[datetime | None] = Field(
        description="When each secret ends that signs, the newest first; null for the one that "
        "stays."
    )
    waiting: int = Field(description="How many deliveries wait.")
    failed: int = Field(description="How many were given up.")


class NewWebhookOut(WebhookOut):
    """A webhook with its new secret, shown this once."""

    secret: str = Field(description="As Standard Webhooks writes it: whsec_ and Base64.")


class WebhookEventOut(BaseModel):
    """Something that programs may be told of."""

    name: str
    what: str


class Webhooks(BaseModel):
    """Every webhook, the oldest first, and every event that one may want."""

    items: list[WebhookOut]
    events: list[WebhookEventOut]


class WebhookDeliveryOut(BaseModel):
    """What a webhook was or is to be told."""

    id: int
    message: str = Field(description="The header webhook-id, the same whenever it is sent.")
    event: str
    customer: int | None = Field(description="The number of the customer that it is about.")
    state: _State
    attempts: int
    due_at: datetime = Field(description="When it is tried next, where it waits.")
    made_at: datetime
    tried_at: datetime | None
    status: int | None = Field(description="What the last answer said.")
    answer: str = Field(description="How the last refusal began, or why there was no answer.")


class WebhookDeliveries(BaseModel):
    """A page of deliveries, the newest first; ``next`` is the cursor of the following page."""

    items: list[WebhookDeliveryOut]
    next: int | None


class Replayed(BaseModel):
    """How many deliveries are sent again."""

    count: int


class WebhookTestOut(BaseModel):
    """The delivery of a test."""

    delivery: int


@router.get("", auth=Bearer(Permission.READ_SETTINGS), response=Webhooks, summary="List webhooks")
def get_webhooks(request: HttpRequest) -> Webhooks:
    """Every webhook without its secrets, and every event that there is."""
    return Webhooks(
        items=[_out(row) for row in list_webhooks()],
        events=[WebhookEventOut(name=it.name, what=str(it.what)) for it in list_published()],
    )


@router.post(
    "",
    auth=Bearer(Permission.WRITE_SETTINGS),
    response={201: NewWebhookOut},
    summary="Make a webhook",
    openapi_extra=dict(NO_SECOND_ANSWER),
)
def post_webhook(request: HttpRequest, told: WebhookIn) -> HttpResponse:
    """Tell a program what happens from now on, and show the secret that signs, this once.

    It takes no Idempotency-Key, as its answer is not kept: where it was lost, rotate the secret.
    """
    data, private = _data(told), _private()
    made = add_webhook(data, private=private, actor=caller(request).actor, now=now())
    return _shown(made, 201)


@router.get(
    "/{id}", auth=Bearer(Permission.READ_SETTINGS), response=WebhookOut, summary="Show a webhook"
)
def get_webhook(request: HttpRequest, id: Number) -> WebhookOut:  # noqa: A002 - the path's name
    """A webhook without its secrets."""
    return _out(_known(id))


@router.put(
    "/{id}",
    auth=Bearer(Permission.WRITE_SETTINGS),
    response=WebhookOut,
    summary="Change a webhook",
)
def put_webhook(request: HttpRequest, id: Number, told: WebhookIn) -> HttpResponse:  # noqa: A002 - the path's name
    """Tell it elsewhere, or of other events; what waits goes to the new address."""
    key, moment = caller(request), now()
    data = _data(told)
    _known(id)

    def act() -> tuple[int, object]:
        change_webhook(id, data, private=_private(), actor=key.actor, now=moment)
        return 200, _out(_known(id)).model_dump(mode="json")

    return answer_once(request, key.actor, moment, act)


@router.post(
    "/{id}/pause",
    auth=Bearer(Permission.WRITE_SETTINGS),
    response=WebhookOut,
    summary="Pause a webhook",
)
def post_pause(request: HttpRequest, id: Number) -> HttpResponse:  # noqa: A002 - the path's name
    """Send nothing for a while; what happens meanwhile waits."""
    key, moment = caller(request), now()
    _known(id)

    def act() -> tuple[int, object]:
        pause_webhook(id, actor=key.actor, now=moment)
        return 200, _out(_known(id)).model_dump(mode="json")

    return answer_once(request, key.actor, moment, act)


@router.post(
    "/{id}/resume",
    auth=Bearer(Permission.WRITE_SETTINGS),
    response=WebhookOut,
    summary="Go on with a webhook",
)
def post_resume(request: HttpRequest, id: Number) -> HttpResponse:  # noqa: A002 - the path's name
    """Send again, beginning with what waited."""
    key, moment = caller(request), now()
    _known(id)

    def act() -> tuple[int, object]:
        resume_webhook(id, actor=key.actor, now=moment)
        return 200, _out(_known(id)).model_dump(mode="json")

    return answer_once(request, key.actor, moment, act)


@router.post(
    "/{id}/remove",
    auth=Bearer(Permission.WRITE_SETTINGS),
    response=Removed,
    summary="Remove a webhook",
)
def post_webhook_removed(request: HttpRequest, id: Number) -> HttpResponse:  # noqa: A002 - the path's name
    """Tell it nothing more; what waited for it goes with it."""
    key, moment = caller(request), now()

    def act() -> tuple[int, object]:
        return 200, {"removed": remove_webhook(id, actor=key.actor, now=moment)}

    return answer_once(request, key.actor, moment, act)


@router.post(
    "/{id}/rotate",
    auth=Bearer(Permission.WRITE_SETTINGS),
    response=NewWebhookOut,
    summary="Make a new secret",
    openapi_extra=dict(NO_SECOND_ANSWER),
)
def post_rotate(request: HttpRequest, id: Number, told: RotationIn) -> HttpResponse:  # noqa: A002 - the path's name
    """Make a new secret and show it, this once; until the overlap ends the old one signs too.

    It takes no Idempotency-Key, as its answer is not kept: where it was lost, rotate again.
    """
    _known(id)
    overlap = timedelta(hours=told.overlap_hours)
    return _shown(rotate_secret(id, overlap=overlap, actor=caller(request).actor, now=now()), 200)


@router.post(
    "/{id}/test",
    auth=Bearer(Permission.WRITE_SETTINGS),
    response=WebhookTestOut,
    summary="Send a test",
)
def post_test(request: HttpRequest, id: Number) -> HttpResponse:  # noqa: A002 - the path's name
    """Send an event of the name webhook.test, which tells nothing."""
    key, moment = caller(request), now()
    _known(id)

    def act() -> tuple[int, object]:
        return 200, {"delivery": send_test(id, actor=key.actor, now=moment)}

    return answer_once(request, key.actor, moment, act)


@router.get(
    "/{id}/deliveries",
    auth=Bearer(Permission.READ_SETTINGS),
    response=WebhookDeliveries,
    summary="List what a webhook was told",
)
def get_webhook_deliveries(
    request: HttpRequest,
    id: Number,  # noqa: A002 - the path's name
    *,
    state: Annotated[_State | None, Query(description="Only what is so far.")] = None,
    customer: Annotated[
        int | None, Query(ge=1, lt=2**63, description="Only about the customer of this number.")
    ] = None,
    before: Annotated[
        int | None, Query(ge=1, lt=2**63, description="The `next` of the page before.")
    ] = None,
    limit: Limit = 100,
) -> WebhookDeliveries:
    """What it was or is to be told, the newest first."""
    _known(id)
    found = list_deliveries(id, state=state, customer=customer, before=before, limit=limit + 1)
    items = [_delivery(row) for row in found[:limit]]
    return WebhookDeliveries(items=items, next=items[-1].id if len(found) > limit else None)


@router.post(
    "/{id}/replay",
    auth=Bearer(Permission.WRITE_SETTINGS),
    response=Replayed,
    summary="Send deliveries again",
)
def post_replay(request: HttpRequest, id: Number, told: ReplayIn) -> HttpResponse:  # noqa: A002 - the path's name
    """Send them again under the ids that they had, each customer's in their order."""
    key, moment = caller(request), now()
    _known(id)
    which = Again(delivery=told.delivery, failed=told.failed, since=told.since)

    def act() -> tuple[int, object]:
        return 200, {"count": replay(id, which, actor=key.actor, now=moment)}

    return answer_once(request, key.actor, moment, act)


def _private() -> bool:
    return bool(settings.PRIVATE_WEBHOOKS)


def _data(told: WebhookIn) -> WebhookData:
    data = WebhookData(address=told.address, events=tuple(told.events))
    if errors := as_errors(problems_of_webhook(data, private=_private())):
        raise RefusedError(422, "A field cannot be used.", errors)
    return data


def _known(number: int) -> WebhookRow:
    row = find_webhook(number)
    if row is None:
        raise RefusedError(404, f"There is no webhook {number}.")
    return row


def _shown(made: NewSecret, status: int) -> HttpResponse:
    shown = NewWebhookOut(**_out(made.webhook).model_dump(), secret=made.secret)
    return HttpResponse(shown.model_dump_json(), status=status, content_type="application/json")


def _out(row: WebhookRow) -> WebhookOut:
    return WebhookOut(
        id=row.id,
        address=row.address,
        events=list(row.events),
        paused=row.paused,
        paused_at=row.paused_at,
        failing_since=row.failing_since,
        made_at=row.made_at,
        secrets_until=list(row.secrets),
        waiting=row.waiting,
        failed=row.failed,
    )


def _delivery(row: DeliveryRow) -> WebhookDeliveryOut:
    return WebhookDeliveryOut(
        id=row.id,
        message=row.message,
        event=row.event,
        customer=row.customer,
        state=row.state,
        attempts=row.attempts,
        due_at=row.due_at,
        made_at=row.made_at,
        tried_at=row.tried_at,
        status=row.status,
        answer=row.answer,
    )
