"""Suppression: which addresses are written to no more, found by typing one."""

from typing import cast

from django import forms
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.views.decorators.http import require_http_methods

from regulars.apps.accounts.rules import Permission
from regulars.apps.contact.operations.suppressions import (
    LONGEST_NOTE,
    lift_suppression,
    suppress_address,
)
from regulars.apps.contact.queries.suppressions import (
    OnlySuppressions,
    SuppressionRow,
    count_suppressions,
    find_suppression,
    key_of,
    list_suppressions,
)
from regulars.apps.contact.rules.purposes import Channel, Scope, Withheld
from regulars.interfaces.clock import now
from regulars.interfaces.console.actors import Actors, list_actors
from regulars.interfaces.console.cells import Badge, Cell, Instant, Link, Text
from regulars.interfaces.console.contact.outbox import read_place
from regulars.interfaces.console.contact.words import CHANNELS, SCOPES, WITHHELD
from regulars.interfaces.console.forms import Filters, Form
from regulars.interfaces.console.pages import StaffRequest, done, page, show
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
from regulars.kernel.errors import RegularsError
from regulars.kernel.wording import Message, say
from regulars.reports.speech import Speaker

_FIRST = "-made"


class AddressForm(Form):
    """An address that is looked up."""

    address = forms.CharField(
        label=spoken(say("E-mail address or telephone number")),
        max_length=1000,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )

    @property
    def channel(self) -> Channel:
        """What kind of address was typed."""
        return Channel.EMAIL if "@" in self.cleaned_data["address"] else Channel.PHONE

    def key(self) -> str:
        """The hash of the address; empty, with the error said, where it is none."""
        try:
            return key_of(self.channel, self.cleaned_data["address"])
        except RegularsError as error:
            self.refuse(error, "address")
            return ""


class SuppressForm(AddressForm):
    """An address that is to be written to no more."""

    scope = forms.ChoiceField(
        label=spoken(say("What does not go there")),
        choices=[(it.value, spoken(word)) for it, word in SCOPES.items()],
        widget=forms.RadioSelect,
        initial=Scope.PROMOTION,
    )
    note = forms.CharField(
        label=spoken(say("Why")),
        help_text=spoken(say("For your colleagues; without the address itself.")),
        max_length=LONGEST_NOTE,
        required=False,
    )


class LiftForm(Form):
    """Why an address may be written to again."""

    reason = forms.CharField(
        label=spoken(say("Why may it be written to again?")),
        help_text=spoken(say("It is kept in the audit trail.")),
        max_length=LONGEST_NOTE,
    )


class SuppressionFilters(Filters):
    """Which suppressions are wanted."""

    first = ("state", "key")

    reason = forms.ChoiceField(label=spoken(say("Why")))
    scope = forms.ChoiceField(label=spoken(say("What does not go there")))
    state = forms.ChoiceField(label=spoken(say("State")))
    key = forms.RegexField(r"[0-9a-f]{64}", widget=forms.HiddenInput)

    def offer(self) -> None:
        """Fill the choices."""
        everything = ("", str(spoken(say("all"))))
        choices: dict[str, list[tuple[str, Message]]] = {
            "reason": [(it.value, word) for it, word in WITHHELD.items()],
            "scope": [(it.value, word) for it, word in SCOPES.items()],
            "state": [("holds", say("holds")), ("lifted", say("lifted"))],
        }
        for name, offered in choices.items():
            said = [(value, str(spoken(word))) for value, word in offered]
            cast("forms.ChoiceField", self.fields[name]).choices = [everything, *said]

    def only(self) -> OnlySuppressions:
        """What is asked for."""
        wanted = self.wanted()
        state = wanted.get("state")
        return OnlySuppressions(
            key=cast("str | None", wanted.get("key")),
            reason=self.one_of("reason", Withheld),
            scope=self.one_of("scope", Scope),
            in_force=None if state is None else state == "holds",
        )


