"""Webhooks: listed, made, changed, paused, given other secrets, tried and removed."""

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from regulars.apps.accounts.rules import Permission
from regulars.apps.journal.webhooks.operations import (
    NewSecret,
    add_webhook,
    change_webhook,
    pause_webhook,
    problems_of_webhook,
    remove_webhook,
    resume_webhook,
    rotate_secret,
    send_test,
)
from regulars.apps.journal.webhooks.queries import WebhookRow, find_webhook, list_webhooks
from regulars.interfaces.clock import now
from regulars.interfaces.console.cells import Cell, Instant, Link, Number, Text
from regulars.interfaces.console.forms import Form
from regulars.interfaces.console.pages import Question, StaffRequest, ask, done, page, show
from regulars.interfaces.console.settings.lists import short_list
from regulars.interfaces.console.settings.webhook_forms import RotationForm, WebhookForm
from regulars.interfaces.console.settings.words import state_of_webhook
from regulars.kernel.errors import RegularsError
from regulars.kernel.wording import Message, say

_HEADINGS = (
    say("Address"),
    say("State"),
    say("What it is told"),
    say("Waiting"),
    say("Failed"),
    say("Made"),
)
_HOUR = timedelta(hours=1)


@require_GET
@page(Permission.READ_SETTINGS)
def webhooks(request: StaffRequest) -> HttpResponse:
    """Every webhook, and how it fares."""
    every = request.speaker.say(say("all"))
    rows = [_cells(row, every) for row in list_webhooks()]
    context = {
        "webhooks": short_list(say("Webhooks"), _HEADINGS, rows),
        "writes": request.staff.may(Permission.WRITE_SETTINGS),
    }
    return show(request, "console/settings/webhooks.html.jinja", context)


def _cells(row: WebhookRow, every: str) -> tuple[Cell | None, ...]:
    return (
        Link(row.address, reverse("webhook", args=[row.id])),
        state_of_webhook(row),
        Text(", ".join(row.events) or every),
        Number(row.waiting),
        Number(row.failed),
        Instant(row.made_at),
    )


def known_webhook(number: int) -> WebhookRow:
    """A webhook; a page that is not there, where there is none."""
    row = find_webhook(number)
    if row is None:
        raise Http404(f"There is no webhook {number}.")
    return row


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.WRITE_SETTINGS)
def new_webhook(request: StaffRequest) -> HttpResponse:
    """Make a webhook; its secret is shown on the answer, this once."""
    form = WebhookForm(request.POST or None)
    if request.method == "POST" and _is_usable(form):
        try:
            made = add_webhook(form.told, private=_private(), actor=request.staff.actor, now=now())
        except RegularsError as error:
            form.refuse(error)
        else:
            return _show_secret(request, made)
    return _show_form(request, form, say("Make a webhook"), reverse("webhooks"))


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.WRITE_SETTINGS)
def edit_webhook(request: StaffRequest, number: int) -> HttpResponse:
    """Tell it elsewhere, or of other events."""
    row = known_webhook(number)
    form = WebhookForm(
        request.POST or None, initial={"address": row.address, "events": row.events}
    )
    if request.method == "POST" and _is_usable(form):
        actor, moment = request.staff.actor, now()
        change_webhook(number, form.told, private=_private(), actor=actor, now=moment)
        return done(request, say("Saved."), "webhook", number)
    return _show_form(request, form, say("Change the webhook"), reverse("webhook", args=[number]))


def _is_usable(form: WebhookForm) -> bool:
    if form.is_valid():
        form.refuse_each(problems_of_webhook(form.told, private=_private()))
    return form.is_valid()


def _private() -> bool:
    return bool(settings.PRIVATE_WEBHOOKS)


def _show_form(request: StaffRequest, form: Form, title: Message, back: str) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "lead": say("Every event is posted there as JSON, signed by a secret that both know."),
        "crumbs": crumbs(request),
        "button": say("Save"),
        "back": back,
        "here": "settings",
    }
    return show(request, "console/one_form.html.jinja", context)


def crumbs(request: StaffRequest) -> tuple[tuple[str, str], ...]:
    """Where the pages of webhooks stand."""
    return (
        (reverse("settings"), request.speaker.say(say("Settings"))),
        (reverse("webhooks"), request.speaker.say(say("Webhooks"))),
    )


def _show_secret(request: StaffRequest, made: NewSecret) -> HttpResponse:
    return show(request, "console/settings/webhook_secret.html.jinja", {"made": made})


@require_POST
@page(Permission.WRITE_SETTINGS)
def pause(request: StaffRequest, number: int) -> HttpResponse:
    """Send nothing for a while, or go on."""
    row, actor, moment = known_webhook(number), request.staff.actor, now()
    if row.paused is None:
        pause_webhook(number, actor=actor, now=moment)
        return done(request, say("Nothing is sent until you go on."), "webhook", number)
    try:
        resume_webhook(number, actor=actor, now=moment)
    except RegularsError as error:
        return done(request, error.accepted or error.message, "webhook", number)
    return done(request, say("What waited is sent now."), "webhook", number)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.WRITE_SETTINGS)
def rotate(request: StaffRequest, number: int) -> HttpResponse:
    """Make a new secret, which is shown on the answer, this once."""
    known_webhook(number)
    form = RotationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        overlap = form.cleaned_data["hours"] * _HOUR
        actor, moment = request.staff.actor, now()
        return _show_secret(
            request, rotate_secret(number, overlap=overlap, actor=actor, now=moment)
        )
    context = {
        "form": form,
        "title": say("A new secret"),
        "lead": say("Until the old one ends, both sign: change the program in between."),
        "crumbs": crumbs(request),
        "button": say("Make a new secret"),
        "back": reverse("webhook", args=[number]),
        "here": "settings",
    }
    return show(request, "console/one_form.html.jinja", context)


@require_POST
@page(Permission.WRITE_SETTINGS)
def test(request: StaffRequest, number: int) -> HttpResponse:
    """Send an event that tells nothing."""
    known_webhook(number)
    send_test(number, actor=request.staff.actor, now=now())
    return done(request, say("A test is on its way: it stands in the list."), "webhook", number)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.WRITE_SETTINGS)
def remove(request: StaffRequest, number: int) -> HttpResponse:
    """Tell it nothing more, once it was asked."""
    row = known_webhook(number)
    if request.method == "POST":
        remove_webhook(number, actor=request.staff.actor, now=now())
        return done(request, say("{name} is told nothing more.", name=row.address), "webhooks")
    question = Question(
        title=say("Tell {name} nothing more?", name=row.address),
        text=say("What waits for it, and the list of what it was told, go with it."),
        button=say("Remove the webhook"),
        back=reverse("webhook", args=[number]),
        grave=True,
    )
    return ask(request, question, "settings")
