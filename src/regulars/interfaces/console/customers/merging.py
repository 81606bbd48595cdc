"""Records of one person are found, compared, merged and parted again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from regulars.apps.accounts.rules import Permission
from regulars.apps.orders.queries import OnlySales, count_sales, list_sales
from regulars.apps.people.operations import dismiss_suggestion, merge_records, part_records
from regulars.apps.people.queries import (
    AlikeRow,
    CustomerCard,
    list_merge_suggestions,
    list_people,
)
from regulars.interfaces.clock import now
from regulars.interfaces.console.customers.card import card_of, name_on
from regulars.interfaces.console.customers.naming import called, seen_id
from regulars.interfaces.console.forms import Filters
from regulars.interfaces.console.pages import Question, StaffRequest, ask, done, page, show
from regulars.interfaces.console.words import spoken
from regulars.kernel.errors import InputError, OptionError
from regulars.kernel.wording import Message, say

_AT_ONCE = 20
_CANDIDATES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of two records that may be one person, as they are compared."""

    card: CustomerCard
    name: str
    ids: Sequence[tuple[str, str]]
    orders: int
    last_order_at: datetime | None


@require_GET
@page(Permission.WRITE_CUSTOMERS)
def merges(request: StaffRequest) -> HttpResponse:
    """Records that may be one person, with the reasons."""
    try:
        found = list_merge_suggestions(
            stores=request.staff.stores,
            after=request.GET.get("after", ""),
            limit=_AT_ONCE + 1,
        )
    except OptionError as error:
        raise Http404(str(error)) from error
    shown = found[:_AT_ONCE]
    pairs = [
        {"reasons": it.reasons, "sides": [_seen(request, row) for row in (it.first, it.second)]}
        for it in shown
    ]
    more = urlencode({"after": shown[-1].cursor}) if len(found) > _AT_ONCE else ""
    return show(request, "console/merges.html.jinja", {"pairs": pairs, "more": more})


def _seen(request: StaffRequest, row: AlikeRow) -> dict[str, object]:
    """One record of a pair, as the reader may see it."""
    ids = [(source, seen_id(id_, request.staff)) for source, id_ in row.ids]
    return {
        "number": row.number,
        "name": called(row.name, [id_ for _, id_ in ids], row.number),
        "birthday": row.birthday,
        "ids": [(source, id_) for source, id_ in ids if id_],
    }


@require_POST
@page(Permission.WRITE_CUSTOMERS)
def keep_apart(request: StaffRequest, number: int, other: int) -> HttpResponse:
    """Say that two records alike are two people."""
    for one in (number, other):
        card_of(request, one)
    try:
        dismiss_suggestion(number, other, actor=request.staff.actor, now=now())
    except InputError as error:
        return _refused(request, error, "merges")
    return done(request, say("These two are not suggested again."), "merges")


class SearchForm(Filters):
    """Whom a record is to be merged with."""

    search = forms.CharField(
        label=spoken(say("Name or id of the other record")),
        max_length=200,
        widget=forms.TextInput({"type": "search", "autocomplete": "off"}),
    )


@require_GET
@page(Permission.WRITE_CUSTOMERS)
def merge_search(request: StaffRequest, number: int) -> HttpResponse:
    """Look for the record that a customer is to be merged with."""
    card = card_of(request, number)
    form = SearchForm(request.GET)
    search = str(form.wanted().get("search", ""))
    stores = request.staff.stores
    found = list_people(search=search, stores=stores, limit=_CANDIDATES) if search else []
    own = {card.number, *(it.number for it in card.records)}
    context = {
        "card": card,
        "name": name_on(card, request),
        "form": form,
        "search": search,
        "found": [
            (row.number, called(row.name, [seen_id(row.id, request.staff)], row.number), row)
            for row in found
            if row.number not in own and row.merged_into is None
        ],
    }
    return show(request, "console/merge_search.html.jinja", context)


@require_http_methods(["GET", "POST"])
@page(Permission.WRITE_CUSTOMERS)
def compare(request: StaffRequest, number: int, other: int) -> HttpResponse:
    """Two records beside each other; merge them into the one that is chosen."""
    first, second = card_of(request, number), card_of(request, other)
    if first.number == second.number:
        raise Http404(f"{number} and {other} are one person already.")
    if request.method == "POST":
        kept = request.POST.get("keep", "")
        if kept not in {str(first.number), str(second.number)}:
            return _refused(
                request,
                InputError(say("Choose the record that stands for the person.")),
                "compare",
                number,
                other,
            )
        gone = second if kept == str(first.number) else first
        try:
            merge_records(gone.number, int(kept), actor=request.staff.actor, now=now())
        except InputError as error:
            return _refused(request, error, "compare", number, other)
        return done(
            request,
            say("The records are merged. The merge can be undone on this page."),
            "customer",
            int(kept),
        )
    sides = [_side(request, first), _side(request, second)]
    return show(request, "console/compare.html.jinja", {"sides": sides})


def _side(request: StaffRequest, card: CustomerCard) -> Side:
    numbers = [card.number, *(it.number for it in card.records)]
    only = OnlySales(customers=numbers, stores=request.staff.stores)
    last = list_sales(only=only, limit=1)
    return Side(
        card=card,
        name=name_on(card, request),
        ids=[(it.source, id_) for it in card.identities if (id_ := seen_id(it.id, request.staff))],
        orders=count_sales(only),
        last_order_at=last[0].ordered_at if last else None,
    )


@require_http_methods(["GET", "POST"])
@page(Permission.WRITE_CUSTOMERS)
def part(request: StaffRequest, number: int) -> HttpResponse:
    """Undo a merge, once it was asked."""
    card = card_of(request, number)
    record = next((it for it in card.records if it.number == number), None)
    if record is None:
        raise Http404(f"Record {number} is merged into nobody.")
    if request.method == "POST":
        try:
            part_records(number, actor=request.staff.actor, now=now())
        except InputError as error:
            return _refused(request, error, "customer", card.number)
        return done(request, say("The merge is undone."), *_still_seen(request, number))
    question = Question(
        title=say("Undo the merge?"),
        text=say(
            "{name} becomes a customer apart from {person} again, each with the orders and notes "
            "of before.",
            name=record.name or f"#{record.number}",
            person=name_on(card, request),
        ),
        button=say("Undo the merge"),
        back=reverse("customer", args=[card.number]),
    )
    return ask(request, question, "customers")


def _still_seen(request: StaffRequest, number: int) -> tuple[str, *tuple[int, ...]]:
    """The page of a record; the list where he who parted it may see it no longer."""
    try:
        card_of(request, number)
    except Http404:
        return ("customers",)
    return ("customer", number)


def _refused(request: StaffRequest, error: InputError, to: str, *args: object) -> HttpResponse:
    """Say on a page why something was not done."""
    told: list[Message] = [error.message, *([error.accepted] if error.accepted else [])]
    messages.error(request, " ".join(request.speaker.say(it) for it in told))
    return redirect(to, *args)
