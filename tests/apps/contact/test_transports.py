"""Which way messages go out, into files where no other is named."""

import email
import stat
from dataclasses import replace
from email.policy import default
from pathlib import Path

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from mail_servers import settings_of
from regulars.apps.contact.rules.purposes import Channel
from regulars.apps.contact.transports.choosing import check_transports, transport_of
from regulars.apps.contact.transports.null import Null
from regulars.apps.contact.transports.outgoing import Accepted, Down, Outgoing, Refused
from regulars.apps.contact.transports.provider import Provider
from regulars.apps.contact.transports.segments import segments_of
from regulars.apps.contact.transports.smtp import Smtp
from regulars.kernel.errors import OptionError
from regulars.project.environment import read_installation

MAIL = Outgoing(
    number=12,
    message_id="<12.abc@shop.example>",
    to="ona@example.com",
    subject="Ačiū",
    text="Sveiki",
    html="<p>Sveiki</p>",
    sender="shop@shop.example",
)


class Odd:
    """No transport: it cannot send."""

    name = "odd"
    at_once = 1


class Nameless(Null):
    """No transport: nobody knows what it is called."""

    name = ""


class Hasty(Null):
    """No transport: it promises nothing of how many are on their way."""

    at_once = 0


class Broken:
    """No transport: it cannot be made."""

    def __init__(self) -> None:
        raise RuntimeError("no account")


def test_without_a_word_a_mail_is_a_file_that_a_repeat_writes_over(tmp_path: Path) -> None:
    with override_settings(OUTBOX_FOLDER=str(tmp_path / "outbox")):
        way = transport_of(Channel.EMAIL)
        assert list(way.send([MAIL, replace(MAIL, number=13)])) == [
            Accepted("12.eml"),
            Accepted("13.eml"),
        ]
        assert list(way.send([replace(MAIL, subject="Labas")])) == [Accepted("12.eml")]
    folder = tmp_path / "outbox"
    assert sorted(file.name for file in folder.iterdir()) == ["12.eml", "13.eml"]
    letter = email.message_from_bytes((folder / "12.eml").read_bytes(), policy=default)
    assert (letter["Subject"], letter["To"]) == ("Labas", "ona@example.com")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_text_message_is_a_file_that_says_of_how_many_parts_it_is(tmp_path: Path) -> None:
    text = replace(MAIL, to="+37060012345", subject="", html="", text="Ačiū! " * 20)
    with override_settings(OUTBOX_FOLDER=str(tmp_path)):
        assert list(transport_of(Channel.PHONE).send([text])) == [Accepted("12.txt")]
    told = (tmp_path / "sms" / "12.txt").read_text("utf-8")
    assert told.startswith("To: +37060012345\nParts: 2 (UCS-2)\n\nAčiū!")


def test_a_broken_message_is_refused_and_a_folder_that_cannot_be_written_is_down(
    tmp_path: Path,
) -> None:
    (tmp_path / "taken").write_text("a file")
    with override_settings(OUTBOX_FOLDER=str(tmp_path / "taken")):
        first, second = transport_of(Channel.EMAIL).send([replace(MAIL, to="x"), MAIL, MAIL])
    assert isinstance(first, Refused)
    assert isinstance(second, Down)


def test_the_environment_chooses_the_way() -> None:
    for environment, kind, name in (
        ({"REGULARS_SMTP_URL": "smtp://mail.example?from=a@b.example"}, Smtp, "smtp"),
        (
            {"REGULARS_MAIL_PROVIDER": "mailgun", "REGULARS_MAIL_FROM": "a@b.example"},
            Provider,
            "mailgun",
        ),
    ):
        with override_settings(**settings_of(environment)):
            way = transport_of(Channel.EMAIL)
            assert isinstance(way, kind)
            assert way.name == name
    with override_settings(TRANSPORTS={"email": "null"}):
        assert list(transport_of(Channel.EMAIL).send([MAIL])) == [Accepted("12")]
    with pytest.raises(OptionError, match="Nothing takes messages out by post"):
        transport_of(Channel.POST)


