"""A template as a customer would read it, and a test of it."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django import forms
from django.http import HttpResponse
from django.utils.csp import CSP
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_GET, require_POST

from regulars.apps.accounts.rules import Permission
from regulars.apps.contact.operations.templates import Trial, send_test
from regulars.apps.contact.queries.templates import Preview, TemplateRow, preview_template
from regulars.apps.journal.operations import record_seen
from regulars.apps.people.queries import PersonRow, get_customer_card, list_people
from regulars.interfaces.clock import now
from regulars.interfaces.console.customers.naming import called, seen_id
from regulars.interfaces.console.figures import language_name
from regulars.interfaces.console.forms import Filters, Form
from regulars.interfaces.console.pages import StaffRequest, done, page, show
from regulars.interfaces.console.words import spoken
from regulars.interfaces.console.writing.editing import language_asked
from regulars.interfaces.console.writing.listing import template_of
from regulars.kernel.errors import InputError, RegularsError
from regulars.kernel.wording import say
from regulars.reports.catalogues import LANGUAGES

_CANDIDATES = 6
_STRICT: Mapping[str, Collection[str]] = {
    "default-src": [CSP.NONE],
    "style-src": [CSP.UNSAFE_INLINE],
    "img-src": ["https:", "data:"],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.NONE],
    "frame-ancestors": [CSP.SELF],
}
"""Of a mail in its frame: it may look as it likes, and do nothing."""


class PreviewForm(Filters):
    """As whom a template is read, and on what."""

    language = forms.ChoiceField(label=spoken(say("Language")))
    customer = forms.CharField(
        label=spoken(say("Customer: number, id or name")),
        max_length=200,
        widget=forms.TextInput({"type": "search", "autocomplete": "off"}),
    )
    width = forms.ChoiceField(
        label=spoken(say("Shown as on")),
        choices=lambda: [("desk", spoken(say("a desk"))), ("phone", spoken(say("a phone")))],
    )

    values = forms.CharField(
        label=spoken(say("What a sender says besides")),
        max_length=10_000,
        widget=forms.TextInput({"placeholder": '{"points": 120}', "autocomplete": "off"}),
    )

    def offer(self, request: StaffRequest, row: TemplateRow, language: str) -> None:
        """Offer the languages that customers read, also those that the template lacks."""
        tags = dict.fromkeys([*(it.language for it in row.texts), *LANGUAGES, language])
        field = self.fields["language"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - it stands above
        field.choices = [(tag, language_name(request.speaker, tag)) for tag in tags]


class TestForm(Form):
    """Where a test goes."""

    address = forms.EmailField(label=spoken(say("Send a test to")))
    language = forms.CharField(widget=forms.HiddenInput)
    customer = forms.IntegerField(widget=forms.HiddenInput, required=False)
    values = forms.CharField(widget=forms.HiddenInput, required=False)


@dataclass(frozen=True, slots=True)
class _Reader:
    """As whom a template is read: a customer, others who fit the search, or nobody."""

    number: int | None
    name: str
    others: Sequence[tuple[int, str]] = ()


@require_GET
@page(Permission.READ_TEMPLATES)
def preview(request: StaffRequest, number: int) -> HttpResponse:
    """How a template reads for a customer."""
    row = template_of(number)
    language = language_asked(request, row)
    form = PreviewForm({"language": language, "width": "desk"} | request.GET.dict())
    form.offer(request, row, language)
    asked = request.GET.get("customer", "").strip()
    reader = _reader(request, asked)
    if reader.number is not None:
        record_seen(request.staff.actor, f"customer:{reader.number}", now())
    values = read_values(request.GET.get("values", ""))
    shown = _shown(row, language, reader, values or {}) if row.texts else None
    kept = {"customer": reader.number or "", "values": request.GET.get("values", "")}
    told = {"address": request.staff.email, **kept}
    context = {
        "row": row,
        "form": form,
        "shown": shown,
        "reader": reader,
        "asked": asked,
        "phone": request.GET.get("width") == "phone",
        "test": TestForm(initial=told | {"language": shown.language if shown else ""}),
        "writes": request.staff.may(Permission.WRITE_TEMPLATES),
        "unread": values is None,
        "query": {"language": language} | {name: it for name, it in kept.items() if it},
    }
    return show(request, "console/writing/preview.html.jinja", context)


@csp_override(_STRICT)
@xframe_options_sameorigin
@require_GET
@page(Permission.READ_TEMPLATES)
def mail(request: StaffRequest, number: int) -> HttpResponse:
    """The mail alone, for its frame."""
    row = template_of(number)
    if not row.texts:
        return HttpResponse("")
    reader = _reader(request, request.GET.get("customer", "").strip())
    values = read_values(request.GET.get("values", "")) or {}
    shown = _shown(row, language_asked(request, row), reader, values)
    return HttpResponse(shown.rendered.html if shown.rendered else "")


@require_POST
@page(Permission.WRITE_TEMPLATES)
def test(request: StaffRequest, number: int) -> HttpResponse:
    """Send a test."""
    row = template_of(number)
    form = TestForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        reader = _reader(request, str(told["customer"] or ""))
        trial = Trial(
            language=told["language"],
            address=told["address"],
            customer=reader.number,
            values=read_values(told["values"]) or {},
        )
        try:
            send_test(row.id, trial, actor=request.staff.actor, now=now())
        except RegularsError as error:
            form.refuse(error)
        else:
            sent = say("A test is on its way to {address}.", address=trial.address)
            return done(request, sent, "template_preview", row.id)
    context = {"row": row, "form": form}
    return show(request, "console/writing/test.html.jinja", context, status=409)


def read_values(text: str) -> dict[str, object] | None:
    """What a sender would say besides, as JSON; None where it is none.

    >>> read_values('{"points": 120}'), read_values(""), read_values("points")
    ({'points': 120}, {}, None)
    """
    try:
        values = json.loads(text or "{}")
    except ValueError:
        return None
    return values if isinstance(values, dict) else None


def _shown(
    row: TemplateRow, language: str, reader: _Reader, values: Mapping[str, object]
) -> Preview:
    return preview_template(row, language, reader.number, values)


def _reader(request: StaffRequest, asked: str) -> _Reader:
    """Whom a search means: the number of a record, or the first of whom it finds."""
    staff = request.staff
    if not asked or not staff.may(Permission.READ_CUSTOMERS):
        return _Reader(None, "")
    found = list_people(search=asked, stores=staff.stores, limit=_CANDIDATES)
    named = [(it.number, _called(request, it)) for it in found]
    if asked.isdecimal() and len(asked) < 18:  # noqa: PLR2004 - what a database counts to
        try:
            card = get_customer_card(int(asked), staff.stores)
        except InputError:
            pass
        else:
            return _Reader(card.number, called(card.name, [], card.number))
    return _Reader(named[0][0], named[0][1], named[1:]) if named else _Reader(None, "")


def _called(request: StaffRequest, row: PersonRow) -> str:
    return called(row.name, [seen_id(row.id, request.staff)], row.number)
