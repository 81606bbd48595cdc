"""What an order may be: pure checks that name the field, the value and what would be accepted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from regulars.kernel.problems import Problem, problems_of_id
from regulars.kernel.wording import say
from regulars.warehouse.currencies import known_currencies

PLACES = 4
"""Decimal places that an amount may have."""
DIGITS = 15
"""Digits that an amount may have: as many as SQLite keeps exactly."""
LONGEST_NAME, LONGEST_CATEGORY = 300, 200
"""Of a product."""
_LARGEST = Decimal(10) ** 14
_LARGEST_QUANTITY = Decimal(10) ** 11
_QUANTITY_PLACES = 3
_FARTHEST = timedelta(hours=14)
_YEARS = range(1900, 2200)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineData:
    """A line as told; ``line`` is its place, counted from 1, where the caller has no name."""

    line: str
    product_id: str
    category: str = ""
    quantity: Decimal
    amount: Decimal
    unit_cost: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderData:
    """An order as told."""

    id: str
    customer_id: str | None
    ordered_at: datetime
    currency: str
    amount: Decimal
    channel: str = ""
    store: str = ""
    lines: tuple[LineData, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundData:
    """A refund as told; ``lines`` name what came back."""

    id: str
    order_id: str
    refunded_at: datetime
    amount: Decimal
    lines: tuple[str, ...] = ()


class Every(StrEnum):
    """How often a subscription is paid."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionData:
    """A subscription as told; it runs until ``ended_on``, that day included."""

    id: str
    customer_id: str
    started_on: date
    ended_on: date | None = None
    currency: str
    amount: Decimal
    every: Every
    plan: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductData:
    """A thing that is sold, as told; what is left out is emptied."""

    id: str
    name: str = ""
    category: str = ""


class CostKind(StrEnum):
    """What money was spent for."""

    ACQUIRE = "acquire"
    KEEP = "keep"


@dataclass(frozen=True, slots=True, kw_only=True)
class CostData:
    """What was spent from a day to a day, both included."""

    id: str
    kind: CostKind
    from_on: date
    to_on: date
    currency: str
    amount: Decimal


def problems_of(order: OrderData) -> Iterator[Problem]:
    """What is wrong with an order, field by field.

    >>> from datetime import UTC
    >>> order = OrderData(
    ...     id="1",
    ...     customer_id=None,
    ...     ordered_at=datetime(2026, 1, 2, tzinfo=UTC),
    ...     currency="EURO",
    ...     amount=Decimal("-1"),
    ... )
    >>> [problem.field for problem in problems_of(order)]
    ['currency', 'amount']
    """
    yield from problems_of_id("id", order.id)
    if order.customer_id is not None:
        yield from problems_of_id("customer_id", order.customer_id)
    yield from _of_moment("ordered_at", order.ordered_at)
    yield from _of_currency(order.currency)
    yield from _of_amount("amount", order.amount)
    yield from _of_lines(order.lines)
    if order.lines and sum(line.amount for line in order.lines) != order.amount:
        yield Problem(
            "amount",
            say(
                "The lines sum to {sum}, not to {amount}.",
                sum=sum((line.amount for line in order.lines), Decimal()),
                amount=order.amount,
            ),
        )


def problems_of_refund(refund: RefundData) -> Iterator[Problem]:
    """What is wrong with a refund, field by field."""
    yield from problems_of_id("id", refund.id)
    yield from problems_of_id("order_id", refund.order_id)
    yield from _of_moment("refunded_at", refund.refunded_at)
    yield from _of_amount("amount", refund.amount)
    if refund.amount == 0:
        yield Problem("amount", say("A refund is more than nothing."))


def problems_of_subscription(subscription: SubscriptionData) -> Iterator[Problem]:
    """What is wrong with a subscription, field by field."""
    yield from problems_of_id("id", subscription.id)
    yield from problems_of_id("customer_id", subscription.customer_id)
    yield from _of_currency(subscription.currency)
    yield from _of_amount("amount", subscription.amount)
    if subscription.ended_on is not None and subscription.ended_on < subscription.started_on:
        yield Problem("ended_on", say("It ended before it started."))