def test_an_adapter_for_text_messages_is_any_class_with_the_parts_of_a_transport() -> None:
    told = {"REGULARS_SMS_TRANSPORT": "regulars.apps.contact.transports.null:Null"}
    with override_settings(**settings_of(told)):
        assert isinstance(transport_of(Channel.PHONE), Null)
        check_transports()


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ("no_such_package.sms:Sms", "ModuleNotFoundError"),
        ("json:Sms", "AttributeError"),
        (f"{__name__}:Broken", "no account"),
        (f"{__name__}:Odd", "It has no method send"),
        (f"{__name__}:Nameless", "Its name is no text of 1 to 40 letters"),
        (f"{__name__}:Hasty", "Its at_once is no number from 1 on"),
    ],
)
def test_a_class_that_is_no_transport_is_refused_with_what_it_lacks(told: str, why: str) -> None:
    with (
        override_settings(TRANSPORTS={"email": "file", "phone": told}),
        pytest.raises(OptionError, match=why) as refusal,
    ):
        check_transports()
    assert told in str(refusal.value)


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"REGULARS_MAIL_PROVIDER": "pigeon", "REGULARS_MAIL_FROM": "a@b.example"}, "postmark"),
        ({"REGULARS_MAIL_PROVIDER": "postmark"}, "REGULARS_MAIL_FROM"),
        (
            {"REGULARS_MAIL_PROVIDER": "postmark", "REGULARS_SMTP_URL": "smtp://a?from=a@b.c"},
            "not both",
        ),
        ({"REGULARS_SMTP_URL": "smtp://a?from=a@b.c&bounces=nobody"}, "REGULARS_SMTP_URL"),
        ({"REGULARS_SMS_TRANSPORT": "my.sms"}, "package.module:Class"),
        ({"REGULARS_ANYMAIL_REQUESTS_TIMEOUT": "soon"}, "REGULARS_ANYMAIL_REQUESTS_TIMEOUT"),
        ({"REGULARS_ANYMAIL_SEND_DEFAULTS": "{half"}, "REGULARS_ANYMAIL_SEND_DEFAULTS"),
    ],
)
def test_a_variable_that_cannot_be_used_is_named(environment: dict[str, str], named: str) -> None:
    with pytest.raises(OptionError) as refusal:
        read_installation({"REGULARS_SECRET_KEY": "x" * 50} | environment)
    assert named in str(refusal.value)


def test_what_the_provider_takes_is_passed_on_under_its_names() -> None:
    told = {
        "REGULARS_ANYMAIL_POSTMARK_SERVER_TOKEN": "12345",
        "REGULARS_ANYMAIL_REQUESTS_TIMEOUT": "5.5",
        "REGULARS_ANYMAIL_SEND_DEFAULTS": '{"track_opens": false}',
        "REGULARS_ANYMAIL_WEBHOOK_SECRET": "",
    }
    assert settings_of(told)["ANYMAIL"] == {
        "POSTMARK_SERVER_TOKEN": "12345",
        "REQUESTS_TIMEOUT": 5.5,
        "SEND_DEFAULTS": {"track_opens": False},
    }


@pytest.mark.parametrize(
    ("text", "alphabet", "parts"),
    [
        ("", "GSM-7", 1),
        ("a" * 160, "GSM-7", 1),
        ("a" * 161, "GSM-7", 2),
        ("a" * 306, "GSM-7", 2),
        ("a" * 307, "GSM-7", 3),
        ("€" * 80, "GSM-7", 1),
        ("€" * 81, "GSM-7", 2),
        ("a" * 152 + "€" + "a" * 7, "GSM-7", 2),
        ("a" * 152 + "€" + "a" * 152, "GSM-7", 3),  # the sign is not torn
        ("ą" * 70, "UCS-2", 1),
        ("ą" * 71, "UCS-2", 2),
        ("🎉" * 35, "UCS-2", 1),
        ("🎉" * 66, "UCS-2", 2),
        ("🎉" * 67, "UCS-2", 3),
    ],
)
def test_the_parts_of_a_text_message_are_counted_as_networks_do(
    text: str, alphabet: str, parts: int
) -> None:
    counted = segments_of(text)
    assert (counted.alphabet, counted.parts) == (alphabet, parts)


@given(st.text(max_size=400), st.text(max_size=5))
def test_a_longer_text_never_has_fewer_parts(text: str, more: str) -> None:
    assert segments_of(text + more).parts >= segments_of(text).parts
    assert segments_of(text).parts >= 1
