"""What a webhook was told: listed, looked at, sent again."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse, reverse_lazy
from django.views.decorators.http import require_GET, require_http_methods

from regulars.apps.accounts.rules import Permission
from regulars.apps.journal.webhooks.operations import Again, replay
from regulars.apps.journal.webhooks.queries import DeliveryRow, State, list_deliveries
from regulars.interfaces.clock import now
from regulars.interfaces.console.cells import Cell, Instant, Link, Number, Text
from regulars.interfaces.console.pages import StaffRequest, done, page, show
from regulars.interfaces.console.settings.webhook_forms import AgainForm, DeliveryFilters
from regulars.interfaces.console.settings.webhooks import crumbs, known_webhook
from regulars.interfaces.console.settings.words import state_of_delivery, state_of_webhook
from regulars.interfaces.console.tables import (
    Column,
    Empty,
    Source,
    Table,
    listing,
    save_list,
    show_list,
)
from regulars.kernel.errors import OptionError
from regulars.kernel.wording import say, say_count

_LONGEST_PLACE = 19


@require_GET
@page(Permission.READ_SETTINGS)
def webhook(request: StaffRequest, number: int) -> HttpResponseBase:
    """A webhook, and what it was and is to be told, the newest first."""
    row, form = known_webhook(number), DeliveryFilters(request.GET)
    state, customer = form.only()
    source = Source[DeliveryRow](
        fetch=lambda _, after, limit: _fetch(number, state, customer, after, limit),
        place=lambda it, _: str(it.id),
    )
    table = _table(request, number)
    if request.GET.get("as") == "csv":
        return save_list(request, table, source)
    # read from the end to the beginning: forwards there is only the first page
    deliveries = replace(listing(request, table, source, form=form), before="")
    every = request.speaker.say(say("all"))
    context = {
        "row": row,
        "state": state_of_webhook(row),
        "events": ", ".join(row.events) or every,
        "overlap": next((until for until in row.secrets if until is not None), None),
        "writes": request.staff.may(Permission.WRITE_SETTINGS),
    }
    return show_list(request, "console/settings/webhook.html.jinja", deliveries, **context)


def _fetch(
    number: int, state: State | None, customer: int | None, after: str, limit: int
) -> Sequence[DeliveryRow]:
    if after and not (after.isascii() and after.isdigit() and len(after) < _LONGEST_PLACE):
        raise OptionError(
            say("There is no delivery {number}.", number=after),
            accepted=say("Give the number of a delivery."),
        )
    before = int(after) if after else None
    return list_deliveries(number, state=state, customer=customer, before=before, limit=limit)


def _table(request: StaffRequest, number: int) -> Table[DeliveryRow]:
    sees = request.staff.may(Permission.READ_CUSTOMERS)
    return Table[DeliveryRow](
        id="deliveries",
        caption=say("Deliveries"),
        columns=(
            Column(
                key="event",
                heading=say("Event"),
                cell=lambda it: Link(
                    it.event, reverse_lazy("webhook_delivery", args=[number, it.id])
                ),
            ),
            Column(
                key="message", heading=say("Id"), cell=lambda it: Text(it.message), hidden=True
            ),
            Column(key="customer", heading=say("Customer"), cell=partial(_customer, sees=sees)),
            Column(key="state", heading=say("State"), cell=state_of_delivery),
            Column(
                key="status",
                heading=say("Answer"),
                cell=lambda it: None if it.status is None else Text(str(it.status)),
            ),
            Column(
                key="attempts", heading=say("Tries"), cell=lambda it: Number(it.attempts), end=True
            ),
            Column(key="made_at", heading=say("Time"), cell=lambda it: Instant(it.made_at)),
            Column(key="due_at", heading=say("Next try"), cell=_next_try),
        ),
        empty=Empty(
            title=say("Nothing was told yet"),
            text=say("Whatever happens from now on stands here; a test shows whether it arrives."),
        ),
    )


def _customer(row: DeliveryRow, *, sees: bool) -> Cell | None:
    if row.customer is None:
        return None
    number = str(row.customer)
    return Link(number, reverse_lazy("customer", args=[number])) if sees else Text(number)


def _next_try(row: DeliveryRow) -> Instant | None:
    return Instant(row.due_at) if row.state is State.WAITING else None


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.READ_SETTINGS, to_write=Permission.WRITE_SETTINGS)
def webhook_delivery(request: StaffRequest, number: int, delivery: int) -> HttpResponse:
    """One delivery, with what came of it; it may be sent again."""
    told = known_webhook(number)
    row = next(iter(list_deliveries(number, before=delivery + 1, limit=1)), None)
    if row is None or row.id != delivery:
        raise Http404(f"There is no delivery {delivery}.")
    if request.method == "POST":
        replay(number, Again(delivery=delivery), actor=request.staff.actor, now=now())
        return done(request, say("It is sent again."), "webhook", number)
    context = {
        "number": number,
        "row": row,
        "state": state_of_delivery(row),
        "customer": _customer(row, sees=request.staff.may(Permission.READ_CUSTOMERS)),
        "crumbs": (*crumbs(request), (reverse("webhook", args=[number]), told.address)),
        "writes": request.staff.may(Permission.WRITE_SETTINGS),
    }
    return show(request, "console/settings/webhook_delivery.html.jinja", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.WRITE_SETTINGS)
def send_again(request: StaffRequest, number: int) -> HttpResponse:
    """Send all that failed again, or all since a day."""
    row, form = known_webhook(number), AgainForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        count = replay(number, form.again, actor=request.staff.actor, now=now())
        told = say_count("{n} delivery is sent again.", "{n} deliveries are sent again.", n=count)
        return done(request, told, "webhook", number)
    context = {
        "form": form,
        "title": say("Send again"),
        "lead": say("Under the ids that they had: a program that keeps them tells doubles apart."),
        "crumbs": (*crumbs(request), (reverse("webhook", args=[number]), row.address)),
        "button": say("Send again"),
        "back": reverse("webhook", args=[number]),
        "here": "settings",
    }
    return show(request, "console/one_form.html.jinja", context)
