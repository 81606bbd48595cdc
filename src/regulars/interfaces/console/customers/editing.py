"""Customers are made and changed by hand."""

import json
import secrets
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final, cast

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from regulars.apps.accounts.rules import Permission
from regulars.apps.people.operations import CustomerData, put_customers
from regulars.apps.people.queries import (
    API,
    AttributeRow,
    CustomerCard,
    IdentityRow,
    attribute_kinds,
    find_customer,
    list_attributes,
    numbers_of,
)
from regulars.apps.people.rules import (
    AttributeKind,
    Birthday,
    problems_of_attributes,
    problems_of_customer,
    problems_of_greetings,
)
from regulars.interfaces.clock import now
from regulars.interfaces.console.customers.card import card_of, show_form
from regulars.interfaces.console.figures import language_name
from regulars.interfaces.console.forms import Form
from regulars.interfaces.console.pages import StaffRequest, done, page, show
from regulars.interfaces.console.words import spoken
from regulars.kernel.errors import InputError
from regulars.kernel.problems import Problem
from regulars.kernel.wording import say
from regulars.reports.catalogues import LANGUAGES
from regulars.reports.speech import Speaker

BY_HAND: Final = "console"
"""The source of ids of customers that were added by hand."""
_MONTHS: Final = range(1, 13)
_DECLARED: Final = "attribute-"

_WIDE_COLON = "\N{FULLWIDTH COLON}"
"""As Chinese keyboards write it."""


