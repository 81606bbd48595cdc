"""What a customer agreed to: all of it, and what is said to the staff is written down."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from regulars.apps.accounts.rules import Permission
from regulars.apps.contact.operations.asking import ask_consent
from regulars.apps.contact.operations.consents import ConsentData, put_consent, record_consents
from regulars.apps.contact.queries.consents import (
    ConsentRow,
    WordingRow,
    list_consent_events,
    list_wordings,
)
from regulars.apps.contact.rules.consents import problems_of_said
from regulars.apps.contact.rules.purposes import Basis, Channel, Consent, Purpose
from regulars.apps.firm.queries import get_company
from regulars.apps.journal.operations import record_seen
from regulars.interfaces.clock import now
from regulars.interfaces.console.actors import Actors, list_actors
from regulars.interfaces.console.cells import Badge
from regulars.interfaces.console.contact.words import CHANNELS, PURPOSES
from regulars.interfaces.console.customers.card import card_of, name_on, show_form
from regulars.interfaces.console.customers.reached import BASES, said
from regulars.interfaces.console.forms import Form
from regulars.interfaces.console.pages import StaffRequest, done, page, show
from regulars.interfaces.console.words import spoken
from regulars.kernel.errors import InputError
from regulars.kernel.problems import Problem
from regulars.kernel.wording import Message, say

_LONGEST_PROOF: Final = 2000


class ConsentForm(Form):
    """What a customer said, and what shows it."""

    purpose = forms.TypedChoiceField(
        label=spoken(say("Of what")),
        choices=[
            (it.value, spoken(words)) for it, words in PURPOSES.items() if it != Purpose.SERVICE
        ],
        coerce=Purpose,
    )
    channel = forms.TypedChoiceField(
        label=spoken(say("By which way")),
        choices=[(it.value, spoken(words)) for it, words in CHANNELS.items()],
        coerce=Channel,
    )
    state = forms.TypedChoiceField(
        label=spoken(say("What the customer said")),
        choices=[
            (Consent.GRANTED.value, spoken(say("Yes"))),
            (Consent.PENDING.value, spoken(say("Yes, and is sent a link to confirm it"))),
            (Consent.WITHDRAWN.value, spoken(say("No more"))),
            (Consent.OBJECTED.value, spoken(say("Objects to it"))),
        ],
        coerce=Consent,
    )
    basis = forms.TypedChoiceField(
        label=spoken(say("By what right you write")),
        choices=[(it.value, spoken(words)) for it, words in BASES.items()],
        coerce=Basis,
    )
    on = forms.DateField(
        label=spoken(say("On which day")),
        help_text=spoken(say("Now, if it is left out.")),
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
    )
    wording = forms.TypedChoiceField(
        label=spoken(say("To which words")), required=False, coerce=int, empty_value=None
    )
    proof = forms.CharField(
        label=spoken(say("What shows it")),
        help_text=spoken(say("Such as the number of a form, or who was called and when.")),
        required=False,
        max_length=_LONGEST_PROOF,
        widget=forms.Textarea({"rows": 3}),
    )

    def offer(self, wordings: Sequence[WordingRow], request: StaffRequest) -> None:
        """Fill in the words that customers were asked to agree to."""
        field = self.fields["wording"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101 - it stands above
        names = [
            f"{request.speaker.say(PURPOSES[it.purpose])} · {it.version} · {it.language}"
            for it in wordings
        ]
        field.choices = [("", str(spoken(say("not known")))), *enumerate(names)]

    def read(
        self, customer: int, wordings: Sequence[WordingRow], moment: datetime
    ) -> ConsentData | None:
        """What was said; None where it cannot have been, which stands beside the fields."""
        if not self.is_valid():
            return None
        told, place = self.cleaned_data, self.cleaned_data["wording"]
        words = None if place is None else wordings[place]
        data = ConsentData(
            customer=customer,
            purpose=told["purpose"],
            channel=told["channel"],
            state=told["state"],
            basis=told["basis"],
            at=_at(told["on"], moment),
            wording="" if words is None else words.version,
            language="" if words is None else words.language,
            proof={"note": told["proof"]} if told["proof"] else {},
        )
        self.refuse_each(
            Problem("on" if it.field == "at" else it.field, it.message)
            for it in problems_of_said(data, moment)
        )
        if words is not None and words.purpose is not data.purpose:
            self.refuse(InputError(say("These words are about something else.")), "wording")
        if data.state is Consent.PENDING and told["on"] is not None:
            self.refuse(InputError(say("Who is asked is asked now: leave it out.")), "on")
        return None if self.errors else data


@require_http_methods(["GET", "POST"])
@page(Permission.WRITE_CONTACTS)
def add(request: StaffRequest, number: int) -> HttpResponse:
    """Write down what a customer said."""
    card, wordings, moment = card_of(request, number), list_wordings(), now()
    form = ConsentForm(request.POST if request.method == "POST" else None)
    form.offer(wordings, request)
    if request.method == "POST" and (data := form.read(card.number, wordings, moment)):
        try:
            new = _write(data, request, moment)
        except InputError as error:
            form.refuse(error, "channel")
        else:
            told = say("It is written down.") if new else say("That was known already.")
            return done(request, told, "customer", card.number)
    return show_form(request, form, card, say("What the customer said"), say("Write it down"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that a customer said."""

    purpose: Message
    kind: Message
    state: Badge
    basis: Message
    row: ConsentRow
    by: Message | str

    @property
    def proof(self) -> list[tuple[str, str]]:
        """What shows it, in parts; not the hash of an address."""
        told = self.row.proof.items()
        return [(name, str(value)) for name, value in told if not name.endswith("_key")]


@require_GET
@page(Permission.READ_CONTACTS)
def consents(request: StaffRequest, number: int) -> HttpResponse:
    """All that a customer ever said of being written to, the last first."""
    card = card_of(request, number)
    if card.number != number:
        return redirect("consents", card.number)
    record_seen(request.staff.actor, f"customer:{number}", now())
    actors = list_actors()
    context = {
        "card": card,
        "name": name_on(card, request),
        "lines": [_line(row, actors) for row in list_consent_events(number)],
        "back": reverse("customer", args=[number]),
    }
    return show(request, "console/consents.html.jinja", context)


def _write(data: ConsentData, request: StaffRequest, moment: datetime) -> bool:
    actor = request.staff.actor
    if data.state is Consent.PENDING:
        asked = replace(data, state=Consent.GRANTED)
        return ask_consent(asked, actor=actor, now=moment) is not None
    if data.at == moment:
        return put_consent(data, actor=actor, now=moment)
    return record_consents([data], actor=actor, now=moment) > 0


def _at(day: date | None, moment: datetime) -> datetime:
    """When something was said of which the day is known: as the day begins at the firm."""
    zone = ZoneInfo(get_company().time_zone)
    if day is None or day == moment.astimezone(zone).date():
        return moment
    return datetime.combine(day, time(), zone)


def _line(row: ConsentRow, actors: Actors) -> Fact:
    return Fact(
        purpose=PURPOSES[row.purpose],
        kind=CHANNELS[row.channel],
        state=said(row),
        basis=BASES[row.basis],
        row=row,
        by=actors.named(row.actor),
    )
