"""Letters to staff, through a real mail server and into a folder."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from django.test import Client, override_settings

from letters import the_letter
from mail_servers import Office, mail_server, settings_of
from regulars.apps.accounts.operations import add_staff, set_language
from regulars.apps.accounts.rules import Role
from regulars.apps.contact.models import Delivery
from regulars.apps.contact.operations.sending import send_due
from regulars.apps.contact.tasks import ways_out
from regulars.kernel.actors import COMMAND
from regulars.kernel.errors import OptionError
from regulars.kernel.wording import say
from regulars.reports.speech import speaker_of

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ADDRESS = "ona@shop.example"


@pytest.fixture
def office() -> Iterator[Office]:
    with mail_server(Office()) as running:
        yield running


def post_a_code(language: str = "en") -> datetime:
    """Somebody asks for a code; the time."""
    person = add_staff(ADDRESS, "Ona", Role.OWNER, actor=COMMAND, now=NOW)
    set_language(person, language)
    Client().post("/sign-in/code", {"email": ADDRESS})
    return datetime.now(UTC)  # noqa: TID251 - it was posted just now


def send_at(moment: datetime) -> int:
    """Send what is due by the way that the settings name."""
    return send_due(ways_out(), lambda: moment)


@pytest.mark.django_db
def test_the_code_comes_through_a_mail_server_in_the_language_of_its_reader(
    office: Office,
) -> None:
    moment = post_a_code("ru")
    with override_settings(**office.settings()):
        assert send_at(moment) == 1
    (letter,) = office.letters
    assert office.envelopes == [("shop@shop.example", ADDRESS)]
    assert (letter["To"], letter["From"]) == (ADDRESS, "shop@shop.example")
    assert (letter["Auto-Submitted"], letter["List-Unsubscribe"]) == ("auto-generated", None)
    russian = speaker_of("ru")
    assert letter.get_content().startswith(russian.say(say("Your code to sign in is:")))
    assert the_letter().state == "sent"


@pytest.mark.django_db
def test_a_letter_waits_until_the_mail_server_is_back() -> None:
    moment, away = post_a_code(), Office()
    with override_settings(**away.settings()):
        send_at(moment)
        assert "refused" in Delivery.objects.get().detail
        with mail_server(away):
            send_at(moment + timedelta(seconds=9))
            assert away.letters == []
            send_at(moment + timedelta(seconds=10))
    assert len(away.letters) == 1


@pytest.mark.django_db
def test_without_a_server_letters_are_files_in_the_folder(tmp_path: Path) -> None:
    moment = post_a_code()
    with override_settings(**settings_of({}), OUTBOX_FOLDER=str(tmp_path)):
        send_at(moment)
    (file,) = tmp_path.iterdir()
    assert file.name == f"{Delivery.objects.get().pk}.eml"
    letter = message_from_bytes(file.read_bytes(), policy=default)
    assert letter["To"] == ADDRESS


def mailer(url: str) -> dict[str, object]:
    return settings_of({"REGULARS_SMTP_URL": url})


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
