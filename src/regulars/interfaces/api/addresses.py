"""How a customer is reached."""

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field

from regulars.apps.accounts.rules import Permission
from regulars.apps.contact.operations.addresses import AddressData
from regulars.apps.contact.operations.addresses import put_addresses as keep_addresses
from regulars.apps.contact.queries.addresses import list_addresses
from regulars.apps.contact.queries.policy import get_policy
from regulars.apps.contact.rules.addresses import (
    LONGEST_ADDRESS,
    MOST_ADDRESSES,
    problems_of_address,
)
from regulars.apps.contact.rules.purposes import Channel
from regulars.apps.journal.operations import record_seen
from regulars.interfaces.api.access import Bearer, caller
from regulars.interfaces.api.fields import Lines
from regulars.interfaces.api.known import number_of
from regulars.interfaces.api.pages import Id
from regulars.interfaces.api.problems import RefusedError, as_errors
from regulars.interfaces.api.writing import answer_once
from regulars.interfaces.clock import now

router = Router()

_Told = Annotated[Lines, Field(min_length=1, max_length=LONGEST_ADDRESS)]


class AddressIn(BaseModel):
    """A way to reach a customer."""

    model_config = ConfigDict(extra="forbid")

    channel: Channel
    value: _Told = Field(
        description="An address of e-mail, a number of a telephone, or a postal address in lines."
    )
    verified: bool = Field(
        default=False, description="Somebody showed that what is sent there reaches him."
    )


class AddressesIn(BaseModel):
    """All ways to reach a customer; of each channel the first is used first."""

    model_config = ConfigDict(extra="forbid")

    items: list[AddressIn] = Field(max_length=3 * MOST_ADDRESSES)


class AddressOut(BaseModel):
    """A way to reach a customer, as it is written to."""

    channel: Channel
    value: str
    verified_at: datetime | None
    changed_at: datetime


class Addresses(BaseModel):
    """Every way to reach the person, in the order in which they are used."""

    customer_id: str
    items: list[AddressOut]


@router.get(
    "/{id}/addresses",
    auth=Bearer(Permission.READ_CONTACTS),
    response=Addresses,
    summary="List a customer's addresses",
)
def get_addresses(request: HttpRequest, id: Id) -> Addresses:  # noqa: A002 - the path's name
    """Every way to reach the person, merged records included."""
    number = number_of(id)
    record_seen(caller(request).actor, f"customer:{number}", now())
    return _addresses(id, number)


@router.put(
    "/{id}/addresses",
    auth=Bearer(Permission.WRITE_CONTACTS),
    response=Addresses,
    summary="Say how a customer is reached",
)
def put_addresses(request: HttpRequest, id: Id, told: AddressesIn) -> HttpResponse:  # noqa: A002 - the path's name
    """Replace every way to reach the person; what is not among them is forgotten.

    A number without its country's code is read as the firm's country dials it.
    """
    key, moment, number = caller(request), now(), number_of(id)
    country = get_policy().country
    found = [
        problem
        for place, one in enumerate(told.items)
        for problem in problems_of_address(f"items.{place}.value", one.channel, one.value, country)
    ]
    if errors := as_errors(found):
        raise RefusedError(422, "A field cannot be used.", errors)
    wanted = [AddressData(one.channel, one.value, one.verified) for one in told.items]

    def act() -> tuple[int, object]:
        keep_addresses(number, wanted, actor=key.actor, now=moment)
        return 200, _addresses(id, number).model_dump(mode="json")

    return answer_once(request, key.actor, moment, act)


def _addresses(id_: str, number: int) -> Addresses:
    return Addresses(
        customer_id=id_,
        items=[
            AddressOut(
                channel=row.channel,
                value=row.value,
                verified_at=row.verified_at,
                changed_at=row.changed_at,
            )
            for row in list_addresses(number)
        ],
    )
