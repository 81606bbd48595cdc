"""Forms of imports."""

from dataclasses import replace
from typing import Final, cast
from urllib.parse import urlsplit

from django import forms

from regulars.apps.intake.operations.watching import VARIABLE, has_password
from regulars.apps.intake.queries import RunRow
from regulars.apps.intake.rules import How, Kind, Watched
from regulars.interfaces.console.forms import Form
from regulars.interfaces.console.imports.words import KINDS, column_name, has_name
from regulars.interfaces.console.words import spoken
from regulars.kernel.wording import say

_KINDS: Final = [(kind.value, spoken(words)) for kind, words in KINDS.items()]
_COLUMN: Final = "column_"
_DEFAULT: Final = ("", spoken(say("as the file shows")))


class FileForm(Form):
    """A file that is to be imported."""

    file = forms.FileField(
        label=spoken(say("File")),
        help_text=spoken(say("CSV, Excel, Parquet or JSON lines; gzip of these.")),
    )


class UploadForm(FileForm):
    """A file, and what it holds."""

    kind = forms.ChoiceField(label=spoken(say("What it holds")), choices=_KINDS)
    currency = forms.CharField(
        label=spoken(say("Currency")),
        help_text=spoken(say("Of amounts that name none, for example EUR.")),
        required=False,
        max_length=3,
    )
    field_order = ("kind", "file", "currency")

    def how(self, zone: str) -> How:
        """How the file is to be read, with the firm's days."""
        return How(timezone=zone, currency=self.cleaned_data["currency"].strip().upper() or None)


class MappingForm(Form):
    """How a source is read: which heading is which column, and what its texts mean."""

    currency = forms.CharField(
        label=spoken(say("Currency where none is named")), required=False, max_length=3
    )
    date_order = forms.ChoiceField(
        label=spoken(say("Dates")),
        choices=[_DEFAULT, ("dmy", "31.12.2026"), ("mdy", "12/31/2026"), ("ymd", "2026-12-31")],
        required=False,
    )
    decimal = forms.ChoiceField(
        label=spoken(say("Amounts")),
        choices=[_DEFAULT, (",", "1234,56"), (".", "1234.56")],
        required=False,
    )

    def __init__(self, run: RunRow, data: object = None) -> None:
        kept = {
            "currency": run.how.currency or "",
            "date_order": run.how.date_order or "",
            "decimal": run.how.decimal or "",
        }
        super().__init__(data, initial=kept)  # type: ignore[arg-type]
        self._run = run
        offered = [(name, name) for name in run.findings.headings]
        for column in run.findings.known:
            self.fields[f"{_COLUMN}{column}"] = forms.ChoiceField(
                label=spoken(column_name(column)),
                help_text=column if has_name(column) else "",
                choices=[("", spoken(say("as recognised"))), *offered],
                initial=run.findings.columns.get(column, ""),
                required=False,
            )

    @property
    def found(self) -> list[forms.BoundField]:
        """The columns that have a heading."""
        return [it for it in self if it.name.startswith(_COLUMN) and it.initial]

    @property
    def not_found(self) -> list[forms.BoundField]:
        """The columns that have none."""
        return [it for it in self if it.name.startswith(_COLUMN) and not it.initial]

    @property
    def of_texts(self) -> list[forms.BoundField]:
        """What the texts of the source mean."""
        return [it for it in self if not it.name.startswith(_COLUMN)]

    @property
    def how(self) -> How:
        """How the source is to be read: what was recognised and left stays to be recognised."""
        told, run = self.cleaned_data, self._run
        chosen = {name: told[f"{_COLUMN}{name}"] for name in run.findings.known}
        columns = {
            name: heading
            for name, heading in chosen.items()
            if heading and (name in run.how.columns or heading != run.findings.columns.get(name))
        }
        return replace(
            run.how,
            columns=columns,
            currency=told["currency"].strip().upper() or None,
            date_order=told["date_order"] or None,
            decimal=told["decimal"] or None,
        )


class SourceForm(Form):
    """A table of a database that is to be read again and again."""

    name = forms.CharField(label=spoken(say("Name")), max_length=100)
    kind = forms.ChoiceField(label=spoken(say("What it holds")), choices=_KINDS)
    url = forms.CharField(
        label=spoken(say("Address of the database")),
        help_text="postgresql://reader:${REGULARS_SOURCE_TILL}@db.example/shop?table=sales",
        max_length=1000,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    minutes = forms.IntegerField(
        label=spoken(say("Minutes from one reading to the next")),
        min_value=1,
        max_value=100_000,
        initial=60,
    )
    currency = forms.CharField(label=spoken(say("Currency")), required=False, max_length=3)

    def clean_url(self) -> str:
        """Take PostgreSQL alone: a file of this server is named on its command line."""
        url = cast("str", self.cleaned_data["url"])
        try:
            scheme = urlsplit(url).scheme
        except ValueError:
            scheme = ""
        if scheme not in {"postgresql", "postgres"}:
            raise forms.ValidationError(
                spoken(say("Give a URL that begins with {kinds}.", kinds="postgresql"))
            )
        return url

    def hide_password(self) -> None:
        """Empty the field of the address where it shows a password."""
        told = str(self.data.get("url", ""))
        if shows_password(told):
            self.data = dict(self.data.items()) | {"url": ""}

    def watched(self, zone: str) -> Watched:
        """The source."""
        told = self.cleaned_data
        return Watched(
            name=told["name"],
            kind=Kind(told["kind"]),
            url=told["url"],
            minutes=told["minutes"],
            how=How(timezone=zone, currency=told["currency"].strip().upper() or None),
        )


def shows_password(url: str) -> bool:
    """Whether a URL bears a password that is no variable, or may bear one.

    >>> shows_password("postgresql://a:b@h/d"), shows_password("postgresql://a@h/d")
    (True, False)
    """
    try:
        return has_password(VARIABLE.sub("", url))
    except ValueError:
        return True
