"""A customer's messages: why did he (not) get it."""

from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from regulars.apps.accounts.rules import Permission
from regulars.apps.contact.queries.deliveries import count_deliveries
from regulars.apps.journal.operations import record, record_seen
from regulars.apps.people.queries import same_person
from regulars.interfaces.clock import now
from regulars.interfaces.console.contact.outbox import (
    DeliveryFilters,
    deliveries_source,
    deliveries_table,
)
from regulars.interfaces.console.customers.card import card_of, name_on
from regulars.interfaces.console.pages import StaffRequest, page
from regulars.interfaces.console.tables import listing, save_list, show_list


@require_GET
@page(Permission.READ_DELIVERIES)
def messages(request: StaffRequest, number: int) -> HttpResponseBase:
    """Everything that was to go to a customer, and what became of it."""
    card = card_of(request, number)
    if card.number != number:
        return redirect("messages", card.number)
    subject, moment, actor = f"customer:{number}", now(), request.staff.actor
    form = DeliveryFilters(request.GET)
    form.offer()
    only = form.only(customers=same_person(number))
    table = deliveries_table(request.speaker, moment, id_="messages", customer=False)
    source = deliveries_source(only, request.staff)
    if request.GET.get("as") == "csv":
        record(actor, "downloaded", subject, moment, {"what": "messages"})
        return save_list(request, table, source)
    record_seen(actor, subject, moment)
    shown = listing(
        request, table, source, form=form, count=lambda most: count_deliveries(only, most=most)
    )
    return show_list(
        request,
        "console/contact/messages.html.jinja",
        shown,
        card=card,
        name=name_on(card, request),
    )
