"""Records that may be one person: shown, merged, or kept apart for ever."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import BaseModel, ConfigDict, Field

from regulars.apps.accounts.rules import Permission
from regulars.apps.journal.operations import record_seen
from regulars.apps.people.operations import dismiss_suggestion, merge_records
from regulars.apps.people.queries import AlikeRow, list_merge_suggestions
from regulars.apps.people.rules import Reason
from regulars.interfaces.api.access import Bearer, caller
from regulars.interfaces.api.fields import words
from regulars.interfaces.api.known import IdentityIO
from regulars.interfaces.api.writing import answer_once
from regulars.interfaces.clock import now

router = Router()


class AlikeOut(BaseModel):
    """One of two records; ``number`` is its id within Regulars."""

    number: int
    name: str
    identities: list[IdentityIO]


class SuggestionOut(BaseModel):
    """Two records that may be one person, and why."""

    first: AlikeOut
    second: AlikeOut
    reasons: list[Annotated[Reason, words(Reason)]]


class Suggestions(BaseModel):
    """A page of suggestions; ``next`` is the cursor of the following page."""

    items: list[SuggestionOut]
    next: str | None


class PairIn(BaseModel):
    """Two records by their numbers."""

    model_config = ConfigDict(extra="forbid")

    first: int = Field(ge=1, lt=2**63)
    second: int = Field(ge=1, lt=2**63)


class Decided(BaseModel):
    """What became of a suggestion: merged or kept apart."""

    status: str


@router.get(
    "",
    auth=Bearer(Permission.READ_CONTACTS),
    response=Suggestions,
    summary="List records that may be one person",
)
def get_suggestions(
    request: HttpRequest,
    after: Annotated[
        str,
        Query(
            pattern=r"^(\d{1,18}:\d{1,18})?$",
            description="The `next` of the page before; empty for the first.",
        ),
    ] = "",
    limit: Annotated[int, Query(ge=1, le=100, description="How many at most.")] = 50,
) -> Suggestions:
    """Pairs of records that may be one person, with the reasons."""
    found = list_merge_suggestions(after=after, limit=limit + 1)
    record_seen(caller(request).actor, "customers", now())
    page = [
        SuggestionOut(first=_out(row.first), second=_out(row.second), reasons=list(row.reasons))
        for row in found[:limit]
    ]
    more = len(found) > limit
    return Suggestions(items=page, next=found[limit - 1].cursor if more else None)


@router.post(
    "/merge",
    auth=Bearer(Permission.WRITE_CUSTOMERS),
    response=Decided,
    summary="Merge two records by their numbers",
)
def post_merged(request: HttpRequest, told: PairIn) -> HttpResponse:
    """Say that the second record is the same person as the first; it can be undone."""
    key, moment = caller(request), now()

    def act() -> tuple[int, object]:
        merge_records(told.second, told.first, actor=key.actor, now=moment)
        return 200, {"status": "merged"}

    return answer_once(request, key.actor, moment, act)


@router.post(
    "/dismiss",
    auth=Bearer(Permission.WRITE_CUSTOMERS),
    response=Decided,
    summary="Keep two records apart",
)
def post_dismissed(request: HttpRequest, told: PairIn) -> HttpResponse:
    """Say that two records are two people; they are not suggested again."""
    key, moment = caller(request), now()

    def act() -> tuple[int, object]:
        dismiss_suggestion(told.first, told.second, actor=key.actor, now=moment)
        return 200, {"status": "kept apart"}

    return answer_once(request, key.actor, moment, act)


def _out(row: AlikeRow) -> AlikeOut:
    identities = [IdentityIO(source=source, id=id_) for source, id_ in row.ids]
    return AlikeOut(number=row.number, name=row.name, identities=identities)
