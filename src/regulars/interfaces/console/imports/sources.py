"""Watched databases: listed, added, paused and removed."""

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from regulars.apps.accounts.rules import Permission
from regulars.apps.firm.queries import get_company
from regulars.apps.intake.operations import pause_source, remove_connection, watch_source
from regulars.apps.intake.queries import ConnectionRow, list_connections
from regulars.interfaces.clock import now
from regulars.interfaces.console.imports.forms import SourceForm
from regulars.interfaces.console.imports.words import KINDS, state_of
from regulars.interfaces.console.pages import Question, StaffRequest, ask, done, page, show
from regulars.kernel.errors import OptionError, RegularsError
from regulars.kernel.wording import say


@require_GET
@page(Permission.READ_IMPORTS)
def sources(request: StaffRequest) -> HttpResponse:
    """Every watched database, with its last reading."""
    rows = [(it, KINDS[it.kind], it.last and state_of(it.last)) for it in list_connections()]
    return show(request, "console/imports/sources.html.jinja", {"rows": rows})


@require_http_methods(["GET", "POST"])
@page(Permission.WRITE_SETTINGS)
def new_source(request: StaffRequest) -> HttpResponse:
    """Watch a database: the worker opens it with the secrets of its own surroundings."""
    firm = get_company()
    form = SourceForm(request.POST or None, initial={"currency": firm.currency})
    if request.method == "POST":
        if form.is_valid():
            try:
                _refuse_known(form.cleaned_data["name"].strip())
                told = form.watched(firm.time_zone)
                watch_source(told, actor=request.staff.actor, now=now())
            except RegularsError as error:
                form.refuse(error)
            else:
                return done(request, say("Saved."), "sources")
        form.hide_password()
    context = {
        "form": form,
        "title": say("Watch a database"),
        "lead": say("Its password stays in a variable where the worker runs, never here."),
        "crumbs": (
            (reverse("imports"), request.speaker.say(say("Imports"))),
            (reverse("sources"), request.speaker.say(say("Watched databases"))),
        ),
        "button": say("Watch it"),
        "back": reverse("sources"),
        "here": "imports",
    }
    return show(request, "console/one_form.html.jinja", context)


@require_POST
@page(Permission.WRITE_IMPORTS)
def pause(request: StaffRequest, number: int) -> HttpResponse:
    """Read a database no more for a while, or go on with it."""
    row = _source_of(number)
    pause_source(number, paused=row.is_active, actor=request.staff.actor, now=now())
    return done(request, say("Saved."), "sources")


@require_http_methods(["GET", "POST"])
@page(Permission.WRITE_IMPORTS)
def remove(request: StaffRequest, number: int) -> HttpResponse:
    """Watch a database no longer, once it was asked."""
    row = _source_of(number)
    if request.method == "POST":
        remove_connection(number, actor=request.staff.actor, now=now())
        return done(request, say("{name} is watched no longer.", name=row.name), "sources")
    question = Question(
        title=say("Watch {name} no longer?", name=row.name),
        text=say("Nothing is read from it any more. What was imported stays."),
        button=say("Remove"),
        back=reverse("sources"),
        grave=True,
    )
    return ask(request, question, "imports")


def _refuse_known(name: str) -> None:
    """Refuse a name that is taken, which would put another database in its place.

    Raises:
        OptionError: It is.
    """
    if any(it.name == name for it in list_connections()):
        raise OptionError(say("{name} is watched already.", name=name))


def _source_of(number: int) -> ConnectionRow:
    row = next((it for it in list_connections() if it.id == number), None)
    if row is None:
        raise Http404(f"No source {number} is watched.")
    return row
