"""What the environment says of the ways out: which server, which provider, which folder."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from regulars.apps.contact.rules.providers import PROVIDERS
from regulars.kernel.errors import OptionError
from regulars.kernel.wording import Message, say

SMTP_URL = "REGULARS_SMTP_URL"
MAIL_PROVIDER = "REGULARS_MAIL_PROVIDER"
MAIL_FROM = "REGULARS_MAIL_FROM"
ANYMAIL = "REGULARS_ANYMAIL_"
SMS_TRANSPORT = "REGULARS_SMS_TRANSPORT"

OUTBOX = "outbox"
_NOWHERE = "regulars@localhost"
_TIMEOUT = "REQUESTS_TIMEOUT"


@dataclass(frozen=True, slots=True, kw_only=True)
class WaysOut:
    """How messages leave the house.

    Attributes:
        mailer: How Django sends mail: through a server or a provider, or into a folder.
        sender: Who mails are from where the firm says nothing else.
        bounces: Where a mail server sends back what it cannot deliver; empty for the sender.
        transports: What takes messages out, by channel.
        anymail: What the provider takes, under the names of django-anymail.
    """

    mailer: Mapping[str, object]
    sender: str
    transports: Mapping[str, str]
    bounces: str = ""
    anymail: Mapping[str, object] = field(default_factory=dict)


def read_ways_out(environment: Mapping[str, str], data: Path) -> WaysOut:
    """Read the variables that say how messages leave the house.

    Raises:
        OptionError: One of them cannot be used.
    """
    provider, url = environment.get(MAIL_PROVIDER, ""), environment.get(SMTP_URL, "")
    phone = _sms(environment)
    anymail = _anymail(environment)
    if provider and url:
        both = say("Give {one} or {other}, not both.", one=MAIL_PROVIDER, other=SMTP_URL)
        raise _unusable(MAIL_PROVIDER, both)
    if provider:
        return WaysOut(
            mailer={"BACKEND": f"anymail.backends.{_known(provider)}.EmailBackend"},
            sender=_sender(environment),
            transports={"email": provider, "phone": phone},
            anymail=anymail,
        )
    if url:
        mailer, sender, bounces = _smtp(url)
        transports = {"email": "smtp", "phone": phone}
        return WaysOut(
            mailer=mailer, sender=sender, bounces=bounces, transports=transports, anymail=anymail
        )
    folder = {
        "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "OPTIONS": {"file_path": str(data / OUTBOX)},
    }
    transports = {"email": "file", "phone": phone}
    return WaysOut(mailer=folder, sender=_NOWHERE, transports=transports, anymail=anymail)


def _smtp(url: str) -> tuple[Mapping[str, object], str, str]:
    """The server, who writes, and where it sends back what it cannot deliver."""
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    if (
        parts.scheme not in {"smtp", "smtps"}
        or not parts.hostname
        or "@" not in options.get("from", "")
        or "@" not in options.get("bounces", "@")
    ):
        raise _unusable(
            SMTP_URL,
            say("Give smtp://user:password@host:587?from=shop@host; smtps for port 465."),
        )
    implicit = parts.scheme == "smtps"
    # a password never goes in the clear unless it is asked for
    starttls = options.get("starttls", "1" if parts.username else "0") == "1" and not implicit
    mailer = {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": parts.hostname,
            "port": parts.port or (465 if implicit else 587),
            "username": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "use_ssl": implicit,
            "use_tls": starttls,
            "timeout": 20,
        },
    }
    return mailer, options["from"], options.get("bounces", "")


def _known(provider: str) -> str:
    if provider not in PROVIDERS:
        raise _unusable(MAIL_PROVIDER, say("Give one of {names}.", names=", ".join(PROVIDERS)))
    return provider


def _sender(environment: Mapping[str, str]) -> str:
    told = environment.get(MAIL_FROM, "")
    if "@" not in told:
        raise _unusable(MAIL_FROM, say("Give the address that mails are from."))
    return told


def _sms(environment: Mapping[str, str]) -> str:
    told = environment.get(SMS_TRANSPORT, "") or "file"
    place, colon, name = told.partition(":")
    if told != "file" and not (colon and place and name.isidentifier()):
        raise _unusable(SMS_TRANSPORT, say("Give package.module:Class, or file."))
    return told


def _anymail(environment: Mapping[str, str]) -> Mapping[str, object]:
    return {
        name.removeprefix(ANYMAIL): _value(name, text)
        for name, text in environment.items()
        if name.startswith(ANYMAIL) and text
    }


def _value(name: str, text: str) -> object:
    """A setting's value: text, unless it is a number of seconds, or a list or object as JSON."""
    if name != ANYMAIL + _TIMEOUT and not text.startswith(("{", "[")):
        return text
    try:
        return json.loads(text)
    except ValueError as error:
        raise _unusable(name, say("Give a number, or JSON.")) from error


def _unusable(name: str, accepted: Message) -> OptionError:
    return OptionError(say("{name} cannot be used.", name=name), accepted=accepted)
