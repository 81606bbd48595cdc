"""Mails that come back: what they tell, and what they are not believed."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from outbox import NOW, a_batch, a_delivery, somebody
from regulars.apps.contact.models import ConsentEvent, Delivery, DeliveryEvent, Suppression
from regulars.apps.contact.operations.provider_events import take_events
from regulars.apps.contact.rules.dsn import read_returned
from regulars.apps.contact.rules.message_ids import message_id
from regulars.apps.contact.rules.states import EventKind, State

RETURNED = Path(__file__).parent / "returned"
LATER = NOW + timedelta(days=30)
OURS = "<12.abc@shop.example>"


def mail(name: str, id_: str = OURS) -> bytes:
    """A mail that came back, of a message of ours."""
    text = (RETURNED / f"{name}.eml").read_text("utf-8").replace("{message_id}", id_)
    return text.replace("\n", "\r\n").encode()


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("unknown-user", [EventKind.BOUNCED]),
        ("mailbox-full", [EventKind.SOFT_BOUNCED]),
        ("delayed-then-delivered", [EventKind.DEFERRED, EventKind.DELIVERED]),
        ("complaint", [EventKind.COMPLAINED]),
        ("out-of-office", []),
        ("answer", []),
    ],
)
def test_a_mail_that_came_back_tells_of_our_message(name: str, kinds: list[EventKind]) -> None:
    events = read_returned(mail(name), LATER)
    assert [it.kind for it in events] == kinds
    assert {it.message_id for it in events} <= {OURS}
    assert {it.address for it in events} <= {""}
    assert len({it.event_id for it in events}) == len(kinds)
    assert events == read_returned(mail(name), LATER)


def test_it_happened_when_the_notice_says_and_never_after_it_came() -> None:
    [event] = read_returned(mail("unknown-user"), LATER)
    assert event.at == datetime(2026, 11, 22, 12, 0, 5, tzinfo=UTC)
    assert "5.1.1 smtp; 550 5.1.1" in event.detail
    early = NOW - timedelta(days=1)
    [event] = read_returned(mail("unknown-user"), early)
    assert event.at == early
    [event] = read_returned(
        mail("unknown-user").replace(b"Date: Sun, 22", b"Date: one day"), LATER
    )
    assert event.at == LATER


@pytest.mark.parametrize(
    ("status", "said", "kind"),
    [
        ("5.1.1", "", EventKind.BOUNCED),
        ("5.1.10", "", EventKind.BOUNCED),
        ("5.1.2", "", EventKind.BOUNCED),
        ("5.0.0", "550 no such user here", EventKind.BOUNCED),
        ("", "550 user unknown", EventKind.BOUNCED),
        ("5.7.1", "550 user unknown to our policy", EventKind.SOFT_BOUNCED),
        ("5.4.7", "delivery time expired", EventKind.SOFT_BOUNCED),
        ("5.0.0", "550 no", EventKind.SOFT_BOUNCED),
    ],
)
def test_only_where_there_is_nobody_it_bounced_for_good(
    status: str, said: str, kind: EventKind
) -> None:
    told = mail("mailbox-full").replace(b"Status: 5.2.2", f"Status: {status}".encode())
    told = told.replace(b"554 5.2.2 mailbox full; STOREDRV.Deliver: quota exceeded", said.encode())
    [event] = read_returned(told, LATER)
    assert event.kind is kind


@given(st.binary(max_size=500), st.integers(0, 2000), st.integers(0, 200))
def test_a_damaged_notice_breaks_nothing(rubbish: bytes, start: int, length: int) -> None:
    content = mail("unknown-user")
    read_returned(content[:start] + rubbish + content[start + length :], LATER)
    read_returned(rubbish, LATER)


def test_parts_within_parts_within_parts_break_nothing() -> None:
    deep = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (it, it)
        for it in range(3000)
    )
    assert read_returned(deep, LATER) == []


@pytest.fixture
def delivery() -> int:
    return a_delivery(a_batch(), somebody(), State.SENT, to="ona@example.com")


def take(name: str, id_: str) -> int:
    return take_events(read_returned(mail(name, id_), LATER), now=LATER)


@pytest.mark.django_db
def test_a_notice_counts_once_and_for_the_address_that_we_wrote_to(delivery: int) -> None:
    ours = message_id(delivery, "shop.example", settings.SECRET_KEY)
    assert take("unknown-user", ours) == 1
    assert take("unknown-user", ours) == 0
    assert DeliveryEvent.objects.get().delivery_id == delivery
    row = Suppression.objects.get()
    assert (row.reason, row.scope) == ("hard bounce", "all")
    assert row.key == Delivery.objects.get(pk=delivery).key


@pytest.mark.django_db
def test_a_complaint_by_mail_ends_promotion_and_surveys(delivery: int) -> None:
    take("complaint", message_id(delivery, "shop.example", settings.SECRET_KEY))
    assert set(Suppression.objects.values_list("scope", flat=True)) == {"promotion", "surveys"}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["unknown-user", "complaint"])
def test_a_forged_notice_is_kept_and_does_nothing(delivery: int, name: str) -> None:
    assert take(name, f"<{delivery}.0123456789abcdef@shop.example>") == 1
    assert DeliveryEvent.objects.get().delivery_id is None
    assert not Suppression.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["out-of-office", "answer"])
def test_an_answer_is_no_opt_out_and_no_bounce(delivery: int, name: str) -> None:
    assert take(name, message_id(delivery, "shop.example", settings.SECRET_KEY)) == 0
    assert not DeliveryEvent.objects.exists()
    assert not Suppression.objects.exists()
    assert not ConsentEvent.objects.exists()
