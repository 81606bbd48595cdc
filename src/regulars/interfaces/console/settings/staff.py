"""The staff: who works here, invited, changed, let in no more."""

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from regulars.apps.accounts.operations import (
    Door,
    Newcomer,
    change_access,
    deactivate_staff,
    forget_factors,
    invite_staff,
    reactivate_staff,
    rename_staff,
    require_second_step,
    send_link,
)
from regulars.apps.accounts.queries import (
    StaffRow,
    find_colleague,
    list_roles_of_second_step,
    list_staff,
)
from regulars.apps.accounts.rules import Permission, Role
from regulars.interfaces.clock import now
from regulars.interfaces.console.cells import Badge, Cell, Instant, Link, Text
from regulars.interfaces.console.pages import Question, StaffRequest, ask, done, page, show
from regulars.interfaces.console.settings.forms import (
    AccessForm,
    InviteForm,
    NameForm,
    SecondStepForm,
)
from regulars.interfaces.console.settings.lists import short_list
from regulars.interfaces.console.settings.words import ROLES, state_of_staff
from regulars.kernel.errors import RegularsError
from regulars.kernel.wording import say

_HEADINGS = (
    say("Name"),
    say("Role"),
    say("Stores"),
    say("Second step"),
    say("State"),
    say("Last signed in"),
)


@require_GET
@page(Permission.READ_SETTINGS)
def staff(request: StaffRequest) -> HttpResponse:
    """Everybody who works here."""
    return show(
        request,
        "console/settings/staff.html.jinja",
        {
            "people": short_list(say("Staff"), _HEADINGS, map(_cells, list_staff())),
            "second_step": sorted(list_roles_of_second_step()),
            "roles": ROLES,
            "writes": request.staff.may(Permission.WRITE_SETTINGS),
        },
    )


def _cells(row: StaffRow) -> tuple[Cell | None, ...]:
    return (
        Link(row.name, reverse("colleague", args=[row.id]), row.email),
        Badge(ROLES[row.role]),
        Badge(say("every")) if row.stores is None else Text(", ".join(sorted(row.stores))),
        Badge(say("yes"), "good") if row.has_second_step else None,
        state_of_staff(row),
        None if row.signed_in_at is None else Instant(row.signed_in_at),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.WRITE_SETTINGS)
def invite(request: StaffRequest) -> HttpResponse:
    """Take somebody on."""
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        newcomer = Newcomer(
            email=told["email"],
            name=told["name"],
            language=told["language"],
            access=form.access,
        )
        try:
            invite_staff(newcomer, _door(request), actor=request.staff.actor, now=now())
        except RegularsError as error:
            form.refuse(error, "email")
        else:
            return done(request, say("{name} is invited.", name=newcomer.name), "staff")
    return show(request, "console/settings/invite.html.jinja", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.READ_SETTINGS, to_write=Permission.WRITE_SETTINGS)
