"""Events that providers post: kept once, done for once, and only from who knows the secret."""

import hashlib
import hmac
import json
from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from django.conf import settings
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client, override_settings

from outbox import NOW, a_batch, a_delivery, somebody
from regulars.apps.contact.models import ConsentEvent, Delivery, DeliveryEvent, Suppression
from regulars.apps.contact.rules.message_ids import message_id
from regulars.apps.contact.rules.purposes import Purpose
from regulars.apps.contact.rules.states import State

pytestmark = pytest.mark.django_db

ONA = "ona@shop.example"
SECRET = {"WEBHOOK_SECRET": "hook:correct horse"}
MAILGUN = {"MAILGUN_WEBHOOK_SIGNING_KEY": "signing"}


@pytest.fixture
def delivery() -> int:
    return a_delivery(a_batch(purpose=Purpose.OFFERS), somebody(), State.UNCERTAIN, to=ONA)


def post(
    provider: str,
    body: object,
    known: Mapping[str, str] = SECRET,
    secret: str = "hook:correct horse",  # noqa: S107 - a test's
    **headers: str,
) -> HttpResponse:
    """What a provider sends."""
    if secret:
        headers["Authorization"] = f"Basic {b64encode(secret.encode()).decode()}"
    text = body if isinstance(body, str) else json.dumps(body)
    with override_settings(ANYMAIL=known):
        return Client().post(  # type: ignore[return-value]  # no other middleware answers
            f"/provider/{provider}", text, content_type="application/json", headers=headers
        )


def bounce(delivery: int, **more: object) -> dict[str, object]:
    """A bounce as Postmark tells it."""
    return {
        "RecordType": "Bounce",
        "ID": 4323372036854775807,
        "Type": "HardBounce",
        "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
        "Metadata": {"delivery": str(delivery)},
        "Description": "The server was unable to deliver your message.",
        "Details": f"smtp;550 5.1.1 <{ONA}> user unknown",
        "Email": ONA,
        "BouncedAt": "2026-11-22T12:00:01.5Z",
    } | more


def mailgun(delivery: int, event: str, key: str = "signing", **more: object) -> dict[str, object]:
    """An event as Mailgun signs it."""
    timestamp, token = "1795348801", "t" * 50
    signature = hmac.new(key.encode(), f"{timestamp}{token}".encode(), hashlib.sha256).hexdigest()
    data = {
        "event": event,
        "id": f"G9Bn5sl1TC6nu79C8C0bwg {event}",
        "timestamp": 1795348801.1,
        "recipient": ONA,
        "user-variables": {"delivery": str(delivery)},
        "message": {"headers": {"message-id": "20261122.abc@mg.shop.example"}},
    } | more
    signed = {"timestamp": timestamp, "token": token, "signature": signature}
    return {"signature": signed, "event-data": data}


def kept() -> list[tuple[str, str, int | None]]:
    rows = DeliveryEvent.objects.order_by("pk")
    return list(rows.values_list("provider", "kind", "delivery"))


def withheld() -> set[str]:
    return set(Suppression.objects.values_list("reason", flat=True))


def test_a_bounce_of_postmark_is_kept_once_and_suppresses(delivery: int) -> None:
    for told in ("1 new", "0 new"):
        answer = post("postmark", bounce(delivery))
        assert (answer.status_code, answer.content.decode()) == (200, f"{told}\n")
    assert kept() == [("postmark", "bounced", delivery)]
    event = DeliveryEvent.objects.get()
    assert event.at == datetime(2026, 11, 22, 12, 0, 1, 500_000, tzinfo=UTC)
    assert event.detail == "smtp;550 5.1.1 <…> user unknown"
    assert withheld() == {"hard bounce"}
    assert Delivery.objects.get(pk=delivery).state == "sent"


@pytest.mark.parametrize(
    "more",
    [
        {"Type": "SoftBounce", "Details": "smtp;550 somewhat full"},
        {"Details": "smtp;552 5.2.2 mailbox full"},
        {"Details": "smtp;550 5.7.1 blocked"},
        {"Details": "smtp;451 4.3.0 try again"},
    ],
)
def test_a_bounce_that_says_nothing_of_the_address_suppresses_nothing(
    delivery: int, more: dict[str, object]
) -> None:
    post("postmark", bounce(delivery, **more))
    assert kept() == [("postmark", "soft_bounced", delivery)]
    assert withheld() == set()


def test_an_answer_of_a_machine_is_neither_a_bounce_nor_an_opt_out(delivery: int) -> None:
    answer = post("postmark", bounce(delivery, Type="AutoResponder", Details="On holiday."))
    assert (answer.status_code, kept()) == (200, [])
    assert Delivery.objects.get(pk=delivery).state == "uncertain"
    assert not Suppression.objects.exists()
    assert not ConsentEvent.objects.exists()


def test_what_postmark_tells_in_turn(delivery: int) -> None:
    delivered = {
        "RecordType": "Delivery",
        "MessageID": "883953f4",
        "Recipient": ONA,
        "DeliveredAt": "2026-11-22T12:00:01Z",
        "Metadata": {"delivery": str(delivery)},
    }
    changed = {
        "RecordType": "SubscriptionChange",
        "MessageID": "883953f4",
        "Recipient": ONA,
        "ChangedAt": "2026-11-22T13:00:01Z",
        "SuppressSending": True,
        "SuppressionReason": "ManualSuppression",
        "Metadata": {"delivery": str(delivery)},
    }
    post("postmark", changed)
    post("postmark", delivered)
    post("postmark", delivered)
    assert [kind for _, kind, _ in kept()] == ["unsubscribed", "delivered"]
    assert ConsentEvent.objects.get().purpose == "offers"


