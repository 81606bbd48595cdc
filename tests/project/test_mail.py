"""Letters to staff, through a real mail server and into a folder."""

import email
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.test import Client, override_settings

from platforms import free_port
from regulars.apps.accounts.models import Mail
from regulars.apps.accounts.operations import add_staff, send_due, set_language
from regulars.apps.accounts.rules import Role
from regulars.kernel.actors import COMMAND
from regulars.kernel.errors import OptionError
from regulars.kernel.wording import say
from regulars.project.environment import read_installation
from regulars.reports.speech import speaker_of

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Box:
    """A mail server that keeps what it takes."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.senders: list[str] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802 - aiosmtpd's name
        """Keep a letter."""
        content = envelope.content
        assert isinstance(content, bytes)
        letter = email.message_from_bytes(content, policy=default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        self.senders.append(str(envelope.mail_from))
        return "250 taken"


@pytest.fixture
def box() -> Iterator[tuple[Box, int]]:
    handler, port = Box(), free_port()
    server = Controller(handler, hostname="127.0.0.1", port=port)
    server.start()
    yield handler, port
    server.stop()


def mailer(url: str, data: Path = Path("shop")) -> dict[str, object]:
    there = read_installation(
        {"REGULARS_SMTP_URL": url, "REGULARS_SECRET_KEY": "x" * 50, "REGULARS_DATA": str(data)}
    )
    return {"MAILERS": {"default": there.ways.mailer}, "DEFAULT_FROM_EMAIL": there.ways.sender}


@pytest.mark.django_db
def test_the_code_comes_through_a_mail_server_in_the_language_of_its_reader(
    box: tuple[Box, int],
) -> None:
    handler, port = box
    person = add_staff("ona@shop.example", "Ona", Role.OWNER, actor=COMMAND, now=NOW)
    set_language(person, "ru")
    Client().post("/sign-in/code", {"email": "ona@shop.example"})
    with override_settings(**mailer(f"smtp://127.0.0.1:{port}?from=shop@shop.example")):
        assert send_due(datetime.now(UTC)) == 1  # noqa: TID251 - it was posted just now
    (letter,) = handler.letters
    assert handler.senders == ["shop@shop.example"]
    assert (letter["To"], letter["From"]) == ("ona@shop.example", "shop@shop.example")
    russian = speaker_of("ru")
    assert letter.get_content().startswith(russian.say(say("Your code to sign in is:")))
    assert Mail.objects.get().state == "sent"


@pytest.mark.django_db
def test_a_letter_waits_until_the_mail_server_is_back(box: tuple[Box, int]) -> None:
    handler, port = box
    add_staff("ona@shop.example", "Ona", Role.OWNER, actor=COMMAND, now=NOW)
    Client().post("/sign-in/code", {"email": "ona@shop.example"})
    moment = datetime.now(UTC)  # noqa: TID251 - it was posted just now
    with override_settings(**mailer(f"smtp://127.0.0.1:{free_port()}?from=shop@shop.example")):
        send_due(moment)
    assert "refused" in Mail.objects.get().reason
    with override_settings(**mailer(f"smtp://127.0.0.1:{port}?from=shop@shop.example")):
        send_due(moment + timedelta(seconds=5))
    assert len(handler.letters) == 1


@pytest.mark.django_db
def test_without_a_server_letters_are_files_in_the_folder(tmp_path: Path) -> None:
    add_staff("ona@shop.example", "Ona", Role.OWNER, actor=COMMAND, now=NOW)
    Client().post("/sign-in/code", {"email": "ona@shop.example"})
    with override_settings(**mailer("", tmp_path)):
        send_due(datetime.now(UTC))  # noqa: TID251 - it was posted just now
    (file,) = (tmp_path / "outbox").iterdir()
    assert "To: ona@shop.example" in file.read_text()


def test_a_password_goes_to_the_mail_server_only_behind_tls() -> None:
    def options(url: str) -> dict[str, object]:
        told = mailer(url)["MAILERS"]["default"]["OPTIONS"]  # type: ignore[index]
        assert isinstance(told, dict)
        return told

    plain = options("smtp://mail.example?from=a@b.example")
    named = options("smtp://me:s%40cret@mail.example?from=a@b.example")
    inside = options("smtps://me:secret@mail.example?from=a@b.example")
    assert (plain["use_tls"], plain["use_ssl"], plain["port"]) == (False, False, 587)
    assert (named["use_tls"], named["password"]) == (True, "s@cret")
    assert (inside["use_tls"], inside["use_ssl"], inside["port"]) == (False, True, 465)


@pytest.mark.parametrize(
    "url", ["http://mail.example?from=a@b.example", "smtp://mail.example", "smtp://?from=a@b"]
)
def test_a_mail_server_that_cannot_be_one_is_refused(url: str) -> None:
    with pytest.raises(OptionError, match="REGULARS_SMTP_URL cannot be used"):
        mailer(url)
