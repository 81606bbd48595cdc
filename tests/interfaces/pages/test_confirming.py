"""Double opt-in: looking confirms nothing, one press does, and a no that came between stands."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from recipients import Somebody, confirm_path, somebody
from regulars.apps.contact.models import ConsentEvent, Suppression
from regulars.apps.contact.operations.addresses import AddressData, put_addresses
from regulars.apps.contact.operations.asking import ask_consent
from regulars.apps.contact.operations.consents import ConsentData, withdraw
from regulars.apps.contact.operations.wordings import put_wording
from regulars.apps.contact.queries.consents import list_consent_events
from regulars.apps.contact.rules.purposes import Channel, Consent, Purpose
from regulars.apps.people.operations import erase_person
from regulars.interfaces.clock import now
from regulars.kernel.actors import COMMAND

pytestmark = pytest.mark.django_db


def asked(one: Somebody, ago: timedelta = timedelta(), wording: str = "") -> str:
    """She signed up for the newsletter; the link that she was sent."""
    told = ConsentData(
        customer=one.number,
        purpose=Purpose.NEWSLETTER,
        channel=Channel.EMAIL,
        state=Consent.PENDING,
        at=now() - ago,
        wording=wording,
        language="lt",
    )
    event = ask_consent(replace(told), actor=COMMAND, now=now() - ago)
    assert event is not None
    return confirm_path(event)


def test_a_look_confirms_nothing_and_a_press_does() -> None:
    ona = somebody(granted=False)
    path = asked(ona)
    page = Client().get(path).content.decode()
    assert "Do you want this?" in page
    assert "o…@e….com" in page
    assert "newsletter-email" not in ona.coming()
    page = Client(enforce_csrf_checks=True).post(path).content.decode()
    assert "Thank you, that is confirmed" in page
    assert "newsletter-email" in ona.coming()


def test_the_words_that_she_read_are_shown_again() -> None:
    ona = somebody(granted=False)
    put_wording(Purpose.NEWSLETTER, "7", "lt", "Kepyklos naujienos.", actor=COMMAND, now=now())
    assert "Kepyklos naujienos." in Client().get(asked(ona, wording="7")).content.decode()


def test_confirmed_twice_is_confirmed_once() -> None:
    ona = somebody(granted=False)
    path = asked(ona)
    Client().post(path)
    events = len(list_consent_events(ona.number))
    for answer in (Client().post(path), Client().get(path)):
        assert "Thank you, that is confirmed" in answer.content.decode()
    assert len(list_consent_events(ona.number)) == events


def test_a_no_that_was_said_since_stands() -> None:
    ona = somebody(granted=False)
    path = asked(ona, timedelta(hours=1))
    withdraw(ona.number, [Purpose.NEWSLETTER], [Channel.EMAIL], proof={}, actor=COMMAND, now=now())
    for answer in (Client().get(path), Client().post(path)):
        assert answer.status_code == 410
        assert "This link is over" in answer.content.decode()
    assert "newsletter-email" not in ona.coming()


def test_after_thirty_days_the_link_is_over() -> None:
    ona = somebody(granted=False)
    path = asked(ona, timedelta(days=30, minutes=1))
    assert Client().get(path).status_code == 410
    assert Client().post(path).status_code == 410
    assert "newsletter-email" not in ona.coming()


def test_a_yes_for_an_address_that_was_left_since_is_none_for_the_new_one() -> None:
    ona = somebody(granted=False)
    path = asked(ona)
    new = [AddressData(Channel.EMAIL, "zuzana@elsewhere.lt")]
    put_addresses(ona.number, new, actor=COMMAND, now=now())
    assert "z…@e….lt" not in Client().get(path).content.decode()
    assert Client().post(path).status_code == 410
    assert "newsletter-email" not in ona.coming()


def test_confirmed_an_address_that_came_back_is_open_again() -> None:
    ona = somebody(granted=False)
    path = asked(ona)
    Suppression.objects.create(
        key=ona.key(), channel="email", scope="all", reason="hard bounce", at=now(), by="worker"
    )
    assert "Do you want this?" in Client().get(path).content.decode()
    Client().post(path)
    assert "newsletter-email" in ona.coming()


def test_a_forged_link_confirms_nothing() -> None:
    ona = somebody(granted=False)
    path = asked(ona)
    for forged in (path[:-1], path.replace("/my/confirm/", "/my/confirm/1")):
        assert Client().post(forged).status_code == 404
    assert "newsletter-email" not in ona.coming()


def test_a_link_to_something_that_was_not_asked_is_over() -> None:
    ona = somebody()
    granted = ConsentEvent.objects.first()
    assert granted is not None
    assert Client().post(confirm_path(granted.pk)).status_code == 410
    assert len(list_consent_events(ona.number)) == 4


def test_after_an_erasure_nothing_is_known() -> None:
    ona = somebody(granted=False)
    path = asked(ona)
    erase_person(ona.number, actor=COMMAND, now=now())
    for answer in (Client().get(path), Client().post(path)):
        assert "Nothing is known of you here" in answer.content.decode()
