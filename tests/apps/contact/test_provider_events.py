"""What providers tell afterwards: late, doubled, out of order, of messages that nobody knows."""

from datetime import datetime, timedelta

import pytest
from django.conf import settings
from pytest_django.fixtures import DjangoAssertNumQueries

from outbox import NOW, a_batch, a_delivery, somebody
from regulars.apps.contact.events import ConsentsChanged, DeliveriesEnded
from regulars.apps.contact.models import Batch, ConsentEvent, Delivery, DeliveryEvent, Suppression
from regulars.apps.contact.operations.policy import put_policy
from regulars.apps.contact.operations.provider_events import take_events
from regulars.apps.contact.operations.suppressions import lift_suppression
from regulars.apps.contact.rules.addresses import address_key
from regulars.apps.contact.rules.message_ids import message_id
from regulars.apps.contact.rules.policy import Policy
from regulars.apps.contact.rules.provider_events import ProviderEvent
from regulars.apps.contact.rules.purposes import Channel, Purpose
from regulars.apps.contact.rules.states import EventKind, Reason, State
from regulars.apps.journal.models import Entry, Event
from regulars.apps.people.models import Customer
from regulars.kernel.actors import COMMAND

pytestmark = pytest.mark.django_db

ONA = "ona@shop.example"
LATER = NOW + timedelta(hours=1)


def event(  # noqa: PLR0913 - what an event has
    kind: EventKind | None,
    delivery: int | None = None,
    *,
    id_: str = "",
    at: datetime = NOW,
    to: str = ONA,
    provider_id: str = "",
    detail: str = "",
    message_id: str = "",
) -> ProviderEvent:
    """What Postmark tells."""
    return ProviderEvent(
        provider="postmark",
        event_id=id_ or f"{kind} {delivery} {provider_id}",
        kind=kind,
        at=at,
        delivery=delivery,
        address=to,
        provider_id=provider_id,
        detail=detail,
        message_id=message_id,
    )


def take(*events: ProviderEvent, now: datetime = LATER) -> int:
    return take_events(events, now=now)


def sent(state: State = State.SENT, purpose: Purpose = Purpose.NEWSLETTER, key: str = "a") -> int:
    """A delivery to Ona."""
    return a_delivery(a_batch(key, purpose=purpose), somebody(), state, to=ONA)


def state_of(number: int) -> tuple[str, str]:
    row = Delivery.objects.get(pk=number)
    return row.state, row.reason


def suppressed() -> set[tuple[str, str, str]]:
    rows = Suppression.objects.filter(lifted_at=None)
    return set(rows.values_list("key", "scope", "reason"))


KEY = address_key(Channel.EMAIL, ONA)
DEAD = (KEY, "all", "hard bounce")
COMPLAINED = {(KEY, "promotion", "complaint"), (KEY, "surveys", "complaint")}


@pytest.mark.parametrize("state", [State.SENDING, State.UNCERTAIN])
@pytest.mark.parametrize(
    "kind",
    [
        None,
        EventKind.DELIVERED,
        EventKind.DEFERRED,
        EventKind.BOUNCED,
        EventKind.SOFT_BOUNCED,
        EventKind.COMPLAINED,
        EventKind.UNSUBSCRIBED,
        EventKind.OPENED,
    ],
)
def test_what_nobody_was_sure_of_went_where_the_provider_tells_of_it(
    state: State, kind: EventKind | None
) -> None:
    number = sent(state)
    take(event(kind, number))
    assert state_of(number) == ("sent", "")
    row = Delivery.objects.get(pk=number)
    assert (row.ended_at, row.leased_until) == (LATER, None)
    assert row.gone_at is not None
    told = Event.objects.get(name=DeliveriesEnded.__name__)
    assert told.data == {"deliveries": [number]}


def test_what_was_to_be_repeated_is_not_once_the_provider_has_it() -> None:
    customer = somebody()
    for key, reason in (("a", Reason.WORKER_DIED), ("b", Reason.RETRY)):
        batch = a_batch(key, purpose=Purpose.SERVICE)
        number = a_delivery(batch, customer, State.PLANNED, reason, to=ONA)
        take(event(EventKind.DELIVERED, number))
        assert state_of(number) == ("sent", "")


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (State.PLANNED, None),
        (State.PLANNED, Reason.QUIET),
        (State.SKIPPED, Reason.NO_CONSENT),
        (State.FAILED, Reason.REFUSED),
        (State.HELD_OUT, None),
        (State.SENT, None),
    ],
)
def test_what_is_decided_stays_as_it_is(state: State, reason: Reason | None) -> None:
    number = a_delivery(a_batch(), somebody(), state, reason, to=ONA)
    take(event(EventKind.DELIVERED, number))
    assert state_of(number) == (state.value, reason.value if reason else "")
    assert not Event.objects.filter(name=DeliveriesEnded.__name__).exists()


