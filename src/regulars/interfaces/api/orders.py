"""Orders and refunds."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Self

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from regulars.apps.accounts.rules import Permission
from regulars.apps.orders.operations import Outcome, take_orders, take_refunds
from regulars.apps.orders.queries import OrderRow, RefundRow, find_order, list_orders
from regulars.apps.orders.rules import (
    LineData,
    OrderData,
    RefundData,
    problems_of,
    problems_of_refund,
)
from regulars.interfaces.api.access import Bearer, caller
from regulars.interfaces.api.bodies import read_body
from regulars.interfaces.api.described import one_or_many
from regulars.interfaces.api.lists import Results, only, results, sort_out
from regulars.interfaces.api.numbers import plain
from regulars.interfaces.api.problems import RefusedError
from regulars.interfaces.api.writing import answer_once
from regulars.interfaces.clock import now

router = Router()


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class LineIn(_In):
    """A line of an order."""

    line: str | None = Field(None, max_length=60)
    product_id: str
    category: str = Field("", max_length=200)
    quantity: Decimal = Decimal(1)
    amount: Decimal
    unit_cost: Decimal | None = None


class OrderIn(_In):
    """An order; ``amount`` may be left out where there are lines."""

    id: str
    customer_id: str | None = None
    ordered_at: AwareDatetime
    currency: str
    amount: Decimal | None = None
    channel: str = Field("", max_length=100)
    store: str = Field("", max_length=100)
    lines: list[LineIn] = Field(default_factory=list, max_length=10_000)

    @model_validator(mode="after")
    def _has_an_amount(self) -> Self:
        if self.amount is None and not self.lines:
            raise ValueError("an order has an amount, or lines")
        return self


class RefundIn(_In):
    """A refund; ``lines`` name the lines that came back."""

    id: str
    refunded_at: AwareDatetime
    amount: Decimal
    lines: list[str] = Field(default_factory=list)


class LineOut(BaseModel):
    """A line of an order."""

    line: str
    product_id: str
    category: str
    quantity: str
    amount: str
    unit_cost: str | None


class RefundOut(BaseModel):
    """A refund."""

    id: str
    order_id: str
    refunded_at: datetime
    amount: str
    lines: list[str]


class OrderOut(BaseModel):
    """An order with its lines and refunds."""

    id: str
    customer_id: str | None
    ordered_at: datetime
    currency: str
    amount: str
    refunded: str
    channel: str
    store: str
    lines: list[LineOut]
    refunds: list[RefundOut]


class Orders(BaseModel):
    """A page of orders; ``next`` is the cursor of the following page."""

    items: list[OrderOut]
    next: str | None


@router.post(
    "orders",
    auth=Bearer(Permission.WRITE_ORDERS),
    response={200: OrderOut | Results, 201: OrderOut},
    summary="Take an order, or a list of them",
    openapi_extra=one_or_many(OrderIn),
)
def post_orders(request: HttpRequest) -> HttpResponse:
    """Make orders, or replace them by their ids."""
    key, moment = caller(request), now()
    told = read_body(request)
    rows = told if isinstance(told, list) else [told]
    taken = sort_out(rows, OrderIn, order_of, problems_of)

    def act() -> tuple[int, object]:
        one = None if isinstance(told, list) else only(taken)
        outcomes = take_orders(list(taken.good.values()), actor=key.actor, now=moment)
        if one is None:
            return 200, results(rows, taken, dict(zip(taken.good, outcomes, strict=True)))
        return _status(outcomes), _shown(one.id)

    return answer_once(request, key.actor, moment, act)


@router.get("orders", auth=Bearer(Permission.READ_ORDERS), response=Orders, summary="List orders")
def get_orders(
    request: HttpRequest,
    after: str = "",
    customer_id: str | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Orders:
    """Orders in the order of their ids, a page at a time."""
    found = list_orders(after=after, customer_id=customer_id, limit=limit + 1)
    page = [_out(row) for row in found[:limit]]
    return Orders(items=page, next=page[-1].id if len(found) > limit else None)


@router.get(
    "orders/{id}",
    auth=Bearer(Permission.READ_ORDERS),
    response=OrderOut,
    summary="Show an order",
)
def get_order(request: HttpRequest, id: str) -> OrderOut:  # noqa: A002 - the path's name
    """An order by its id."""
    row = find_order(id)
    if row is None:
        raise RefusedError(404, f"There is no order {id}.")
    return _out(row)


@router.post(
    "orders/{id}/refunds",
    auth=Bearer(Permission.WRITE_ORDERS),
    response={200: RefundOut | Results, 201: RefundOut},
    summary="Take a refund, or a list of them",
    openapi_extra=one_or_many(RefundIn),
)
def post_refunds(request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002 - the path's name
    """Make refunds of an order, or replace them; the order may come later."""
    key, moment = caller(request), now()
    told = read_body(request)
    rows = told if isinstance(told, list) else [told]
    taken = sort_out(rows, RefundIn, lambda row: _refund(id, row), problems_of_refund)

    def act() -> tuple[int, object]:
        one = None if isinstance(told, list) else only(taken)
        outcomes = take_refunds(list(taken.good.values()), actor=key.actor, now=moment)
        if one is None:
            return 200, results(rows, taken, dict(zip(taken.good, outcomes, strict=True)))
        return _status(outcomes), _refund_told(one)

    return answer_once(request, key.actor, moment, act)


def _status(outcomes: Iterable[Outcome]) -> int:
    return 201 if Outcome.CREATED in outcomes else 200


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


def _refund(order_id: str, told: RefundIn) -> RefundData:
    return RefundData(
        id=told.id,
        order_id=order_id,
        refunded_at=told.refunded_at,
        amount=told.amount,
        lines=tuple(told.lines),
    )


def _shown(order_id: str) -> object:
    row = find_order(order_id)
    assert row is not None  # noqa: S101 - it was written in this transaction
    return _out(row).model_dump(mode="json")


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
        refunds=[_refund_out(refund) for refund in row.refunds],
    )


def _refund_out(row: RefundRow) -> RefundOut:
    return RefundOut(
        id=row.id,
        order_id=row.order_id,
        refunded_at=row.refunded_at,
        amount=plain(row.amount),
        lines=list(row.lines),
    )


def _refund_told(told: RefundData) -> object:
    return RefundOut(
        id=told.id,
        order_id=told.order_id,
        refunded_at=told.refunded_at,
        amount=plain(told.amount),
        lines=list(told.lines),
    ).model_dump(mode="json")