def colleague(request: StaffRequest, staff_id: str) -> HttpResponse:
    """Somebody who works here, and what he may do."""
    row = _found(staff_id)
    writes = request.staff.may(Permission.WRITE_SETTINGS)
    posted = request.POST if request.method == "POST" else None
    form = AccessForm.of(row) if posted is None else AccessForm(posted)
    if posted is not None and form.is_valid():
        try:
            change_access(row.id, form.access, actor=request.staff.actor, now=now())
        except RegularsError as error:
            form.refuse(error)
        else:
            return done(
                request, say("{name} may do that now.", name=row.name), "colleague", row.id
            )
    return show(
        request,
        "console/settings/colleague.html.jinja",
        {
            "row": row,
            "form": form,
            "state": state_of_staff(row),
            "roles": ROLES,
            "writes": writes,
            "oneself": row.id == request.staff.id,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.WRITE_SETTINGS)
def rename(request: StaffRequest, staff_id: str) -> HttpResponse:
    """Call somebody by another name."""
    row = _found(staff_id)
    form = NameForm(request.POST or None, initial={"name": row.name})
    if request.method == "POST" and form.is_valid():
        try:
            rename_staff(row.id, form.cleaned_data["name"], actor=request.staff.actor, now=now())
        except RegularsError as error:
            form.refuse(error, "name")
        else:
            return done(request, say("The name is changed."), "colleague", row.id)
    return show(request, "console/settings/rename.html.jinja", {"row": row, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.WRITE_SETTINGS)
def close(request: StaffRequest, staff_id: str) -> HttpResponse:
    """Let somebody in no more."""
    row = _found(staff_id)
    question = Question(
        title=say("Let {name} in no more?", name=row.name),
        text=say("All sessions end at once. What was done stays in the trail."),
        button=say("Close the account"),
        back=reverse("colleague", args=[row.id]),
        grave=True,
    )
    if request.method != "POST":
        return ask(request, question, "staff")
    try:
        deactivate_staff(row.id, actor=request.staff.actor, now=now())
    except RegularsError as error:
        return _refused(request, row, error)
    return done(request, say("{name} cannot sign in any more.", name=row.name), "staff")


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.WRITE_SETTINGS)
def reopen(request: StaffRequest, staff_id: str) -> HttpResponse:
    """Let somebody in again."""
    row = _found(staff_id)
    question = Question(
        title=say("Let {name} in again?", name=row.name),
        text=say("The role and the stores are the same as before."),
        button=say("Open the account"),
        back=reverse("colleague", args=[row.id]),
    )
    if request.method != "POST":
        return ask(request, question, "staff")
    reactivate_staff(row.id, actor=request.staff.actor, now=now())
    return done(request, say("{name} may sign in again.", name=row.name), "staff")


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.WRITE_SETTINGS)
def link(request: StaffRequest, staff_id: str) -> HttpResponse:
    """Write somebody a letter with a link."""
    row = _found(staff_id)
    question = Question(
        title=say("Send {name} a sign-in link?", name=row.name),
        text=say("It goes to {email}, works once and lives for three days.", email=row.email),
        button=say("Send the link"),
        back=reverse("colleague", args=[row.id]),
    )
    if request.method != "POST":
        return ask(request, question, "staff")
    try:
        send_link(row.id, _door(request), actor=request.staff.actor, now=now())
    except RegularsError as error:
        return _refused(request, row, error)
    return done(request, say("The link is on its way."), "colleague", row.id)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.WRITE_SETTINGS)
def lost(request: StaffRequest, staff_id: str) -> HttpResponse:
    """Take away the second factors of somebody who has lost them."""
    row = _found(staff_id)
    question = Question(
        title=say("Forget the second step of {name}?", name=row.name),
        text=say("App, passkeys and recovery codes let nobody in any more; sessions end."),
        button=say("Forget them"),
        back=reverse("colleague", args=[row.id]),
        grave=True,
    )
    if request.method != "POST":
        return ask(request, question, "staff")
    try:
        forget_factors(row.id, actor=request.staff.actor, now=now())
    except RegularsError as error:
        return _refused(request, row, error)
    return done(request, say("The second step is forgotten."), "colleague", row.id)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.WRITE_SETTINGS)
def second_step(request: StaffRequest) -> HttpResponse:
    """Which roles owe a second step."""
    posted = request.POST if request.method == "POST" else None
    before = sorted(list_roles_of_second_step())
    form = SecondStepForm(posted, initial={"roles": [role.value for role in before]})
    if posted is not None and form.is_valid():
        roles = [Role(role) for role in form.cleaned_data["roles"]]
        require_second_step(roles, actor=request.staff.actor, now=now())
        return done(request, say("The rule holds from now on."), "staff")
    return show(request, "console/settings/second_step.html.jinja", {"form": form})


def _found(staff_id: str) -> StaffRow:
    row = find_colleague(int(staff_id))
    if row is None:
        raise Http404
    return row


def _door(request: StaffRequest) -> Door:
    secret = "0"  # noqa: S105 - stands where a link's secret will
    address = request.build_absolute_uri(reverse("sign_in_by_link", args=[secret]))
    return Door(address.removesuffix(secret))


def _refused(request: StaffRequest, row: StaffRow, error: RegularsError) -> HttpResponse:
    return show(
        request, "console/settings/kept.html.jinja", {"row": row, "error": error}, status=409
    )
