"""Subscriptions by the caller's own ids."""

from datetime import date
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field

from regulars.apps.accounts.rules import Permission
from regulars.apps.orders.operations import Outcome, put_subscription
from regulars.apps.orders.queries import find_subscription
from regulars.apps.orders.rules import Every, SubscriptionData, problems_of_subscription
from regulars.interfaces.api.access import Bearer, caller
from regulars.interfaces.api.numbers import plain
from regulars.interfaces.api.problems import RefusedError, as_errors
from regulars.interfaces.api.writing import answer_once
from regulars.interfaces.clock import now

router = Router()


class SubscriptionIn(BaseModel):
    """A subscription; it runs until ``ended_on``, that day included."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    customer_id: str
    plan: str = Field("", max_length=200)
    started_on: date
    ended_on: date | None = None
    currency: str
    amount: Decimal
    every: Every


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


@router.put(
    "/{id}",
    auth=Bearer(Permission.WRITE_ORDERS),
    response={200: SubscriptionOut, 201: SubscriptionOut},
    summary="Make or change a subscription",
)
def put(request: HttpRequest, id: str, told: SubscriptionIn) -> HttpResponse:  # noqa: A002 - the path's name
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
        outcome = put_subscription(data, actor=key.actor, now=moment)
        return (201 if outcome is Outcome.CREATED else 200), _get(id).model_dump(mode="json")

    return answer_once(request, key.actor, moment, act)


@router.get(
    "/{id}",
    auth=Bearer(Permission.READ_ORDERS),
    response=SubscriptionOut,
    summary="Show a subscription",
)
def show(request: HttpRequest, id: str) -> SubscriptionOut:  # noqa: A002 - the path's name
    """A subscription by its id."""
    return _get(id)


def _get(id_: str) -> SubscriptionOut:
    row = find_subscription(id_)
    if row is None:
        raise RefusedError(404, f"There is no subscription {id_}.")
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
