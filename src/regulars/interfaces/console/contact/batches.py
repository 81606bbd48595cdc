"""Batches: what was handed over at once, how far it is, paused, resumed, stopped."""

from collections.abc import Callable
from datetime import datetime
from typing import cast
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from regulars.apps.accounts.rules import Permission
from regulars.apps.contact.operations.batches import pause_batch, resume_batch, stop_batch
from regulars.apps.contact.queries.batches import (
    BatchRow,
    Counted,
    OnlyBatches,
    count_batch,
    count_batches,
    find_batch,
    list_batches,
    list_senders,
)
from regulars.apps.contact.rules.purposes import Purpose
from regulars.apps.contact.rules.states import OPEN
from regulars.apps.contact.rules.told import told
from regulars.interfaces.clock import now
from regulars.interfaces.console.cells import Instant, Link, Number, Text
from regulars.interfaces.console.contact.outbox import read_place
from regulars.interfaces.console.contact.words import (
    CHANNELS,
    PURPOSES,
    STATES,
    sender_name,
    state_of_batch,
)
from regulars.interfaces.console.forms import Filters
from regulars.interfaces.console.pages import Question, StaffRequest, ask, done, page, show
from regulars.interfaces.console.settings.lists import ShortList, short_list
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
from regulars.kernel.actors import Actor
from regulars.kernel.errors import RegularsError
from regulars.kernel.wording import Message, say
from regulars.reports.speech import Speaker

_FIRST = "-made"


class BatchFilters(Filters):
    """Which batches are wanted."""

    purpose = forms.ChoiceField(label=spoken(say("What for")))
    sender = forms.ChoiceField(label=spoken(say("Sent by")))
    state = forms.ChoiceField(label=spoken(say("State")))

    def offer(self) -> None:
        """Fill the choices."""
        everything = ("", str(spoken(say("all"))))
        choices: dict[str, list[tuple[str, Message]]] = {
            "purpose": [(it.value, word) for it, word in PURPOSES.items()],
            "sender": [(it, sender_name(it)) for it in list_senders()],
            "state": [("paused", say("paused")), ("stopped", say("stopped"))],
        }
        for name, offered in choices.items():
            said = [(value, str(spoken(word))) for value, word in offered]
            cast("forms.ChoiceField", self.fields[name]).choices = [everything, *said]

    def only(self) -> OnlyBatches:
        """What is asked for."""
        wanted = self.wanted()
        state = wanted.get("state")
        return OnlyBatches(
            sender=cast("str | None", wanted.get("sender")),
            purpose=self.one_of("purpose", Purpose),
            paused=True if state == "paused" else None,
            stopped=True if state == "stopped" else None,
        )


def _table(speaker: Speaker) -> Table[BatchRow]:
    return Table[BatchRow](
        id="batches",
        caption=say("Batches"),
        sort=_FIRST,
        columns=(
            Column(
                key="batch",
                heading=say("Batch"),
                cell=lambda row: Link(row.called, reverse_lazy("batch", args=[row.number])),
            ),
            Column(
                key="purpose",
                heading=say("What for"),
                cell=lambda row: Text(speaker.say(PURPOSES[row.purpose]), code=row.purpose),
            ),
            Column(
                key="sender",
                heading=say("Sent by"),
                cell=lambda row: Text(speaker.say(sender_name(row.sender)), code=row.sender),
            ),
            Column(key="state", heading=say("State"), cell=state_of_batch),
            Column(
                key="made",
                heading=say("Planned"),
                cell=lambda row: Instant(row.made_at),
                sort=True,
                down=True,
            ),
        ),
        empty=Empty(
            title=say("No batches yet"),
            text=say("What is written to many at once stands here, with how far it is."),
        ),
    )


