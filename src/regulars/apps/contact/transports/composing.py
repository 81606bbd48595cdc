"""A mail put together: its headers, its text, the same as HTML. Nothing in it makes a header."""

import re
import unicodedata
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.policy import SMTP, SMTPUTF8, Policy
from typing import override

from django.core.mail import EmailMultiAlternatives

from regulars.apps.contact.transports.outgoing import Outgoing

_ADDRESS = re.compile(r"""[^\s@<>()\[\]\\,;:"]+@[^\s@<>()\[\]\\,;:"]+""")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,70}")
_TAKEN = re.compile(
    r"(?i)from|to|cc|bcc|sender|reply-to|subject|date|message-id|auto-submitted|return-path"
    r"|received|mime-.*|content-.*|resent-.*"
)
_LONGEST_LINE = 900


def compose[Letter: EmailMultiAlternatives](outgoing: Outgoing, kind: type[Letter]) -> Letter:
    """A message as Django's mail has it.

    Raises:
        ValueError: It cannot be written: an address is none, or a header has a line's end in it.
    """
    if not _ADDRESS.fullmatch(outgoing.to):
        raise ValueError(f"{outgoing.to!r} is no address of one mailbox.")
    letter = kind(
        subject=_one_line("Subject", outgoing.subject),
        body=outgoing.text,
        from_email=_one_line("From", outgoing.sender) or None,
        to=[outgoing.to],
        reply_to=[_one_line("Reply-To", outgoing.reply_to)] if outgoing.reply_to else None,
        headers=_headers(outgoing),
    )
    if outgoing.html:
        letter.attach_alternative(outgoing.html, "text/html")
    return letter


def needs_utf8(address: str) -> bool:
    """Whether a mailbox has letters that only servers with SMTPUTF8 take (RFC 6531).

    >>> needs_utf8("žąsis@example.com"), needs_utf8("ona@žąsis.lt")
    (True, False)
    """
    return not address.rpartition("@")[0].isascii()


def written(letter: EmailMultiAlternatives, *, utf8: bool = False) -> bytes:
    """A message as it goes over the wire.

    Raises:
        ValueError: It cannot be written.
    """
    try:
        return letter.message(policy=_UTF8_POLICY if utf8 else _POLICY).as_bytes()
    except ValueError:
        raise
    except Exception as error:  # the standard library trips over some headers in its own ways
        raise ValueError(f"{type(error).__name__}: {error}") from error


class _Whole(UnstructuredHeader, BaseHeader):
    """A header that is never folded.

    The standard library makes encoded words of a long link, and ``List-Unsubscribe`` is broken.
    """

    @override
    def fold(self, *, policy: Policy) -> str:
        if not self.isascii():
            return super().fold(policy=policy)
        return f"{self.name}: {self}{policy.linesep}"


_REGISTRY = HeaderRegistry(default_class=_Whole)
# bodies go in seven bits: no server on the way has to write them anew, which would break DKIM
_POLICY = SMTP.clone(cte_type="7bit", header_factory=_REGISTRY)
_UTF8_POLICY = SMTPUTF8.clone(cte_type="7bit", header_factory=_REGISTRY)


def _headers(outgoing: Outgoing) -> dict[str, str]:
    for name, value in outgoing.headers.items():
        if not _NAME.fullmatch(name) or _TAKEN.fullmatch(name):
            raise ValueError(f"{name!r} is no header that may be added.")
        _one_line(name, value)
        if len(value) > _LONGEST_LINE:
            raise ValueError(f"{name} is longer than {_LONGEST_LINE} characters.")
    return {
        "Message-ID": _one_line("Message-ID", outgoing.message_id),
        "Auto-Submitted": "auto-generated",
        **outgoing.headers,
    }


def _one_line(name: str, value: str) -> str:
    if any(unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"} for letter in value):
        raise ValueError(f"{name} is not one line: {value[:100]!r}")
    return value