class CustomerForm(Form):
    """What is known of a customer."""

    together = ("birth_day", "birth_month", "birth_year")

    name = forms.CharField(label=spoken(say("Name")), max_length=300, required=False)
    language = forms.ChoiceField(label=spoken(say("Language")), required=False)
    time_zone = forms.CharField(
        label=spoken(say("Time zone")),
        help_text=spoken(say("Such as Europe/Vilnius.")),
        max_length=64,
        required=False,
    )
    birth_day = forms.IntegerField(
        label=spoken(say("Day of birth")), min_value=1, max_value=31, required=False
    )
    birth_month = forms.TypedChoiceField(
        label=spoken(say("Month of birth")), required=False, coerce=int, empty_value=None
    )
    birth_year = forms.IntegerField(
        label=spoken(say("Year of birth")),
        min_value=1880,
        max_value=2100,
        required=False,
    )
    more = forms.CharField(
        label=spoken(say("More attributes")),
        help_text=spoken(say("One on a line, as: shoe size: 43")),
        widget=forms.Textarea({"rows": 4}),
        required=False,
    )
    greetings = forms.CharField(
        label=spoken(say("Greeting")),
        help_text=spoken(
            say(
                "Where the rules of a language bend the name wrongly; one on a line, as: lt: Jonai"
            )
        ),
        widget=forms.Textarea({"rows": 2}),
        required=False,
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def offer(self, speaker: Speaker, kept: str, declared: list[AttributeRow]) -> None:
        """Fill the choices, and add a field for each attribute that the firm declared."""
        tags = dict.fromkeys([*LANGUAGES, *([kept] if kept else [])])
        languages = cast("forms.ChoiceField", self.fields["language"])
        languages.choices = [
            ("", str(spoken(say("not known")))),
            *((tag, language_name(speaker, tag)) for tag in tags),
        ]
        names = speaker.locale.months["stand-alone"]["wide"]
        months = cast("forms.ChoiceField", self.fields["birth_month"])
        months.choices = [
            ("", str(spoken(say("not known")))),
            *((month, names[month]) for month in _MONTHS),
        ]
        for place, row in enumerate(declared):
            self.fields[f"{_DECLARED}{place}"] = _field_of(row)
        self.order_fields([name for name in self.fields if name not in {"more", "greetings"}])

    @property
    def birthday(self) -> Birthday | None:
        """The birthday, where there is one."""
        told = self.cleaned_data
        if not told.get("birth_day") and not told.get("birth_month"):
            return None
        return Birthday(
            told.get("birth_month") or 0, told.get("birth_day") or 0, told.get("birth_year")
        )

    def attributes(
        self, declared: list[AttributeRow], kept: Mapping[str, object]
    ) -> dict[str, object]:
        """The attributes told; one whose text did not change keeps its kind."""
        found: dict[str, object] = {
            name: _read(text, kept.get(name)) for name, text in self._lines("more").items()
        }
        for place, row in enumerate(declared):
            value = self.cleaned_data.get(f"{_DECLARED}{place}")
            if value not in (None, ""):
                found[row.name] = _kept(value)
        return found

    @property
    def told_greetings(self) -> dict[str, str]:
        """How the customer is greeted, by language."""
        return self._lines("greetings")

    def _lines(self, field: str) -> dict[str, str]:
        """The lines of a field, each a name and a text."""
        lines = self.cleaned_data.get(field, "").splitlines()
        parts = (line.replace(_WIDE_COLON, ":", 1).partition(":") for line in lines)
        return {name.strip(): text.strip() for name, _, text in parts if name.strip()}


def _field_of(row: AttributeRow) -> forms.Field:
    match row.kind:
        case AttributeKind.NUMBER:
            return forms.DecimalField(label=row.label, required=False)
        case AttributeKind.DATE:
            widget = forms.DateInput({"type": "date"}, "%Y-%m-%d")
            return forms.DateField(label=row.label, required=False, widget=widget)
        case AttributeKind.YES_NO:
            return forms.TypedChoiceField(
                label=row.label,
                required=False,
                choices=[
                    ("", spoken(say("not known"))),
                    ("True", spoken(say("yes"))),
                    ("False", spoken(say("no"))),
                ],
                coerce=lambda text: text == "True",
                empty_value=None,
            )
        case AttributeKind.TEXT:
            return forms.CharField(label=row.label, required=False, max_length=1000)


def _kept(value: object) -> object:
    """A value as the records keep it."""
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def _written(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _read(text: str, before: object) -> object:
    return before if before is not None and _written(before) == text else text


def _initial(card: CustomerCard, declared: list[AttributeRow]) -> dict[str, object]:
    names = [row.name for row in declared]
    day = card.birthday
    others = {name: it for name, it in card.attributes.items() if name not in names}
    return {
        "name": card.name,
        "language": card.language,
        "time_zone": card.time_zone,
        "birth_day": day.day if day else None,
        "birth_month": day.month if day else None,
        "birth_year": day.year if day else None,
        "more": "\n".join(f"{name}: {_written(value)}" for name, value in others.items()),
        "greetings": "\n".join(f"{tag}: {text}" for tag, text in card.greetings.items()),
        "seen": card.changed_at.isoformat(),
    } | {f"{_DECLARED}{place}": card.attributes.get(name) for place, name in enumerate(names)}


def _identity_of(card: CustomerCard) -> IdentityRow:
    """The id by which the record is told, that of the API first."""
    own = [it for it in card.identities if it.number == card.number]
    return min(own, key=lambda it: (it.source != API, it.source, it.id))


@require_http_methods(["GET", "POST"])
@page(Permission.WRITE_CUSTOMERS)
def edit_customer(request: StaffRequest, number: int) -> HttpResponse:
    """Change what is known of a customer."""
    card, declared = card_of(request, number), list_attributes()
    told = request.POST if request.method == "POST" else None
    form = CustomerForm(told, initial=_initial(card, declared))
    form.offer(request.speaker, card.language, declared)
    if request.method == "POST" and form.is_valid():
        identity = _identity_of(card)
        if form.cleaned_data["seen"] != card.changed_at.isoformat():
            form.refuse(
                InputError(
                    say("Somebody else changed this customer meanwhile."),
                    accepted=say("Open the page again and make your changes anew."),
                )
            )
        elif _put(request, form, identity.source, identity.id, card.attributes):
            return done(request, say("The customer is kept."), "customer", card.number)
    return show_form(request, form, card, say("Edit the customer"), say("Keep"))


class NewCustomerForm(CustomerForm):
    """A customer who is added by hand."""

    id = forms.CharField(
        label=spoken(say("Id in your shop")),
        help_text=spoken(say("Orders that bear this id are then the customer's.")),
        max_length=200,
        required=False,
    )


@require_http_methods(["GET", "POST"])
@page(Permission.WRITE_CUSTOMERS)
def new_customer(request: StaffRequest) -> HttpResponse:
    """Add a customer."""
    declared = list_attributes()
    form = NewCustomerForm(request.POST if request.method == "POST" else None)
    form.offer(request.speaker, "", declared)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data["id"]
        source, id_ = (API, told) if told else (BY_HAND, secrets.token_hex(8))
        if not form.cleaned_data["name"] and not told:
            form.refuse(
                InputError(say("A customer without a name and an id cannot be found again.")),
                "name",
            )
        elif find_customer(id_, source) is not None:
            form.refuse(InputError(say("{id} is another customer's id.", id=id_)), "id")
        elif _put(request, form, source, id_, {}):
            number = numbers_of([id_], source)[id_]
            return done(request, say("The customer is added."), "customer", number)
    context = {
        "form": form,
        "title": say("Add a customer"),
        "button": say("Add"),
        "crumbs": [(reverse("customers"), request.speaker.say(say("Customers")))],
        "back": reverse("customers"),
        "here": "customers",
    }
    return show(request, "console/one_form.html.jinja", context)


def _put(
    request: StaffRequest, form: CustomerForm, source: str, id_: str, kept: Mapping[str, object]
) -> bool:
    """Write what the form tells, or say in it why that cannot be."""
    declared, told = list_attributes(), form.cleaned_data
    customer = CustomerData(
        id=id_,
        name=told["name"],
        language=told["language"],
        time_zone=told["time_zone"],
        birthday=form.birthday,
        attributes=form.attributes(declared, kept),
        greetings=form.told_greetings,
    )
    fields = {"birthday": "birth_day"} | {
        f"attributes.{row.name}": f"{_DECLARED}{place}" for place, row in enumerate(declared)
    }
    form.refuse_each(
        Problem(fields.get(problem.field, problem.field.partition(".")[0]), problem.message)
        for problem in (
            *problems_of_customer(
                id_,
                language=customer.language,
                time_zone=customer.time_zone,
                birthday=customer.birthday,
            ),
            *problems_of_attributes(customer.attributes, attribute_kinds()),
            *problems_of_greetings(form.told_greetings),
        )
    )
    if form.errors:
        return False
    put_customers([customer], actor=request.staff.actor, now=now(), source=source)
    return True
