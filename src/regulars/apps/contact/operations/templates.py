"""Writes: staff write what the firm says, in each language, and try it on themselves."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.db import transaction

from regulars.apps.contact.models import Batch, Delivery, Template, TemplateText
from regulars.apps.contact.queries.templates import (
    find_template,
    find_template_by_name,
    sample_words,
    text_of,
)
from regulars.apps.contact.rules.addresses import address_key
from regulars.apps.contact.rules.purposes import Channel, Purpose
from regulars.apps.contact.rules.states import State
from regulars.apps.contact.texts import Look, Text, compile_message
from regulars.apps.contact.texts.errors import Place, TextError
from regulars.apps.journal.operations import record
from regulars.kernel.actors import Actor
from regulars.kernel.errors import InputError
from regulars.kernel.problems import problems_of_language
from regulars.kernel.wording import say

LONGEST_TEMPLATE_NAME = 100
_TEST_LIVES = timedelta(hours=1)
_TEST_PRIORITY = 100


def make_template(name: str, purpose: Purpose, *, actor: Actor, now: datetime) -> int:
    """Make a template in which nothing is written yet; return its number.

    Args:
        name: What staff call it.
        purpose: Why people are written to with it.
        actor: Who makes it.
        now: The time.

    Raises:
        InputError: Another has the name, or it is none.
    """
    name = _checked_name(name)
    with transaction.atomic():
        _free(name)
        row = Template.objects.create(
            name=name, purpose=purpose.value, made_at=now, changed_at=now
        )
        record(actor, "made template", f"template:{row.pk}", now, {"purpose": purpose.value})
    return row.pk


def write_text(number: int, language: str, text: Text, *, actor: Actor, now: datetime) -> int:
    """Write a template in a language; return its version, the last one where it says the same.

    Args:
        number: The template's.
        language: Such as ``lt``.
        text: What it says from now on.
        actor: Who writes.
        now: The time.

    Raises:
        TextError: Something in it is not understood.
        InputError: There is no such template or language.
    """
    check_text(text, language)
    with transaction.atomic():
        row = _locked(number)
        return _write(row, language, text, actor, now)


def put_template(
    name: str, purpose: Purpose, texts: Mapping[str, Text], *, actor: Actor, now: datetime
) -> bool:
    """Make or change the template of a name; return whether it is new.

    Args:
        name: What it is called.
        purpose: Why people are written to with it.
        texts: What it says from now on, by language; other languages stay as they are.
        actor: Who says it.
        now: The time.

    Raises:
        TextError: Something in a text is not understood.
        InputError: The name or a language is none.
    """
    for language, text in texts.items():
        check_text(text, language)
    with transaction.atomic():
        known = find_template_by_name(_checked_name(name))
        number = known.id if known else make_template(name, purpose, actor=actor, now=now)
        row = _locked(number)
        if row.purpose != purpose:
            data = {"purpose": [row.purpose, purpose.value]}
            record(actor, "changed template", f"template:{number}", now, data)
            Template.objects.filter(pk=number).update(purpose=purpose.value, changed_at=now)
        for language, text in texts.items():
            _write(row, language, text, actor, now)
    return known is None


def rename_template(number: int, name: str, *, actor: Actor, now: datetime) -> bool:
    """Call a template something else; return whether that was new.

    Raises:
        InputError: There is no such template, or another has the name.
    """
    name = _checked_name(name)
    with transaction.atomic():
        row = _locked(number)
        if row.name == name:
            return False
        _free(name, but=number)
        Template.objects.filter(pk=number).update(name=name, changed_at=now)
        record(actor, "renamed template", f"template:{number}", now, {"name": [row.name, name]})
    return True


def remove_template(number: int, *, actor: Actor, now: datetime) -> bool:
    """Offer a template no longer; what was planned with it goes. Return whether it was there."""
    with transaction.atomic():
        gone = Template.objects.filter(pk=number, gone_at__isnull=True).update(gone_at=now)
        if gone:
            record(actor, "removed template", f"template:{number}", now)
    return bool(gone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A mail that somebody of the firm sends to himself.

    Attributes:
        language: One that the template is written in.
        address: Where it goes.
        customer: The number of whose name stands in it; None for nobody.
        values: What a sender would say besides.
    """

    language: str
    address: str
    customer: int | None = None
    values: Mapping[str, object] = field(default_factory=dict)


