"""One import: how far it is, what was found, what was rejected, and how it is taken back."""

from itertools import islice
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from regulars.apps.accounts.rules import Permission
from regulars.apps.intake.handing_back import rejects_as_csv, rejects_as_json
from regulars.apps.intake.operations import retry_import, undo_import
from regulars.apps.intake.queries import RejectRow, RunRow, find_rejects, find_run
from regulars.apps.intake.rules import Aim, State
from regulars.apps.journal.operations import record
from regulars.interfaces.clock import now
from regulars.interfaces.console.actors import list_actors
from regulars.interfaces.console.cells import Cell, Number, Text
from regulars.interfaces.console.imports.forms import MappingForm
from regulars.interfaces.console.imports.words import KINDS, state_of
from regulars.interfaces.console.pages import Question, StaffRequest, ask, done, page, show
from regulars.interfaces.console.settings.lists import ShortList, short_list
from regulars.kernel.errors import RegularsError
from regulars.kernel.wording import Message, Share, Value, say

_SHOWN: Final = 25
_OPEN: Final = {State.WAITING, State.RUNNING}
_UNDOES: Final = {State.DONE, State.FAILED}


def run_of(number: int) -> RunRow:
    """The import of an address.

    Raises:
        Http404: There is none.
    """
    run = find_run(number)
    if run is None:
        raise Http404(f"There is no import {number}.")
    return run


@require_GET
@page(Permission.READ_IMPORTS)
def one_import(request: StaffRequest, number: int) -> HttpResponse:
    """An import; a script asks for its progress alone, until it is over."""
    run = run_of(number)
    if request.htmx.target == "progress":
        answer = show(request, "console/imports/progress.html.jinja", _under_way(run))
        if run.state not in _OPEN:
            answer["HX-Refresh"] = "true"
    else:
        answer = show_run(request, run)
    answer["Vary"] = "HX-Request, HX-Target"
    return answer


def show_run(request: StaffRequest, run: RunRow, form: MappingForm | None = None) -> HttpResponse:
    """The page of an import, with the form that was refused where one was."""
    mapped = run.state is State.READY and bool(run.findings.known)
    over = run.state not in _OPEN
    context = _under_way(run) | {
        "kind": KINDS[run.kind],
        "state": state_of(run),
        "actor": list_actors().named(run.actor),
        "is_open": not over,
        "figures": _figures(run),
        "notes": _notes(run),
        "problem": _problem(run),
        "form": (form or MappingForm(run)) if mapped else None,
        "starts": run.state is State.READY or (run.state is State.DONE and run.aim is Aim.TRIAL),
        "undoes": run.written and run.state in _UNDOES,
        "rejects": _rejects(run) if over and run.rejected else None,
        "more_rejects": run.rejected > _SHOWN,
    }
    return show(request, "console/imports/one.html.jinja", context)


def _under_way(run: RunRow) -> dict[str, object]:
    """An import, and how far it is."""
    if run.state is State.WAITING:
        progress = say("Waiting for a worker.")
    elif run.share is None or run.aim is Aim.UNDO:
        progress = say("Running.")
    else:
        progress = say("{share} is done.", share=Share(run.share))
    return {"run": run, "progress": progress}


def _figures(run: RunRow) -> list[tuple[Message, Cell]]:
    """The counts that an import has come to."""
    read = [(say("Rows"), Number(run.read)), (say("Rejected"), Number(run.rejected))]
    written = [
        (say("Created"), Number(run.created)),
        (say("Updated"), Number(run.updated)),
        (say("Unchanged"), Number(run.unchanged)),
    ]
    figures = read if run.aim is Aim.PREVIEW else [*read, *written]
    return [(heading, cell) for heading, cell in figures]


def _problem(run: RunRow) -> Value | None:
    """Why the source cannot be used as it is mapped, without the advice for the command line."""
    problem = run.findings.problem
    return None if problem is None else problem.values.get("reason", problem)


def _notes(run: RunRow) -> list[Message]:
    """What a careful reader should know."""
    notes = list(run.findings.notes)
    if run.same_as is not None:
        notes.append(
            say("The very same file was imported before, as {number}.", number=str(run.same_as))
        )
    if run.findings.undone:
        undone = {name: run.findings.undone.get(name, 0) for name in _UNDONE}
        notes.append(say("{removed} removed, {restored} restored, {left} left.", **undone))
    return notes


_UNDONE: Final = ("removed", "restored", "left")


def _rejects(run: RunRow) -> ShortList:
    rows = [
        (Text(str(row.line)), _reasons(row), Text(_as_it_stood(row)))
        for row in islice(find_rejects(run.id), _SHOWN)
    ]
    headings = (say("Line"), say("Why"), say("The row"))
    return short_list(say("Rejected rows"), headings, rows)


def _reasons(row: RejectRow) -> Cell:
    return Text(row.reason)


def _as_it_stood(row: RejectRow) -> str:
    if row.row is None:
        return row.text or ""
    return " · ".join(f"{name}: {value}" for name, value in row.row.items() if value is not None)


@require_GET
@page(Permission.READ_IMPORTS)
def rejects(request: StaffRequest, number: int) -> HttpResponseBase:
    """The rejected rows as a file that can be mended and sent again: a table, or lines of JSON."""
    run = run_of(number)
    record(request.staff.actor, "downloaded", f"import:{number}", now(), {"what": "rejects"})
    as_table = bool(run.findings.columns)
    answer = StreamingHttpResponse(
        rejects_as_csv(number) if as_table else rejects_as_json(number),
        content_type="text/csv; charset=utf-8" if as_table else "application/x-ndjson",
    )
    name = f"rejected-{number}.{'csv' if as_table else 'ndjson'}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_http_methods(["GET", "POST"])
@page(Permission.WRITE_IMPORTS)
def undo(request: StaffRequest, number: int) -> HttpResponse:
    """Take back what an import wrote, once it was asked."""
    run = run_of(number)
    if request.method == "POST":
        try:
            undo_import(number, actor=request.staff.actor, now=now())
        except RegularsError as error:
            return refused(request, error, number)
        return done(request, say("The import is being undone."), "import", number)
    question = Question(
        title=say("Undo the import of {name}?", name=run.name),
        text=say(
            "What it made goes, what it replaced is as before. What was changed since is left."
        ),
        button=say("Undo the import"),
        back=reverse("import", args=[number]),
        grave=True,
    )
    return ask(request, question, "imports")


@require_POST
@page(Permission.WRITE_IMPORTS)
def retry(request: StaffRequest, number: int) -> HttpResponse:
    """Let an import that failed go on where it stopped."""
    run_of(number)
    try:
        retry_import(number, actor=request.staff.actor, now=now())
    except RegularsError as error:
        return refused(request, error, number)
    return done(request, say("The import begins."), "import", number)


def refused(request: StaffRequest, error: RegularsError, number: int) -> HttpResponse:
    """Say on the page of an import why something was not done."""
    told = [error.message, *([error.accepted] if error.accepted else [])]
    messages.error(request, " ".join(request.speaker.say(it) for it in told))
    return redirect("import", number)
