"""Costs of winning and keeping customers, by the caller's own ids."""

from datetime import date, datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import BaseModel, ConfigDict, Field

from regulars.apps.accounts.rules import Permission
from regulars.apps.orders.operations import put_costs
from regulars.apps.orders.queries import CostRow, find_cost, list_costs
from regulars.apps.orders.rules import CostData, CostKind, problems_of_cost
from regulars.interfaces.api.access import Bearer, caller
from regulars.interfaces.api.fields import Day, Exact
from regulars.interfaces.api.lists import status_of
from regulars.interfaces.api.numbers import plain
from regulars.interfaces.api.pages import After, Id, Limit, page
from regulars.interfaces.api.problems import RefusedError, as_errors
from regulars.interfaces.api.writing import answer_once
from regulars.interfaces.clock import now

router = Router()


class CostIn(BaseModel):
    """What was spent in a span of days."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    kind: CostKind = Field(description="Spent to `acquire` customers or to `keep` them.")
    from_on: Day = Field(description="The first day.")
    to_on: Day = Field(description="The last day, included.")
    currency: str = Field(description="The code of ISO 4217, as EUR.")
    amount: Exact = Field(description="From 0 up, at most 4 decimal places.")


class CostOut(BaseModel):
    """What was spent in a span of days."""

    id: str
    kind: CostKind
    from_on: date
    to_on: date
    currency: str
    amount: str
    changed_at: datetime


class Costs(BaseModel):
    """A page of costs."""

    items: list[CostOut]
    next: str | None = Field(description="The `after` of the next page; null on the last.")


@router.put(
    "/{id}",
    auth=Bearer(Permission.WRITE_ORDERS),
    response={200: CostOut, 201: CostOut},
    summary="Make or change a cost",
)
def put_cost(request: HttpRequest, id: Id, told: CostIn) -> HttpResponse:  # noqa: A002 - the path's name
    """Make a cost, or replace what is known of it."""
    key, moment = caller(request), now()
    data = CostData(
        id=id,
        kind=told.kind,
        from_on=told.from_on,
        to_on=told.to_on,
        currency=told.currency,
        amount=told.amount,
    )
    if errors := as_errors(problems_of_cost(data)):
        raise RefusedError(422, "A field cannot be used.", errors)

    def act() -> tuple[int, object]:
        outcomes = put_costs([data], actor=key.actor, now=moment)
        return status_of(outcomes), _get(id).model_dump(mode="json")

    return answer_once(request, key.actor, moment, act)


@router.get("/{id}", auth=Bearer(Permission.READ_ORDERS), response=CostOut, summary="Show a cost")
def get_cost(request: HttpRequest, id: Id) -> CostOut:  # noqa: A002 - the path's name
    """A cost by its id."""
    return _get(id)


@router.get("", auth=Bearer(Permission.READ_ORDERS), response=Costs, summary="List costs")
def get_costs(
    request: HttpRequest,
    after: After = "",
    kind: Annotated[CostKind | None, Query(description="Only those of this kind.")] = None,
    limit: Limit = 100,
) -> Costs:
    """Costs in the order of their ids, a page at a time."""
    rows = list_costs(after=after, kind=kind, limit=limit + 1)
    items, following = page(rows, limit, _out, lambda row: row.id)
    return Costs(items=items, next=following)


def _get(id_: str) -> CostOut:
    row = find_cost(id_)
    if row is None:
        raise RefusedError(404, f"There is no cost {id_}.")
    return _out(row)


def _out(row: CostRow) -> CostOut:
    return CostOut(
        id=row.id,
        kind=row.kind,
        from_on=row.from_on,
        to_on=row.to_on,
        currency=row.currency,
        amount=plain(row.amount),
        changed_at=row.changed_at,
    )
