"""Keys of programs: listed, made and ended."""

from datetime import datetime, timedelta

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from regulars.apps.accounts.operations import make_key, revoke_key
from regulars.apps.accounts.queries import KeyRow, list_keys
from regulars.apps.accounts.rules import Permission, Role
from regulars.interfaces.clock import now
from regulars.interfaces.console.cells import Badge, Cell, Day, Instant, Link, Text
from regulars.interfaces.console.pages import Question, StaffRequest, ask, done, page, show
from regulars.interfaces.console.settings.forms import KeyForm
from regulars.interfaces.console.settings.lists import short_list
from regulars.interfaces.console.settings.words import ROLES, state_of_key
from regulars.kernel.errors import RegularsError
from regulars.kernel.wording import say

_HEADINGS = (
    say("Name"),
    say("Role"),
    say("Rights"),
    say("State"),
    say("Made"),
    say("Expires"),
    say("Last used"),
)


@require_GET
@page(Permission.READ_SETTINGS)
def keys(request: StaffRequest) -> HttpResponse:
    """Every key, without its secret."""
    moment, writes = now(), request.staff.may(Permission.WRITE_SETTINGS)
    rows = [_cells(row, moment, writes=writes) for row in list_keys()]
    listed = short_list(say("Keys"), _HEADINGS, rows)
    return show(request, "console/settings/keys.html.jinja", {"keys": listed, "writes": writes})


def _cells(row: KeyRow, moment: datetime, *, writes: bool) -> tuple[Cell | None, ...]:
    over = row.expires_at is not None and row.expires_at <= moment
    name = f"{row.name} ({row.hint}…)"
    ends = writes and row.revoked_at is None
    return (
        Link(name, reverse("end_key", args=[row.id])) if ends else Text(name),
        Badge(ROLES[row.role]),
        None if row.scopes is None else Text(", ".join(sorted(row.scopes))),
        state_of_key(row, over=over),
        Instant(row.made_at),
        None if row.expires_at is None else Instant(row.expires_at),
        None if row.used_on is None else Day(row.used_on),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.WRITE_SETTINGS)
def new_key(request: StaffRequest) -> HttpResponse:
    """Make a key; its secret is shown on the answer, this once."""
    form, moment = KeyForm(request.POST or None), now()
    if request.method == "POST" and form.is_valid():
        told, days = form.cleaned_data, form.cleaned_data["days"]
        try:
            made = make_key(
                told["name"],
                Role(told["role"]),
                actor=request.staff.actor,
                now=moment,
                expires_at=None if days is None else moment + timedelta(days=days),
                scopes=form.only,
            )
        except RegularsError as error:
            form.refuse(error)
        else:
            return show(request, "console/settings/new_key.html.jinja", {"made": made})
    return show(request, "console/settings/make_key.html.jinja", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.WRITE_SETTINGS)
def end_key(request: StaffRequest, key_id: str) -> HttpResponse:
    """End a key."""
    row = next((row for row in list_keys() if row.id == int(key_id)), None)
    if row is None:
        raise Http404
    question = Question(
        title=say("End the key {name}?", name=row.name),
        text=say("Whatever shows it is refused at once; it cannot be brought back."),
        button=say("End the key"),
        back=reverse("keys"),
        grave=True,
    )
    if request.method != "POST":
        return ask(request, question, "keys")
    revoke_key(row.id, actor=request.staff.actor, now=now())
    return done(request, say("The key {name} is ended.", name=row.name), "keys")
