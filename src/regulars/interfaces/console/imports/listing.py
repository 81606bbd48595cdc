"""The list of imports."""

from collections.abc import Callable
from typing import Final, cast

from django import forms
from django.http.response import HttpResponseBase
from django.urls import reverse, reverse_lazy
from django.views.decorators.http import require_GET

from regulars.apps.accounts.rules import Permission
from regulars.apps.intake.queries import OnlyRuns, RunRow, count_runs, list_runs
from regulars.apps.intake.rules import Kind, State
from regulars.apps.journal.operations import record
from regulars.interfaces.clock import now
from regulars.interfaces.console.actors import list_actors
from regulars.interfaces.console.cells import Instant, Link, Number, Text
from regulars.interfaces.console.forms import Filters
from regulars.interfaces.console.imports.words import KINDS, STATES, state_of
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
from regulars.kernel.errors import OptionError
from regulars.kernel.wording import Message, say

_EVERY: Final = ("", spoken(say("all")))
_LONGEST_PLACE: Final = 19


class ImportFilters(Filters):
    """Which imports are wanted."""

    kind = forms.ChoiceField(
        label=spoken(say("What it holds")),
        choices=[_EVERY, *((kind.value, spoken(words)) for kind, words in KINDS.items())],
    )
    state = forms.ChoiceField(
        label=spoken(say("State")),
        choices=[_EVERY, *((state.value, spoken(words)) for state, (words, _) in STATES.items())],
    )

    def only(self) -> OnlyRuns:
        """Which are asked for."""
        told = self.wanted()
        kind, state = cast("str", told.get("kind", "")), cast("str", told.get("state", ""))
        return OnlyRuns(kind=Kind(kind) if kind else None, state=State(state) if state else None)


@require_GET
@page(Permission.READ_IMPORTS)
def imports(request: StaffRequest) -> HttpResponseBase:
    """Imports, narrowed, paged, and as a file."""
    form, table = ImportFilters(request.GET), _table(request)
    only = form.only()
    source = Source[RunRow](
        fetch=lambda sort, after, limit: _fetch(only, sort, after, limit),
        place=lambda row, _: str(row.id),
    )
    if request.GET.get("as") == "csv":
        narrowed_by = sorted(form.wanted())
        record(request.staff.actor, "downloaded", "imports", now(), {"by": narrowed_by})
        return save_list(request, table, source)
    shown = listing(
        request, table, source, form=form, count=lambda most: count_runs(only, most=most)
    )
    return show_list(request, "console/imports/list.html.jinja", shown)


def _fetch(only: OnlyRuns, sort: str, after: str, limit: int) -> list[RunRow]:
    if after and not (after.isascii() and after.isdigit() and len(after) < _LONGEST_PLACE):
        raise OptionError(
            say("There is no import {number}.", number=after),
            accepted=say("Give the number of an import."),
        )
    place = int(after) if after else None
    if sort.startswith("-"):
        return list_runs(only=only, before=place, limit=limit)
    return list_runs(only=only, since=place or 0, limit=limit)


def _table(request: StaffRequest) -> Table[RunRow]:
    """The list as somebody may see it."""
    actors, speaker = list_actors(), request.speaker
    writes = request.staff.may(Permission.WRITE_IMPORTS)
    return Table[RunRow](
        id="imports",
        caption=say("Imports"),
        sort="-asked_at",
        columns=(
            Column(key="id", heading=say("Id"), cell=lambda it: Number(it.id), hidden=True),
            Column(
                key="file",
                heading=say("File"),
                cell=lambda it: Link(it.name, reverse_lazy("import", args=[it.id])),
            ),
            Column(
                key="kind",
                heading=say("What it holds"),
                cell=lambda it: Text(speaker.say(KINDS[it.kind]), code=it.kind.value),
            ),
            Column(key="state", heading=say("State"), cell=state_of),
            Column(
                key="asked_at",
                heading=say("Time"),
                cell=lambda it: Instant(it.asked_at),
                sort=True,
                down=True,
            ),
            Column(
                key="actor",
                heading=say("Who"),
                cell=lambda it: Text(speaker.say(actors.named(it.actor))),
            ),
            _figure("read", say("Rows"), lambda it: it.read),
            _figure("rejected", say("Rejected"), lambda it: it.rejected),
            _figure("created", say("Created"), lambda it: it.created),
            _figure("updated", say("Updated"), lambda it: it.updated),
            _figure("unchanged", say("Unchanged"), lambda it: it.unchanged, hidden=True),
        ),
        empty=Empty(
            title=say("No imports yet"),
            text=say("A file of orders, customers or products fills the records at once."),
            action=say("Import a file") if writes else None,
            address=reverse("new_import") if writes else "",
        ),
    )


def _figure(
    key: str, heading: Message, of: Callable[[RunRow], int], *, hidden: bool = False
) -> Column[RunRow]:
    return Column(
        key=key, heading=heading, cell=lambda it: Number(of(it)), end=True, hidden=hidden
    )