def problems_of_product(product: ProductData) -> Iterator[Problem]:
    """What is wrong with a product, field by field.

    >>> [it.field for it in problems_of_product(ProductData(id=" ", name="x" * 301))]
    ['id', 'name']
    """
    yield from problems_of_id("id", product.id)
    yield from _of_text("name", product.name, LONGEST_NAME)
    yield from _of_text("category", product.category, LONGEST_CATEGORY)


def problems_of_cost(cost: CostData) -> Iterator[Problem]:
    """What is wrong with a cost, field by field.

    >>> spent = CostData(
    ...     id="1",
    ...     kind=CostKind.KEEP,
    ...     from_on=date(2026, 1, 2),
    ...     to_on=date(2026, 1, 1),
    ...     currency="EUR",
    ...     amount=Decimal(5),
    ... )
    >>> [it.field for it in problems_of_cost(spent)]
    ['to_on']
    """
    yield from problems_of_id("id", cost.id)
    yield from _of_currency(cost.currency)
    yield from _of_amount("amount", cost.amount)
    if cost.to_on < cost.from_on:
        yield Problem("to_on", say("It ends before it starts."))


def _of_text(field: str, value: str, longest: int) -> Iterator[Problem]:
    if len(value) > longest or "\0" in value:
        yield Problem(field, say("Give at most {n} characters, none of them NUL.", n=longest))


def _of_currency(code: str) -> Iterator[Problem]:
    if code not in known_currencies():
        yield Problem(
            "currency", say("{code} is no currency: give a code of ISO 4217.", code=code)
        )


def _of_moment(field: str, value: datetime) -> Iterator[Problem]:
    offset = value.utcoffset()
    if offset is None:
        yield Problem(field, say("A time has its offset, as 2026-01-31T12:00:00+02:00."))
    elif abs(offset) > _FARTHEST or offset % timedelta(minutes=1):
        yield Problem(field, say("An offset has whole minutes, at most 14 hours."))
    elif value.year not in _YEARS:
        yield Problem(
            field,
            say("Give a year from {first} to {last}.", first=str(_YEARS[0]), last=str(_YEARS[-1])),
        )


def _of_amount(field: str, value: Decimal) -> Iterator[Problem]:
    if not value.is_finite() or not 0 <= value < _LARGEST or _places(value) > PLACES:
        yield Problem(
            field,
            say(
                "{amount} is no amount: give one from 0 up, with at most {n} decimal places.",
                amount=str(value),
                n=PLACES,
            ),
        )
    elif len(value.normalize().as_tuple().digits) > DIGITS:
        yield Problem(
            field,
            say("{amount} has more than {n} digits: round it.", amount=str(value), n=DIGITS),
        )


def _of_lines(lines: Sequence[LineData]) -> Iterator[Problem]:
    seen: set[str] = set()
    for place, line in enumerate(lines):
        at = f"lines.{place}"
        if line.line in seen:
            yield Problem(f"{at}.line", say("Line {line} is told twice.", line=line.line))
        seen.add(line.line)
        yield from problems_of_id(f"{at}.product_id", line.product_id)
        yield from _of_amount(f"{at}.amount", line.amount)
        if line.unit_cost is not None:
            yield from _of_amount(f"{at}.unit_cost", line.unit_cost)
        yield from _of_quantity(f"{at}.quantity", line.quantity)


def _of_quantity(field: str, value: Decimal) -> Iterator[Problem]:
    known = value.is_finite() and 0 < value < _LARGEST_QUANTITY
    if not known or _places(value) > _QUANTITY_PLACES:
        yield Problem(
            field,
            say(
                "{quantity} is no quantity: give one above 0, with at most {n} decimal places.",
                quantity=str(value),
                n=_QUANTITY_PLACES,
            ),
        )


def _places(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else PLACES + 1
