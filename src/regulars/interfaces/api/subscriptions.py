"""Subscriptions by the caller's own ids."""

from datetime import date
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import BaseModel, ConfigDict, Field

from regulars.apps.accounts.rules import Permission
from regulars.apps.orders.operations import Outcome
from regulars.apps.orders.operations import put_subscription as keep_subscription
from regulars.apps.orders.queries import SubscriptionRow, find_subscription, list_subscriptions
from regulars.apps.orders.rules import Every, SubscriptionData, problems_of_subscription
from regulars.interfaces.api.access import Bearer, caller
from regulars.interfaces.api.fields import Day, Exact, Text200
from regulars.interfaces.api.numbers import plain
from regulars.interfaces.api.pages import After, Id, Limit, OfCustomer, page
from regulars.interfaces.api.problems import RefusedError, as_errors
from regulars.interfaces.api.writing import answer_once
from regulars.interfaces.clock import now

router = Router()


class SubscriptionIn(BaseModel):
    """A subscription."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    customer_id: str = Field(description="Your own id of the customer; a new one is made.")
    plan: Text200 = Field("", description="Your own name of what is subscribed to.")
    started_on: Day = Field(description="The first day.")
    ended_on: Day | None = Field(None, description="The last day, included; null while it runs.")
    currency: str = Field(description="The code of ISO 4217, as EUR.")
    amount: Exact = Field(description="What one payment is: at most 4 decimal places.")
    every: Every = Field(description="How often it is paid.")


class SubscriptionOut(BaseModel):
    """A subscription."""

    id: str
    customer_id: str | None
    plan: str
    started_on: date
    ended_on: date | None
    currency: str
    amount: str
    every: Every


class Subscriptions(BaseModel):
    """A page of subscriptions."""

    items: list[SubscriptionOut]
    next: str | None = Field(description="The `after` of the next page; null on the last.")


@router.put(
    "/{id}",
    auth=Bearer(Permission.WRITE_ORDERS),
    response={200: SubscriptionOut, 201: SubscriptionOut},
    summary="Make or change a subscription",
)
def put_subscription(request: HttpRequest, id: Id, told: SubscriptionIn) -> HttpResponse:  # noqa: A002 - the path's name
    """Make a subscription, or replace what is known of it."""
    key, moment = caller(request), now()
    data = SubscriptionData(
        id=id,
        customer_id=told.customer_id,
        plan=told.plan,
        started_on=told.started_on,
        ended_on=told.ended_on,
        currency=told.currency,
        amount=told.amount,
        every=told.every,
    )
    if errors := as_errors(problems_of_subscription(data)):
        raise RefusedError(422, "A field cannot be used.", errors)

    def act() -> tuple[int, object]:
        outcome = keep_subscription(data, actor=key.actor, now=moment)
        return (201 if outcome is Outcome.CREATED else 200), _get(id).model_dump(mode="json")

    return answer_once(request, key.actor, moment, act)


@router.get(
    "/{id}",
    auth=Bearer(Permission.READ_ORDERS),
    response=SubscriptionOut,
    summary="Show a subscription",
)
def get_subscription(request: HttpRequest, id: Id) -> SubscriptionOut:  # noqa: A002 - the path's name
    """A subscription by its id."""
    return _get(id)


@router.get(
    "",
    auth=Bearer(Permission.READ_ORDERS),
    response=Subscriptions,
    summary="List subscriptions",
)
def get_subscriptions(
    request: HttpRequest,
    after: After = "",
    customer_id: OfCustomer = None,
    active_on: Annotated[date | None, Query(description="Only those that ran that day.")] = None,
    limit: Limit = 100,
) -> Subscriptions:
    """Subscriptions in the order of their ids, a page at a time."""
    rows = list_subscriptions(
        after=after, customer_id=customer_id, active_on=active_on, limit=limit + 1
    )
    items, following = page(rows, limit, _out, lambda row: row.id)
    return Subscriptions(items=items, next=following)


def _get(id_: str) -> SubscriptionOut:
    row = find_subscription(id_)
    if row is None:
        raise RefusedError(404, f"There is no subscription {id_}.")
    return _out(row)


def _out(row: SubscriptionRow) -> SubscriptionOut:
    return SubscriptionOut(
        id=row.id,
        customer_id=row.customer_id,
        plan=row.plan,
        started_on=row.started_on,
        ended_on=row.ended_on,
        currency=row.currency,
        amount=plain(row.amount),
        every=row.every,
    )
