"""Deliveries that ended long ago go as the firm says; what waits, and what others need, stays."""

from datetime import timedelta

import pytest

from letters import posted
from messages import NOON, Fake, plan, send, somebody
from outbox import an_event
from regulars.apps.accounts.letters import Letter
from regulars.apps.accounts.operations import post_letter, post_to_nobody
from regulars.apps.contact.models import Batch, Delivery, DeliveryEvent
from regulars.apps.contact.operations.forgetting import forget_letters, forget_messages
from regulars.apps.contact.provides import LETTERS, MESSAGES
from regulars.apps.contact.rules.policy import Cap, Policy, problems_of_policy
from regulars.apps.contact.rules.purposes import Kind, Purpose
from regulars.apps.contact.rules.states import EventKind
from regulars.apps.firm.operations import apply_retention, set_retention
from regulars.kernel.actors import COMMAND
from regulars.kernel.errors import OptionError

DAY = timedelta(days=1)
LATER = NOON + 401 * DAY

pytestmark = pytest.mark.django_db


def keys() -> list[str]:
    return sorted(Batch.objects.values_list("dedupe_key", flat=True))


def a_letter(to: str = "ona@shop.example") -> None:
    post_letter(Letter(to, "Hello", "Hello", NOON + DAY), NOON)


def test_letters_that_are_over_go_after_thirty_days_with_their_batches() -> None:
    plan("bill:1", somebody(), purpose=Purpose.SERVICE)
    a_letter()
    post_to_nobody(NOON)
    send(Fake())
    assert LETTERS.count(NOON + DAY) == 2
    assert apply_retention(NOON + 30 * DAY) == 0
    assert apply_retention(NOON + 31 * DAY + timedelta(minutes=1)) == 2
    assert keys() == ["bill:1"]
    assert Delivery.objects.count() == 1


def test_a_letter_that_waits_is_not_old_however_long_it_has_waited() -> None:
    a_letter()
    assert LETTERS.count(LATER) == 0
    assert forget_letters(LATER, 10) == 0
    assert [it.state for it in posted()] == ["planned"]


def test_messages_to_customers_stay_for_ever_unless_the_firm_says_otherwise() -> None:
    plan("bill:1", somebody(), purpose=Purpose.SERVICE)
    send(Fake())
    apply_retention(NOON + 4000 * DAY)
    assert keys() == ["bill:1"]
    set_retention("messages", 400, actor=COMMAND, now=LATER)
    assert apply_retention(LATER) == 1
    assert keys() == []


def test_a_batch_stays_while_something_of_it_does() -> None:
    ona, jonas = somebody("ona"), somebody("jonas")
    plan("bills", ona, purpose=Purpose.SERVICE)
    send(Fake())
    plan("bills", jonas, purpose=Purpose.SERVICE)
    an_event(Delivery.objects.get(customer=ona).pk, EventKind.DELIVERED)
    assert MESSAGES.count(LATER) == 1
    assert forget_messages(LATER, 10) == 1
    assert DeliveryEvent.objects.count() == 0
    assert list(Delivery.objects.values_list("customer", flat=True)) == [jonas]
    assert keys() == ["bills"]
    send(Fake())
    assert forget_messages(LATER, 10) == 1
    assert keys() == []


def test_so_many_go_at_once_the_oldest_first() -> None:
    for number in range(5):
        plan(f"bill:{number}", somebody(f"c{number}"), purpose=Purpose.SERVICE)
    a_letter()
    send(Fake())
    assert forget_messages(LATER, 2) == 2
    assert [key for key in keys() if key.startswith("bill")] == ["bill:2", "bill:3", "bill:4"]
    assert len(posted()) == 1


def test_no_period_may_be_shorter_than_what_caps_look_back_on() -> None:
    with pytest.raises(OptionError, match="messages cannot be kept for 399 days"):
        set_retention("messages", 399, actor=COMMAND, now=NOON)
    longest = timedelta(days=MESSAGES.fewest_days)
    told = Policy(caps=(Cap(Kind.PROMOTION, 1, longest),), balance_days=MESSAGES.fewest_days)
    assert len(list(problems_of_policy(told))) == 2
