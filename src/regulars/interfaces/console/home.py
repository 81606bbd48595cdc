"""The first page after the sign-in, and the choice of a language."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from regulars.apps.accounts.operations import set_language
from regulars.apps.accounts.queries import StaffRow
from regulars.apps.accounts.rules import Permission
from regulars.apps.orders.queries import OnlySales, SaleRow, count_sales, last_sale_at, list_sales
from regulars.apps.people.queries import count_people, count_persons
from regulars.interfaces.console.language import COOKIE
from regulars.interfaces.console.pages import StaffRequest, page, show
from regulars.interfaces.console.sections import Section, sections_for
from regulars.kernel.wording import Message, Money, say, say_count
from regulars.reports.catalogues import LANGUAGES

_YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A figure of the overview, linked to what it counts.

    Attributes:
        figure: How many; an instant; None where there is none yet.
        of: What it counts.
        address: The name of the list's address.
    """

    figure: int | datetime | None
    of: Message
    address: str


def _of_people(staff: StaffRow) -> Iterator[Fact]:
    if staff.may(Permission.READ_CUSTOMERS):
        n = (
            count_persons()
            if staff.stores is None
            else count_people(stores=staff.stores, most=_MOST)
        )
        of = say_count("customer", "customers", n=n)
        if staff.stores is not None and n == _MOST:
            of = say("customers or more")
        yield Fact(figure=n, of=of, address="customers")


def _of_orders(staff: StaffRow) -> Iterator[Fact]:
    if staff.may(Permission.READ_ORDERS):
        n = count_sales(OnlySales(stores=staff.stores), most=_EVERY)
        of = say_count("order", "orders", n=n)
        yield Fact(figure=n, of=of, address="orders")
        last = last_sale_at(staff.stores)
        if last is not None:
            yield Fact(figure=last, of=say("last order"), address="orders")


_EVERY: Final = 10**9
_MOST: Final = 10_000
FACTS: tuple[Callable[[StaffRow], Iterator[Fact]], ...] = (_of_people, _of_orders)
"""What the overview tells; each domain adds its own."""


STEPS: tuple[Section, ...] = (
    Section("new_import", say("Import a file"), Permission.WRITE_IMPORTS),
    Section("new_key", say("Make a key for your shop"), Permission.WRITE_SETTINGS),
    Section("new_customer", say("Add a customer"), Permission.WRITE_CUSTOMERS),
)
"""What to do in an empty installation, the best first: each domain adds its own."""


_SHOWN: Final = 5


def _latest(staff: StaffRow) -> list[tuple[SaleRow, Money]]:
    if not staff.may(Permission.READ_ORDERS):
        return []
    rows = list_sales(only=OnlySales(stores=staff.stores), limit=_SHOWN)
    return [(row, Money(row.amount, row.currency)) for row in rows]


@require_GET
@page(None)
def home(request: StaffRequest) -> HttpResponse:
    """Where somebody who signs in comes first: what the records hold, and what to do next."""
    facts = [fact for ask in FACTS for fact in ask(request.staff)]
    context = {
        "facts": facts,
        "empty_": not any(fact.figure for fact in facts),
        "steps": sections_for(request.staff, STEPS),
        "latest": _latest(request.staff),
    }
    return show(request, "console/home.html.jinja", context)


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Speak another language from now on, and go back to where the choice was made."""
    wanted, back = request.POST.get("language", ""), request.POST.get("next", "/")
    inside = url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure())
    answer = redirect(back if inside else "/")
    if wanted in LANGUAGES:
        answer.set_cookie(
            COOKIE, wanted, _YEAR, secure=request.is_secure(), httponly=True, samesite="Lax"
        )
        if request.staff is not None:  # type: ignore[attr-defined]
            set_language(request.staff.id, wanted)  # type: ignore[attr-defined]
    return answer
