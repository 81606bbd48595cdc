"""Reads: what a delivery says, as its recipient reads it, but with links that lead nowhere."""

from dataclasses import dataclass

from regulars.apps.contact.models import Delivery
from regulars.apps.contact.queries.templates import look_of, sample_words
from regulars.apps.contact.rules.plain import PLAIN
from regulars.apps.contact.rules.purposes import Purpose
from regulars.apps.contact.texts import Text, TextError, choose_language, compile_message
from regulars.apps.firm.queries import get_company
from regulars.apps.people.queries import persons_of
from regulars.kernel.wording import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a delivery says.

    Attributes:
        language: In which language.
        subject: One line.
        text: The mail as plain text.
        html: The mail as it looks.
        short: The text message.
        missing: What of the text turned out empty.
        trouble: Why it cannot be filled; None where it can.
    """

    language: str
    subject: str = ""
    text: str = ""
    html: str = ""
    short: str = ""
    missing: tuple[str, ...] = ()
    trouble: Message | None = None


def find_said(number: int) -> Said | None:
    """What a delivery says; None where it is a secret, or its text was let go."""
    row = Delivery.objects.select_related("batch").filter(pk=number).first()
    if row is None or row.batch.secret or not row.batch.content:
        return None
    if letter := row.batch.content.get(PLAIN):
        return Said(language=row.language, subject=letter["subject"], text=letter["text"])
    language = _language(row)
    text = Text(**row.batch.content[language])
    try:
        compiled = compile_message(text, look_of(Purpose(row.purpose)), language)
        said = compiled.fill(_values(row, language))
    except TextError as error:
        return Said(language=language, trouble=error.message)
    return Said(
        language=language,
        subject=said.subject,
        text=said.text,
        html=said.html,
        short=said.short,
        missing=said.missing,
    )


def _language(row: Delivery) -> str:
    person = persons_of([row.customer_id]).get(row.customer_id) if row.customer_id else None
    wanted = person.language if person else row.language
    return choose_language(wanted, list(row.batch.content), get_company().language)


def _values(row: Delivery, language: str) -> dict[str, object]:
    words = sample_words(language, row.customer_id)
    told = {**row.batch.values, **(row.values or {})}
    return {**told, **words} if row.customer_id else {**words, **told}
