"""Settings: who the firm is, how long it keeps what, which attributes its customers have."""

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import BaseModel, ConfigDict, Field

from regulars.apps.accounts.rules import Permission
from regulars.apps.firm.operations import put_company as say_company
from regulars.apps.firm.operations import set_retention
from regulars.apps.firm.queries import RetentionRow, count_too_old, get_company, list_retention
from regulars.apps.firm.rules import LONGEST_DAYS, Company, Weekday, problems_of_company
from regulars.apps.people.operations import put_attribute, remove_attribute
from regulars.apps.people.queries import AttributeRow, list_attributes
from regulars.apps.people.rules import AttributeKind
from regulars.interfaces.api.access import Bearer, caller
from regulars.interfaces.api.known import Removed
from regulars.interfaces.api.problems import RefusedError, as_errors
from regulars.interfaces.api.writing import answer_once
from regulars.interfaces.clock import now

router = Router()


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class CompanyIO(_In):
    """The firm."""

    name: str = Field(max_length=200)
    address: str = Field("", max_length=2000)
    currency: str
    time_zone: str
    language: str = Field(max_length=10)
    week_start: Weekday = Weekday.MONDAY


class RetentionIn(_In):
    """For how many days something is kept; null for ever."""

    days: int | None = Field(ge=1, le=LONGEST_DAYS)


class RetentionOut(BaseModel):
    """Something that is kept for a while."""

    kind: str
    what: str
    days: int | None
    fewest_days: int
    applied_at: datetime | None


class RetentionList(BaseModel):
    """Everything that has a period."""

    items: list[RetentionOut]


class TooOld(BaseModel):
    """How many rows would go."""

    count: int


class AttributeIn(_In):
    """What an attribute is called by the staff, and what it holds."""

    label: str = Field(min_length=1, max_length=100)
    kind: AttributeKind


class AttributeOut(BaseModel):
    """An attribute of the firm's own."""

    name: str
    label: str
    kind: AttributeKind


class Attributes(BaseModel):
    """Every attribute that the firm declared."""

    items: list[AttributeOut]


@router.get(
    "/company",
    auth=Bearer(Permission.READ_SETTINGS),
    response=CompanyIO,
    summary="Show the firm",
)
def get_firm(request: HttpRequest) -> CompanyIO:
    """Who the firm is."""
    return _company(get_company())


@router.put(
    "/company",
    auth=Bearer(Permission.WRITE_SETTINGS),
    response=CompanyIO,
    summary="Say who the firm is",
)
def put_firm(request: HttpRequest, told: CompanyIO) -> HttpResponse:
    """Say who the firm is."""
    key, moment = caller(request), now()
    company = Company(**told.model_dump())
    if errors := as_errors(problems_of_company(company)):
        raise RefusedError(422, "A field cannot be used.", errors)

    def act() -> tuple[int, object]:
        say_company(company, actor=key.actor, now=moment)
        return 200, _company(get_company()).model_dump(mode="json")

    return answer_once(request, key.actor, moment, act)


@router.get(
    "/retention",
    auth=Bearer(Permission.READ_SETTINGS),
    response=RetentionList,
    summary="List how long what is kept",
)
def get_retention(request: HttpRequest) -> RetentionList:
    """Everything that has a period, with the one that holds."""
    return RetentionList(items=[_period(row) for row in list_retention()])


@router.put(
    "/retention/{id}",
    auth=Bearer(Permission.WRITE_SETTINGS),
    response=RetentionOut,
    summary="Say how long something is kept",
)
def put_retention(request: HttpRequest, id: str, told: RetentionIn) -> HttpResponse:  # noqa: A002 - the path's name
    """Say for how many days something is kept; it holds at once."""
    key, moment = caller(request), now()
    _get_period(id)

    def act() -> tuple[int, object]:
        set_retention(id, told.days, actor=key.actor, now=moment)
        return 200, _period(_get_period(id)).model_dump(mode="json")

    return answer_once(request, key.actor, moment, act)


@router.get(
    "/retention/{id}/count",
    auth=Bearer(Permission.READ_SETTINGS),
    response=TooOld,
    summary="Count what a period would let go",
)
def get_too_old(
    request: HttpRequest,
    id: str,  # noqa: A002 - the path's name
    days: Annotated[int, Query(ge=1, le=LONGEST_DAYS)],
) -> TooOld:
    """How much would go today if it were kept for so many days; nothing goes."""
    _get_period(id)
    return TooOld(count=count_too_old(id, days, now()))


@router.get(
    "/attributes",
    auth=Bearer(Permission.READ_CUSTOMERS),
    response=Attributes,
    summary="List the attributes of customers",
)
def get_attributes(request: HttpRequest) -> Attributes:
    """Every attribute that the firm declared; customers may have others, which are not checked."""
    return Attributes(items=[_attribute(row) for row in list_attributes()])


@router.put(
    "/attributes/{id}",
    auth=Bearer(Permission.WRITE_SETTINGS),
    response=AttributeOut,
    summary="Declare an attribute of customers",
)
def put_declared(request: HttpRequest, id: str, told: AttributeIn) -> HttpResponse:  # noqa: A002 - the path's name
    """Declare what an attribute of customers holds; values kept already stay."""
    key, moment = caller(request), now()

    def act() -> tuple[int, object]:
        put_attribute(id, told.label, told.kind, actor=key.actor, now=moment)
        return 200, {"name": id, "label": told.label, "kind": told.kind.value}

    return answer_once(request, key.actor, moment, act)


@router.post(
    "/attributes/{id}/remove",
    auth=Bearer(Permission.WRITE_SETTINGS),
    response=Removed,
    summary="No longer check an attribute",
)
def post_attribute_removed(request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002 - the path's name
    """No longer check an attribute; values kept already stay."""
    key, moment = caller(request), now()

    def act() -> tuple[int, object]:
        return 200, {"removed": remove_attribute(id, actor=key.actor, now=moment)}

    return answer_once(request, key.actor, moment, act)


def _get_period(kind: str) -> RetentionRow:
    for row in list_retention():
        if row.kind == kind:
            return row
    raise RefusedError(404, f"Nothing is kept under the name {kind}.")


def _company(row: Company) -> CompanyIO:
    return CompanyIO(
        name=row.name,
        address=row.address,
        currency=row.currency,
        time_zone=row.time_zone,
        language=row.language,
        week_start=row.week_start,
    )


def _period(row: RetentionRow) -> RetentionOut:
    return RetentionOut(
        kind=row.kind,
        what=str(row.what),
        days=row.days,
        fewest_days=row.fewest_days,
        applied_at=row.applied_at,
    )


def _attribute(row: AttributeRow) -> AttributeOut:
    return AttributeOut(name=row.name, label=row.label, kind=row.kind)
