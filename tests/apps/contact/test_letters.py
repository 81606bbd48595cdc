"""Letters to staff: deliveries that go before all others, and keep no text afterwards."""

from datetime import datetime, timedelta

import pytest
from django.core import mail

from letters import Posted, posted, send_letters, the_letter
from messages import NOON, Fake, plan, send, somebody
from regulars.apps.accounts.letters import Letter, sign_in_code
from regulars.apps.accounts.operations import post_letter, post_to_nobody
from regulars.apps.contact.models import Batch, Delivery
from regulars.apps.contact.operations.batches import cancel_delivery, stop_batch
from regulars.apps.contact.operations.claiming import claim
from regulars.apps.contact.rules.purposes import Purpose
from regulars.apps.contact.transports.outgoing import Down, Later, Refused
from regulars.kernel.actors import COMMAND

ADDRESS = "ona@shop.example"
SECOND, QUARTER = timedelta(seconds=1), timedelta(minutes=15)

pytestmark = pytest.mark.django_db


def letter(address: str = ADDRESS) -> Letter:
    return sign_in_code(address, "en", "BCDF-GHJK", NOON + QUARTER)


def empty(state: str, reason: str = "") -> Posted:
    """What is left of a letter that is over."""
    return Posted(ADDRESS, "", "", state, reason)


def test_a_letter_is_sent_once_and_its_text_is_gone() -> None:
    post_letter(letter(), NOON)
    (sent,) = send_letters(NOON)
    assert (sent.to, sent.subject) == (ADDRESS, "BCDF-GHJK is your code for Regulars")
    assert "BCDF-GHJK" in sent.text
    assert (sent.html, sent.headers, sent.promotional) == ("", {}, False)
    assert send_letters(NOON) == []
    assert posted() == [empty("sent")]
    assert mail.outbox == []


def test_a_letter_to_nobody_makes_the_same_rows_and_goes_nowhere() -> None:
    post_to_nobody(NOON)
    assert (Batch.objects.count(), Delivery.objects.count()) == (1, 1)
    assert posted() == [Posted("", "", "", "skipped", "nobody")]
    assert send_letters(NOON + QUARTER) == []


def test_a_letter_goes_before_whatever_else_is_due() -> None:
    plan("issue:1", somebody("ona"))
    plan("bill:1", somebody("jonas"), purpose=Purpose.SERVICE)
    post_letter(letter("rasa@shop.example"), NOON)
    fake = Fake()
    send(fake)
    assert fake.went_to[0] == "rasa@shop.example"
    assert fake.went_to[1:] == ["jonas@example.com", "ona@example.com"]


def test_a_letter_does_not_wait_until_a_worker_has_sent_what_it_took_up_before() -> None:
    plan("issue:1", *(somebody(f"c{number}") for number in range(9)))
    fake = Fake(at_once=3)

    def sign_in(_: object) -> None:
        if len(fake.sent) == 4:
            post_letter(letter(), NOON)

    fake.before = sign_in
    assert send(fake) == 10
    assert fake.went_to.index(ADDRESS) == 6
    assert len(set(fake.went_to)) == 10


def test_a_letter_is_tried_again_while_its_code_is_of_use() -> None:
    post_letter(letter(), NOON)
    busy = Fake(outcomes={ADDRESS: Later("450 too busy")})
    tried: list[datetime] = []
    busy.before = lambda _: tried.append(now)
    for second in range(int(QUARTER.total_seconds()) + 1):
        now = NOON + second * SECOND
        send(busy, now)
    waited = [(it - NOON).total_seconds() for it in tried]
    assert waited == [0, 5, 15, 35, 75, 155, 315, 635]


def test_while_the_provider_is_down_a_letter_waits_ten_seconds_and_no_attempt_is_used_up() -> None:
    post_letter(letter(), NOON)
    down = Fake(outcomes={ADDRESS: Down("nobody there")})
    for number in range(60):
        assert send(down, NOON + number * 10 * SECOND) == 1
        assert send(down, NOON + (number * 10 + 9) * SECOND) == 0
    row = Delivery.objects.get()
    assert (row.state, row.reason, row.detail) == ("planned", "provider_down", "nobody there")
    assert row.attempts == 0
    assert "BCDF-GHJK" in the_letter().text
    (sent,) = send_letters(NOON + 600 * SECOND)
    assert "BCDF-GHJK" in sent.text


def test_a_letter_whose_time_is_over_is_not_sent_and_its_text_is_gone() -> None:
    post_letter(letter(), NOON)
    assert send_letters(NOON + QUARTER) == []
    assert posted() == [empty("skipped", "late")]


def test_a_letter_that_is_refused_keeps_no_text() -> None:
    post_letter(letter(), NOON)
    send(Fake(outcomes={ADDRESS: Refused("550 no such user", dead=True)}))
    assert posted() == [empty("failed", "refused")]
    post_letter(letter(), NOON)
    assert [it.to for it in send_letters(NOON)] == [ADDRESS]


def test_a_letter_that_staff_cancel_keeps_no_text() -> None:
    post_letter(letter(), NOON)
    cancel_delivery(Delivery.objects.get().pk, actor=COMMAND, now=NOON)
    assert posted() == [empty("skipped", "cancelled")]


def test_a_letter_whose_batch_is_stopped_while_a_worker_has_it_does_not_go() -> None:
    post_letter(letter(), NOON)
    claim("dead", now=NOON, most=1)
    stop_batch(Batch.objects.get().pk, actor=COMMAND, now=NOON)
    assert send_letters(NOON + timedelta(minutes=6)) == []
    assert posted() == [empty("skipped", "cancelled")]


def test_a_letter_that_a_dead_worker_took_is_sent_by_the_next() -> None:
    post_letter(letter(), NOON)
    claim("dead", now=NOON, most=1)
    assert send_letters(NOON + timedelta(minutes=4)) == []
    (sent,) = send_letters(NOON + timedelta(minutes=6))
    assert sent.to == ADDRESS


def test_a_subject_cannot_carry_another_header_and_is_of_one_line() -> None:
    until = NOON + QUARTER
    post_letter(Letter(ADDRESS, "Hi\r\nBcc: all@shop.example", "x", until), NOON)
    post_letter(Letter(ADDRESS, "Hi " * 100, "x", until), NOON)
    first, second = send_letters(NOON)
    assert first.subject == "Hi Bcc: all@shop.example"
    assert len(second.subject) == 200


def test_liquid_in_a_letter_is_said_as_it_stands() -> None:
    post_letter(Letter(ADDRESS, "{{ 7*7 }}", "{% if %} {{ firm.name }}", NOON + QUARTER), NOON)
    (sent,) = send_letters(NOON)
    assert (sent.subject, sent.text) == ("{{ 7*7 }}", "{% if %} {{ firm.name }}")


def test_a_secret_text_for_several_is_kept_until_the_last_has_it() -> None:
    first, second = somebody("ona"), somebody("jonas")
    plan("codes", first, secret=True, purpose=Purpose.SERVICE)
    plan("codes", second, secret=True, purpose=Purpose.SERVICE, not_before=NOON + QUARTER)
    send(Fake())
    assert Batch.objects.get().content != {}
    fake = Fake()
    send(fake, NOON + QUARTER)
    assert "Hello Jonas!" in fake.sent[0].text
    assert Batch.objects.get().content == {}