def _table(speaker: Speaker, actors: Actors, *, writes: bool) -> Table[SuppressionRow]:
    return Table[SuppressionRow](
        id="suppression",
        caption=say("Suppressed addresses"),
        sort=_FIRST,
        columns=(
            Column(key="address", heading=say("Address"), cell=lambda row: _address(row, speaker)),
            Column(
                key="scope",
                heading=say("Held back"),
                cell=lambda row: Text(speaker.say(SCOPES[row.scope]), code=row.scope),
            ),
            Column(
                key="reason",
                heading=say("Why"),
                cell=lambda row: _why(row, speaker),
            ),
            Column(
                key="by",
                heading=say("Who"),
                cell=lambda row: Text(speaker.say(actors.named(row.by))),
            ),
            Column(
                key="made",
                heading=say("Since"),
                cell=lambda row: Instant(row.at),
                sort=True,
                down=True,
            ),
            Column(key="state", heading=say("State"), cell=lambda row: _state(row, writes=writes)),
        ),
        empty=Empty(
            title=say("No address is suppressed"),
            text=say(
                "Addresses come here where nobody is reached, where somebody complains or is "
                "erased, or by hand."
            ),
        ),
    )


def _address(row: SuppressionRow, speaker: Speaker) -> Cell:
    """The beginning of the hash: enough to tell one from another."""
    return Text(f"{speaker.say(CHANNELS[row.channel])} {row.key[:8]}…", code=row.key)


def _why(row: SuppressionRow, speaker: Speaker) -> Cell:
    said = speaker.say(WITHHELD[row.reason])
    return Text(f"{said}: {row.note}" if row.note else said)


def _state(row: SuppressionRow, *, writes: bool) -> Cell:
    if row.lifted_at is not None:
        return Badge(say("lifted"), "", "lifted")
    if writes:
        lift = reverse_lazy("lift_suppression", args=[row.number])
        return Link(str(spoken(say("Lift"))), lift)
    return Badge(say("holds"), "warn", "holds")


@require_http_methods(["GET", "POST"])
@page(Permission.READ_DELIVERIES)
def suppression(request: StaffRequest) -> HttpResponseBase:
    """Which addresses are written to no more; a typed address goes on as its hash alone."""
    search = AddressForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and search.is_valid() and (key := search.key()):
        return redirect(f"{reverse('suppression')}?key={key}")
    form = SuppressionFilters(request.GET)
    form.offer()
    only = form.only()
    writes = request.staff.may(Permission.WRITE_DELIVERIES)
    table = _table(request.speaker, list_actors(), writes=writes)
    source = Source[SuppressionRow](
        fetch=lambda sort, after, limit: list_suppressions(
            only, newest=sort == _FIRST, after=read_place(after), limit=limit
        ),
        place=lambda row, _: str(row.number),
    )
    if request.GET.get("as") == "csv":
        return save_list(request, table, source)
    shown = listing(
        request, table, source, form=form, count=lambda most: count_suppressions(only, most=most)
    )
    return show_list(
        request, "console/contact/suppression.html.jinja", shown, search=search, found=only.key
    )


@require_http_methods(["GET", "POST"])
@page(Permission.WRITE_DELIVERIES)
def add(request: StaffRequest) -> HttpResponse:
    """Let nothing of a scope go to an address."""
    form = SuppressForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and (key := form.key()):
        suppress_address(
            form.channel,
            form.cleaned_data["address"],
            Scope(form.cleaned_data["scope"]),
            form.cleaned_data["note"],
            actor=request.staff.actor,
            now=now(),
        )
        done(request, say("Nothing of the kind goes to this address any more."), "suppression")
        return redirect(f"{reverse('suppression')}?key={key}")
    return _form(request, form, say("Suppress an address"), say("Suppress"))


@require_http_methods(["GET", "POST"])
@page(Permission.WRITE_DELIVERIES)
def lift(request: StaffRequest, number: int) -> HttpResponse:
    """Let an address be written to again."""
    row = find_suppression(number)
    if row is None:
        raise Http404(f"There is no suppression {number}.")
    form = LiftForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            told = form.cleaned_data["reason"]
            lift_suppression(number, told, actor=request.staff.actor, now=now())
        except RegularsError as error:
            form.refuse(error, "reason")
        else:
            return done(request, say("The address may be written to again."), "suppression")
    return _form(request, form, say("Lift the suppression"), say("Lift"))


def _form(request: StaffRequest, form: Form, title: Message, button: Message) -> HttpResponse:
    back = reverse("suppression")
    context = {
        "form": form,
        "title": title,
        "button": button,
        "crumbs": [
            (reverse("outbox"), request.speaker.say(say("Outbox"))),
            (back, request.speaker.say(say("Suppressed addresses"))),
        ],
        "back": back,
        "here": "outbox",
    }
    return show(request, "console/one_form.html.jinja", context)