@require_GET
@page(Permission.READ_DELIVERIES)
def batches(request: StaffRequest) -> HttpResponseBase:
    """What was handed over at once, the newest first."""
    _for_whoever_sees_all(request)
    form = BatchFilters(request.GET)
    form.offer()
    only, table = form.only(), _table(request.speaker)
    source = Source[BatchRow](
        fetch=lambda sort, after, limit: list_batches(
            only, newest=sort == _FIRST, after=read_place(after), limit=limit
        ),
        place=lambda row, _: str(row.number),
    )
    if request.GET.get("as") == "csv":
        return save_list(request, table, source)
    shown = listing(
        request, table, source, form=form, count=lambda most: count_batches(only, most=most)
    )
    return show_list(request, "console/contact/batches.html.jinja", shown)


@require_GET
@page(Permission.READ_DELIVERIES)
def batch(request: StaffRequest, number: int) -> HttpResponse:
    """One batch, with how many of its messages are in which state and why."""
    row = _row(request, number)
    counted = count_batch(number)
    context = {
        "row": row,
        "state": state_of_batch(row),
        "purpose": PURPOSES[row.purpose],
        "sender": sender_name(row.sender),
        "channels": [CHANNELS[it] for it in row.channels],
        "counted": _counted(number, counted, request.speaker) if counted else None,
        "is_open": any(it.state in OPEN for it in counted),
        "all": f"{reverse('outbox')}?{urlencode({'batch': number})}",
    }
    return show(request, "console/contact/batch.html.jinja", context)


def _counted(number: int, counted: list[Counted], speaker: Speaker) -> ShortList:
    headings = (say("State"), say("Why"), say("Messages"))
    rows = [
        (
            Link(speaker.say(STATES[it.state]), _those(number, it)),
            Text(speaker.say(told(it.state, it.reason))),
            Number(it.count),
        )
        for it in counted
    ]
    return short_list(say("How far it is"), headings, rows)


def _those(number: int, it: Counted) -> str:
    wanted: dict[str, str | int] = {"batch": number, "state": it.state}
    if it.reason is not None:
        wanted["reason"] = it.reason
    return f"{reverse('outbox')}?{urlencode(wanted)}"


@require_POST
@page(Permission.WRITE_DELIVERIES)
def pause(request: StaffRequest, number: int) -> HttpResponse:
    """Let nothing of a batch go for the time being."""
    return _changed(request, number, pause_batch, say("The batch is paused."))


@require_POST
@page(Permission.WRITE_DELIVERIES)
def resume(request: StaffRequest, number: int) -> HttpResponse:
    """Let a paused batch go on."""
    return _changed(request, number, resume_batch, say("The batch goes on."))


def _changed(
    request: StaffRequest, number: int, change: Callable[..., bool], what: Message
) -> HttpResponse:
    _row(request, number)
    actor: Actor = request.staff.actor
    moment: datetime = now()
    try:
        change(number, actor=actor, now=moment)
    except RegularsError as error:
        messages.error(request, request.speaker.say(error.message))
        return redirect("batch", number)
    return done(request, what, "batch", number)


@require_http_methods(["GET", "POST"])
@page(Permission.WRITE_DELIVERIES)
def stop(request: StaffRequest, number: int) -> HttpResponse:
    """End a batch for good, once it was asked."""
    row = _row(request, number)
    if request.method == "POST":
        stop_batch(number, actor=request.staff.actor, now=now())
        return done(request, say("The batch is stopped."), "batch", number)
    question = Question(
        title=say("Stop {name} for good?", name=row.called),
        text=say("What waits does not go. What is being sent this very moment still does."),
        button=say("Stop the batch"),
        back=reverse("batch", args=[number]),
        grave=True,
    )
    return ask(request, question, "outbox")


def _row(request: StaffRequest, number: int) -> BatchRow:
    _for_whoever_sees_all(request)
    row = find_batch(number)
    if row is None:
        raise Http404(f"There is no batch {number}.")
    return row


def _for_whoever_sees_all(request: StaffRequest) -> None:
    """A batch goes to customers of every shop.

    Raises:
        Http404: The reader is limited to some.
    """
    if request.staff.stores is not None:
        raise Http404("Batches are shown to whoever sees every store.")