def test_mailgun_is_known_by_its_signature(delivery: int) -> None:
    answer = post("mailgun", mailgun(delivery, "complained"), MAILGUN, secret="")
    assert answer.status_code == 200
    assert kept() == [("mailgun", "complained", delivery)]
    assert withheld() == {"complaint"}


def test_a_message_of_mailgun_is_found_by_our_message_id(delivery: int) -> None:
    ours = message_id(delivery, "shop.example", settings.SECRET_KEY)
    message = {"headers": {"message-id": ours.strip("<>")}}
    told = mailgun(0, "delivered", message=message, recipient="")
    post("mailgun", told, MAILGUN, secret="")
    assert kept() == [("mailgun", "delivered", delivery)]


def test_brevo_names_no_events_and_still_each_counts_once(delivery: int) -> None:
    told = {
        "event": "hard_bounce",
        "email": ONA,
        "message-id": "<202611221200.1@smtp-relay.example>",
        "ts_epoch": 1795348801000,
        "reason": "550 5.1.1 no such user",
        "X-Mailin-custom": json.dumps({"delivery": str(delivery)}),
    }
    post("brevo", told)
    post("brevo", told)
    post("brevo", told | {"event": "soft_bounce", "reason": "mailbox full"})
    assert [kind for _, kind, _ in kept()] == ["bounced", "soft_bounced"]


def test_a_complaint_two_weeks_later_is_taken(delivery: int) -> None:
    Delivery.objects.filter(pk=delivery).update(ended_at=NOW - timedelta(days=14), state="sent")
    post("mailgun", mailgun(delivery, "complained"), MAILGUN, secret="")
    assert withheld() == {"complaint"}


@pytest.mark.parametrize("secret", ["", "hook:wrong", "other:correct horse", "no colon"])
def test_without_the_secret_nothing_is_kept(delivery: int, secret: str) -> None:
    assert post("postmark", bounce(delivery), secret=secret).status_code == 403
    assert kept() == []
    assert Delivery.objects.get(pk=delivery).state == "uncertain"


def test_a_wrong_signature_is_refused_and_nothing_is_kept(delivery: int) -> None:
    forged = mailgun(delivery, "complained", key="guessed")
    assert post("mailgun", forged, MAILGUN, secret="").status_code == 403
    assert post("mailgun", bounce(delivery), MAILGUN, secret="").status_code == 403
    assert kept() == []


@pytest.mark.parametrize(
    ("provider", "known"),
    [
        ("pigeon", SECRET),
        ("base", SECRET),
        ("scaleway", SECRET),  # tells of nothing
        ("postmark", {}),  # anybody might be it
        ("mailgun", SECRET),  # no key to check what it signs
    ],
)
def test_who_cannot_be_known_finds_no_door(
    delivery: int, provider: str, known: dict[str, str]
) -> None:
    assert post(provider, bounce(delivery), known).status_code == 404
    assert kept() == []


@pytest.mark.parametrize(
    "body",
    [
        "",
        "no JSON",
        "[]",
        "[[]]",
        "{}",
        "7",
        "[" * 100_000,
        json.dumps({"FromFull": {}, "Subject": "An answer"}),
        json.dumps({"RecordType": "Bounce", "Type": {}, "Email": ["x"], "Metadata": "x"}),
    ],
)
def test_what_cannot_be_read_is_no_fault_of_ours(body: str) -> None:
    assert post("postmark", body).status_code in {200, 400}
    assert kept() == []


def test_odd_letters_are_kept_as_far_as_a_database_keeps_them(delivery: int) -> None:
    told = bounce(delivery, Details="smtp;550 5.1.1 \0 \ud83c", ID="odd \0")
    assert post("postmark", told).status_code == 200
    assert DeliveryEvent.objects.get().detail == "smtp;550 5.1.1 ?"


@pytest.mark.usefixtures("delivery")
def test_numbers_that_are_none_find_no_delivery() -> None:
    for number in ("x", "-1", "9" * 400, "٣", 1.5, {"a": 1}, None):
        told = bounce(0, ID=str(number), Metadata={"delivery": number}, Email="x@y.example")
        assert post("postmark", told).status_code == 200
    assert {number for _, _, number in kept()} == {None}


def test_a_database_that_is_away_lets_the_provider_try_again(delivery: int) -> None:
    def away(*_: object, **__: object) -> int:
        raise OperationalError

    with (
        patch("regulars.interfaces.providers.receiving.take_events", away),
        override_settings(ANYMAIL=SECRET),
    ):
        client = Client(raise_request_exception=False)
        secret = b64encode(b"hook:correct horse").decode()
        answer = client.post(
            "/provider/postmark",
            bounce(delivery),
            content_type="application/json",
            headers={"Authorization": f"Basic {secret}"},
        )
    assert answer.status_code == 503


def test_a_provider_may_ask_whether_anybody_is_there() -> None:
    with override_settings(ANYMAIL=SECRET):
        assert Client().head("/provider/postmark").status_code == 200
        assert Client().get("/provider/postmark").status_code == 405
