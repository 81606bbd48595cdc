"""Somebody asks for an import: a file is kept and looked at, corrected, then taken in."""

from dataclasses import replace

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from regulars.apps.accounts.rules import Permission
from regulars.apps.firm.queries import get_company
from regulars.apps.intake.operations import start_import, take_source
from regulars.apps.intake.rules import Aim, How, Kind
from regulars.apps.intake.uploads import keep_upload
from regulars.interfaces.clock import now
from regulars.interfaces.console.imports.forms import FileForm, MappingForm, UploadForm
from regulars.interfaces.console.imports.one import refused, run_of, show_run
from regulars.interfaces.console.pages import StaffRequest, done, page, show
from regulars.kernel.errors import RegularsError
from regulars.kernel.wording import Message, say


@require_http_methods(["GET", "POST"])
@page(Permission.WRITE_IMPORTS)
def new_import(request: StaffRequest) -> HttpResponse:
    """Send a file; a worker looks at it, and nothing is taken in yet."""
    firm = get_company()
    if request.method != "POST":
        form = UploadForm(initial={"currency": firm.currency})
        return _page(request, form, say("Import a file"), _NEXT, reverse("imports"))
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        number = _kept(request, form, Kind(form.cleaned_data["kind"]), form.how(firm.time_zone))
        if number is not None:
            return done(request, _SENT, "import", number)
    return _page(request, form, say("Import a file"), _NEXT, reverse("imports"))


@require_http_methods(["GET", "POST"])
@page(Permission.WRITE_IMPORTS)
def mended(request: StaffRequest, number: int) -> HttpResponse:
    """Send the rows that an import rejected, mended; they are read as the first file was."""
    run = run_of(number)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        # rejected rows are handed out in Unicode and without sheets, whatever their source was
        how = replace(run.how, encoding=None, table=None)
        sent = _kept(request, form, run.kind, how)
        if sent is not None:
            return done(request, _SENT, "import", sent)
    lead = say("The file is read as {name} was.", name=run.name)
    return _page(
        request, form, say("Send the mended rows"), lead, reverse("import", args=[number])
    )


@require_POST
@page(Permission.WRITE_IMPORTS)
def start(request: StaffRequest, number: int) -> HttpResponse:
    """Take in what was looked at, or look again with other columns."""
    run = run_of(number)
    aim = Aim.PREVIEW if request.POST.get("do") == "look" else Aim.IMPORT
    how = None
    if run.findings.known:
        form = MappingForm(run, request.POST)
        if not form.is_valid():
            return show_run(request, run, form)
        how = form.how
    try:
        start_import(number, actor=request.staff.actor, now=now(), how=how, aim=aim)
    except RegularsError as error:
        return refused(request, error, number)
    return done(request, _SENT if aim is Aim.PREVIEW else _STARTED, "import", number)


_NEXT = say("It is only looked at: you see what was found before anything is taken in.")
_SENT = say("A worker looks at the file.")
_STARTED = say("The import begins.")


def _kept(request: StaffRequest, form: FileForm, kind: Kind, how: How) -> int | None:
    """Keep the file of a form and have it looked at; None: the form says why not."""
    file: UploadedFile[bytes] = form.cleaned_data["file"]
    try:
        upload = keep_upload(file.chunks(), file.name or "", largest=settings.LARGEST_UPLOAD)
        return take_source(
            upload.named, kind, how, aim=Aim.PREVIEW, actor=request.staff.actor, now=now()
        )
    except RegularsError as error:
        form.refuse(error)
        return None


def _page(
    request: StaffRequest, form: FileForm, title: Message, lead: Message, back: str
) -> HttpResponse:
    crumbs = ((reverse("imports"), request.speaker.say(say("Imports"))),)
    context = {
        "form": form,
        "title": title,
        "lead": lead,
        "crumbs": crumbs,
        "button": say("Go on"),
        "back": back,
        "here": "imports",
    }
    return show(request, "console/one_form.html.jinja", context)
