"""Orders: the list, and one of them with its lines and refunds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final, cast

from django import forms
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse_lazy
from django.utils.timezone import get_current_timezone
from django.views.decorators.http import require_GET

from regulars.apps.accounts.queries import StaffRow
from regulars.apps.accounts.rules import Permission
from regulars.apps.journal.operations import record
from regulars.apps.orders.queries import (
    OnlySales,
    SaleCard,
    SaleLine,
    SaleRow,
    SaleSort,
    count_sales,
    find_sale,
    list_channels,
    list_currencies,
    list_sales,
    list_stores,
)
from regulars.apps.people.queries import NameRow, names_of, same_person
from regulars.interfaces.clock import now
from regulars.interfaces.console.cells import Amount, Instant, Link, Number, Text
from regulars.interfaces.console.customers.naming import called
from regulars.interfaces.console.forms import Filters
from regulars.interfaces.console.pages import StaffRequest, page, show
from regulars.interfaces.console.tables import (
    Column,
    Empty,
    Source,
    Table,
    listing,
    save_list,
    show_list,
)
from regulars.interfaces.console.words import spoken
from regulars.kernel.wording import Money, say
from regulars.reports.speech import Speaker


@dataclass(frozen=True, slots=True)
class Sold:
    """An order with whoever bought; nobody where it bears no customer."""

    row: SaleRow
    customer: NameRow | None


ORDERS: Final = Table[Sold](
    id="orders",
    caption=say("Orders"),
    sort="-ordered_at",
    columns=(
        Column(
            key="id",
            heading=say("Order"),
            cell=lambda it: Link(it.row.id, reverse_lazy("order", args=[it.row.number])),
        ),
        Column(
            key="ordered_at",
            heading=say("Time"),
            cell=lambda it: Instant(it.row.ordered_at, own=True),
            sort=True,
            down=True,
        ),
        Column(key="customer", heading=say("Customer"), cell=lambda it: _buyer(it.customer)),
        Column(key="store", heading=say("Store"), cell=lambda it: _text(it.row.store)),
        Column(key="channel", heading=say("Channel"), cell=lambda it: _text(it.row.channel)),
        Column(
            key="amount",
            heading=say("Amount"),
            cell=lambda it: Amount(Money(it.row.amount, it.row.currency)),
            sort=True,
            down=True,
            end=True,
            saved=("amount", "currency"),
        ),
        Column(
            key="refunded",
            heading=say("Refunded"),
            cell=lambda it: _refunded(it.row),
            end=True,
            saved=("refunded", "refunded_currency"),
        ),
    ),
    empty=Empty(
        title=say("No orders yet"),
        text=say("Orders come from your shop through the API, or from a file that you import."),
    ),
)


def _buyer(customer: NameRow | None) -> Link | None:
    if customer is None:
        return None
    name = called(customer.name, [], customer.number)
    return Link(name, reverse_lazy("customer", args=[customer.number]))


def _refunded(row: SaleRow) -> Amount | None:
    return Amount(Money(row.refunded, row.currency)) if row.refunded else None


def _text(text: str) -> Text | None:
    return Text(text) if text else None


class OrderFilters(Filters):
    """Which orders are wanted."""

    first = ("id", "store", "channel")

    id = forms.CharField(label=spoken(say("Order's id begins with")), max_length=200)
    store = forms.ChoiceField(label=spoken(say("Store")))
    channel = forms.ChoiceField(label=spoken(say("Channel")))
    currency = forms.ChoiceField(label=spoken(say("Currency")))
    since = forms.DateField(
        label=spoken(say("From the day")), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    until = forms.DateField(
        label=spoken(say("To the day")), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    least = forms.DecimalField(label=spoken(say("Amount from")), max_digits=18, decimal_places=4)
    most = forms.DecimalField(label=spoken(say("Amount to")), max_digits=18, decimal_places=4)
    customer = forms.IntegerField(widget=forms.HiddenInput)

    def offer(self, staff: StaffRow, speaker: Speaker) -> None:
        """Fill the choices with what the records hold."""
        stores = list_stores() if staff.stores is None else sorted(staff.stores)
        self._choose("store", [(store, store) for store in stores])
        self._choose("channel", [(channel, channel) for channel in list_channels()])
        names = speaker.locale.currencies
        self._choose(
            "currency", [(code, f"{code} · {names.get(code, code)}") for code in list_currencies()]
        )

    def _choose(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        field = cast("forms.ChoiceField", self.fields[name])
        field.choices = [("", str(spoken(say("all")))), *choices]

    def only(self, stores: frozenset[str] | None) -> OnlySales:
        """What is asked for, within what the reader may see."""
        told = self.wanted()
        since = cast("date | None", told.get("since"))
        until = cast("date | None", told.get("until"))
        customer = cast("int | None", told.get("customer"))
        return OnlySales(
            stores=stores,
            customers=same_person(customer) if customer else None,
            id=cast("str | None", told.get("id")),
            store=cast("str | None", told.get("store")),
            channel=cast("str | None", told.get("channel")),
            currency=cast("str | None", told.get("currency")),
            least=cast("Decimal | None", told.get("least")),
            most=cast("Decimal | None", told.get("most")),
            since=_start_of(since) if since else None,
            until=_start_of(until + timedelta(days=1)) if until else None,
        )


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), get_current_timezone())


def _source(only: OnlySales) -> Source[Sold]:
    def fetch(sort: str, after: str, limit: int) -> list[Sold]:
        rows = list_sales(only=only, sort=SaleSort(sort), after=after, limit=limit)
        names = names_of(row.customer for row in rows if row.customer is not None)
        return [Sold(row, names.get(row.customer or 0)) for row in rows]

    return Source(fetch=fetch, place=lambda it, sort: it.row.place(SaleSort(sort)))


@require_GET
@page(Permission.READ_ORDERS)
def orders(request: StaffRequest) -> HttpResponseBase:
    """Orders, narrowed, sorted, paged, and as a file."""
    form = OrderFilters(request.GET)
    form.offer(request.staff, request.speaker)
    only = form.only(request.staff.stores)
    source = _source(only)
    if request.GET.get("as") == "csv":
        narrowed_by = sorted(form.wanted())
        record(request.staff.actor, "downloaded", "orders", now(), {"by": narrowed_by})
        return save_list(request, ORDERS, source)
    shown = listing(
        request, ORDERS, source, form=form, count=lambda most: count_sales(only, most=most)
    )
    return show_list(request, "console/orders.html.jinja", shown)


@require_GET
@page(Permission.READ_ORDERS)
def order(request: StaffRequest, number: int) -> HttpResponse:
    """One order, with its lines and what came back."""
    card = find_sale(number, request.staff.stores)
    if card is None:
        raise Http404(f"There is no order {number}.")
    customer = None
    if card.row.customer is not None:
        customer = names_of([card.row.customer]).get(card.row.customer)
    row = card.row
    context = {
        "card": card,
        "buyer": _buyer(customer),
        "amount": Money(row.amount, row.currency),
        "refunded": Money(row.refunded, row.currency) if row.refunded else None,
        "left": Money(row.amount - row.refunded, row.currency),
        "lines": line_rows(card),
        "refunds": [
            (refund, Money(refund.amount, row.currency), ", ".join(refund.lines))
            for refund in card.refunds
        ],
    }
    return show(request, "console/order.html.jinja", context)


def line_rows(card: SaleCard) -> list[tuple[SaleLine, Number, Money, Money | None]]:
    """The lines with their figures as they are shown."""
    currency = card.row.currency
    return [
        (
            line,
            Number(line.quantity),
            Money(line.amount, currency),
            None if line.unit_cost is None else Money(line.unit_cost, currency),
        )
        for line in card.lines
    ]