def send_test(number: int, trial: Trial, *, actor: Actor, now: datetime) -> None:
    """Plan one mail of a template to somebody of the firm, as a customer would read it.

    Args:
        number: The template's.
        trial: What goes where.
        actor: Who tries it.
        now: The time.

    Raises:
        TextError: It cannot be filled.
        InputError: There is no such template, or it is not written in that language.
    """
    row = find_template(number)
    if row is None:
        raise _not_there(number)
    language, content = trial.language, text_of(row, trial.language)
    filled = {**trial.values, **sample_words(language, trial.customer)}
    compile_message(Text(**content), Look(), language).fill(filled)
    with transaction.atomic():
        batch = Batch.objects.create(
            sender="contact",
            dedupe_key=f"test:{number}:{secrets.token_hex(8)}",
            label=row.name,
            purpose=row.purpose.value,
            channels=[Channel.EMAIL.value],
            content={language: content},
            made_at=now,
        )
        Delivery.objects.create(
            batch=batch,
            purpose=row.purpose.value,
            priority=_TEST_PRIORITY,
            state=State.PLANNED.value,
            destination=trial.address,
            key=address_key(Channel.EMAIL, trial.address),
            language=language,
            values=filled,
            made_at=now,
            due_at=now,
            valid_until=now + _TEST_LIVES,
        )
        record(actor, "sent a test", f"template:{number}", now, {"language": language})


def check_text(text: Text, language: str) -> None:
    """Refuse a text that could not be sent.

    Raises:
        TextError: Something in it is not understood, or it says nothing.
        InputError: The language is none.
    """
    for problem in problems_of_language("language", language):
        raise InputError(problem.message)
    if not text.subject.strip():
        raise TextError(say("A mail has a subject."), where=Place(language, "subject"))
    if not text.body.strip():
        raise TextError(say("A mail says something."), where=Place(language, "body"))
    compile_message(text, Look(), language)


def _write(row: Template, language: str, text: Text, actor: Actor, now: datetime) -> int:
    text = replace(text, body=text.body.replace("\r\n", "\n"), subject=text.subject.strip())
    texts = TemplateText.objects.filter(template=row, language=language)
    last = texts.order_by("-version").first()
    if last and Text(last.subject, last.preheader, last.body, last.short) == text:
        return last.version
    version = last.version + 1 if last else 1
    TemplateText.objects.create(
        template=row,
        language=language,
        version=version,
        subject=text.subject,
        preheader=text.preheader,
        body=text.body,
        short=text.short,
        made_at=now,
        made_by=str(actor),
    )
    Template.objects.filter(pk=row.pk).update(changed_at=now)
    data = {"language": language, "version": version}
    record(actor, "wrote template", f"template:{row.pk}", now, data)
    return version


def _checked_name(name: str) -> str:
    told = " ".join(name.split())
    if not told or len(told) > LONGEST_TEMPLATE_NAME or not told.isprintable():
        raise InputError(
            say("A template needs a name."),
            accepted=say("Give 1 to {n} characters.", n=LONGEST_TEMPLATE_NAME),
        )
    return told


def _free(name: str, but: int = 0) -> None:
    """Refuse a name that another template has; one that was removed gives it up."""
    other = Template.objects.select_for_update().filter(name=name).exclude(pk=but).first()
    if other is None:
        return
    if other.gone_at is None:
        raise InputError(
            say("There is a template {name} already.", name=name),
            accepted=say("Give another name, or write a new version of that one."),
        )
    given_up = f"{other.pk}: {name}"[:LONGEST_TEMPLATE_NAME]
    Template.objects.filter(pk=other.pk).update(name=given_up)


def _locked(number: int) -> Template:
    rows = Template.objects.select_for_update()
    row = rows.filter(pk=number, gone_at__isnull=True).first()
    if row is None:
        raise _not_there(number)
    return row


def _not_there(number: int) -> InputError:
    return InputError(say("There is no template {number}.", number=str(number)))
