"""Orders with their lines."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import BaseModel, ConfigDict, Field, model_validator

from regulars.apps.accounts.rules import Permission
from regulars.apps.orders.operations import take_orders
from regulars.apps.orders.queries import (
    OrderRow,
    as_told,
    find_order,
    list_newest_orders,
    list_orders,
)
from regulars.apps.orders.rules import LineData, OrderData, problems_of
from regulars.interfaces.api.access import Bearer, caller
from regulars.interfaces.api.bodies import read_body
from regulars.interfaces.api.described import one_or_many
from regulars.interfaces.api.fields import Exact, Text60, Text100, Text200, Time
from regulars.interfaces.api.lists import Results, only, results, sort_out, status_of
from regulars.interfaces.api.numbers import plain
from regulars.interfaces.api.pages import (
    After,
    Id,
    Limit,
    Moment,
    OfCustomer,
    cursor_of,
    page,
    read_cursor,
)
from regulars.interfaces.api.problems import RefusedError
from regulars.interfaces.api.refunds import RefundOut, refund_out
from regulars.interfaces.api.writing import answer_once
from regulars.interfaces.clock import now

router = Router()


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class LineIn(_In):
    """A line of an order."""

    line: Text60 | None = Field(
        None,
        description="Your own name of the line, unique in the order; its place, counted from 1, "
        "where it is left out.",
    )
    product_id: str = Field(description="Your own id of the product; a new one is made.")
    category: Text200 = Field("", description="The category at the time of sale.")
    quantity: Exact = Field(Decimal(1), description="How many: above 0, at most 3 decimal places.")
    amount: Exact = Field(
        description="What the whole line cost, in the order's currency: from 0 up, at most 4 "
        "decimal places; text keeps it exact."
    )
    unit_cost: Exact | None = Field(None, description="What one piece cost you.")


class OrderIn(_In):
    """An order."""

    id: str = Field(description="Your own id: 1 to 200 characters that can be printed.")
    customer_id: str | None = Field(
        None, description="Your own id of the customer; without it nobody was recognised."
    )
    ordered_at: Time = Field(description="When it was bought, with its offset.")
    currency: str = Field(description="The code of ISO 4217, as EUR.")
    amount: Exact | None = Field(
        None,
        description="What was paid, from 0 up, at most 4 decimal places. It may be left out "
        "where there are lines, and must equal their sum.",
    )
    channel: Text100 = Field("", description="As web, till, telephone.")
    store: Text100 = Field("", description="Your own name of the store.")
    lines: list[LineIn] = Field(default_factory=list, max_length=10_000)

    @model_validator(mode="after")
    def _has_an_amount(self) -> Self:
        if self.amount is None and not self.lines:
            raise ValueError("an order has an amount, or lines")
        return self


class LineOut(BaseModel):
    """A line of an order."""

    line: str
    product_id: str
    category: str
    quantity: str
    amount: str
    unit_cost: str | None


class OrderOut(BaseModel):
    """An order with its lines and refunds."""

    id: str
    customer_id: str | None
    ordered_at: datetime = Field(description="With the offset that it was told with.")
    currency: str
    amount: str
    refunded: str = Field(description="The sum of its refunds, at most its amount.")
    channel: str
    store: str
    lines: list[LineOut]
    refunds: list[RefundOut]


class Orders(BaseModel):
    """A page of orders."""

    items: list[OrderOut]
    next: str | None = Field(description="The `after` of the next page; null on the last.")


class Sort(StrEnum):
    """In which order a list comes."""

    ID = "id"
    NEWEST = "newest"


@router.post(
    "orders",
    auth=Bearer(Permission.WRITE_ORDERS),
    response={200: OrderOut | Results, 201: OrderOut},
    summary="Take an order, or a list of them",
    openapi_extra=one_or_many(OrderIn),
)
def post_orders(request: HttpRequest) -> HttpResponse:
    """Make orders, or replace them by their ids, lines included; the same again changes nothing.

    One order is answered with itself: 201 where it is new, 200 where it was known. A list is taken
    row by row and answered 200 with a result for each: what is wrong with a row does not hold up
    the others. A customer whom nobody knows yet is made, as a stub.
    """
    key, moment = caller(request), now()
    told = read_body(request)
    rows = told if isinstance(told, list) else [told]
    taken = sort_out(rows, OrderIn, order_of, problems_of)

    def act() -> tuple[int, object]:
        one = None if isinstance(told, list) else only(taken)
        outcomes = take_orders(list(taken.good.values()), actor=key.actor, now=moment)
        if one is None:
            return 200, results(rows, taken, dict(zip(taken.good, outcomes, strict=True)))
        return status_of(outcomes), _out(as_told(one)).model_dump(mode="json")

    return answer_once(request, key.actor, moment, act)


@router.get("orders", auth=Bearer(Permission.READ_ORDERS), response=Orders, summary="List orders")
def get_orders(  # noqa: PLR0913 - each is a parameter of the address
    request: HttpRequest,
    *,
    after: After = "",
    customer_id: OfCustomer = None,
    ordered_from: Annotated[
        Moment | None, Query(description="Only those of this instant or later, with its offset.")
    ] = None,
    ordered_before: Annotated[
        Moment | None, Query(description="Only those before this instant, with its offset.")
    ] = None,
    sort: Annotated[
        Sort, Query(description="By `id`, as for a complete copy, or the `newest` first.")
    ] = Sort.ID,
    limit: Limit = 100,
) -> Orders:
    """Orders with their lines and refunds, a page at a time.

    Follow `next` until it is null, with the other parameters unchanged. By id, what is added while
    you read is found if its id is behind the page.
    """
    if sort is Sort.NEWEST:
        rows = list_newest_orders(
            after=read_cursor(after),
            customer_id=customer_id,
            from_at=ordered_from,
            before=ordered_before,
            limit=limit + 1,
        )
        items, following = page(rows, limit, _out, lambda row: cursor_of(row.ordered_at, row.id))
    else:
        rows = list_orders(
            after=after,
            customer_id=customer_id,
            from_at=ordered_from,
            before=ordered_before,
            limit=limit + 1,
        )
        items, following = page(rows, limit, _out, lambda row: row.id)
    return Orders(items=items, next=following)


@router.get(
    "orders/{id}",
    auth=Bearer(Permission.READ_ORDERS),
    response=OrderOut,
    summary="Show an order",
)
def get_order(request: HttpRequest, id: Id) -> OrderOut:  # noqa: A002 - the path's name
    """An order by its id, with its lines and refunds."""
    return _get(id)


def _get(id_: str) -> OrderOut:
    row = find_order(id_)
    if row is None:
        raise RefusedError(404, f"There is no order {id_}.")
    return _out(row)


def order_of(told: OrderIn) -> OrderData:
    """The order that a body tells."""
    lines = tuple(
        LineData(
            line=str(place) if line.line is None else line.line,
            product_id=line.product_id,
            category=line.category,
            quantity=line.quantity,
            amount=line.amount,
            unit_cost=line.unit_cost,
        )
        for place, line in enumerate(told.lines, start=1)
    )
    sum_ = sum((line.amount for line in lines), Decimal())
    return OrderData(
        id=told.id,
        customer_id=told.customer_id,
        ordered_at=told.ordered_at,
        currency=told.currency,
        amount=sum_ if told.amount is None else told.amount,
        channel=told.channel,
        store=told.store,
        lines=lines,
    )


def _out(row: OrderRow) -> OrderOut:
    return OrderOut(
        id=row.id,
        customer_id=row.customer_id,
        ordered_at=row.ordered_at,
        currency=row.currency,
        amount=plain(row.amount),
        refunded=plain(row.refunded),
        channel=row.channel,
        store=row.store,
        lines=[
            LineOut(
                line=line.line,
                product_id=line.product_id,
                category=line.category,
                quantity=plain(line.quantity),
                amount=plain(line.amount),
                unit_cost=None if line.unit_cost is None else plain(line.unit_cost),
            )
            for line in row.lines
        ],
        refunds=[refund_out(refund) for refund in row.refunds],
    )
