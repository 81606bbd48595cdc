"""The trail: who saw and changed what."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import AwareDatetime, BaseModel

from regulars.apps.accounts.rules import Permission
from regulars.apps.journal.queries import EntryRow, list_entries
from regulars.interfaces.api.access import Bearer
from regulars.interfaces.api.moments import EARLIEST, LATEST

router = Router()


class EntryOut(BaseModel):
    """Who did what to what; of personal fields ``data`` says only that they changed."""

    id: int
    at: datetime
    actor: str
    verb: str
    subject: str
    data: Mapping[str, object]


class Trail(BaseModel):
    """A page of the trail, newest first; ``next`` is the cursor of the following page."""

    items: list[EntryOut]
    next: int | None


@router.get("", auth=Bearer(Permission.READ_TRAIL), response=Trail, summary="Read the trail")
def get_trail(  # noqa: PLR0913 - one filter an argument
    request: HttpRequest,
    *,
    subject: str | None = None,
    actor: str | None = None,
    verb: str | None = None,
    since: Annotated[AwareDatetime | None, Query(ge=EARLIEST, lt=LATEST)] = None,
    until: Annotated[AwareDatetime | None, Query(ge=EARLIEST, lt=LATEST)] = None,
    before: Annotated[int | None, Query(ge=1, lt=2**63)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Trail:
    """Who did what, newest first; ``subject`` as customer:12, ``actor`` as staff:3."""
    found = list_entries(
        subject=subject,
        actor=actor,
        verb=verb,
        since=since,
        until=until,
        before=before,
        limit=limit + 1,
    )
    page = [_out(row) for row in found[:limit]]
    return Trail(items=page, next=page[-1].id if len(found) > limit else None)


def _out(row: EntryRow) -> EntryOut:
    return EntryOut(
        id=row.id, at=row.at, actor=row.actor, verb=row.verb, subject=row.subject, data=row.data
    )
