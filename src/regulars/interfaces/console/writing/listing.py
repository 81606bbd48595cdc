"""Templates: listed, made, renamed and removed."""

from django import forms
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from regulars.apps.accounts.rules import Permission
from regulars.apps.contact.operations.templates import (
    make_template,
    remove_template,
    rename_template,
)
from regulars.apps.contact.queries.templates import TemplateRow, find_template, list_templates
from regulars.apps.contact.rules.purposes import Purpose
from regulars.interfaces.clock import now
from regulars.interfaces.console.cells import Badge, Cell, Instant, Link, Text
from regulars.interfaces.console.figures import language_name
from regulars.interfaces.console.forms import Form
from regulars.interfaces.console.pages import Question, StaffRequest, ask, done, page, show
from regulars.interfaces.console.settings.lists import short_list
from regulars.interfaces.console.words import spoken
from regulars.interfaces.console.writing.words import PURPOSES, SHORT
from regulars.kernel.errors import RegularsError
from regulars.kernel.wording import say

_HEADINGS = (
    say("Name"), say("Purpose"), say("Written in"), say("Missing"), say("Last changed"),
)  # fmt: skip


def template_of(number: int | str) -> TemplateRow:
    """The template of an address.

    Raises:
        Http404: There is none.
    """
    row = find_template(int(number))
    if row is None:
        raise Http404(f"There is no template {number}.")
    return row


class NameForm(Form):
    """What a template is called."""

    name = forms.CharField(label=spoken(say("Name")), max_length=100)


class TemplateForm(NameForm):
    """What a template is called, and what it is for."""

    purpose = forms.ChoiceField(
        label=spoken(say("Purpose")),
        help_text=spoken(
            say("It decides who gets it: newsletters, offers and events go to who said yes.")
        ),
        choices=lambda: [(it.value, spoken(PURPOSES[it])) for it in Purpose],
    )


@require_GET
@page(Permission.READ_TEMPLATES)
def templates(request: StaffRequest) -> HttpResponse:
    """Every template, with the languages that it lacks."""
    rows = [_cells(request, row) for row in list_templates()]
    context = {
        "listed": short_list(say("Templates"), _HEADINGS, rows),
        "writes": request.staff.may(Permission.WRITE_TEMPLATES),
    }
    return show(request, "console/writing/list.html.jinja", context)


def _cells(request: StaffRequest, row: TemplateRow) -> tuple[Cell | None, ...]:
    written = [language_name(request.speaker, it.language) for it in row.texts]
    missing = [language_name(request.speaker, it) for it in row.missing]
    return (
        Link(row.name, reverse("template", args=[row.id])),
        Badge(SHORT[row.purpose]),
        Text(", ".join(written)) if written else None,
        Text(", ".join(missing)) if missing else None,
        Instant(row.changed_at),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.WRITE_TEMPLATES)
def new_template(request: StaffRequest) -> HttpResponse:
    """Make a template."""
    form = TemplateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        purpose = Purpose(told["purpose"])
        try:
            number = make_template(told["name"], purpose, actor=request.staff.actor, now=now())
        except RegularsError as error:
            form.refuse(error, "name")
        else:
            return done(request, say("The template is made: now write it."), "template", number)
    context = {
        "form": form,
        "title": say("Make a template"),
        "button": say("Make the template"),
        "crumbs": [(reverse("templates"), request.speaker.say(say("Templates")))],
        "back": reverse("templates"),
        "here": "templates",
    }
    return show(request, "console/one_form.html.jinja", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.WRITE_TEMPLATES)
def rename(request: StaffRequest, number: int) -> HttpResponse:
    """Call a template something else."""
    row = template_of(number)
    form = NameForm(request.POST or None, initial={"name": row.name})
    if request.method == "POST" and form.is_valid():
        try:
            rename_template(
                row.id, form.cleaned_data["name"], actor=request.staff.actor, now=now()
            )
        except RegularsError as error:
            form.refuse(error, "name")
        else:
            return done(request, say("The template has another name."), "template", row.id)
    context = {
        "form": form,
        "title": say("Rename {name}", name=row.name),
        "button": say("Save"),
        "crumbs": [(reverse("templates"), request.speaker.say(say("Templates")))],
        "back": reverse("template", args=[row.id]),
        "here": "templates",
    }
    return show(request, "console/one_form.html.jinja", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.WRITE_TEMPLATES)
def remove(request: StaffRequest, number: int) -> HttpResponse:
    """Offer a template no longer."""
    row = template_of(number)
    question = Question(
        title=say("Remove {name}?", name=row.name),
        text=say("It is offered no longer. What was planned with it goes all the same."),
        button=say("Remove"),
        back=reverse("template", args=[row.id]),
        grave=True,
    )
    if request.method != "POST":
        return ask(request, question, "templates")
    remove_template(row.id, actor=request.staff.actor, now=now())
    return done(request, say("The template {name} is removed.", name=row.name), "templates")
