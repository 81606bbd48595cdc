"""What somebody said of being written to, and what may be recorded of it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from regulars.apps.contact.rules.purposes import Basis, Channel, Consent, Purpose
from regulars.kernel.problems import Problem, problems_of_language
from regulars.kernel.wording import say

LONGEST_VERSION = 40
"""How long the name of a version of a wording may be."""
LONGEST_WORDING = 10_000
"""How long a wording may be."""
LONGEST_PROOF = 10_000
"""How long the proof may be, as JSON."""
LONGEST_LANGUAGE = 10
"""How long the tag of a language may be."""
_FIRST = datetime(1990, 1, 1, tzinfo=UTC)
ASKER = "contact"
"""The sender of messages that ask whether somebody wants what he seems to have asked for."""
_ASKED = "confirm:"
POSITIVE = frozenset({Consent.GRANTED, Consent.PENDING})
"""What is taken back by a no."""


def asking_key(event: int) -> str:
    """What the message is called that asks for a confirmation.

    >>> asking_key(12)
    'confirm:12'
    """
    return f"{_ASKED}{event}"


def asks_to_confirm(sender: str, dedupe_key: str) -> bool:
    """Whether a message asks for a confirmation: it goes to suppressed addresses too.

    >>> asks_to_confirm("contact", "confirm:12"), asks_to_confirm("care", "confirm:12")
    (True, False)
    """
    return sender == ASKER and dedupe_key.startswith(_ASKED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What somebody said of a purpose and a channel.

    Attributes:
        wording: The version of the words that he agreed to; empty where that is not known.
        language: In which language he read them.
        proof: What shows it, such as a form's name, an IP or a scanned page's number.
        at: When he said it.
    """

    purpose: Purpose
    channel: Channel
    state: Consent
    basis: Basis = Basis.CONSENT
    at: datetime
    wording: str = ""
    language: str = ""
    proof: Mapping[str, object] = field(default_factory=dict)


def problems_of_said(told: Said, now: datetime) -> Iterator[Problem]:
    """What is wrong with what is told, field by field.

    >>> noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    >>> said = Said(
    ...     purpose=Purpose.SERVICE,
    ...     channel=Channel.EMAIL,
    ...     state=Consent.WITHDRAWN,
    ...     at=datetime(2027, 1, 1, tzinfo=UTC),
    ... )
    >>> [it.field for it in problems_of_said(said, noon)]
    ['purpose', 'at']
    """
    if told.purpose is Purpose.SERVICE:
        accepted = ", ".join(it for it in Purpose if it is not Purpose.SERVICE)
        message = say(
            "Nobody is asked for service messages: give one of {accepted}.", accepted=accepted
        )
        yield Problem("purpose", message)
    yield from _problems_of_time(told.at, now)
    if told.language:
        yield from _problems_of_tag(told.language)
    if told.wording:
        yield from problems_of_version("wording", told.wording)
    if len(json.dumps(told.proof, ensure_ascii=False)) > LONGEST_PROOF:
        yield Problem("proof", say("Give at most {n} characters.", n=LONGEST_PROOF))


def problems_of_wording(version: str, language: str, text: str) -> Iterator[Problem]:
    """What is wrong with a wording, field by field.

    >>> [it.field for it in problems_of_wording("", "lt", " ")]
    ['version', 'text']
    """
    yield from problems_of_version("version", version)
    yield from _problems_of_tag(language)
    if not text.strip() or len(text) > LONGEST_WORDING or "\0" in text:
        yield Problem("text", say("A text has 1 to {n} characters.", n=LONGEST_WORDING))


def problems_of_version(field: str, version: str) -> Iterator[Problem]:
    """What is wrong with the name of a version."""
    if not version.strip() or len(version) > LONGEST_VERSION or not version.isprintable():
        yield Problem(
            field,
            say("A version has 1 to {n} characters that can be printed.", n=LONGEST_VERSION),
        )


def _problems_of_tag(language: str) -> Iterator[Problem]:
    if len(language) > LONGEST_LANGUAGE:
        yield Problem("language", say("Give at most {n} characters.", n=LONGEST_LANGUAGE))
    else:
        yield from problems_of_language("language", language)


def _problems_of_time(at: datetime, now: datetime) -> Iterator[Problem]:
    if not _FIRST <= at <= now:
        yield Problem(
            "at",
            say(
                "{at} is no time at which anybody can have said it: give one from {first} "
                "until now.",
                at=at,
                first=_FIRST,
            ),
        )
