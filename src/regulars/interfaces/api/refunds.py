"""Refunds: they may come before their orders."""

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import BaseModel, ConfigDict, Field

from regulars.apps.accounts.rules import Permission
from regulars.apps.orders.operations import take_refunds
from regulars.apps.orders.queries import RefundRow, find_refund, list_refunds
from regulars.apps.orders.rules import RefundData, problems_of_refund
from regulars.interfaces.api.access import Bearer, caller
from regulars.interfaces.api.bodies import read_body
from regulars.interfaces.api.described import one_or_many
from regulars.interfaces.api.fields import Exact, Text60, Time
from regulars.interfaces.api.lists import Results, only, results, sort_out, status_of
from regulars.interfaces.api.numbers import plain
from regulars.interfaces.api.pages import After, Id, Limit, Moment, OfCustomer, page
from regulars.interfaces.api.problems import RefusedError
from regulars.interfaces.api.writing import answer_once
from regulars.interfaces.clock import now

router = Router()


class RefundIn(BaseModel):
    """A refund, in the currency of its order."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    id: str = Field(description="Your own id of the refund; unique among all refunds.")
    refunded_at: Time = Field(description="When the money went back, with its offset.")
    amount: Exact = Field(description="How much went back: above 0, at most 4 decimal places.")
    lines: list[Text60] = Field(
        default_factory=list,
        max_length=10_000,
        description="The `line` of each line of the order that came back.",
    )


class RefundOut(BaseModel):
    """A refund, in the currency of its order."""

    id: str
    order_id: str
    refunded_at: datetime
    amount: str
    lines: list[str]


class Refunds(BaseModel):
    """A page of refunds."""

    items: list[RefundOut]
    next: str | None = Field(description="The `after` of the next page; null on the last.")


@router.post(
    "orders/{id}/refunds",
    auth=Bearer(Permission.WRITE_ORDERS),
    response={200: RefundOut | Results, 201: RefundOut},
    summary="Take a refund, or a list of them",
    openapi_extra=one_or_many(RefundIn),
)
def post_refunds(request: HttpRequest, id: Id) -> HttpResponse:  # noqa: A002 - the path's name
    """Make refunds of an order, or replace them by their ids.

    The order may come later. Refunds of more than the order's amount are taken as they are told;
    the order's `refunded` never exceeds its `amount`.
    """
    key, moment = caller(request), now()
    told = read_body(request)
    rows = told if isinstance(told, list) else [told]
    taken = sort_out(rows, RefundIn, lambda row: _refund(id, row), problems_of_refund)

    def act() -> tuple[int, object]:
        one = None if isinstance(told, list) else only(taken)
        outcomes = take_refunds(list(taken.good.values()), actor=key.actor, now=moment)
        if one is None:
            return 200, results(rows, taken, dict(zip(taken.good, outcomes, strict=True)))
        return status_of(outcomes), _get(one.id).model_dump(mode="json")

    return answer_once(request, key.actor, moment, act)


@router.get(
    "refunds/{id}",
    auth=Bearer(Permission.READ_ORDERS),
    response=RefundOut,
    summary="Show a refund",
)
def get_refund(request: HttpRequest, id: Id) -> RefundOut:  # noqa: A002 - the path's name
    """A refund by its id."""
    return _get(id)


@router.get(
    "refunds", auth=Bearer(Permission.READ_ORDERS), response=Refunds, summary="List refunds"
)
def get_refunds(  # noqa: PLR0913 - each is a parameter of the address
    request: HttpRequest,
    *,
    after: After = "",
    order_id: Annotated[str | None, Query(description="Only those of this order.")] = None,
    customer_id: OfCustomer = None,
    refunded_from: Annotated[
        Moment | None, Query(description="Only those of this instant or later, with its offset.")
    ] = None,
    refunded_before: Annotated[
        Moment | None, Query(description="Only those before this instant, with its offset.")
    ] = None,
    limit: Limit = 100,
) -> Refunds:
    """Refunds in the order of their ids, a page at a time."""
    rows = list_refunds(
        after=after,
        order_id=order_id,
        customer_id=customer_id,
        from_at=refunded_from,
        before=refunded_before,
        limit=limit + 1,
    )
    items, following = page(rows, limit, refund_out, lambda row: row.id)
    return Refunds(items=items, next=following)


def refund_out(row: RefundRow) -> RefundOut:
    """A refund as it is shown."""
    return RefundOut(
        id=row.id,
        order_id=row.order_id,
        refunded_at=row.refunded_at,
        amount=plain(row.amount),
        lines=list(row.lines),
    )


def _refund(order_id: str, told: RefundIn) -> RefundData:
    return RefundData(
        id=told.id,
        order_id=order_id,
        refunded_at=told.refunded_at,
        amount=told.amount,
        lines=tuple(told.lines),
    )


def _get(id_: str) -> RefundOut:
    row = find_refund(id_)
    if row is None:
        raise RefusedError(404, f"There is no refund {id_}.")
    return refund_out(row)
