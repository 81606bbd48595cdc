"""Suppressions: which addresses are written to no more, known by their hashes alone."""

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router
from pydantic import BaseModel, ConfigDict, Field

from regulars.apps.accounts.rules import Permission
from regulars.apps.contact.operations.suppressions import (
    LONGEST_NOTE,
    lift_suppression,
    suppress_address,
)
from regulars.apps.contact.queries.suppressions import (
    OnlySuppressions,
    SuppressionRow,
    find_suppression,
    key_of,
    list_suppressions,
)
from regulars.apps.contact.rules.purposes import Channel, Scope, Withheld
from regulars.interfaces.api.access import Bearer, caller
from regulars.interfaces.api.deliveries import Sort, read_place
from regulars.interfaces.api.fields import Text300, Text1000
from regulars.interfaces.api.pages import After, Limit, page
from regulars.interfaces.api.problems import FieldError, RefusedError
from regulars.interfaces.api.writing import answer_once
from regulars.interfaces.clock import now
from regulars.kernel.errors import InputError

router = Router()

type Number = Annotated[int, Path(ge=1, lt=2**63, description="The number of the suppression.")]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class AddressIn(_In):
    """An address, as somebody would type it."""

    channel: Channel
    address: Text1000 = Field(min_length=1)


class SuppressionIn(AddressIn):
    """An address that is to be written to no more."""

    scope: Scope
    note: Text300 = Field("", description="Why, for your colleagues; without the address.")


class LiftIn(_In):
    """Why an address may be written to again."""

    reason: Text300 = Field(min_length=1, max_length=LONGEST_NOTE)


class SuppressionOut(BaseModel):
    """What must not go to an address."""

    id: int
    key: str = Field(description="The hash by which the address is known.")
    channel: Channel
    scope: Scope
    reason: Withheld
    note: str
    at: datetime
    by: str = Field(description="Who said so, as staff:3.")
    lifted_at: datetime | None
    lifted_by: str


class Suppressions(BaseModel):
    """A page of suppressions."""

    items: list[SuppressionOut]
    next: str | None = Field(description="The `after` of the next page; null on the last.")


class OfAddress(BaseModel):
    """Every suppression of an address, the newest first."""

    key: str = Field(description="The hash by which the address is known.")
    items: list[SuppressionOut]


@router.get(
    "",
    auth=Bearer(Permission.READ_DELIVERIES),
    response=Suppressions,
    summary="List suppressions",
)
def get_suppressions(  # noqa: PLR0913 - each is a parameter of the address
    request: HttpRequest,
    *,
    after: After = "",
    key: Annotated[
        str | None,
        Query(pattern="^[0-9a-f]{64}$", description="Only those of the address of this hash."),
    ] = None,
    scope: Annotated[Scope | None, Query(description="Only those that hold this back.")] = None,
    reason: Annotated[Withheld | None, Query(description="Only those for this reason.")] = None,
    in_force: Annotated[
        bool | None, Query(description="Only those that hold, or only those that were lifted.")
    ] = None,
    sort: Annotated[
        Sort, Query(description="By `id`, as for a complete copy, or the `newest` first.")
    ] = Sort.ID,
    limit: Limit = 100,
) -> Suppressions:
    """What must not go where, a page at a time; of the addresses only hashes are kept."""
    rows = list_suppressions(
        OnlySuppressions(key=key, scope=scope, reason=reason, in_force=in_force),
        newest=sort is Sort.NEWEST,
        after=read_place(after),
        limit=limit + 1,
    )
    items, following = page(rows, limit, _out, lambda row: str(row.number))
    return Suppressions(items=items, next=following)


@router.post(
    "/find",
    auth=Bearer(Permission.READ_DELIVERIES),
    response=OfAddress,
    summary="Find the suppressions of an address",
)
def post_find_suppressions(request: HttpRequest, told: AddressIn) -> OfAddress:
    """What is held back from an address; it stands in the body, so that no log keeps it."""
    key = _key(told)
    rows = list_suppressions(OnlySuppressions(key=key), limit=500)
    return OfAddress(key=key, items=[_out(row) for row in rows])


@router.post(
    "",
    auth=Bearer(Permission.WRITE_DELIVERIES),
    response={200: OfAddress, 201: OfAddress},
    summary="Suppress an address",
)
def post_suppression(request: HttpRequest, told: SuppressionIn) -> HttpResponse:
    """Let nothing of a scope go to an address: 201 where that is new, 200 where it was so."""
    caller_, moment = caller(request), now()
    key = _key(told)

    def act() -> tuple[int, object]:
        new = suppress_address(
            told.channel, told.address, told.scope, told.note, actor=caller_.actor, now=moment
        )
        rows = list_suppressions(OnlySuppressions(key=key), limit=500)
        answer = OfAddress(key=key, items=[_out(row) for row in rows])
        return 201 if new else 200, answer.model_dump(mode="json")

    return answer_once(request, caller_.actor, moment, act)


@router.post(
    "/{id}/lift",
    auth=Bearer(Permission.WRITE_DELIVERIES),
    response=SuppressionOut,
    summary="Lift a suppression",
)
def post_lift_suppression(request: HttpRequest, id: Number, told: LiftIn) -> HttpResponse:  # noqa: A002 - the path's name
    """Let an address be written to again; the reason is kept in the trail."""
    key, moment = caller(request), now()
    _row(id)

    def act() -> tuple[int, object]:
        lift_suppression(id, told.reason, actor=key.actor, now=moment)
        return 200, _out(_row(id)).model_dump(mode="json")

    return answer_once(request, key.actor, moment, act)


def _key(told: AddressIn) -> str:
    try:
        return key_of(told.channel, told.address)
    except InputError as error:
        refused = FieldError("address", str(error))
        raise RefusedError(422, "A field cannot be used.", [refused]) from error


def _row(number: int) -> SuppressionRow:
    row = find_suppression(number)
    if row is None:
        raise RefusedError(404, f"There is no suppression {number}.")
    return row


def _out(row: SuppressionRow) -> SuppressionOut:
    return SuppressionOut(
        id=row.number,
        key=row.key,
        channel=row.channel,
        scope=row.scope,
        reason=row.reason,
        note=row.note,
        at=row.at,
        by=row.by,
        lifted_at=row.lifted_at,
        lifted_by=row.lifted_by,
    )
