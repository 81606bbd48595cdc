"""Reads: orders as a list for people, narrowed, sorted and paged, and one of them whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Final

from django.db import connection
from django.db.models import Q, QuerySet, Sum

from regulars.apps.orders.models import Line, Order, Refund
from regulars.apps.orders.queries.finding import RefundRow
from regulars.kernel.errors import OptionError
from regulars.kernel.wording import say

_MOST_CHOICES: Final = 200


class SaleSort(StrEnum):
    """What the list is sorted by; amounts within each currency; a minus turns it round."""

    TIME = "ordered_at"
    TIME_BACK = "-ordered_at"
    AMOUNT = "amount"
    AMOUNT_BACK = "-amount"

    @property
    def turned(self) -> "SaleSort":
        """The same from the other end."""
        return SaleSort(self.removeprefix("-") if self.startswith("-") else f"-{self}")

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that tell two orders apart, in their order."""
        return ("currency", "amount", "pk") if "amount" in self else ("ordered_at", "pk")


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlySales:
    """Which orders are wanted; what is None does not matter.

    Attributes:
        id: The beginning of an id.
        customers: Numbers of customers' records.
        stores: The stores that the reader may see.
        since: Made at this instant or later.
        until: Made before this instant.
    """

    id: str | None = None
    customers: Sequence[int] | None = None
    stores: frozenset[str] | None = None
    store: str | None = None
    channel: str | None = None
    currency: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    least: Decimal | None = None
    most: Decimal | None = None


