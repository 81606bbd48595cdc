"""A template is written, a language at a time."""

from django import forms
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from regulars.apps.accounts.rules import Permission
from regulars.apps.contact.operations.templates import write_text
from regulars.apps.contact.queries.templates import TemplateRow, list_versions
from regulars.apps.contact.texts import Text, TextError
from regulars.apps.contact.texts.words import FILTERS, WORDS
from regulars.apps.firm.queries import get_company
from regulars.interfaces.clock import now
from regulars.interfaces.console.actors import list_actors
from regulars.interfaces.console.figures import language_name
from regulars.interfaces.console.forms import Form
from regulars.interfaces.console.pages import StaffRequest, done, page, show
from regulars.interfaces.console.words import spoken
from regulars.interfaces.console.writing.listing import template_of
from regulars.interfaces.console.writing.words import SHORT
from regulars.kernel.errors import RegularsError
from regulars.kernel.problems import problems_of_language
from regulars.kernel.wording import say
from regulars.reports.catalogues import LANGUAGES


class TextForm(Form):
    """What a template says in a language."""

    subject = forms.CharField(
        label=spoken(say("Subject")),
        help_text=spoken(say("One line.")),
        max_length=300,
        strip=True,
    )
    preheader = forms.CharField(
        label=spoken(say("Preview line")),
        help_text=spoken(say("What a list of mails shows beside the subject.")),
        max_length=300,
        required=False,
    )
    body = forms.CharField(
        label=spoken(say("Mail")),
        help_text=spoken(
            say(
                "Markdown: # heading, **strong**, - item, [text](https://…). "
                "A link in a paragraph of its own becomes a button."
            )
        ),
        widget=forms.Textarea({"rows": 18}),
        strip=False,
    )
    short = forms.CharField(
        label=spoken(say("Text message")),
        help_text=spoken(say("What goes by SMS; empty where it goes by mail alone.")),
        widget=forms.Textarea({"rows": 3}),
        required=False,
    )

    @property
    def text(self) -> Text:
        """What was told."""
        told = self.cleaned_data
        return Text(told["subject"], told["preheader"], told["body"], told["short"])


def language_asked(request: StaffRequest, row: TemplateRow) -> str:
    """The language that an address asks for; else the first that the template has."""
    asked = request.GET.get("language", "").strip().lower()
    if asked and not list(problems_of_language("language", asked)):
        return asked
    return row.texts[0].language if row.texts else get_company().language


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.READ_TEMPLATES, to_write=Permission.WRITE_TEMPLATES)
def template(request: StaffRequest, number: int) -> HttpResponse:
    """A template in one language, and what there is in others."""
    row = template_of(number)
    language = language_asked(request, row)
    kept = row.text(language)
    form = TextForm(request.POST or None, initial=_initial(kept.text if kept else Text()))
    if request.method == "POST" and form.is_valid():
        try:
            write_text(row.id, language, form.text, actor=request.staff.actor, now=now())
        except TextError as error:
            form.refuse(error, error.where.field)
        except RegularsError as error:
            form.refuse(error)
        else:
            name = language_name(request.speaker, language)
            told = say("Kept in this language: {language}.", language=name)
            answer = done(request, told, "template", row.id)
            answer["Location"] += f"?language={language}"
            return answer
    return show(request, "console/writing/one.html.jinja", _context(request, row, language, form))


def _context(
    request: StaffRequest, row: TemplateRow, language: str, form: TextForm
) -> dict[str, object]:
    writes = request.staff.may(Permission.WRITE_TEMPLATES)
    for field in form.fields.values():
        field.disabled = not writes
        field.widget.attrs["lang"] = language
    written = [it.language for it in row.texts]
    tabs = dict.fromkeys([*written, *row.missing, *LANGUAGES, language])
    return {
        "row": row,
        "form": form,
        "language": language,
        "tabs": [(tag, tag in written) for tag in tabs],
        "writes": writes,
        "purpose": SHORT[row.purpose],
        "versions": list_versions(row.id, language),
        "actors": list_actors(),
        "words": WORDS,
        "filters": FILTERS,
    }


def _initial(text: Text) -> dict[str, str]:
    return {
        "subject": text.subject,
        "preheader": text.preheader,
        "body": text.body,
        "short": text.short,
    }
