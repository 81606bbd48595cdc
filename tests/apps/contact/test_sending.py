"""What is due goes out once, in the words of its recipient."""

from datetime import timedelta

import pytest
from django.db import connection

from messages import (
    NOON,
    TEXT,
    Fake,
    outcome_of,
    plan,
    said,
    send,
    somebody,
)
from regulars.apps.contact.models import Batch, Delivery
from regulars.apps.contact.operations.policy import put_policy
from regulars.apps.contact.rules.policy import Policy
from regulars.apps.contact.rules.purposes import Channel, Consent, Purpose
from regulars.kernel.actors import COMMAND

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
OFTEN = Policy(caps=(), balance_free=366)


def often() -> None:
    """Let the firm write as often as it likes."""
    put_policy(OFTEN, actor=COMMAND, now=NOON)


def test_what_is_planned_goes_once() -> None:
    ona = somebody("ona")
    plan("issue:1", ona)
    fake = Fake()
    assert send(fake) == 1
    assert send(fake) == 0
    assert fake.went_to == ["ona@example.com"]
    row = Delivery.objects.get()
    assert (row.state, row.channel, row.destination) == ("sent", "email", "ona@example.com")
    assert (row.gone_at, row.ended_at, row.attempts) == (NOON, NOON, 1)
    assert (row.transport, row.provider_id) == ("fake", f"p{row.pk}")


def test_it_is_said_in_the_language_and_by_the_name_of_the_recipient() -> None:
    content = TEXT | {"lt": {"subject": "Naujienos", "body": "Labas, {{ customer.greeting }}!"}}
    ona = somebody("ona", name="Jonas Jonaitis", language="lt")
    piet = somebody("piet", name="Piet", language="nl")
    plan("issue:1", ona, piet, content=content)
    fake = Fake()
    send(fake)
    lithuanian, english = fake.sent
    assert lithuanian.subject == "Naujienos"
    assert "Labas, Jonai!" in lithuanian.text
    assert "Labas, Jonai!" in lithuanian.html
    assert english.subject == "News"


def test_nothing_goes_before_its_time_and_nothing_after() -> None:
    ona, fake = somebody("ona"), Fake()
    plan("issue:1", ona, not_before=NOON + HOUR, valid_until=NOON + 2 * HOUR)
    assert send(fake, NOON) == 0
    assert send(fake, NOON + 2 * HOUR) == 1
    assert (fake.sent, outcome_of("issue:1")) == ([], ("skipped", "late"))


def test_the_more_important_goes_first() -> None:
    often()
    ona, fake = somebody("ona", agreed=[Purpose.NEWSLETTER, Purpose.OFFERS]), Fake()
    plan("issue:1", ona)
    plan("offer:1", ona, purpose=Purpose.OFFERS, content={"en": TEXT["en"] | {"subject": "Offer"}})
    plan("receipt:1", ona, purpose=Purpose.SERVICE, content={"en": {"subject": "Receipt"}})
    send(fake)
    assert [outgoing.subject for outgoing in fake.sent] == ["Receipt", "Offer", "News"]


def test_a_paused_batch_waits_and_the_rest_goes_when_it_is_resumed() -> None:
    numbers = [somebody(f"c{number}") for number in range(5)]
    fake = Fake()
    plan("k", *numbers)
    send(fake, most=2)
    Batch.objects.update(paused_at=NOON)
    assert send(fake) == 0
    Batch.objects.update(paused_at=None)
    send(fake)
    assert sorted(fake.went_to) == sorted(f"c{number}@example.com" for number in range(5))


def test_a_phone_number_alone_is_enough() -> None:
    ona, fake = somebody("ona", email=None, phone="+37060012345"), Fake()
    said(ona, Purpose.NEWSLETTER, Consent.GRANTED, channel=Channel.PHONE, at=NOON - DAY)
    plan("k", ona)
    send(fake)
    assert (fake.went_to, fake.sent[0].text) == (["+37060012345"], "Hi")


def test_only_promotions_and_what_can_be_stopped_name_a_way_out() -> None:
    often()
    ona, fake = somebody("ona"), Fake()
    plan("k1", ona)
    plan("k2", ona, purpose=Purpose.SERVICE)
    send(fake)
    service, newsletter = fake.sent
    assert service.headers == {}
    assert newsletter.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert newsletter.headers["List-Unsubscribe"].strip("<>") in newsletter.text


def test_it_is_locked_by_rows_where_the_database_can() -> None:
    assert connection.features.has_select_for_update_skip_locked == (
        connection.vendor == "postgresql"
    )
