"""Mail through a real server, and what is known of each message whatever the server does."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from django.test import override_settings

from mail_servers import DROP, HANG, Office, mail_server, settings_of, turning_away
from platforms import free_port
from regulars.apps.contact.transports.outgoing import (
    Accepted,
    Down,
    Later,
    Outcome,
    Outgoing,
    Refused,
    Unsure,
)
from regulars.apps.contact.transports.smtp import Smtp

LINK = "<https://shop.example/u/" + "aB1_-" * 40 + ">"
MAIL = Outgoing(
    number=12,
    message_id="<12.abc@shop.example>",
    to="ona@example.com",
    subject="Ačiū! 🎉 שלום",
    text="Sveiki, Ona.\n.\nA dot alone ends nothing.\n..two\n",
    html="<p>Sveiki, <b>Ona</b> &lt;script&gt; 🎉</p>",
    sender="Šarūno krautuvė <shop@shop.example>",
    reply_to="help@shop.example",
    headers={
        "List-Unsubscribe": LINK,
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    },
    promotional=True,
)


def to(*names: str) -> list[Outgoing]:
    """A mail to each."""
    return [
        replace(MAIL, number=number, to=f"{name}@example.com")
        for number, name in enumerate(names, 1)
    ]


@pytest.fixture
def office() -> Iterator[Office]:
    with mail_server(Office()) as server, override_settings(**server.settings()):
        yield server


def send(messages: Sequence[Outgoing]) -> list[Outcome]:
    return list(Smtp(patience=0.5).send(messages))


def got(office: Office) -> list[str]:
    return [to.split("@")[0] for _, to in office.envelopes]


def test_a_mail_is_read_back_as_it_was_meant(office: Office) -> None:
    assert send([MAIL]) == [Accepted()]
    (letter,) = office.letters
    assert letter["Subject"] == MAIL.subject
    assert letter["From"].addresses[0].display_name == "Šarūno krautuvė"
    assert (letter["To"], letter["Reply-To"]) == ("ona@example.com", "help@shop.example")
    assert letter["Message-ID"] == MAIL.message_id
    assert letter["Auto-Submitted"] == "auto-generated"
    plain, html = letter.iter_parts()
    assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert plain.get_content().splitlines() == MAIL.text.splitlines()
    assert html.get_content().strip() == MAIL.html
    assert plain.get_content_charset() == html.get_content_charset() == "utf-8"


def test_the_link_of_one_click_is_neither_folded_nor_encoded(office: Office) -> None:
    send([MAIL])
    (content,) = office.contents
    assert f"\nList-Unsubscribe: {LINK}\r\n".encode() in content


def test_every_line_is_one_that_servers_take(office: Office) -> None:
    send([replace(MAIL, text="ilgai " * 5000, html="<p>" + "x" * 20_000 + "</p>")])
    (content,) = office.contents
    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) < 998
    assert not re.search(rb"(?<!\r)\n", content)


def test_one_connection_carries_a_batch(office: Office) -> None:
    assert send(to(*"abcdefghij")) == [Accepted()] * 10
    assert office.connections == 1
    assert got(office) == list("abcdefghij")


def test_a_message_goes_only_when_its_outcome_is_asked_for(office: Office) -> None:
    outcomes = Smtp().send(to("a", "b"))
    assert got(office) == []
    next(outcomes)
    assert got(office) == ["a"]
    outcomes.close()  # type: ignore[attr-defined]  # a generator's
    assert got(office) == ["a"]


def test_bounces_go_where_the_installation_says() -> None:
    with mail_server(Office()) as server:
        with override_settings(**server.settings(bounces="bounces@shop.example")):
            send([MAIL])
        assert server.envelopes == [("bounces@shop.example", "ona@example.com")]


@pytest.mark.parametrize(
    ("said", "dead"),
    [
        ("550 5.1.1 <x>: user unknown", True),
        ("550 5.1.10 recipient not found", True),
        ("550 No such user here", True),
        ("554 5.7.1 blocked for spam, user unknown to us", False),
        ("550 5.2.1 mailbox disabled", False),
        ("550 5.4.1 relay access denied", False),
        ("552 5.2.2 mailbox full", False),
    ],
)
def test_a_recipient_refused_for_good_is_dead_only_where_there_is_nobody(
    office: Office, said: str, *, dead: bool
) -> None:
    office.says["RCPT", "b@example.com"] = said
    first, second, third = send(to("a", "b", "c"))
    assert (first, third) == (Accepted(), Accepted())
    assert second == Refused(said, dead=dead)
    assert got(office) == ["a", "c"]
    assert office.connections == 1


@pytest.mark.parametrize(
    ("stage", "who", "said", "meant"),
    [
        ("RCPT", "b@example.com", "451 4.7.1 greylisted", Later("451 4.7.1 greylisted")),
        ("DATA", "b@example.com", "451 4.3.0 not now", Later("451 4.3.0 not now")),
        ("DATA", "b@example.com", "554 5.5.1 no", Refused("554 5.5.1 no")),
        ("END", "b@example.com", "554 5.7.1 spam", Refused("554 5.7.1 spam")),
        ("END", "b@example.com", "550 5.1.1 odd", Refused("550 5.1.1 odd")),
        ("END", "b@example.com", "452 4.3.1 disk full", Later("452 4.3.1 disk full")),
        ("END", "b@example.com", "421 4.3.2 closing", Later("421 4.3.2 closing")),
    ],
)
def test_a_refusal_concerns_one_message(
    office: Office, stage: str, who: str, said: str, meant: Outcome
) -> None:
    office.says[stage, who] = said  # type: ignore[index]  # one of the stages
    assert send(to("a", "b", "c")) == [Accepted(), meant, Accepted()]
    assert got(office) == ["a", "c"]


def test_a_line_that_breaks_after_the_message_was_given_leaves_it_unsure(office: Office) -> None:
    office.says["END", "b@example.com"] = DROP
    first, second, third = send(to("a", "b", "c"))
    assert (first, third) == (Accepted(), Accepted())
    assert isinstance(second, Unsure)
    assert got(office) == ["a", "b", "c"]
    assert office.connections == 2


def test_a_server_that_never_says_that_it_has_the_message_leaves_it_unsure(office: Office) -> None:
    office.says["END", "b@example.com"] = HANG
    with override_settings(**_impatient(office)):
        first, second, third = send(to("a", "b", "c"))
    assert (first, third) == (Accepted(), Accepted())
    assert isinstance(second, Unsure)
    assert "timed out" in second.reason


def _impatient(office: Office) -> dict[str, object]:
    told = office.settings()
    told["MAILERS"]["default"]["OPTIONS"]["timeout"] = 0.5  # type: ignore[index]  # a server's
    return told


@pytest.mark.parametrize("stage", ["RCPT", "DATA"])
def test_a_line_that_breaks_before_is_tried_once_more_and_then_later(
    office: Office, stage: str
) -> None:
    office.says[stage, "b@example.com"] = DROP  # type: ignore[index]  # one of the stages
    first, second, third = send(to("a", "b", "c"))
    assert (first, third) == (Accepted(), Accepted())
    assert isinstance(second, Later)
    assert got(office) == ["a", "c"]
    assert office.connections == 3


def test_a_server_that_closes_after_a_few_messages_gets_the_rest_on_a_new_line(
    office: Office,
) -> None:
    office.most = 3
    assert send(to(*"abcdefgh")) == [Accepted()] * 8
    assert got(office) == list("abcdefgh")
    assert office.connections == 3


def test_a_server_that_breaks_off_again_and_again_is_left_alone(office: Office) -> None:
    for name in "abcd":
        office.says["END", f"{name}@example.com"] = DROP
    outcomes = send(to(*"abcd"))
    assert [type(it) for it in outcomes] == [Unsure, Unsure, Down]
    assert got(office) == ["a", "b"]


def test_a_refused_sender_is_no_fault_of_the_messages(office: Office) -> None:
    office.says["MAIL", "shop@shop.example"] = "553 5.7.1 not your address"
    assert send(to("a", "b")) == [Down("553 5.7.1 not your address")]
    office.says["MAIL", "shop@shop.example"] = "552 5.3.4 too large"
    assert send(to("a")) == [Refused("552 5.3.4 too large")]


def test_a_server_that_is_not_there_or_turns_away_is_down() -> None:
    with override_settings(
        **settings_of({"REGULARS_SMTP_URL": f"smtp://127.0.0.1:{free_port()}?from=a@b.example"})
    ):
        (outcome,) = send(to("a", "b"))
    assert isinstance(outcome, Down)
    assert "refused" in outcome.reason
    with (
        turning_away(b"554 no service for you\r\n") as port,
        override_settings(
            **settings_of({"REGULARS_SMTP_URL": f"smtp://127.0.0.1:{port}?from=a@b.example"})
        ),
    ):
        assert send(to("a", "b")) == [Down("554 no service for you")]


def test_a_server_that_does_not_know_the_password_is_down(office: Office) -> None:
    url = f"smtp://me:wrong@127.0.0.1:{office.port}?from=a@b.example&starttls=0"
    with override_settings(**settings_of({"REGULARS_SMTP_URL": url})):
        (outcome,) = send(to("a", "b"))
    assert isinstance(outcome, Down)


@pytest.mark.parametrize(
    "broken",
    [
        {"subject": "Hello\nBcc: all@example.com"},
        {"subject": "Hello\r\n\r\n<script>"},
        {"subject": "Hello\u2028Bcc: all@example.com"},
        {"sender": "Shop\nBcc: all@example.com <shop@shop.example>"},
        {"reply_to": "help@shop.example\nBcc: all@example.com"},
        {"message_id": "<12@shop.example>\nBcc: all@example.com"},
        {"headers": {"X-Name": "one\r\nBcc: all@example.com"}},
        {"headers": {"X-Name: a\r\nBcc": "all@example.com"}},
        {"headers": {"bcc": "all@example.com"}},
        {"headers": {"Content-Type": "text/html"}},
        {"to": "ona@example.com, all@example.com"},
        {"to": "ona@example.com\nBcc: all@example.com"},
        {"to": "ona@example.com> RCPT TO:<all@example.com"},
        {"to": ""},
        {"sender": "nobody"},
        {"text": "half a letter: \ud83c"},
        {"subject": "half a letter: \ud83c"},
    ],
)
def test_what_cannot_be_written_is_refused_and_the_run_goes_on(
    office: Office, broken: dict[str, object]
) -> None:
    bad = replace(MAIL, **broken)  # type: ignore[arg-type]  # fields of it
    first, second, third = send([*to("a"), bad, *to("c")])
    assert (first, third) == (Accepted(), Accepted())
    assert isinstance(second, Refused)
    assert not second.dead
    assert got(office) == ["a", "c"]


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "🎉🇱🇹👩‍👩‍👧",
        "\u202eשרה\u202c",
        "{{ 7*7 }}",
        "a" * 300,
        "ž" * 300,
    ],
)
def test_odd_names_and_subjects_arrive_as_they_are_and_make_no_header(
    office: Office, text: str
) -> None:
    sender = f'"{text}" <shop@shop.example>'
    assert send([replace(MAIL, subject=text, text=text, sender=sender)]) == [Accepted()]
    (letter,) = office.letters
    assert letter["Bcc"] is None
    assert letter["Subject"] == text
    assert [it.addr_spec for it in letter["From"].addresses] == ["shop@shop.example"]


def test_a_line_end_that_is_hidden_in_an_encoded_word_makes_no_header(office: Office) -> None:
    hidden = "=?utf-8?q?Hello=0D=0ABcc:_all@example.com?="
    send([replace(MAIL, subject=hidden), replace(MAIL, sender=f"{hidden} <shop@shop.example>")])
    for content in office.contents:
        assert b"\nBcc:" not in content
    assert all(letter["Bcc"] is None for letter in office.letters)


@pytest.mark.parametrize("address", ["žąsis@example.com", "李@例え.jp"])
def test_a_mailbox_in_any_letters_is_written_to_where_the_server_can(
    office: Office, address: str
) -> None:
    assert send([replace(MAIL, to=address)]) == [Accepted()]
    ((_, to),) = office.envelopes
    assert to.rpartition("@")[0] == address.rpartition("@")[0]
    with (
        mail_server(Office(), utf8=False) as other,
        override_settings(**other.settings()),
    ):
        first, second = send([replace(MAIL, to=address), *to_one()])
    assert isinstance(first, Refused)
    assert second == Accepted()


def to_one() -> list[Outgoing]:
    return to("a")


def test_a_domain_in_any_letters_is_written_as_servers_know_it(office: Office) -> None:
    assert send([replace(MAIL, to="ona@žąsis.lt")]) == [Accepted()]
    assert office.envelopes == [("shop@shop.example", "ona@xn--sis-hpa81d.lt")]
    assert office.letters[0]["To"] == "ona@xn--sis-hpa81d.lt"
