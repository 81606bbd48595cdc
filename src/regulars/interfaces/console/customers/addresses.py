"""How a customer is reached: addresses are added, changed, put first and taken away."""

from collections.abc import Iterable

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from regulars.apps.accounts.rules import Permission
from regulars.apps.contact.operations.addresses import (
    AddressData,
    put_addresses,
    remove_address,
)
from regulars.apps.contact.queries.addresses import AddressRow, list_addresses
from regulars.apps.contact.queries.policy import get_policy
from regulars.apps.contact.rules.addresses import LONGEST_ADDRESS, problems_of_address
from regulars.apps.contact.rules.purposes import Channel
from regulars.apps.people.queries import CustomerCard
from regulars.interfaces.clock import now
from regulars.interfaces.console.contact.words import CHANNELS
from regulars.interfaces.console.customers.card import card_of, show_form
from regulars.interfaces.console.forms import Form
from regulars.interfaces.console.pages import Question, StaffRequest, ask, done, page
from regulars.interfaces.console.words import spoken
from regulars.kernel.errors import InputError
from regulars.kernel.wording import say


class AddressForm(Form):
    """A way to reach somebody."""

    channel = forms.TypedChoiceField(
        label=spoken(say("Kind")),
        choices=[(it.value, spoken(words)) for it, words in CHANNELS.items()],
        coerce=Channel,
    )
    value = forms.CharField(
        label=spoken(say("Address")),
        help_text=spoken(
            say("An address of e-mail, a telephone number, or a postal address in lines.")
        ),
        max_length=LONGEST_ADDRESS,
        widget=forms.Textarea({"rows": 3, "autocomplete": "off"}),
    )

    @property
    def told(self) -> AddressData:
        """The address."""
        return AddressData(self.cleaned_data["channel"], self.cleaned_data["value"])

    def check(self) -> bool:
        """Whether it is an address; what is wrong with it stands beside the field."""
        if self.is_valid():
            told, country = self.told, get_policy().country
            self.refuse_each(problems_of_address("value", told.channel, told.value, country))
        return not self.errors


@require_http_methods(["GET", "POST"])
@page(Permission.WRITE_CONTACTS)
def add(request: StaffRequest, number: int) -> HttpResponse:
    """Say how a customer is reached too."""
    card = card_of(request, number)
    form = AddressForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.check():
        try:
            put_addresses(
                card.number, [form.told], actor=request.staff.actor, now=now(), complete=False
            )
        except InputError as error:
            form.refuse(error, "value")
        else:
            return done(request, say("The address is kept."), "customer", card.number)
    return show_form(request, form, card, say("Add an address"), say("Add"))


@require_http_methods(["GET", "POST"])
@page(Permission.WRITE_CONTACTS)
def change(request: StaffRequest, number: int, address: int) -> HttpResponse:
    """Write an address otherwise."""
    card = card_of(request, number)
    row = _address_of(card, address)
    form = AddressForm(
        request.POST if request.method == "POST" else None,
        initial={"channel": row.channel.value, "value": row.value},
    )
    if request.method == "POST" and form.check():
        told = [
            form.told if it.id == row.id else AddressData(it.channel, it.value)
            for it in list_addresses(card.number)
        ]
        try:
            put_addresses(card.number, told, actor=request.staff.actor, now=now())
        except InputError as error:
            form.refuse(error, "value")
        else:
            return done(request, say("The address is kept."), "customer", card.number)
    return show_form(request, form, card, say("Change the address"), say("Keep"))


@require_POST
@page(Permission.WRITE_CONTACTS)
def put_first(request: StaffRequest, number: int, address: int) -> HttpResponse:
    """Use an address before the others of its kind."""
    card = card_of(request, number)
    row = _address_of(card, address)
    rows = sorted(list_addresses(card.number), key=lambda it: it.id != row.id)
    try:
        put_addresses(card.number, _data(rows), actor=request.staff.actor, now=now())
    except InputError as error:
        messages.error(request, request.speaker.say(error.message))
        return redirect("customer", card.number)
    return done(request, say("That address is used from now on."), "customer", card.number)


@require_http_methods(["GET", "POST"])
@page(Permission.WRITE_CONTACTS)
def remove(request: StaffRequest, number: int, address: int) -> HttpResponse:
    """Forget an address, once it was asked."""
    card = card_of(request, number)
    row = _address_of(card, address)
    if request.method == "POST":
        try:
            remove_address(card.number, row.id, actor=request.staff.actor, now=now())
        except InputError as error:
            messages.error(request, request.speaker.say(error.message))
            return redirect("customer", card.number)
        return done(request, say("The address is removed."), "customer", card.number)
    question = Question(
        title=say("Remove this address?"),
        text=say(
            "Nothing goes to {address} any more, unless it is added again.", address=row.value
        ),
        button=say("Remove it"),
        back=reverse("customer", args=[card.number]),
    )
    return ask(request, question, "customers")


def _data(rows: Iterable[AddressRow]) -> list[AddressData]:
    return [AddressData(row.channel, row.value) for row in rows]


def _address_of(card: CustomerCard, address: int) -> AddressRow:
    row = next((it for it in list_addresses(card.number) if it.id == address), None)
    if row is None:
        raise Http404(f"Customer {card.number} has no address {address}.")
    return row
