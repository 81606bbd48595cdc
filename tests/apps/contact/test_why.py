"""What the gate decides is explained afterwards: by the sentence, and by what stood behind it."""

from datetime import timedelta

import pytest

from messages import NOON, Fake, plan, reached, said, send, somebody
from regulars.apps.contact.models import Delivery
from regulars.apps.contact.operations.batches import pause_batch, resume_batch, stop_batch
from regulars.apps.contact.operations.claiming import claim, hand_back
from regulars.apps.contact.operations.holds import place_hold
from regulars.apps.contact.operations.suppressions import suppress_address
from regulars.apps.contact.queries.batches import list_batches
from regulars.apps.contact.queries.deliveries import DeliveryRow, list_deliveries
from regulars.apps.contact.queries.delivery_card import DeliveryCard, get_delivery
from regulars.apps.contact.queries.said import find_said
from regulars.apps.contact.queries.templates import SAMPLE_LINKS
from regulars.apps.contact.rules.purposes import Channel, Consent, Kind, Purpose, Scope
from regulars.apps.contact.rules.states import Reason, State
from regulars.apps.contact.rules.told import told
from regulars.kernel.actors import COMMAND

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def the_one() -> DeliveryRow:
    [row] = list_deliveries()
    return row


def card() -> DeliveryCard:
    return get_delivery(the_one().number)


def test_a_no_is_explained_by_its_day_and_by_the_way_it_was_said_for() -> None:
    ona = somebody("ona", phone="+37060012345")
    said(ona, Purpose.NEWSLETTER, Consent.WITHDRAWN, at=NOON - 2 * DAY)
    said(ona, Purpose.NEWSLETTER, Consent.OBJECTED, at=NOON - DAY, channel=Channel.PHONE)
    plan("issue:1", ona)
    send(Fake())

    explained = card()

    assert explained.row.reason is Reason.NO_CONSENT
    assert explained.said is not None
    assert explained.said.state is Consent.WITHDRAWN
    assert explained.said.at == NOON - 2 * DAY


def test_a_no_that_was_said_later_explains_nothing() -> None:
    ona = somebody("ona", agreed=())
    plan("issue:1", ona)
    send(Fake())
    said(ona, Purpose.NEWSLETTER, Consent.WITHDRAWN, at=NOON + DAY)

    assert card().said is None


def test_a_suppression_is_explained_though_it_went_nowhere() -> None:
    ona = somebody("ona")
    suppress_address(
        Channel.EMAIL, "Ona@Example.com", Scope.PROMOTION, "Asked.", actor=COMMAND, now=NOON
    )
    plan("issue:1", ona)
    send(Fake())

    explained = card()

    assert explained.row.reason is Reason.SUPPRESSED
    assert [row.note for row in explained.withheld] == ["Asked."]


def test_a_hold_is_explained_while_it_waits_and_where_it_does_not_go() -> None:
    ona = somebody("ona")
    place_hold(
        ona,
        Kind.PROMOTION,
        reason="complaint",
        source="care:1",
        until=NOON + DAY,
        actor=COMMAND,
        now=NOON - DAY,
    )
    plan("issue:1", ona)
    send(Fake())

    explained = card()

    assert (explained.row.state, explained.row.reason) == (State.PLANNED, Reason.HOLD)
    assert [it.source for it in explained.held] == ["care:1"]
    assert explained.row.due_at == NOON + DAY


def test_quiet_hours_are_explained_with_their_end() -> None:
    ona = somebody("ona", time_zone="Europe/Vilnius")
    plan("issue:1", ona)
    night = NOON.replace(hour=20)
    send(Fake(), night)

    row = the_one()

    assert row.reason is Reason.QUIET
    assert str(told(row.state, row.reason, due_at=row.due_at)).startswith(
        "Waits until 2026-11-24T06:00:00+00:00: it is quiet hours"
    )


def test_nothing_of_a_paused_batch_goes_until_it_goes_on() -> None:
    plan("issue:1", somebody("ona"))
    [batch], fake = list_batches(), Fake()
    pause_batch(batch.number, actor=COMMAND, now=NOON)
    assert send(fake) == 0

    resume_batch(batch.number, actor=COMMAND, now=NOON)
    assert send(fake) == 1
    assert fake.went_to == ["ona@example.com"]


def test_nothing_of_a_stopped_batch_goes_not_even_what_a_worker_had_taken_up() -> None:
    plan("issue:1", somebody("ona"), somebody("jonas"))
    [batch], fake = list_batches(), Fake()
    assert claim("a worker's", now=NOON, most=1) == 1
    pause_batch(batch.number, actor=COMMAND, now=NOON)

    assert stop_batch(batch.number, actor=COMMAND, now=NOON) == 1
    hand_back("a worker's")
    send(fake)

    assert fake.sent == []
    assert {(row.state, row.reason) for row in list_deliveries()} == {
        (State.SKIPPED, Reason.CANCELLED)
    }


def test_the_outbox_shows_what_went_but_not_the_links() -> None:
    ona, fake = somebody("ona", name="Ona Kazlauskienė"), Fake()
    plan("issue:1", ona)
    send(fake)

    shown = find_said(the_one().number)

    [went] = fake.sent
    assert shown is not None
    assert shown.subject == went.subject
    assert shown.text.partition("-- ")[0] == went.text.partition("-- ")[0]
    links = {line.partition("http")[2] for line in went.text.splitlines() if "http" in line}
    assert links
    assert not any(link in shown.text + shown.html for link in links)
    assert SAMPLE_LINKS["unsubscribe"] in shown.html


def test_two_records_of_one_household_get_it_once_and_the_other_says_why() -> None:
    ona, piet = somebody("ona", email="home@example.com"), somebody("piet", email=None)
    reached(piet, Channel.EMAIL, "home@example.com")
    said(piet, Purpose.NEWSLETTER, Consent.GRANTED, at=NOON - DAY)
    plan("issue:1", ona, piet)
    send(Fake())

    rows = {row.customer.number: row for row in list_deliveries() if row.customer is not None}

    assert rows[ona].state is State.SENT
    assert rows[piet].reason is Reason.HAS_IT
    assert "went to this address already" in str(told(rows[piet].state, rows[piet].reason))
    assert Delivery.objects.count() == 2
