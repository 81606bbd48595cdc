"""Ids by which sources know a customer: added and taken away."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from regulars.apps.accounts.rules import Permission
from regulars.apps.people.operations import add_identity, remove_identity
from regulars.interfaces.clock import now
from regulars.interfaces.console.customers.card import card_of, show_form
from regulars.interfaces.console.forms import Form
from regulars.interfaces.console.pages import Question, StaffRequest, ask, done, page
from regulars.interfaces.console.words import spoken
from regulars.kernel.errors import InputError
from regulars.kernel.problems import problems_of_id
from regulars.kernel.wording import say


class IdForm(Form):
    """An id, and whose it is."""

    source = forms.CharField(
        label=spoken(say("Source")),
        help_text=spoken(say("Such as till or loyalty card; api is your shop's own.")),
        max_length=60,
    )
    id = forms.CharField(label=spoken(say("Id")), max_length=200)


@require_http_methods(["GET", "POST"])
@page(Permission.WRITE_CUSTOMERS)
def add(request: StaffRequest, number: int) -> HttpResponse:
    """Say that a source knows the customer by an id."""
    card = card_of(request, number)
    form = IdForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        source, id_ = form.cleaned_data["source"], form.cleaned_data["id"]
        form.refuse_each(problems_of_id("id", id_))
        try:
            if not form.errors:
                add_identity(card.number, source, id_, actor=request.staff.actor, now=now())
        except InputError as error:
            form.refuse(error, "id")
        if not form.errors:
            return done(request, say("The id is kept."), "customer", card.number)
    return show_form(request, form, card, say("Add an id"), say("Add"))


@require_http_methods(["GET", "POST"])
@page(Permission.WRITE_CUSTOMERS)
def remove(request: StaffRequest, number: int) -> HttpResponse:
    """Say that a source does not know the customer by an id after all, once it was asked."""
    card = card_of(request, number)
    told = (request.GET.get("source", ""), request.GET.get("id", ""))
    row = next((it for it in card.identities if (it.source, it.id) == told), None)
    if row is None:
        raise Http404(f"Customer {number} has no such id.")
    if request.method == "POST":
        try:
            remove_identity(row.number, *told, actor=request.staff.actor, now=now())
        except InputError as error:
            sentences = [error.message, *([error.accepted] if error.accepted else [])]
            messages.error(request, " ".join(request.speaker.say(it) for it in sentences))
            return redirect("customer", card.number)
        return done(request, say("The id is removed."), "customer", card.number)
    question = Question(
        title=say("Remove the id {id}?", id=row.id),
        text=say("Orders that came with it stay the customer's; new ones will be another's."),
        button=say("Remove it"),
        back=reverse("customer", args=[card.number]),
        grave=True,
    )
    return ask(request, question, "customers")
