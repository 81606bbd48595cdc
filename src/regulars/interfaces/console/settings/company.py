"""The company: who it is, and how long it keeps what."""

from dataclasses import asdict

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from regulars.apps.accounts.rules import Permission
from regulars.apps.firm.operations import put_company, set_retention
from regulars.apps.firm.queries import RetentionRow, count_too_old, get_company, list_retention
from regulars.apps.firm.rules import problems_of_company
from regulars.interfaces.clock import now
from regulars.interfaces.console.cells import Cell, Instant, Link, Number, Text
from regulars.interfaces.console.pages import StaffRequest, done, page, show
from regulars.interfaces.console.settings.forms import CompanyForm, PeriodForm
from regulars.interfaces.console.settings.lists import short_list
from regulars.kernel.errors import RegularsError
from regulars.kernel.wording import say
from regulars.reports.speech import Speaker

_HEADINGS = (say("What"), say("Days"), say("Last looked at"))


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.READ_SETTINGS, to_write=Permission.WRITE_SETTINGS)
def company(request: StaffRequest) -> HttpResponse:
    """Who the company is."""
    writes = request.staff.may(Permission.WRITE_SETTINGS)
    firm = get_company()
    form = CompanyForm(request.POST if request.method == "POST" else None, initial=asdict(firm))
    if request.method == "POST" and form.is_valid():
        problems = list(problems_of_company(form.company))
        form.refuse_each(problems)
        if not problems:
            put_company(form.company, actor=request.staff.actor, now=now())
            return done(request, say("Saved."), "company")
    context = {"form": form, "firm": firm, "writes": writes}
    return show(request, "console/settings/company.html.jinja", context)


@require_GET
@page(Permission.READ_SETTINGS)
def retention(request: StaffRequest) -> HttpResponse:
    """How long what is kept."""
    writes = request.staff.may(Permission.WRITE_SETTINGS)
    rows = [_cells(row, request.speaker, writes=writes) for row in list_retention()]
    listed = short_list(say("Periods"), _HEADINGS, rows)
    return show(request, "console/settings/retention.html.jinja", {"periods": listed})


def _cells(row: RetentionRow, speaker: Speaker, *, writes: bool) -> tuple[Cell | None, ...]:
    what = speaker.say(row.what)
    return (
        Link(what, reverse("period", args=[row.kind])) if writes else Text(what),
        Text(speaker.say(say("for ever"))) if row.days is None else Number(row.days),
        None if row.applied_at is None else Instant(row.applied_at),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.WRITE_SETTINGS)
def period(request: StaffRequest, kind: str) -> HttpResponse:
    """For how many days something is kept; before it is set, what would go is counted."""
    row = next((row for row in list_retention() if row.kind == kind), None)
    if row is None:
        raise Http404(f"Nothing is kept as {kind}.")
    posted = request.POST if request.method == "POST" else None
    form, going = PeriodForm(posted, initial={"days": row.days}), None
    if posted is not None and form.is_valid():
        days = form.cleaned_data["days"]
        if days is not None and days >= row.fewest_days and posted.get("sure") != str(days):
            going = count_too_old(kind, days, now())
        else:
            try:
                set_retention(kind, days, actor=request.staff.actor, now=now())
            except RegularsError as error:
                form.refuse(error, "days")
            else:
                return done(request, say("The period is set."), "retention")
    context = {"form": form, "row": row, "going": going}
    return show(request, "console/settings/period.html.jinja", context)
