"""The audit trail: who did what, filtered, paged and downloaded."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Final, cast

from django import forms
from django.http import HttpResponseBase
from django.utils.timezone import get_current_timezone
from django.views.decorators.http import require_GET

from regulars.apps.accounts.queries import list_staff
from regulars.apps.accounts.rules import Permission
from regulars.apps.journal.queries import EntryRow, list_entries
from regulars.interfaces.console.cells import Instant, Text
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
from regulars.interfaces.console.verbs import VERBS, told
from regulars.interfaces.console.words import spoken
from regulars.kernel.errors import OptionError
from regulars.kernel.wording import say
from regulars.reports.speech import Speaker

_DAY = forms.DateInput({"type": "date"}, "%Y-%m-%d")


def _table(names: dict[str, str], speaker: Speaker) -> Table[EntryRow]:
    """The columns; ``names`` says how each actor is called."""
    return Table[EntryRow](
        id="trail",
        caption=say("Audit trail"),
        columns=(
            Column(key="at", heading=say("Time"), cell=lambda row: Instant(row.at)),
            Column(
                key="actor",
                heading=say("Who"),
                cell=lambda row: Text(names.get(row.actor, row.actor)),
            ),
            Column(
                key="verb",
                heading=say("What"),
                cell=lambda row: Text(speaker.say(told(row.verb)), code=row.verb),
            ),
            Column(
                key="subject",
                heading=say("Of whom or what"),
                cell=lambda row: Text(names.get(row.subject, row.subject)),
            ),
            Column(key="data", heading=say("Details"), cell=_details),
        ),
        empty=Empty(
            title=say("Nothing was done yet"), text=say("Whatever is done is written down here.")
        ),
    )


def _details(row: EntryRow) -> Text | None:
    return Text(_plain(row.data)) if row.data else None


def _plain(value: object) -> str:
    """What was written down, without the marks that programs need."""
    match value:
        case dict():
            return ", ".join(f"{name}: {_plain(it)}" for name, it in value.items())
        case list():
            return " · ".join(map(_plain, value)) or "—"
        case str():
            return value
        case _:
            return "—" if value is None else json.dumps(value)


class TrailFilters(Filters):
    """Which entries are wanted."""

    actor = forms.ChoiceField(label=spoken(say("Who")))
    verb = forms.ChoiceField(label=spoken(say("What")))
    subject = forms.CharField(label=spoken(say("Of whom or what")), max_length=200)
    since = forms.DateField(label=spoken(say("From the day")), widget=_DAY)
    until = forms.DateField(label=spoken(say("To the day")), widget=_DAY)

    def offer(self, names: dict[str, str], speaker: Speaker) -> None:
        """Fill the choices of people and of what they did."""
        everything = ("", str(spoken(say("all"))))
        people = cast("forms.ChoiceField", self.fields["actor"])
        people.choices = [everything, *names.items()]
        verbs = cast("forms.ChoiceField", self.fields["verb"])
        said = {verb: speaker.say(sentence) for verb, sentence in VERBS.items()}
        verbs.choices = [everything, *sorted(said.items(), key=lambda it: it[1].casefold())]

    def entries(self, after: str, limit: int) -> Sequence[EntryRow]:
        """The entries behind a place.

        Raises:
            OptionError: There is no such place.
        """
        if after and not (after.isascii() and after.isdigit() and len(after) < _LONGEST_PLACE):
            raise OptionError(
                say("{after} is no place of the trail.", after=after),
                accepted=say("Give one that a page of it gave."),
            )
        wanted = self.wanted()
        until = cast("date | None", wanted.get("until"))
        since = cast("date | None", wanted.get("since"))
        return list_entries(
            actor=cast("str | None", wanted.get("actor")),
            verb=cast("str | None", wanted.get("verb")),
            subject=cast("str | None", wanted.get("subject")),
            since=None if since is None else _start_of(since),
            until=None if until is None else _start_of(until + timedelta(days=1)),
            before=int(after) if after else None,
            limit=limit,
        )


_LONGEST_PLACE: Final = 19


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), get_current_timezone())


@require_GET
@page(Permission.READ_TRAIL)
def trail(request: StaffRequest) -> HttpResponseBase:
    """Who did what, the newest first."""
    names = {str(row.actor): row.name for row in list_staff()}
    form, table = TrailFilters(request.GET), _table(names, request.speaker)
    form.offer(names, request.speaker)
    source = Source[EntryRow](
        fetch=lambda _, after, limit: form.entries(after, limit),
        place=lambda row, _: str(row.id),
    )
    if request.GET.get("as") == "csv":
        return save_list(request, table, source)
    # the trail is read from its end to its beginning: forwards there is only the first page
    entries = replace(listing(request, table, source, form=form), before="")
    return show_list(request, "console/settings/trail.html.jinja", entries)
