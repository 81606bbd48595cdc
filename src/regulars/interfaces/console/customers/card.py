"""The card of a customer."""

from collections.abc import Mapping
from urllib.parse import quote

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from regulars.apps.accounts.queries import list_staff
from regulars.apps.accounts.rules import Permission
from regulars.apps.journal.operations import record_seen
from regulars.apps.people.operations import assign_contact_person
from regulars.apps.people.queries import CustomerCard, get_customer_card, list_attributes
from regulars.interfaces.clock import now
from regulars.interfaces.console.actors import list_actors
from regulars.interfaces.console.contact.latest import latest_messages
from regulars.interfaces.console.customers.history import Asking, read_history, read_place
from regulars.interfaces.console.customers.naming import called, seen_id, sees_contacts
from regulars.interfaces.console.customers.reached import agreed_to, reached_by
from regulars.interfaces.console.forms import Form
from regulars.interfaces.console.pages import StaffRequest, done, page, show
from regulars.interfaces.console.words import spoken
from regulars.kernel.errors import InputError
from regulars.kernel.wording import Message, say


def card_of(request: StaffRequest, number: int) -> CustomerCard:
    """The card behind a number.

    Raises:
        Http404: There is none, or none that the reader may see.
    """
    try:
        return get_customer_card(number, request.staff.stores)
    except InputError as error:
        raise Http404(str(error)) from error


def name_on(card: CustomerCard, request: StaffRequest) -> str:
    """What the customer of a card is called."""
    ids = [seen_id(it.id, request.staff) for it in card.identities if it.number == card.number]
    return called(card.name, ids, card.number)


@require_GET
@page(Permission.READ_CUSTOMERS)
def customer(request: StaffRequest, number: int) -> HttpResponse:
    """A customer: what is known of him, and all that happened."""
    card = card_of(request, number)
    if card.number != number:
        return redirect("customer", card.number)
    record_seen(request.staff.actor, f"customer:{number}", now())
    actors = list_actors()
    place = read_place(request.GET.get("older", ""))
    numbers = [card.number, *(it.number for it in card.records)]
    asking = Asking(numbers=numbers, staff=request.staff, actors=actors, place=place)
    history = read_history(asking)
    context = {
        "card": card,
        "name": name_on(card, request),
        "history": history,
        "older": f"{request.path}?older={quote(history.older)}" if history.older else "",
        "newest": request.path if request.GET.get("older") else "",
        "actors": actors,
        "sees_contacts": sees_contacts(request.staff),
        "ids": [(it.source, seen_id(it.id, request.staff), it.number) for it in card.identities],
        "attributes": _attributes(card.attributes),
        "reached": reached_by(numbers, shown=sees_contacts(request.staff)),
        "agreed": agreed_to(numbers),
        "messages_to": latest_messages(request, number),
    }
    if request.htmx.target == "history":
        return show(request, "console/history.html.jinja", context)
    return show(request, "console/customer.html.jinja", context)


def _attributes(told: Mapping[str, object]) -> list[tuple[str, Message | str]]:
    """The firm's own attributes as people read them, those that it declared first."""
    labels = {row.name: row.label for row in list_attributes()}
    names = [*(name for name in labels if name in told), *(it for it in told if it not in labels)]
    return [(labels.get(name, name), _plain(told[name])) for name in names]


def _plain(value: object) -> Message | str:
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    return str(value)


class ContactForm(Form):
    """Who looks after a customer."""

    contact_person = forms.TypedChoiceField(
        label=spoken(say("Contact person")), required=False, coerce=int, empty_value=None
    )
    substitute = forms.TypedChoiceField(
        label=spoken(say("Substitute")),
        help_text=spoken(say("Whoever looks after the customer meanwhile.")),
        required=False,
        coerce=int,
        empty_value=None,
    )

    def offer(self, *kept: int | None) -> None:
        """Fill the choices: those who may sign in, and whoever it is now."""
        colleagues = [it for it in list_staff() if it.active or it.id in kept]
        choices = [("", str(spoken(say("nobody")))), *((it.id, it.name) for it in colleagues)]
        for field in self.fields.values():
            if isinstance(field, forms.TypedChoiceField):
                field.choices = choices


@require_http_methods(["GET", "POST"])
@page(Permission.WRITE_CUSTOMERS)
def contact_person(request: StaffRequest, number: int) -> HttpResponse:
    """Say who looks after a customer."""
    card = card_of(request, number)
    form = ContactForm(
        request.POST if request.method == "POST" else None,
        initial={"contact_person": card.contact_person, "substitute": card.substitute},
    )
    form.offer(card.contact_person, card.substitute)
    if request.method == "POST" and form.is_valid():
        try:
            assign_contact_person(
                card.number,
                form.cleaned_data["contact_person"],
                form.cleaned_data["substitute"],
                actor=request.staff.actor,
                now=now(),
            )
        except InputError as error:
            form.refuse(error)
        else:
            return done(request, say("The contact person is kept."), "customer", card.number)
    return show_form(request, form, card, say("Contact person"), say("Keep"))


def show_form(
    request: StaffRequest, form: Form, card: CustomerCard, title: Message, button: Message
) -> HttpResponse:
    """A form about a customer, in the frame of his card."""
    back = reverse("customer", args=[card.number])
    context = {
        "form": form,
        "title": title,
        "button": button,
        "crumbs": [
            (reverse("customers"), request.speaker.say(say("Customers"))),
            (back, name_on(card, request)),
        ],
        "back": back,
        "here": "customers",
    }
    return show(request, "console/one_form.html.jinja", context)
