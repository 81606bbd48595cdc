"""Double opt-in from the question to the answer: asked by mail, confirmed on a page, once."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from messages import NOON, Fake, outcome_of, plan, send, somebody
from regulars.apps.contact.models import Batch
from regulars.apps.contact.operations.addresses import AddressData, put_addresses
from regulars.apps.contact.operations.asking import ask_consent
from regulars.apps.contact.operations.consents import ConsentData, withdraw
from regulars.apps.contact.operations.suppressions import suppress_address
from regulars.apps.contact.queries.addresses import list_addresses
from regulars.apps.contact.queries.consents import consent_of
from regulars.apps.contact.queries.suppressions import suppressed_at
from regulars.apps.contact.rules.purposes import Channel, Consent, Purpose, Scope
from regulars.apps.people.operations import erase_person
from regulars.interfaces.clock import now
from regulars.kernel.actors import COMMAND

EMAIL, NEWS = Channel.EMAIL, Purpose.NEWSLETTER

pytestmark = pytest.mark.django_db


def ask(number: int) -> int | None:
    told = ConsentData(
        customer=number, purpose=NEWS, channel=EMAIL, state=Consent.GRANTED, at=now()
    )
    return ask_consent(told, actor=COMMAND, now=now())


def link_sent(fake: Fake) -> str:
    """The link to confirm in the one message that a way out took."""
    send(fake, now() + timedelta(minutes=1))
    [outgoing] = fake.sent
    found = {str(link) for link in re.findall(r"/my/confirm/[^\s\"<>)]+", outgoing.text)}
    [link] = found
    assert link in outgoing.html
    return str(link)


def said(number: int) -> Consent | None:
    return consent_of([number], NEWS, EMAIL)[number]


def test_a_mail_asks_in_the_customers_language_and_only_the_button_confirms() -> None:
    ona, fake = somebody("ona", agreed=(), language="lt"), Fake()
    event = ask(ona)
    link = link_sent(fake)
    assert fake.went_to == ["ona@example.com"]
    reader = Client()
    for _ in range(2):  # scanners of mail follow every link
        assert reader.get(link).status_code == 200
    assert said(ona) is Consent.PENDING
    assert reader.post(link).status_code in {200, 302}
    assert said(ona) is Consent.GRANTED
    assert Batch.objects.get(dedupe_key=f"confirm:{event}").content == {}
    plan("k1", ona, now=now())
    send(fake, now() + timedelta(minutes=2))
    assert outcome_of("k1")[1] in {"", "quiet"}


def test_whoever_was_erased_comes_back_by_his_own_doing() -> None:
    erase_person(somebody("ona"), actor=COMMAND, now=NOON)
    again, fake = somebody("again", email="ona@example.com", agreed=()), Fake()
    keys = [row.key for row in list_addresses(again)]
    plan("k1", again, purpose=Purpose.SERVICE, now=now())
    send(fake, now() + timedelta(minutes=1))
    assert outcome_of("k1") == ("skipped", "suppressed")
    ask(again)
    link = link_sent(fake)
    assert suppressed_at(keys) != []
    Client().post(link)
    assert suppressed_at(keys) == []
    assert said(again) is Consent.GRANTED


def test_what_staff_held_back_is_lifted_by_the_customer_and_by_nobody_elses_question() -> None:
    ona, fake = somebody("ona", agreed=()), Fake()
    suppress_address(EMAIL, "ona@example.com", Scope.PROMOTION, actor=COMMAND, now=NOON)
    ask(ona)
    link = link_sent(fake)
    withdraw(ona, [NEWS], [EMAIL], proof={}, actor=COMMAND, now=now())
    Client().post(link)
    assert said(ona) is Consent.WITHDRAWN
    assert len(suppressed_at([row.key for row in list_addresses(ona)])) == 1


def test_a_link_to_a_previous_address_confirms_nothing() -> None:
    ona, fake = somebody("ona", agreed=()), Fake()
    ask(ona)
    link = link_sent(fake)
    moved = [AddressData(EMAIL, "new@example.com")]
    put_addresses(ona, moved, actor=COMMAND, now=now())
    Client().post(link)
    assert said(ona) is Consent.PENDING
