"""Notes on a customer: added, changed, taken away."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from regulars.apps.accounts.rules import Permission
from regulars.apps.people.operations import add_note, change_note, remove_note
from regulars.apps.people.queries import CustomerCard, NoteRow, find_note
from regulars.interfaces.clock import now
from regulars.interfaces.console.customers.card import card_of, show_form
from regulars.interfaces.console.forms import Form
from regulars.interfaces.console.pages import Question, StaffRequest, ask, done, page
from regulars.interfaces.console.words import spoken
from regulars.kernel.errors import InputError
from regulars.kernel.wording import say


class NoteForm(Form):
    """What somebody writes."""

    text = forms.CharField(
        label=spoken(say("Note")), max_length=10_000, widget=forms.Textarea({"rows": 6})
    )


@require_POST
@page(Permission.WRITE_CUSTOMERS)
def add(request: StaffRequest, number: int) -> HttpResponse:
    """Write a note."""
    card = card_of(request, number)
    form = NoteForm(request.POST)
    if form.is_valid():
        try:
            add_note(card.number, form.cleaned_data["text"], actor=request.staff.actor, now=now())
        except InputError as error:
            form.refuse(error, "text")
        else:
            return done(request, say("The note is kept."), "customer", card.number)
    return show_form(request, form, card, say("New note"), say("Add the note"))


@require_http_methods(["GET", "POST"])
@page(Permission.WRITE_CUSTOMERS)
def change(request: StaffRequest, number: int, note: int) -> HttpResponse:
    """Write one's own note anew."""
    card = card_of(request, number)
    told = request.POST if request.method == "POST" else None
    form = NoteForm(told, initial={"text": _note_of(card, note).text})
    if request.method == "POST" and form.is_valid():
        try:
            change_note(note, form.cleaned_data["text"], actor=request.staff.actor, now=now())
        except InputError as error:
            form.refuse(error, "text")
        else:
            return done(request, say("The note is kept."), "customer", card.number)
    return show_form(request, form, card, say("Change the note"), say("Keep"))


@require_http_methods(["GET", "POST"])
@page(Permission.WRITE_CUSTOMERS)
def remove(request: StaffRequest, number: int, note: int) -> HttpResponse:
    """Take a note away, once it was asked."""
    card = card_of(request, number)
    row = _note_of(card, note)
    if request.method == "POST":
        try:
            remove_note(note, actor=request.staff.actor, now=now())
        except InputError as error:
            messages.error(request, request.speaker.say(error.message))
            return redirect("customer", card.number)
        return done(request, say("The note is removed."), "customer", card.number)
    question = Question(
        title=say("Remove this note?"),
        text=say("“{text}” It cannot be brought back.", text=_short(row.text)),
        button=say("Remove it"),
        back=reverse("customer", args=[card.number]),
        grave=True,
    )
    return ask(request, question, "customers")


_SHORT = 120


def _short(text: str) -> str:
    return text if len(text) <= _SHORT else f"{text[:_SHORT]}…"


def _note_of(card: CustomerCard, note: int) -> NoteRow:
    row = find_note(note)
    if row is not None and row.number in {card.number, *(it.number for it in card.records)}:
        return row
    raise Http404(f"There is no note {note} on customer {card.number}.")