EVERY_SALE: Final = OnlySales()
"""Every order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleRow:
    """An order in a list; ``refunded`` is never more than ``amount``.

    Attributes:
        number: The id within Regulars.
        id: The id that the shop gave it.
        ordered_at: In the order's own offset.
        customer: The number of the customer's record.
    """

    number: int
    id: str
    ordered_at: datetime
    currency: str
    amount: Decimal
    refunded: Decimal
    channel: str
    store: str
    customer: int | None

    def place(self, sort: SaleSort) -> str:
        """The place of the row in a list, behind which or before which another page lies."""
        if "amount" in sort:
            return f"{self.number}:{self.amount}:{self.currency}"
        return f"{self.number}:{self.ordered_at.isoformat()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleLine:
    """A line of an order, with the name of what was sold."""

    line: str
    product_id: str
    product: str
    category: str
    quantity: Decimal
    amount: Decimal
    unit_cost: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleCard:
    """An order with its lines and refunds."""

    row: SaleRow
    lines: tuple[SaleLine, ...]
    refunds: tuple[RefundRow, ...]
    changed_at: datetime


def list_sales(
    *,
    only: OnlySales = EVERY_SALE,
    sort: SaleSort = SaleSort.TIME_BACK,
    after: str = "",
    limit: int = 50,
) -> list[SaleRow]:
    """Orders as a list.

    Args:
        only: Which are wanted.
        sort: In which order.
        after: The place of the last row seen.
        limit: At most so many.

    Raises:
        OptionError: The place is none of this order.
    """
    sales = _wanted(only)
    if after:
        sales = sales.filter(_behind(sort, after))
    sign = "-" if sort.startswith("-") else ""
    found = list(sales.order_by(*(f"{sign}{column}" for column in sort.columns))[:limit])
    return _rows(found)


def count_sales(only: OnlySales = EVERY_SALE, *, most: int = 10_000) -> int:
    """How many orders there are; counting stops at ``most``, so that it stays quick."""
    return _wanted(only).values("pk")[:most].count()


def find_sale(number: int, stores: frozenset[str] | None = None) -> SaleCard | None:
    """An order that may be seen in one of these stores, by its number."""
    order = _wanted(OnlySales(stores=stores)).filter(pk=number).first()
    if order is None:
        return None
    lines = Line.objects.filter(order=order).select_related("product").order_by("pk")
    return SaleCard(
        row=_rows([order])[0],
        lines=tuple(
            SaleLine(
                line=line.line,
                product_id=line.product.external_id,
                product=line.product.name,
                category=line.category,
                quantity=line.quantity,
                amount=line.amount,
                unit_cost=line.unit_cost,
            )
            for line in lines
        ),
        refunds=_refunds_of(order),
        changed_at=order.changed_at,
    )


def _refunds_of(order: Order) -> tuple[RefundRow, ...]:
    return tuple(
        RefundRow(
            id=refund.external_id,
            order_id=refund.order_external_id,
            refunded_at=local_time(refund.refunded_at, refund.utc_offset),
            amount=refund.amount,
            lines=tuple(refund.lines),
        )
        for refund in Refund.objects.filter(order_external_id=order.external_id).order_by("pk")
    )


def local_time(moment: datetime, minutes: int) -> datetime:
    """An instant in the offset that it was told with."""
    return moment.astimezone(timezone(timedelta(minutes=minutes)))


def last_sale_at(stores: frozenset[str] | None = None) -> datetime | None:
    """When the last order was made."""
    latest = list_sales(only=OnlySales(stores=stores), limit=1)
    return latest[0].ordered_at if latest else None


def list_stores() -> list[str]:
    """The stores that orders name."""
    return _values("store")


def list_channels() -> list[str]:
    """The channels that orders name."""
    return _values("channel")


def list_currencies() -> list[str]:
    """The currencies that orders are in."""
    return _values("currency")


def _values(column: str) -> list[str]:
    """The values of a column, jumping from one to the next in its index instead of reading all."""
    told = connection.ops.quote_name(column)
    table = connection.ops.quote_name(Order._meta.db_table)  # noqa: SLF001 - Django's way to it
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE found(told) AS ("  # noqa: S608 - the names are our own
            f"SELECT MIN({told}) FROM {table} UNION ALL "
            f"SELECT (SELECT MIN({told}) FROM {table} WHERE {told} > found.told) "
            f"FROM found WHERE found.told IS NOT NULL) "
            f"SELECT told FROM found WHERE told IS NOT NULL AND told <> '' LIMIT %s",
            [_MOST_CHOICES],
        )
        return [text for (text,) in cursor.fetchall()]


def _wanted(only: OnlySales) -> QuerySet[Order]:
    told: Mapping[str, object] = {
        "customer__in": only.customers,
        "store__in": only.stores,
        "store": only.store,
        "channel": only.channel,
        "currency": only.currency,
        "ordered_at__gte": only.since,
        "ordered_at__lt": only.until,
        "amount__gte": only.least,
        "amount__lte": only.most,
    }
    wanted = Order.objects.filter(**{name: it for name, it in told.items() if it is not None})
    return wanted if only.id is None else wanted.filter(_begins("external_id", only.id))


def _begins(field: str, text: str) -> Q:
    if connection.vendor == "sqlite":  # its LIKE is blind to case, so that no index helps
        return Q(**{f"{field}__gte": text, f"{field}__lt": text + chr(0x10FFFF)})
    return Q(**{f"{field}__startswith": text})


def _behind(sort: SaleSort, place: str) -> Q:
    side = "lt" if sort.startswith("-") else "gt"
    number, _, text = place.partition(":")
    try:
        pk = int(number)
        if "amount" in sort:
            amount, _, currency = text.partition(":")
            values = (currency, Decimal(amount))
            return Q(**{f"currency__{side}e": currency}) & _later(
                ("currency", "amount", "pk"), (*values, pk), side
            )
        at = datetime.fromisoformat(text)
    except (ValueError, InvalidOperation) as error:
        raise OptionError(
            say("{cursor} is no place in this list.", cursor=place),
            accepted=say("Give the place of a row, or none."),
        ) from error
    # the first half alone is a range that the index walks
    return Q(**{f"ordered_at__{side}e": at}) & _later(("ordered_at", "pk"), (at, pk), side)


def _later(columns: Sequence[str], values: Sequence[object], side: str) -> Q:
    """Rows behind a place: by the first column, or where it is the same by the next."""
    (column, *columns_left), (value, *values_left) = columns, values
    further = Q(**{f"{column}__{side}": value})
    if columns_left:
        further |= Q(**{column: value}) & _later(columns_left, values_left, side)
    return further


def _rows(orders: Sequence[Order]) -> list[SaleRow]:
    ids = [order.external_id for order in orders]
    sums = Refund.objects.filter(order_external_id__in=ids).values_list("order_external_id")
    refunded = dict(sums.annotate(sum=Sum("amount")))
    return [
        SaleRow(
            number=order.pk,
            id=order.external_id,
            ordered_at=local_time(order.ordered_at, order.utc_offset),
            currency=order.currency,
            amount=order.amount,
            refunded=min(order.amount, refunded.get(order.external_id, Decimal())),
            channel=order.channel,
            store=order.store,
            customer=order.customer_id,
        )
        for order in orders
    ]
