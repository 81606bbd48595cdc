"""Rows of imports are understood exactly as the bodies of single calls are."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from pydantic import BaseModel, ConfigDict, Field

from regulars.apps.contact.operations.addresses import CustomerAddress
from regulars.apps.contact.operations.consents import CustomerConsent
from regulars.apps.contact.queries.policy import get_policy
from regulars.apps.contact.rules.addresses import LONGEST_ADDRESS, problems_of_address
from regulars.apps.contact.rules.consents import LONGEST_VERSION, problems_of_said
from regulars.apps.contact.rules.purposes import Basis, Channel, Consent, Purpose
from regulars.apps.intake.rules import Bodies, Checked, Fault, Kind
from regulars.apps.orders.rules import (
    CostData,
    ProductData,
    RefundData,
    SubscriptionData,
    problems_of,
    problems_of_cost,
    problems_of_product,
    problems_of_refund,
    problems_of_subscription,
)
from regulars.apps.people.operations import CustomerData
from regulars.apps.people.queries import attribute_kinds
from regulars.apps.people.rules import (
    Birthday,
    problems_of_attributes,
    problems_of_customer,
    problems_of_greetings,
)
from regulars.interfaces.api.bodies import read_text
from regulars.interfaces.api.costs import CostIn
from regulars.interfaces.api.customers import CustomerIn
from regulars.interfaces.api.fields import Lines, Text200, Text1000, Time, Whole
from regulars.interfaces.api.lists import sort_out
from regulars.interfaces.api.orders import OrderIn, order_of
from regulars.interfaces.api.problems import FieldError, RefusedError
from regulars.interfaces.api.products import OneProductIn
from regulars.interfaces.api.refunds import RefundIn
from regulars.interfaces.api.subscriptions import SubscriptionIn
from regulars.interfaces.clock import now
from regulars.kernel.problems import Problem, problems_of_id
from regulars.kernel.wording import say


class CustomerRowIn(CustomerIn):
    """A customer with his id."""

    id: str


class RefundRowIn(RefundIn):
    """A refund with the id of its order."""

    order_id: str


class SubscriptionRowIn(SubscriptionIn):
    """A subscription with its id."""

    id: str


class CostRowIn(CostIn):
    """A cost with its id."""

    id: str


class AddressRowIn(BaseModel):
    """How a customer is reached; what is left out stays as it is."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    customer_id: str
    email: Lines = Field("", max_length=LONGEST_ADDRESS)
    phone: Lines = Field("", max_length=LONGEST_ADDRESS)
    post: Lines = Field("", max_length=LONGEST_ADDRESS)


class ConsentRowIn(BaseModel):
    """What a customer said elsewhere."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    customer_id: str
    purpose: Purpose
    channel: Channel = Channel.EMAIL
    state: Consent
    basis: Basis = Basis.CONSENT
    at: Time
    wording: str = Field("", max_length=LONGEST_VERSION)
    language: str = Field("", max_length=10)
    proof: dict[Text200, Text1000 | Whole | float | bool | None] = Field(
        default_factory=dict, max_length=100
    )
    address: Lines = Field("", max_length=LONGEST_ADDRESS)


def _customer(told: CustomerRowIn) -> CustomerData:
    day = told.birthday
    return CustomerData(
        id=told.id,
        name=told.name,
        language=told.language,
        time_zone=told.time_zone,
        birthday=None if day is None else Birthday(day.month, day.day, day.year),
        attributes=told.attributes,
        greetings=told.greetings,
    )


def _problems_of_customer(told: CustomerData) -> Iterator[Problem]:
    yield from problems_of_customer(
        told.id, language=told.language, time_zone=told.time_zone, birthday=told.birthday
    )
    yield from problems_of_attributes(told.attributes, attribute_kinds())
    yield from problems_of_greetings(told.greetings or {})


def _refund(told: RefundRowIn) -> RefundData:
    return RefundData(
        id=told.id,
        order_id=told.order_id,
        refunded_at=told.refunded_at,
        amount=told.amount,
        lines=tuple(told.lines),
    )


def _addresses(told: AddressRowIn) -> list[CustomerAddress]:
    values = {Channel.EMAIL: told.email, Channel.PHONE: told.phone, Channel.POST: told.post}
    return [
        CustomerAddress(customer_id=told.customer_id, channel=channel, value=value)
        for channel, value in values.items()
        if value.strip()
    ]


def _problems_of_addresses(told: list[CustomerAddress], country: str) -> Iterator[Problem]:
    if not told:
        yield Problem("", say("The row tells no address: give email, phone or post."))
        return
    yield from problems_of_id("customer_id", told[0].customer_id)
    for one in told:
        yield from problems_of_address(one.channel.value, one.channel, one.value, country)


def _consent(told: ConsentRowIn) -> CustomerConsent:
    return CustomerConsent(**told.model_dump())


def _problems_of_consent(told: CustomerConsent, country: str) -> Iterator[Problem]:
    yield from problems_of_id("customer_id", told.customer_id)
    yield from problems_of_said(told, now())
    if told.address:
        yield from problems_of_address("address", told.channel, told.address, country)


def _bodies[M: BaseModel, T](
    schema: type[M], read: Callable[[M], T], check: Callable[[T], Iterable[Problem]]
) -> Bodies:
    def checked(rows: Sequence[object]) -> Checked:
        taken = sort_out(rows, schema, read, check)
        bad = {place: [_fault(error) for error in errors] for place, errors in taken.bad.items()}
        return Checked(taken.good, bad)

    return Bodies(_parse, checked)


def _of_firm[M: BaseModel, T](
    schema: type[M], read: Callable[[M], T], check: Callable[[T, str], Iterable[Problem]]
) -> Bodies:
    """Rows that are judged by where the firm is."""

    def checked(rows: Sequence[object]) -> Checked:
        country = get_policy().country
        return _bodies(schema, read, lambda told: check(told, country)).check(rows)

    return Bodies(_parse, checked)


def _parse(text: bytes) -> object:
    try:
        return read_text(text)
    except RefusedError as error:
        raise ValueError(error.detail) from error


def _fault(error: FieldError) -> Fault:
    return Fault(error.field, say("{reason}", reason=error.message))


BODIES: Mapping[Kind, Bodies] = {
    Kind.ORDERS: _bodies(OrderIn, order_of, problems_of),
    Kind.CUSTOMERS: _bodies(CustomerRowIn, _customer, _problems_of_customer),
    Kind.REFUNDS: _bodies(RefundRowIn, _refund, problems_of_refund),
    Kind.PRODUCTS: _bodies(
        OneProductIn, lambda told: ProductData(**told.model_dump()), problems_of_product
    ),
    Kind.COSTS: _bodies(CostRowIn, lambda told: CostData(**told.model_dump()), problems_of_cost),
    Kind.SUBSCRIPTIONS: _bodies(
        SubscriptionRowIn,
        lambda told: SubscriptionData(**told.model_dump()),
        problems_of_subscription,
    ),
    Kind.ADDRESSES: _of_firm(AddressRowIn, _addresses, _problems_of_addresses),
    Kind.CONSENTS: _of_firm(ConsentRowIn, _consent, _problems_of_consent),
}
"""How a row of each kind is understood."""