def test_what_the_provider_rejected_did_not_go() -> None:
    number = sent(State.UNCERTAIN)
    take(event(EventKind.REJECTED, number, detail=f"{ONA} is on the list"))
    assert state_of(number) == ("failed", "refused")
    assert Delivery.objects.get(pk=number).detail == "… is on the list"
    delivered = sent(State.SENT, key="b")
    take(event(EventKind.REJECTED, delivered))
    assert state_of(delivered) == ("sent", "")


def test_a_secret_is_emptied_once_it_is_known_to_have_gone() -> None:
    batch = a_batch(secret=True)
    number = a_delivery(batch, somebody(), State.UNCERTAIN, to=ONA)
    take(event(EventKind.DELIVERED, number))
    assert Batch.objects.get(pk=batch).content == {}


def test_the_same_event_is_kept_once_however_often_it_is_told() -> None:
    bounce = event(EventKind.BOUNCED, sent())
    assert take(bounce, bounce) == 1
    assert take(bounce) == 0
    assert DeliveryEvent.objects.count() == 1
    assert suppressed() == {DEAD}
    assert Entry.objects.filter(verb="suppressed an address").count() == 1


def test_a_bounce_after_delivered_and_delivered_after_a_bounce_end_alike() -> None:
    first, second = sent(key="a"), sent(key="b")
    take(event(EventKind.DELIVERED, first), event(EventKind.BOUNCED, first, at=LATER))
    assert suppressed() == {DEAD}
    Suppression.objects.all().delete()
    take(event(EventKind.BOUNCED, second, at=LATER))
    take(event(EventKind.DELIVERED, second, at=NOW))
    assert suppressed() == {DEAD}
    assert state_of(first) == state_of(second) == ("sent", "")
    assert DeliveryEvent.objects.count() == 4


def test_a_complaint_two_weeks_later_ends_promotion_and_surveys_and_nothing_else() -> None:
    number = sent()
    take(event(EventKind.COMPLAINED, number), now=NOW + timedelta(days=14))
    assert suppressed() == COMPLAINED
    entries = Entry.objects.filter(verb="suppressed an address")
    customer = Delivery.objects.get(pk=number).customer_id
    assert {entry.subject for entry in entries} == {f"customer:{customer}"}
    assert {entry.data["scope"] for entry in entries} == {"promotion", "surveys"}


def test_a_soft_bounce_suppresses_nothing() -> None:
    take(event(EventKind.SOFT_BOUNCED, sent()), event(EventKind.DEFERRED, sent(key="b")))
    assert suppressed() == set()


def test_an_event_of_an_unknown_message_is_kept_and_still_counts_for_the_address() -> None:
    take(event(EventKind.DELIVERED, 999_999, to="other@shop.example"))
    take(event(EventKind.BOUNCED, None, to=ONA))
    take(event(EventKind.COMPLAINED, 999_999, to=ONA))
    take(event(EventKind.BOUNCED, 999_999, to="", id_="anonymous"))
    assert set(DeliveryEvent.objects.values_list("delivery", flat=True)) == {None}
    assert suppressed() == {DEAD, *COMPLAINED}
    entry = Entry.objects.filter(verb="suppressed an address").first()
    assert entry is not None
    assert entry.subject == "provider:postmark"


def test_who_unsubscribes_wants_no_more_of_that_purpose_by_that_channel() -> None:
    number = sent(purpose=Purpose.OFFERS)
    take(event(EventKind.UNSUBSCRIBED, number, id_="u1"), event(EventKind.OPENED, number))
    said = ConsentEvent.objects.get()
    assert (said.purpose, said.channel, said.state) == ("offers", "email", "withdrawn")
    assert (said.at, said.recorded_at) == (NOW, LATER)
    assert said.proof == {"provider": "postmark", "event": "u1"}
    assert suppressed() == set()
    told = Event.objects.get(name=ConsentsChanged.__name__)
    assert told.data == {"customers": [said.customer_id]}
    entry = Entry.objects.get(verb="recorded withdrawal")
    assert entry.subject == f"customer:{said.customer_id}"


def test_unsubscribing_from_a_service_message_takes_nothing_back() -> None:
    take(event(EventKind.UNSUBSCRIBED, sent(purpose=Purpose.SERVICE)))
    assert not ConsentEvent.objects.exists()
    assert DeliveryEvent.objects.count() == 1


def test_unsubscribing_from_an_unknown_message_ends_promotion_to_the_address() -> None:
    take(event(EventKind.UNSUBSCRIBED, None))
    assert suppressed() == {(KEY, "promotion", "manual")}


