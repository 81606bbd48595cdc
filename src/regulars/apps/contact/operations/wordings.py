"""Writes: what people are asked to agree to, word for word. It never changes once it was told."""

from datetime import datetime

from django.db import transaction

from regulars.apps.contact.models import Wording
from regulars.apps.contact.rules.consents import problems_of_wording
from regulars.apps.contact.rules.purposes import Purpose
from regulars.apps.journal.operations import record
from regulars.kernel.actors import Actor
from regulars.kernel.errors import InputError
from regulars.kernel.wording import say


def put_wording(
    purpose: Purpose, version: str, language: str, text: str, *, actor: Actor, now: datetime
) -> bool:
    """Keep the words that people are asked to agree to; the same again changes nothing.

    Args:
        purpose: What they agree to.
        version: What the firm calls these words.
        language: The tag of their language.
        text: The words.
        actor: Who tells.
        now: The time.

    Returns:
        Whether they were new.

    Raises:
        InputError: A text cannot be used, or other words were kept under that version.
    """
    for problem in problems_of_wording(version, language, text):
        raise InputError(problem.message)
    with transaction.atomic():
        row, new = Wording.objects.get_or_create(
            purpose=purpose.value,
            version=version,
            language=language,
            defaults={"text": text, "made_at": now},
        )
        if row.text != text:
            raise InputError(
                say(
                    "Version {version} says something else in {language} already.",
                    version=version,
                    language=language,
                ),
                accepted=say("Give the new words another version."),
            )
        if new:
            subject = f"wording:{purpose}"
            told = {"version": version, "language": language}
            record(actor, "put wording", subject, now, told)
    return new
