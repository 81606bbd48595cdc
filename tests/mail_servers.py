"""Mail servers that run in the test: one that takes everything, unless it is told otherwise."""

import asyncio
import email
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from typing import Literal, override

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session, syntax

from platforms import free_port
from regulars.project.environment import read_installation

DROP, HANG = "drop", "hang"
type Stage = Literal["MAIL", "RCPT", "DATA", "END"]


@dataclass
class Office:
    """What a server took, and what it says when.

    Attributes:
        says: Its answer at a stage, by recipient (at MAIL by sender); ``DROP`` breaks the
            connection there, ``HANG`` never answers.
        most: It closes a connection that has carried so many messages.
    """

    port: int = field(default_factory=free_port)
    letters: list[EmailMessage] = field(default_factory=list)
    contents: list[bytes] = field(default_factory=list)
    envelopes: list[tuple[str, str]] = field(default_factory=list)
    says: dict[tuple[Stage, str], str] = field(default_factory=dict)
    connections: int = 0
    most: int = 10_000

    def settings(self, **options: str) -> dict[str, object]:
        """The settings of an installation that sends through it."""
        query = "".join(f"&{name}={value}" for name, value in options.items())
        url = f"smtp://127.0.0.1:{self.port}?from=shop@shop.example{query}"
        return settings_of({"REGULARS_SMTP_URL": url})


def settings_of(environment: dict[str, str]) -> dict[str, object]:
    """The settings that an environment means for what goes out."""
    ways = read_installation({"REGULARS_SECRET_KEY": "x" * 50} | environment).ways
    mailer = dict(ways.mailer)
    if "smtp" in str(mailer["BACKEND"]):
        assert isinstance(mailer["OPTIONS"], dict)
        mailer["OPTIONS"] = mailer["OPTIONS"] | {"timeout": 2}
    return {
        "MAILERS": {"default": mailer},
        "DEFAULT_FROM_EMAIL": ways.sender,
        "BOUNCE_ADDRESS": ways.bounces,
        "TRANSPORTS": ways.transports,
        "ANYMAIL": dict(ways.anymail),
    }


class _Server(SMTP):
    """Speaks, and breaks off where it is told so."""

    @override
    @syntax("DATA")
    async def smtp_DATA(self, arg: str) -> None:
        office: Office = self.event_handler.office
        assert self.envelope is not None
        (to,) = self.envelope.rcpt_tos
        said = office.says.get(("DATA", to))
        if said is None:
            await super().smtp_DATA(arg)
        elif (answer := await _act(self, said)) is not None:
            await self.push(answer)


class _Handler:
    def __init__(self, office: Office) -> None:
        self.office = office
        self.carried: Counter[object] = Counter()

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's
        self,
        server: SMTP,  # noqa: ARG002 - aiosmtpd's
        session: Session,
        envelope: Envelope,  # noqa: ARG002 - aiosmtpd's
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        self.office.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str | None:
        if self.carried[session.peer] >= self.office.most:
            return await _act(server, DROP)
        said = self.office.says.get(("MAIL", address))
        if said is not None:
            return await _act(server, said)
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's
        self,
        server: SMTP,
        session: Session,  # noqa: ARG002 - aiosmtpd's
        envelope: Envelope,
        address: str,
        options: list[str],  # noqa: ARG002 - aiosmtpd's
    ) -> str | None:
        said = self.office.says.get(("RCPT", address))
        if said is not None:
            return await _act(server, said)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str | None:  # noqa: N802 - aiosmtpd's
        (to,) = envelope.rcpt_tos
        content = envelope.content
        assert isinstance(content, bytes)
        said = self.office.says.get(("END", to), "250 taken")
        if said.startswith("250") or said in {DROP, HANG}:
            letter = email.message_from_bytes(content, policy=default)
            assert isinstance(letter, EmailMessage)
            self.office.letters.append(letter)
            self.office.contents.append(content)
            self.office.envelopes.append((str(envelope.mail_from), to))
            self.carried[session.peer] += 1
        return await _act(server, said)


async def _act(server: SMTP, said: str) -> str | None:
    if said == HANG:
        await asyncio.sleep(3600)
    if said == DROP:
        assert isinstance(server.transport, asyncio.Transport)
        server.transport.abort()
        await asyncio.sleep(0)
        raise ConnectionResetError
    return said


class _Controller(Controller):
    @override
    def factory(self) -> SMTP:
        return _Server(self.handler, **self.SMTP_kwargs)


@contextmanager
def mail_server(office: Office, *, utf8: bool = True) -> Iterator[Office]:
    """A server that runs until the end."""
    server = _Controller(
        _Handler(office), hostname="127.0.0.1", port=office.port, enable_SMTPUTF8=utf8
    )
    server.start()
    try:
        yield office
    finally:
        server.stop()


@contextmanager
def turning_away(greeting: bytes) -> Iterator[int]:
    """A port where each caller hears one line and is left alone."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        stopped = threading.Event()

        def answer() -> None:
            while not stopped.is_set():
                try:
                    called, _ = listening.accept()
                except OSError:
                    return
                with called:
                    called.sendall(greeting)

        thread = threading.Thread(target=answer)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            stopped.set()
            # wakes the thread, which accept() keeps
            socket.create_connection(listening.getsockname()).close()
            thread.join()
