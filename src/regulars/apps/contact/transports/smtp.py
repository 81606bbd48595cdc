"""Mail through a server by SMTP, in steps, so that it is known how far each message came."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parseaddr
from smtplib import SMTP, SMTPException, SMTPResponseException

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMultiAlternatives, mailers
from django.core.mail.backends.smtp import EmailBackend
from django.utils.encoding import punycode

from regulars.apps.contact.rules.replies import enhanced, is_nobody
from regulars.apps.contact.transports.composing import compose, needs_utf8, written
from regulars.apps.contact.transports.outgoing import (
    Accepted,
    Down,
    Later,
    Outcome,
    Outgoing,
    Refused,
    Unsure,
)

AT_ONCE = 20
_PATIENCE = 60.0
_BROKEN_IN_A_ROW = 2
_TAKEN, _GO_ON, _CLOSING, _TOO_LARGE = 250, 354, 421, 552
_LONGEST_REASON = 400

type _Meaning = Callable[[int, str], Outcome]


@dataclass(frozen=True, slots=True)
class _Letter:
    """What is said of a message on the line."""

    sender: str
    to: str
    content: bytes
    utf8: bool


class _LostError(Exception):
    """The line broke before the message was given away."""


class Smtp:
    """Mail through the server that is configured, over one connection for each batch."""

    name = "smtp"
    at_once = AT_ONCE

    def __init__(self, patience: float = _PATIENCE) -> None:
        self._patience = patience

    def send(self, messages: Sequence[Outgoing]) -> Iterator[Outcome]:
        """Hand over messages, one outcome each; after ``Down`` the rest is not tried."""
        line = _Line(self._patience)
        try:
            for message in messages:
                outcome = line.hand_over(message)
                yield outcome
                if isinstance(outcome, Down):
                    return
        finally:
            line.close()


class _Line:
    """A connection to the server, opened when it is needed.

    Attributes:
        patience: Seconds that the server gets to answer once it has the message; where it is given
            up too early, nobody knows.
    """

    def __init__(self, patience: float) -> None:
        self.patience = patience
        self._backend: EmailBackend | None = None
        self._broken = 0

    def hand_over(self, message: Outgoing) -> Outcome:
        """Hand over one message."""
        if self._broken >= _BROKEN_IN_A_ROW:
            return Down("The server breaks off again and again.")
        try:
            letter = _letter(message)
        except ValueError as error:
            return Refused(_short(str(error)))
        return self._attempt(letter, again=self._backend is not None)

    def _attempt(self, letter: _Letter, *, again: bool) -> Outcome:
        try:
            return self._try(letter)
        except _LostError as error:
            if again:  # a server closes a line that was open for long, or carried much
                return self._attempt(letter, again=False)
            self._broken += 1
            return Later(_short(str(error)))

    def close(self) -> None:
        """Say goodbye."""
        if self._backend is not None:
            with suppress(OSError):
                self._backend.close()
            self._backend = None

    def _drop(self) -> None:
        """Leave without a word: nobody listens."""
        if self._backend is not None and self._backend.connection is not None:
            self._backend.connection.close()
        self._backend = None

    def _try(self, letter: _Letter) -> Outcome:
        try:
            server = self._server()
        except (OSError, ImproperlyConfigured, ValueError) as error:
            self.close()
            return Down(_told(error))
        try:
            refusal = self._announce(server, letter)
        except OSError as error:
            self._drop()
            raise _LostError(_told(error)) from error
        if refusal is not None:
            self._broken = 0
            self._ready_again(server)
            return refusal
        return self._give(server, letter)

    def _server(self) -> SMTP:
        if self._backend is None:
            backend = mailers["default"]
            assert isinstance(backend, EmailBackend)  # noqa: S101 - the settings say so
            self._backend = backend
            backend.open()
        assert self._backend.connection is not None  # noqa: S101 - it was opened
        return self._backend.connection

    def _announce(self, server: SMTP, letter: _Letter) -> Outcome | None:
        """Say who writes to whom; None where the server waits for the message."""
        server.ehlo_or_helo_if_needed()
        if letter.utf8 and not server.has_extn("smtputf8"):
            return Refused("The mail server does not take addresses with such letters.")
        if refusal := self._heard(
            server.mail(letter.sender, _options(server, letter)), _of_sender
        ):
            return refusal
        if refusal := self._heard(server.rcpt(letter.to), _of_recipient):
            return refusal
        server.putcmd("data")
        return self._heard(server.getreply(), _of_message, _GO_ON)

    def _give(self, server: SMTP, letter: _Letter) -> Outcome:
        """Give the message away: from here on a broken line leaves it unknown."""
        try:
            if server.sock is not None:
                server.sock.settimeout(max(self.patience, server.sock.gettimeout() or 0))
            server.send(re.sub(rb"(?m)^\.", b"..", letter.content) + b"\r\n.\r\n")
            code, reply = server.getreply()
        except OSError as error:
            self._drop()
            self._broken += 1
            return Unsure(_told(error))
        self._broken = 0
        if code // 100 == _TAKEN // 100:
            return Accepted()
        if code == _CLOSING:
            self._drop()
        return _of_message(code, _text(reply))

    def _heard(
        self, told: tuple[int, bytes], means: _Meaning, fine: int = _TAKEN
    ) -> Outcome | None:
        code, reply = told
        if code // 100 == fine // 100:
            return None
        if code == _CLOSING:
            raise SMTPResponseException(code, reply)
        return means(code, _text(reply))

    def _ready_again(self, server: SMTP) -> None:
        try:
            server.rset()
        except OSError:
            self._drop()


def _letter(message: Outgoing) -> _Letter:
    """What goes over the line.

    Raises:
        ValueError: The message cannot be written.
    """
    utf8 = needs_utf8(message.to)
    letter = compose(message, EmailMultiAlternatives)
    content = written(letter, utf8=utf8)
    sender = settings.BOUNCE_ADDRESS or letter.from_email
    return _Letter(sender=_bare(sender), to=_bare(message.to), content=content, utf8=utf8)


def _bare(address: str) -> str:
    """The mailbox alone, its domain in the letters that every server knows.

    Raises:
        ValueError: There is none.
    """
    mailbox, at, domain = parseaddr(address)[1].rpartition("@")
    if not at:
        raise ValueError(f"{address!r} is no address of one mailbox.")
    return f"{mailbox}@{punycode(domain)}"


def _options(server: SMTP, letter: _Letter) -> list[str]:
    options = ["SMTPUTF8", "BODY=8BITMIME"] if letter.utf8 else []
    if server.has_extn("size"):
        options.append(f"size={len(letter.content)}")
    return options


def _of_sender(code: int, text: str) -> Outcome:
    """A refusal of the sender is one of every message, except for its size."""
    if code // 100 == 4:  # noqa: PLR2004 - not now (RFC 5321)
        return Later(_reason(code, text))
    if code == _TOO_LARGE or enhanced(text) == "5.3.4":
        return Refused(_reason(code, text))
    return Down(_reason(code, text))


def _of_recipient(code: int, text: str) -> Outcome:
    if code // 100 == 5:  # noqa: PLR2004 - never (RFC 5321)
        return Refused(_reason(code, text), dead=is_nobody(code, text))
    return Later(_reason(code, text))


def _of_message(code: int, text: str) -> Outcome:
    if code // 100 == 5:  # noqa: PLR2004 - never (RFC 5321)
        return Refused(_reason(code, text))
    return Later(_reason(code, text))


def _reason(code: int, text: str) -> str:
    return _short(f"{code} {text}")


def _text(reply: bytes) -> str:
    return reply.decode("utf-8", "replace")


def _told(error: Exception) -> str:
    if isinstance(error, SMTPResponseException):
        told = error.smtp_error
        return _reason(error.smtp_code, _text(told) if isinstance(told, bytes) else str(told))
    if isinstance(error, SMTPException):
        return _short(str(error))
    return _short(f"{type(error).__name__}: {error}")


def _short(text: str) -> str:
    return " ".join(text.split())[:_LONGEST_REASON]