def test_a_clock_that_is_ahead_says_nothing_in_the_future() -> None:
    take(event(EventKind.UNSUBSCRIBED, sent(), at=LATER + timedelta(days=1)))
    assert ConsentEvent.objects.get().at == LATER


def test_looks_are_kept_only_where_the_firm_says_so() -> None:
    number = sent()
    assert take(event(EventKind.OPENED, number), event(EventKind.CLICKED, number)) == 0
    assert not DeliveryEvent.objects.exists()
    put_policy(Policy(records_opens=True), actor=COMMAND, now=NOW)
    assert take(event(EventKind.OPENED, number), event(EventKind.CLICKED, number)) == 2


def test_a_delivery_is_found_by_our_message_id_the_number_or_the_providers_id() -> None:
    by_id, by_number, by_name = sent(key="a"), sent(key="b"), sent(key="c")
    Delivery.objects.filter(pk=by_name).update(transport="postmark", provider_id="p-1")
    ours = message_id(by_id, "shop.example", settings.SECRET_KEY)
    take(
        event(EventKind.DELIVERED, None, message_id=ours, id_="1"),
        event(EventKind.DELIVERED, by_number, id_="2"),
        event(EventKind.DELIVERED, None, provider_id="p-1", id_="3"),
        event(EventKind.DELIVERED, None, provider_id="p-2", id_="4"),
        event(EventKind.DELIVERED, None, message_id="<12.0123456789abcdef@x>", id_="5"),
    )
    found = dict(DeliveryEvent.objects.values_list("event_id", "delivery"))
    assert found == {"1": by_id, "2": by_number, "3": by_name, "4": None, "5": None}


def test_the_number_of_another_installation_is_not_taken_for_ours() -> None:
    number = sent(State.UNCERTAIN)
    take(event(EventKind.BOUNCED, number, to="jonas@other.example"))
    assert state_of(number)[0] == "uncertain"
    assert suppressed() == {
        (address_key(Channel.EMAIL, "jonas@other.example"), "all", "hard bounce")
    }


def test_who_showed_since_that_the_address_is_well_is_written_to() -> None:
    number = sent()
    take(event(EventKind.BOUNCED, number, at=NOW), now=NOW)
    row = Suppression.objects.get()
    lift_suppression(row.pk, "She wrote from it.", actor=COMMAND, now=LATER)
    before = event(EventKind.BOUNCED, number, id_="late", at=NOW + timedelta(minutes=1))
    assert take(before, now=LATER + timedelta(days=1)) == 1
    assert suppressed() == set()
    after = event(EventKind.BOUNCED, number, id_="anew", at=LATER + timedelta(minutes=1))
    take(after, now=LATER + timedelta(days=1))
    assert suppressed() == {DEAD}


def test_an_address_of_the_staff_is_not_suppressed() -> None:
    number = a_delivery(a_batch(), None, to=ONA)
    take(event(EventKind.BOUNCED, number), event(EventKind.UNSUBSCRIBED, number))
    assert suppressed() == set()
    assert not ConsentEvent.objects.exists()


def test_no_address_stands_in_what_is_kept() -> None:
    take(event(EventKind.BOUNCED, None, detail=f"550 5.1.1 <{ONA}> unknown"))
    [row] = DeliveryEvent.objects.values()
    assert "@" not in str(row)
    assert row["detail"] == "550 5.1.1 <…> unknown"


def test_a_burst_is_taken_with_few_queries(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    batch = a_batch()
    numbers = [
        a_delivery(batch, somebody(f"c{it}"), State.UNCERTAIN, to=f"c{it}@shop.example")
        for it in range(200)
    ]
    events = [
        event(kind, number, to=f"c{it}@shop.example")
        for it, number in enumerate(numbers)
        for kind in (EventKind.DELIVERED, EventKind.BOUNCED, EventKind.UNSUBSCRIBED)
    ]
    with django_assert_max_num_queries(30):
        assert take(*events) == 600
    assert Delivery.objects.filter(state="sent").count() == 200
    assert len(suppressed()) == 200
    assert ConsentEvent.objects.count() == 200


def test_the_no_of_somebody_who_was_erased_meanwhile_breaks_nothing() -> None:
    number, other = sent(), a_delivery(a_batch("b"), somebody("c8"), State.SENT, to="x@y.example")
    erased = Customer.objects.filter(pk=somebody())
    erased.update(erased_at=NOW, name="", search="", name_key="")
    take(
        event(EventKind.UNSUBSCRIBED, number),
        event(EventKind.UNSUBSCRIBED, other, to="x@y.example"),
    )
    [said] = ConsentEvent.objects.all()
    assert said.customer_id == Delivery.objects.get(pk=other).customer_id
