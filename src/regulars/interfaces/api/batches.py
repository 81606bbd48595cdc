"""Batches: what was handed over at once, how far it is, paused, resumed, stopped."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router
from pydantic import BaseModel, Field

from regulars.apps.accounts.rules import Permission
from regulars.apps.contact.operations.batches import pause_batch, resume_batch, stop_batch
from regulars.apps.contact.queries.batches import (
    BatchRow,
    OnlyBatches,
    count_batch,
    find_batch,
    list_batches,
)
from regulars.apps.contact.rules.purposes import Channel, Purpose
from regulars.apps.contact.rules.states import Reason, State
from regulars.interfaces.api.access import Bearer, caller
from regulars.interfaces.api.deliveries import Sort, read_place
from regulars.interfaces.api.pages import After, Limit, page
from regulars.interfaces.api.problems import RefusedError
from regulars.interfaces.api.writing import answer_once
from regulars.interfaces.clock import now

router = Router()

type Number = Annotated[int, Path(ge=1, lt=2**63, description="The number of the batch.")]


class BatchOut(BaseModel):
    """One message for however many people."""

    id: int
    sender: str = Field(description="The part of the platform that sends it.")
    dedupe_key: str = Field(description="What the sender calls it.")
    label: str = Field(description="What staff call it.")
    purpose: Purpose
    channels: list[Channel] = Field(description="The ways that may be used, in their order.")
    languages: list[str] = Field(description="The languages in which it has a text.")
    planned_at: datetime
    paused_at: datetime | None
    stopped_at: datetime | None


class Batches(BaseModel):
    """A page of batches."""

    items: list[BatchOut]
    next: str | None = Field(description="The `after` of the next page; null on the last.")


class CountOut(BaseModel):
    """So many deliveries are in a state for a reason."""

    state: State
    reason: Reason | None
    count: int


class OneBatch(BatchOut):
    """A batch with how far it is."""

    counts: list[CountOut] = Field(description="The most first.")


@router.get("", auth=Bearer(Permission.READ_DELIVERIES), response=Batches, summary="List batches")
def get_batches(
    request: HttpRequest,
    *,
    after: After = "",
    sender: Annotated[str | None, Query(description="Only those of this sender.")] = None,
    purpose: Annotated[Purpose | None, Query(description="Only those for this.")] = None,
    sort: Annotated[
        Sort, Query(description="By `id`, as for a complete copy, or the `newest` first.")
    ] = Sort.ID,
    limit: Limit = 100,
) -> Batches:
    """What senders handed over at once, a page at a time."""
    rows = list_batches(
        OnlyBatches(sender=sender, purpose=purpose),
        newest=sort is Sort.NEWEST,
        after=read_place(after),
        limit=limit + 1,
    )
    items, following = page(rows, limit, _out, lambda row: str(row.number))
    return Batches(items=items, next=following)


@router.get(
    "/{id}",
    auth=Bearer(Permission.READ_DELIVERIES),
    response=OneBatch,
    summary="Show a batch and how far it is",
)
def get_batch(request: HttpRequest, id: Number) -> OneBatch:  # noqa: A002 - the path's name
    """A batch with how many of its deliveries are in which state, and why."""
    return _counted(id)


@router.post(
    "/{id}/pause",
    auth=Bearer(Permission.WRITE_DELIVERIES),
    response=OneBatch,
    summary="Pause a batch",
)
def post_pause_batch(request: HttpRequest, id: Number) -> HttpResponse:  # noqa: A002 - the path's name
    """Let nothing of it go for the time being; what is being sent this very moment still goes."""
    return _changed(request, id, pause_batch)


@router.post(
    "/{id}/resume",
    auth=Bearer(Permission.WRITE_DELIVERIES),
    response=OneBatch,
    summary="Let a batch go on",
)
def post_resume_batch(request: HttpRequest, id: Number) -> HttpResponse:  # noqa: A002 - the path's name
    """Let a paused batch go on."""
    return _changed(request, id, resume_batch)


@router.post(
    "/{id}/stop",
    auth=Bearer(Permission.WRITE_DELIVERIES),
    response=OneBatch,
    summary="Stop a batch for good",
)
def post_stop_batch(request: HttpRequest, id: Number) -> HttpResponse:  # noqa: A002 - the path's name
    """End it for good: what waits is skipped as `cancelled`."""
    return _changed(request, id, stop_batch)


def _changed(request: HttpRequest, number: int, change: Callable[..., object]) -> HttpResponse:
    key, moment = caller(request), now()
    _row(number)

    def act() -> tuple[int, object]:
        change(number, actor=key.actor, now=moment)
        return 200, _counted(number).model_dump(mode="json")

    return answer_once(request, key.actor, moment, act)


def _row(number: int) -> BatchRow:
    row = find_batch(number)
    if row is None:
        raise RefusedError(404, f"There is no batch {number}.")
    return row


def _counted(number: int) -> OneBatch:
    counts = [
        CountOut(state=it.state, reason=it.reason, count=it.count) for it in count_batch(number)
    ]
    return OneBatch(**_out(_row(number)).model_dump(), counts=counts)


def _out(row: BatchRow) -> BatchOut:
    return BatchOut(
        id=row.number,
        sender=row.sender,
        dedupe_key=row.dedupe_key,
        label=row.label,
        purpose=row.purpose,
        channels=list(row.channels),
        languages=list(row.languages),
        planned_at=row.made_at,
        paused_at=row.paused_at,
        stopped_at=row.stopped_at,
    )
