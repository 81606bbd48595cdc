"""Reads: what a delivery says, as its recipient reads it, but with links that lead nowhere."""

from collections.abc import Mapping
from dataclasses import dataclass

from regulars.apps.contact.models import Delivery
from regulars.apps.contact.queries.policy import get_policy
from regulars.apps.contact.rules.purposes import Purpose
from regulars.apps.contact.texts import (
    Look,
    Text,
    TextError,
    choose_language,
    compile_message,
)
from regulars.apps.contact.texts.greetings import greeting
from regulars.apps.firm.queries import get_company
from regulars.apps.firm.rules import Company
from regulars.apps.people.queries import Person, persons_of
from regulars.kernel.wording import Message

NOWHERE = "https://example.invalid/"
"""Where the links of the recipient lead here: his own open his pages to whoever has them."""


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
    firm = get_company()
    person = persons_of([row.customer_id]).get(row.customer_id) if row.customer_id else None
    wanted = person.language if person else row.language
    language = choose_language(wanted, row.batch.content, firm.language)
    words = _words(person, language, firm)
    try:
        compiled = compile_message(Text(**row.batch.content[language]), _look(row, firm), language)
        said = compiled.fill({**row.batch.values, **(row.values or {}), **words})
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


def _words(person: Person | None, language: str, firm: Company) -> Mapping[str, object]:
    name = person.name if person else ""
    return {
        "customer": {
            "name": name,
            "greeting": greeting(name, language),
            "language": language,
        },
        "firm": {"name": firm.name, "address": firm.address},
        "links": {"unsubscribe": NOWHERE, "preferences": NOWHERE},
    }


def _look(row: Delivery, firm: Company) -> Look:
    policy = get_policy()
    return Look(
        firm_name=firm.name,
        firm_address=firm.address,
        colour=policy.colour,
        logo=policy.logo,
        footer=policy.footer,
        promotional=Purpose(row.purpose) is not Purpose.SERVICE,
    )
