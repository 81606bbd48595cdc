"""The list of customers."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Final, cast

from django import forms
from django.http.response import HttpResponseBase
from django.urls import reverse, reverse_lazy
from django.utils.timezone import get_current_timezone
from django.views.decorators.http import require_GET

from regulars.apps.accounts.queries import StaffRow, list_staff
from regulars.apps.accounts.rules import Permission
from regulars.apps.journal.operations import record
from regulars.apps.people.queries import Only, PersonRow, Sort, count_people, list_people
from regulars.interfaces.clock import now
from regulars.interfaces.console.cells import Badge, Instant, Link, Text
from regulars.interfaces.console.customers.naming import called, seen_id
from regulars.interfaces.console.figures import language_name
from regulars.interfaces.console.forms import Filters
from regulars.interfaces.console.pages import StaffRequest, page
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
from regulars.kernel.wording import say
from regulars.reports.catalogues import LANGUAGES
from regulars.reports.speech import Speaker

_STUB: Final = Badge(say("from orders alone"), "warn", "from orders alone")
_MERGED: Final = Badge(say("merged"), "", "merged")


class CustomerFilters(Filters):
    """Which customers are wanted."""

    first = ("search",)

    search = forms.CharField(
        label=spoken(say("Name or id")),
        max_length=200,
        widget=forms.TextInput({"type": "search", "autocomplete": "off"}),
    )
    language = forms.ChoiceField(label=spoken(say("Language")))
    contact = forms.ChoiceField(label=spoken(say("Contact person")))
    known = forms.ChoiceField(
        label=spoken(say("What is known")),
        choices=[
            ("", spoken(say("all"))),
            ("details", spoken(say("with details"))),
            ("orders", spoken(say("from orders alone"))),
        ],
    )
    since = forms.DateField(
        label=spoken(say("Made since")), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )

    def offer(self, colleagues: Sequence[StaffRow], speaker: Speaker) -> None:
        """Fill the choices."""
        everybody = ("", str(spoken(say("all"))))
        languages = cast("forms.ChoiceField", self.fields["language"])
        tags = [code.partition("-")[0] for code in LANGUAGES]
        languages.choices = [everybody, *((tag, language_name(speaker, tag)) for tag in tags)]
        contact = cast("forms.ChoiceField", self.fields["contact"])
        contact.choices = [everybody, *((str(it.id), it.name) for it in colleagues)]

    @property
    def search_text(self) -> str:
        """What is looked for."""
        return str(self.wanted().get("search", ""))

    def only(self) -> Only:
        """Who is asked for."""
        told = self.wanted()
        contact = cast("str | None", told.get("contact"))
        known = told.get("known")
        since = cast("date | None", told.get("since"))
        return Only(
            language=cast("str | None", told.get("language")),
            contact_person=int(contact) if contact else None,
            is_stub=None if known is None else known == "orders",
            made_since=_start_of(since) if since else None,
        )


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), get_current_timezone())


def customers_table(
    staff: StaffRow, speaker: Speaker, colleagues: Sequence[StaffRow]
) -> Table[PersonRow]:
    """The list as somebody may see it."""
    names = {it.id: it.name for it in colleagues}
    return Table[PersonRow](
        id="customers",
        caption=say("Customers"),
        sort="-changed",
        columns=(
            Column(
                key="name",
                heading=say("Name"),
                cell=lambda row: Link(
                    called(row.name, [seen_id(row.id, staff)], row.number),
                    reverse_lazy("customer", args=[row.number]),
                    under=seen_id(row.id, staff) if row.name else "",
                ),
                sort=True,
            ),
            Column(
                key="id",
                heading=say("Id"),
                cell=lambda row: _text(seen_id(row.id, staff)),
                hidden=True,
            ),
            Column(
                key="language",
                heading=say("Language"),
                cell=lambda row: _language(speaker, row.language),
            ),
            Column(
                key="contact_person",
                heading=say("Contact person"),
                cell=lambda row: _text(names.get(row.contact_person or 0, "")),
            ),
            Column(key="state", heading=say("State"), cell=_state),
            Column(
                key="made",
                heading=say("Made"),
                cell=lambda row: Instant(row.made_at),
                sort=True,
                down=True,
            ),
            Column(
                key="changed",
                heading=say("Changed"),
                cell=lambda row: Instant(row.changed_at),
                sort=True,
                down=True,
            ),
        ),
        empty=Empty(
            title=say("No customers yet"),
            text=say("They come with the orders of your shop, from a file, or one by one."),
            action=say("Add a customer") if staff.may(Permission.WRITE_CUSTOMERS) else None,
            address=reverse("new_customer") if staff.may(Permission.WRITE_CUSTOMERS) else "",
        ),
    )


def _text(text: str) -> Text | None:
    return Text(text) if text else None


def _language(speaker: Speaker, tag: str) -> Text | None:
    return Text(language_name(speaker, tag), code=tag) if tag else None


def _state(row: PersonRow) -> Badge | None:
    if row.merged_into is not None:
        return _MERGED
    return _STUB if row.is_stub else None


@require_GET
@page(Permission.READ_CUSTOMERS)
def customers(request: StaffRequest) -> HttpResponseBase:
    """Customers, searched, narrowed, sorted, paged, and as a file."""
    colleagues = list_staff()
    form = CustomerFilters(request.GET)
    form.offer(colleagues, request.speaker)
    search, only, stores = form.search_text, form.only(), request.staff.stores
    table = customers_table(request.staff, request.speaker, colleagues)
    source = Source[PersonRow](
        fetch=lambda sort, after, limit: list_people(
            search=search,
            only=only,
            stores=stores,
            sort=Sort(sort),
            after=after,
            limit=limit,
        ),
        place=lambda row, _: row.cursor,
    )
    if request.GET.get("as") == "csv":
        narrowed_by = sorted(form.wanted())
        record(request.staff.actor, "downloaded", "customers", now(), {"by": narrowed_by})
        return save_list(request, table, source)
    shown = listing(
        request,
        table,
        source,
        form=form,
        count=lambda most: count_people(search=search, only=only, stores=stores, most=most),
    )
    return show_list(request, "console/customers.html.jinja", shown)
