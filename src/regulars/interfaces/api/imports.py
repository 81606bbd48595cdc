"""Imports: a stream of rows is kept, read by the worker, and told of row by row."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from ninja import Path, Query, Router
from pydantic import BaseModel, Field

from regulars.apps.accounts.rules import Permission
from regulars.apps.intake.handing_back import rejects_as_json
from regulars.apps.intake.operations import (
    retry_import,
    start_import,
    take_source,
    undo_import,
)
from regulars.apps.intake.queries import RunRow, find_run, list_runs
from regulars.apps.intake.rules import Aim, How, Kind, State
from regulars.apps.intake.uploads import CutOffError, NoRoomError, TooLargeError, keep_upload
from regulars.interfaces.api.access import Bearer, caller
from regulars.interfaces.api.fields import words
from regulars.interfaces.api.problems import RefusedError
from regulars.interfaces.api.writing import answer_once
from regulars.interfaces.clock import now

router = Router()

_CHUNK = 1 << 18
_LARGEST_NUMBER = 2**63
_STATUS = {TooLargeError: 413, CutOffError: 400, NoRoomError: 507}
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_BODY = {
    "requestBody": {
        "required": True,
        "description": "One JSON object a line, as the single calls take them; or a table: CSV, "
        "Excel, Parquet, JSON lines under the headings that the command line knows; "
        "gzip of these.",
        "content": {"application/x-ndjson": _BINARY, "text/csv": _BINARY}
        | {"application/octet-stream": _BINARY},
    }
}

_Kind = Annotated[Kind, words(Kind)]
_State = Annotated[State, words(State)]
type Number = Annotated[
    int, Path(ge=1, lt=_LARGEST_NUMBER, description="The number of the import.")
]


class ImportOptions(BaseModel):
    """What a stream of rows holds, and how a table among them is to be read."""

    kind: _Kind = Field(description="What each row is.")
    dry_run: bool = Field(default=False, description="Read it all and write nothing.")
    name: str = Field("", max_length=200, description="What the file is called.")
    columns: list[str] = Field(
        default_factory=list,
        max_length=100,
        description="A heading of a table, as `columns=customer_id=Kunde`; once for each.",
    )
    timezone: str = Field("UTC", max_length=64, description="The zone of the shop's days.")
    times_in: str | None = Field(
        None, max_length=64, description="The zone of times that name none."
    )
    currency: str | None = Field(
        None, max_length=3, description="The currency, where no column names one."
    )
    date_order: str | None = Field(
        None, pattern="^(dmy|mdy|ymd)$", description="How dates such as 03/04/2024 are read."
    )
    decimal: str | None = Field(None, pattern="^[.,]$", description="The decimal sign.")
    vat: str | None = Field(
        None,
        pattern=r"^\d{1,2}(\.\d{1,4})?$",
        description="The tax within the amounts, in per cent: it is taken off.",
    )
    encoding: str | None = Field(None, max_length=40, description="As utf-8 or cp1257.")


class ImportOut(BaseModel):
    """An import; ``share`` is how much is written, ``same_as`` an earlier one of the same file."""

    id: int
    kind: _Kind
    state: _State
    aim: Aim
    name: str
    size: int
    digest: str
    asked_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    read: int
    rejected: int
    created: int
    updated: int
    unchanged: int
    share: float | None
    same_as: int | None
    reason: str | None
    columns: dict[str, str]
    ignored: list[str]
    notes: list[str]
    undone: dict[str, int]


class Imports(BaseModel):
    """A page of imports, the newest first; ``next`` is the cursor of the following page."""

    items: list[ImportOut]
    next: int | None


@router.post(
    "",
    auth=Bearer(Permission.WRITE_IMPORTS),
    response={202: ImportOut},
    summary="Import a stream of rows",
    openapi_extra=_BODY,
)
def post_import(request: HttpRequest, told: Query[ImportOptions]) -> HttpResponse:
    """Keep a stream of rows and have the worker import it; the answer names the import."""
    key, moment = caller(request), now()
    length = request.META.get("CONTENT_LENGTH") or ""
    try:
        upload = keep_upload(
            _chunks(request),
            told.name or _name(request),
            largest=settings.LARGEST_UPLOAD,
            expected=int(length) if length.isdecimal() else None,
        )
    except (TooLargeError, CutOffError, NoRoomError) as error:
        raise RefusedError(_STATUS[type(error)], str(error)) from error

    def act() -> tuple[int, object]:
        number = take_source(
            upload.named,
            told.kind,
            _how(told),
            aim=Aim.TRIAL if told.dry_run else Aim.IMPORT,
            actor=key.actor,
            now=moment,
        )
        return 202, _shown(number)

    return answer_once(request, key.actor, moment, act, body=upload.digest.encode())


@router.get("", auth=Bearer(Permission.READ_IMPORTS), response=Imports, summary="List imports")
def get_imports(
    request: HttpRequest,
    before: Annotated[
        int | None,
        Query(ge=1, lt=_LARGEST_NUMBER, description="The `next` of the page before."),
    ] = None,
    limit: Annotated[int, Query(ge=1, le=500, description="How many at most.")] = 50,
) -> Imports:
    """Imports, the newest first, a page at a time."""
    found = list_runs(before=before, limit=limit + 1)
    page = [_out(row) for row in found[:limit]]
    return Imports(items=page, next=page[-1].id if len(found) > limit else None)


@router.get(
    "/{id}",
    auth=Bearer(Permission.READ_IMPORTS),
    response=ImportOut,
    summary="Show an import",
)
def get_import(request: HttpRequest, id: Number) -> ImportOut:  # noqa: A002 - the path's name
    """An import: how far it is, what it wrote, what it rejected."""
    return _out(_get(id))


@router.get(
    "/{id}/rejects",
    auth=Bearer(Permission.READ_IMPORTS),
    response={200: None},
    summary="Get the rejected rows of an import",
    openapi_extra={
        "responses": {
            200: {
                "description": "One JSON object a line: `line`, `reason`, `errors`, and the `row`"
                " as it was sent; mended, the file may be imported as it is",
                "content": {"application/x-ndjson": {"schema": {"type": "string"}}},
            }
        }
    },
)
def get_rejects(request: HttpRequest, id: Number) -> StreamingHttpResponse:  # noqa: A002 - the path's name
    """The rejected rows with what is wrong with each, as lines of JSON."""
    _get(id)
    return StreamingHttpResponse(rejects_as_json(id), content_type="application/x-ndjson")


@router.post(
    "/{id}/start",
    auth=Bearer(Permission.WRITE_IMPORTS),
    response=ImportOut,
    summary="Import what was tried",
)
def post_start(request: HttpRequest, id: Number) -> HttpResponse:  # noqa: A002 - the path's name
    """Import what a dry run has tried, from the file that was sent for it."""
    key, moment = caller(request), now()

    def act() -> tuple[int, object]:
        _get(id)
        start_import(id, actor=key.actor, now=moment)
        return 200, _shown(id)

    return answer_once(request, key.actor, moment, act)


@router.post(
    "/{id}/undo",
    auth=Bearer(Permission.WRITE_IMPORTS),
    response=ImportOut,
    summary="Undo an import",
)
def post_undo(request: HttpRequest, id: Number) -> HttpResponse:  # noqa: A002 - the path's name
    """Have the worker take back what an import wrote; what was changed since is left."""
    key, moment = caller(request), now()

    def act() -> tuple[int, object]:
        _get(id)
        undo_import(id, actor=key.actor, now=moment)
        return 200, _shown(id)

    return answer_once(request, key.actor, moment, act)


@router.post(
    "/{id}/retry",
    auth=Bearer(Permission.WRITE_IMPORTS),
    response=ImportOut,
    summary="Try a failed import again",
)
def post_retry(request: HttpRequest, id: Number) -> HttpResponse:  # noqa: A002 - the path's name
    """Let an import that failed go on where it stopped."""
    key, moment = caller(request), now()

    def act() -> tuple[int, object]:
        _get(id)
        retry_import(id, actor=key.actor, now=moment)
        return 200, _shown(id)

    return answer_once(request, key.actor, moment, act)


def _chunks(request: HttpRequest) -> Iterator[bytes]:
    try:
        while chunk := request.read(_CHUNK):
            yield chunk
    except OSError as error:
        raise RefusedError(400, f"The stream was cut off: {error}.") from error


def _name(request: HttpRequest) -> str:
    ending = {"text/csv": "csv", "application/x-ndjson": "ndjson"}.get(request.content_type or "")
    return f"upload.{ending or 'data'}"


def _how(told: ImportOptions) -> How:
    """The options as they are kept.

    Raises:
        RefusedError: A mapping maps nothing.
    """
    columns = dict(pair.partition("=")[::2] for pair in told.columns)
    if not all(columns.values()):
        raise RefusedError(422, "Write a mapping as columns=customer_id=Kunde.")
    return How(
        columns=columns,
        **told.model_dump(
            include={
                "timezone",
                "times_in",
                "currency",
                "date_order",
                "decimal",
                "vat",
                "encoding",
            }
        ),
    )


def _get(number: int) -> RunRow:
    row = find_run(number)
    if row is None:
        raise RefusedError(404, f"There is no import {number}.")
    return row


def _shown(number: int) -> object:
    return _out(_get(number)).model_dump(mode="json")


def _out(row: RunRow) -> ImportOut:
    return ImportOut(
        id=row.id,
        kind=row.kind,
        state=row.state,
        aim=row.aim,
        name=row.name,
        size=row.size,
        digest=row.digest,
        asked_at=row.asked_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
        read=row.read,
        rejected=row.rejected,
        created=row.created,
        updated=row.updated,
        unchanged=row.unchanged,
        share=row.share,
        same_as=row.same_as,
        reason=None if row.reason is None else str(row.reason),
        columns=dict(row.findings.columns),
        ignored=list(row.findings.ignored),
        notes=[str(note) for note in row.findings.notes],
        undone=dict(row.findings.undone),
    )
