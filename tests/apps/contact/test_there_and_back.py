"""A message goes through a real mail server, and what comes back finds it again."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import override_settings

from mail_servers import DROP, Office, mail_server
from messages import NOON, outcome_of, plan, somebody
from regulars.apps.contact.models import Delivery, Suppression
from regulars.apps.contact.operations.provider_events import take_events
from regulars.apps.contact.operations.sending import send_due
from regulars.apps.contact.rules.dsn import read_returned
from regulars.apps.contact.rules.purposes import Purpose
from regulars.apps.contact.tasks import ways_out

RETURNED = Path(__file__).parent / "returned"
LATER = NOON + timedelta(days=14)

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Iterator[Office]:
    with mail_server(Office()) as server, override_settings(**server.settings()):
        yield server


def send() -> int:
    return send_due(ways_out(), lambda: NOON)


def came_back(name: str, office: Office) -> int:
    """A server sends a notice of the last mail that it got."""
    told = str(office.letters[-1]["Message-ID"])
    text = (RETURNED / f"{name}.eml").read_text("utf-8").replace("{message_id}", told)
    return take_events(read_returned(text.encode(), LATER), now=LATER)


def test_a_mail_goes_out_signed_and_its_bounce_ends_writing_there(office: Office) -> None:
    plan("issue:1", somebody("ona"))
    assert send() == 1
    [letter] = office.letters
    assert letter["To"] == "ona@example.com"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert outcome_of("issue:1") == ("sent", "")
    assert came_back("unknown-user", office) == 1
    plan("issue:2", Delivery.objects.get().customer_id or 0, now=LATER)
    send_due(ways_out(), lambda: LATER)
    assert outcome_of("issue:2") == ("skipped", "suppressed")
    assert len(office.letters) == 1


def test_a_complaint_two_weeks_later_ends_news_and_not_service(office: Office) -> None:
    ona = somebody("ona")
    plan("issue:1", ona)
    send()
    came_back("complaint", office)
    plan("issue:2", ona, now=LATER)
    plan("receipt:1", ona, now=LATER, purpose=Purpose.SERVICE)
    send_due(ways_out(), lambda: LATER)
    assert outcome_of("issue:2") == ("skipped", "suppressed")
    assert outcome_of("receipt:1") == ("sent", "")


def test_news_that_nobody_knows_of_are_never_sent_twice_and_known_once_told(
    office: Office,
) -> None:
    office.says["END", "ona@example.com"] = DROP
    plan("issue:1", somebody("ona"))
    send()
    assert outcome_of("issue:1") == ("uncertain", "cut_off")
    office.says.clear()
    send_due(ways_out(), lambda: LATER)
    assert len(office.letters) == 1
    came_back("delayed-then-delivered", office)
    assert outcome_of("issue:1") == ("sent", "")


def test_service_that_nobody_knows_of_is_not_repeated_once_its_arrival_is_told(
    office: Office,
) -> None:
    office.says["END", "ona@example.com"] = DROP
    plan("receipt:1", somebody("ona"), purpose=Purpose.SERVICE)
    send()
    assert outcome_of("receipt:1") == ("planned", "retry")
    came_back("delayed-then-delivered", office)
    office.says.clear()
    send_due(ways_out(), lambda: LATER)
    assert outcome_of("receipt:1") == ("sent", "")
    assert len(office.letters) == 1


def test_one_whom_the_server_does_not_know_stops_nobody_else(office: Office) -> None:
    office.says["RCPT", "b@example.com"] = "550 5.1.1 user unknown"
    office.says["END", "c@example.com"] = "554 5.7.1 spam"
    office.says["RCPT", "d@example.com"] = "451 4.7.1 greylisted"
    plan("issue:1", *(somebody(it) for it in "abcde"))
    send()
    fates = Delivery.objects.order_by("destination").values_list("destination", "state", "reason")
    assert [(to[0], state, reason) for to, state, reason in fates] == [
        ("a", "sent", ""),
        ("b", "failed", "refused"),
        ("c", "failed", "refused"),
        ("d", "planned", "retry"),
        ("e", "sent", ""),
    ]
    assert Suppression.objects.count() == 1


def test_a_server_that_is_away_loses_nothing(office: Office) -> None:
    office.says["MAIL", "shop@shop.example"] = "553 5.7.1 not your address"
    plan("issue:1", *(somebody(it) for it in "abc"))
    send()
    states = set(Delivery.objects.values_list("state", "reason"))
    assert states <= {("planned", "provider_down"), ("planned", "")}
    office.says.clear()
    send_due(ways_out(), lambda: NOON + timedelta(minutes=5))
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


def test_the_secret_of_the_installation_signs_the_message_id(office: Office) -> None:
    plan("issue:1", somebody("ona"))
    send()
    with override_settings(SECRET_KEY=settings.SECRET_KEY + "another"):
        assert came_back("unknown-user", office) == 1
    assert not Suppression.objects.exists()
