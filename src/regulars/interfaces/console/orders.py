"""Orders: the list, and one of them with its lines and refunds."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final, cast

from django import forms
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.timezone import get_current_timezone
from django.views.decorators.http import require_GET

from regulars.apps.accounts.queries import StaffRow
from regulars.apps.accounts.rules import Permission
from regulars.apps.orders.queries import (
    OnlySales,
    SaleRow,
    SaleSort,
    count_sales,
    find_sale,
    list_channels,
    list_currencies,
    list_sales,
    list_stores,
)
from regulars.interfaces.console.cells import Amount, Instant, Link, Text
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

ORDERS: Final = Table[SaleRow](
    id="orders",
    caption=say("Orders"),
    sort="-ordered_at",
    columns=(
        Column(
            key="id",
            heading=say("Order"),
            cell=lambda row: Link(row.id, reverse("order", args=[row.number])),
        ),
        Column(
            key="ordered_at",
            heading=say("Time"),
            cell=lambda row: Instant(row.ordered_at, own=True),
            sort=True,
            down=True,
        ),
        Column(key="store", heading=say("Store"), cell=lambda row: _text(row.store)),
        Column(key="channel", heading=say("Channel"), cell=lambda row: _text(row.channel)),
        Column(
            key="amount",
            heading=say("Amount"),
            cell=lambda row: Amount(Money(row.amount, row.currency)),
            sort=True,
            down=True,
            end=True,
            saved=("amount", "currency"),
        ),
        Column(
            key="refunded",
            heading=say("Refunded"),
            cell=lambda row: Amount(Money(row.refunded, row.currency)) if row.refunded else None,
            end=True,
            saved=("refunded", "refunded_currency"),
        ),
    ),
    empty=Empty(
        title=say("No orders yet"),
        text=say("Orders come from your shop through the API, or from a file that you import."),
    ),
)


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
        return OnlySales(
            stores=stores,
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


@require_GET
@page(Permission.READ_ORDERS)
def orders(request: StaffRequest) -> HttpResponse:
    """Orders, narrowed, sorted, paged, and as a file."""
    form = OrderFilters(request.GET)
    form.offer(request.staff, request.speaker)
    only = form.only(request.staff.stores)
    source = Source[SaleRow](
        fetch=lambda sort, after, limit: list_sales(
            only=only, sort=SaleSort(sort), after=after, limit=limit
        ),
        place=lambda row, sort: row.place(SaleSort(sort)),
    )
    if request.GET.get("as") == "csv":
        return save_list(request, ORDERS, source)
    page_ = listing(
        request, ORDERS, source, form=form, count=lambda most: count_sales(only, most=most)
    )
    return show_list(request, "console/orders.html.jinja", page_)


@require_GET
@page(Permission.READ_ORDERS)
def order(request: StaffRequest, number: int) -> HttpResponse:
    """One order."""
    card = find_sale(number, request.staff.stores)
    if card is None:
        raise Http404(f"There is no order {number}.")
    return show(request, "console/order.html.jinja", {"card": card})
