"""Customers by the caller's own ids."""

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import BaseModel, ConfigDict, Field

from regulars.apps.accounts.rules import Permission
from regulars.apps.journal.operations import record_seen
from regulars.apps.people.operations import (
    CustomerData,
    merge_customers,
    part_customers,
    put_customers,
)
from regulars.apps.people.queries import (
    API,
    CustomerRow,
    Only,
    attribute_kinds,
    find_customer,
    list_customers,
)
from regulars.apps.people.rules import (
    Birthday,
    problems_of_attributes,
    problems_of_customer,
    problems_of_greetings,
)
from regulars.interfaces.api.access import Bearer, caller
from regulars.interfaces.api.fields import Text100, Text200, Text300, Text1000, Whole
from regulars.interfaces.api.pages import After, Id, Limit, Moment, page
from regulars.interfaces.api.problems import RefusedError, as_errors
from regulars.interfaces.api.writing import answer_once
from regulars.interfaces.clock import now

router = Router()


class BirthdayIO(BaseModel):
    """A day of the year; the year may be left out."""

    model_config = ConfigDict(extra="forbid")

    month: int
    day: int
    year: int | None = Field(None, ge=1850, le=2200)


class CustomerIn(BaseModel):
    """A customer; what is left out is emptied, but for greetings."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    name: Text300 = Field("", description="As it is written on an envelope.")
    language: str = Field("", max_length=10, description="A tag such as lt or zh-hans.")
    time_zone: str = Field("", max_length=64, description="A name such as Europe/Vilnius.")
    birthday: BirthdayIO | None = None
    attributes: dict[Text100, Text1000 | Whole | bool | None] = Field(
        default_factory=dict, max_length=100, description="Whatever else you know of him."
    )
    greetings: dict[Text100, Text100] | None = Field(
        None,
        max_length=50,
        description="How he is greeted, by language; left out, what staff wrote stays.",
    )


class CustomerOut(BaseModel):
    """A customer."""

    id: str
    name: str
    language: str
    time_zone: str
    birthday: BirthdayIO | None
    attributes: dict[str, object]
    greetings: dict[str, str]
    is_stub: bool = Field(description="Whether only an order has named him so far.")
    merged: bool = Field(description="Whether this record was merged into another.")
    made_at: datetime
    changed_at: datetime


class Customers(BaseModel):
    """A page of customers."""

    items: list[CustomerOut]
    next: str | None = Field(description="The `after` of the next page; null on the last.")


class MergeIn(BaseModel):
    """Into whom a record is merged."""

    model_config = ConfigDict(extra="forbid")

    into: Text200 = Field(description="The id of the record that stays.")


@router.put(
    "/{id}",
    auth=Bearer(Permission.WRITE_CUSTOMERS),
    response={200: CustomerOut, 201: CustomerOut},
    summary="Make or change a customer",
)
def put_customer(request: HttpRequest, id: Id, told: CustomerIn) -> HttpResponse:  # noqa: A002 - the path's name
    """Make a customer, or replace what is known of him; one whom an order named is no stub then.

    What is left out is emptied, but for greetings, which the staff may have written.
    """
    key, moment = caller(request), now()
    day = told.birthday
    data = CustomerData(
        id=id,
        name=told.name,
        language=told.language,
        time_zone=told.time_zone,
        birthday=None if day is None else Birthday(day.month, day.day, day.year),
        attributes=told.attributes,
        greetings=told.greetings,
    )
    found = problems_of_customer(
        id, language=data.language, time_zone=data.time_zone, birthday=data.birthday
    )
    attributes = problems_of_attributes(data.attributes, attribute_kinds())
    greetings = problems_of_greetings(data.greetings or {})
    if errors := as_errors([*found, *attributes, *greetings]):
        raise RefusedError(422, "A field cannot be used.", errors)

    def act() -> tuple[int, object]:
        made = put_customers([data], actor=key.actor, now=moment)
        return (201 if made else 200), _get(id).model_dump(mode="json")

    return answer_once(request, key.actor, moment, act)


@router.get(
    "/{id}",
    auth=Bearer(Permission.READ_CUSTOMERS),
    response=CustomerOut,
    summary="Show a customer",
)
def get_customer(request: HttpRequest, id: Id) -> CustomerOut:  # noqa: A002 - the path's name
    """A customer by his id."""
    row = _find(id)
    record_seen(caller(request).actor, f"customer:{row.number}", now())
    return _out(row)


@router.get(
    "", auth=Bearer(Permission.READ_CUSTOMERS), response=Customers, summary="List customers"
)
def get_customers(  # noqa: PLR0913 - one filter an argument
    request: HttpRequest,
    *,
    after: After = "",
    search: Annotated[
        str,
        Query(description="Beginnings of names, blind to accents and script, or of an id."),
    ] = "",
    source: Annotated[
        str, Query(description="Whose ids: `api` for your own, or the name of an import's source.")
    ] = API,
    language: Annotated[str | None, Query(description="Only who speaks it.")] = None,
    contact_person: Annotated[
        int | None, Query(ge=1, lt=2**63, description="Only those of this member of the staff.")
    ] = None,
    is_stub: Annotated[
        bool | None, Query(description="Only those whom an order alone has named, or the others.")
    ] = None,
    made_since: Annotated[
        Moment | None, Query(description="Only those made at this instant or later.")
    ] = None,
    limit: Limit = 100,
) -> Customers:
    """Customers in the order of their ids, a page at a time."""
    only = Only(
        language=language, contact_person=contact_person, is_stub=is_stub, made_since=made_since
    )
    rows = list_customers(source=source, after=after, search=search, only=only, limit=limit + 1)
    record_seen(caller(request).actor, "customers", now())
    items, following = page(rows, limit, _out, lambda row: row.id)
    return Customers(items=items, next=following)


@router.post(
    "/{id}/merge",
    auth=Bearer(Permission.WRITE_CUSTOMERS),
    response=CustomerOut,
    summary="Merge two records of one person",
)
def post_merge(request: HttpRequest, id: Id, told: MergeIn) -> HttpResponse:  # noqa: A002 - the path's name
    """Say that a record and another are one person.

    Both ids go on naming him; nothing is moved, so that it can be undone.
    """
    key, moment = caller(request), now()

    def act() -> tuple[int, object]:
        merge_customers(id, told.into, actor=key.actor, now=moment)
        return 200, _get(id).model_dump(mode="json")

    return answer_once(request, key.actor, moment, act)


@router.post(
    "/{id}/part",
    auth=Bearer(Permission.WRITE_CUSTOMERS),
    response=CustomerOut,
    summary="Undo a merge",
)
def post_part(request: HttpRequest, id: Id) -> HttpResponse:  # noqa: A002 - the path's name
    """Undo the merge of a record into another."""
    key, moment = caller(request), now()

    def act() -> tuple[int, object]:
        part_customers(id, actor=key.actor, now=moment)
        return 200, _get(id).model_dump(mode="json")

    return answer_once(request, key.actor, moment, act)


def _get(id_: str) -> CustomerOut:
    return _out(_find(id_))


def _find(id_: str) -> CustomerRow:
    row = find_customer(id_)
    if row is None:
        raise RefusedError(404, f"There is no customer {id_}.")
    return row


def _out(row: CustomerRow) -> CustomerOut:
    day = row.birthday
    return CustomerOut(
        id=row.id,
        name=row.name,
        language=row.language,
        time_zone=row.time_zone,
        birthday=None if day is None else BirthdayIO(month=day.month, day=day.day, year=day.year),
        attributes=dict(row.attributes),
        greetings=dict(row.greetings),
        is_stub=row.is_stub,
        merged=row.merged_into is not None,
        made_at=row.made_at,
        changed_at=row.changed_at,
    )
