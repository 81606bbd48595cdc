"""Reads: templates, their languages and versions, and how one reads for somebody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from regulars.apps.contact.models import Template, TemplateText
from regulars.apps.contact.queries.policy import get_policy
from regulars.apps.contact.rules.purposes import Purpose
from regulars.apps.contact.texts import (
    Look,
    Rendered,
    Text,
    TextError,
    choose_language,
    compile_message,
)
from regulars.apps.contact.texts.addressee import Addressee
from regulars.apps.firm.queries import get_company
from regulars.apps.people.queries import persons_of
from regulars.kernel.errors import InputError
from regulars.kernel.wording import say

SAMPLE_LINKS: Mapping[str, str] = {
    "unsubscribe": "https://example.com/unsubscribe",
    "preferences": "https://example.com/preferences",
}
"""Where the links of a preview and of a test lead: they change nothing of anybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRow:
    """A template in one language, as it was written last or before."""

    language: str
    version: int
    text: Text
    made_at: datetime
    made_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateRow:
    """A template.

    Attributes:
        texts: Its newest text in each language, the firm's language first.
        missing: Languages that the firm writes in, and this template does not.
    """

    id: int
    name: str
    purpose: Purpose
    texts: tuple[TextRow, ...]
    missing: tuple[str, ...]
    made_at: datetime
    changed_at: datetime

    def text(self, language: str) -> TextRow | None:
        """The newest text in a language."""
        return next((it for it in self.texts if it.language == language), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """How a template reads for somebody.

    Attributes:
        wanted: The language that was asked for.
        language: The one that stands in for it where it is missing.
        rendered: The message; None where it cannot be filled.
        trouble: Why not.
    """

    wanted: str
    language: str
    rendered: Rendered | None
    trouble: TextError | None

    @property
    def stands_in(self) -> bool:
        """Whether the language that was asked for is missing."""
        return self.wanted != self.language


def list_templates() -> list[TemplateRow]:
    """Every template that was not removed, by name."""
    rows = list(Template.objects.filter(gone_at__isnull=True).order_by("name"))
    return _rows(rows)


def find_template(number: int) -> TemplateRow | None:
    """A template that was not removed."""
    return _found(Template.objects.filter(pk=number, gone_at__isnull=True).first())


def find_template_by_name(name: str) -> TemplateRow | None:
    """The template of a name, if it was not removed."""
    return _found(Template.objects.filter(name=name, gone_at__isnull=True).first())


def list_versions(number: int, language: str, *, limit: int = 20) -> list[TextRow]:
    """What a template said in a language, newest first."""
    texts = TemplateText.objects.filter(template=number, language=language)
    return [_text(row) for row in texts.order_by("-version")[:limit]]


def content_of(number: int) -> dict[str, dict[str, str]]:
    """What a template says, by language, as a batch of deliveries takes it.

    Raises:
        InputError: There is no such template, or nothing is written in it.
    """
    row = find_template(number)
    if row is None:
        raise InputError(say("There is no template {number}.", number=str(number)))
    if not row.texts:
        raise InputError(say("Nothing is written in the template {name} yet.", name=row.name))
    return {it.language: text_of(row, it.language) for it in row.texts}


def text_of(row: TemplateRow, language: str) -> dict[str, str]:
    """What a template says in one of its languages, as a batch of deliveries takes it.

    Raises:
        InputError: It is not written in it.
    """
    found = row.text(language)
    if found is None:
        raise InputError(
            say("The template {name} is not written in {language}.", name=row.name,
                language=language),
            accepted=say("It is written in {languages}.",
                         languages=", ".join(it.language for it in row.texts)),
        )  # fmt: skip
    text = found.text
    return {
        "subject": text.subject,
        "preheader": text.preheader,
        "body": text.body,
        "short": text.short,
    }


def preview_template(
    row: TemplateRow, language: str, customer: int | None, values: Mapping[str, object]
) -> Preview:
    """How a template reads in a language for a customer, or for somebody without a name.

    Args:
        row: The template; something is written in it.
        language: In what language; one that is missing falls back as it does for a customer.
        customer: The number of a record; None for nobody.
        values: What a sender would say besides.
    """
    chosen = choose_language(language, [it.language for it in row.texts], get_company().language)
    text = row.text(chosen)
    assert text is not None  # noqa: S101 - it was chosen of them
    try:
        made = compile_message(text.text, look_of(row.purpose), chosen)
        rendered = made.fill({**values, **sample_words(chosen, customer)})
    except TextError as error:
        return Preview(wanted=language, language=chosen, rendered=None, trouble=error)
    return Preview(wanted=language, language=chosen, rendered=rendered, trouble=None)


def look_of(purpose: Purpose) -> Look:
    """What stands around messages of a purpose."""
    policy, firm = get_policy(), get_company()
    return Look(
        firm_name=firm.name,
        firm_address=firm.address,
        colour=policy.colour,
        logo=policy.logo,
        footer=policy.footer,
        promotional=purpose is not Purpose.SERVICE,
    )


def sample_words(language: str, customer: int | None) -> dict[str, object]:
    """The words of a text for a customer, with links that change nothing of his."""
    person = persons_of([customer]).get(customer) if customer is not None else None
    firm = get_company()
    return Addressee(
        name=person.name if person else "",
        greetings=person.greetings if person else {},
        time_zone=person.time_zone if person else "",
        links=SAMPLE_LINKS,
        firm_name=firm.name,
        firm_address=firm.address,
        firm_currency=firm.currency,
        firm_time_zone=firm.time_zone,
    ).words(language)


def _found(row: Template | None) -> TemplateRow | None:
    return None if row is None else _rows([row])[0]


def _rows(templates: Sequence[Template]) -> list[TemplateRow]:
    newest = _newest(templates)
    own = get_company().language
    wanted = {own, *TemplateText.objects.filter(template__gone_at__isnull=True)
              .values_list("language", flat=True).distinct()}  # fmt: skip
    return [_row(row, newest.get(row.pk, {}), wanted, own) for row in templates]


def _row(row: Template, texts: Mapping[str, TextRow], wanted: set[str], own: str) -> TemplateRow:
    order = sorted(texts, key=lambda tag: (tag != own, tag))
    return TemplateRow(
        id=row.pk,
        name=row.name,
        purpose=Purpose(row.purpose),
        texts=tuple(texts[tag] for tag in order),
        missing=tuple(sorted(wanted - texts.keys())),
        made_at=row.made_at,
        changed_at=row.changed_at,
    )


def _newest(templates: Sequence[Template]) -> dict[int, dict[str, TextRow]]:
    found: dict[int, dict[str, TextRow]] = {}
    texts = TemplateText.objects.filter(template__in=[row.pk for row in templates])
    for row in texts.order_by("version"):
        found.setdefault(row.template_id, {})[row.language] = _text(row)
    return found


def _text(row: TemplateText) -> TextRow:
    return TextRow(
        language=row.language,
        version=row.version,
        text=Text(row.subject, row.preheader, row.body, row.short),
        made_at=row.made_at,
        made_by=row.made_by,
    )
