"""What waits, went, and did not and why, is found by whoever may see it."""

from datetime import timedelta
from decimal import Decimal

import pytest

from outbox import NOW, a_batch, a_delivery, a_hold, a_no, an_event, somebody
from regulars.apps.contact.operations.suppressions import suppress_address
from regulars.apps.contact.queries.batches import Counted, count_batch
from regulars.apps.contact.queries.deliveries import (
    OnlyDeliveries,
    count_deliveries,
    count_states,
    list_deliveries,
    list_deliveries_of,
)
from regulars.apps.contact.queries.delivery_card import get_delivery
from regulars.apps.contact.rules.purposes import Channel, Consent, Purpose, Scope, Withheld
from regulars.apps.contact.rules.states import EventKind, Reason, State
from regulars.apps.orders.operations import take_orders
from regulars.apps.orders.rules import OrderData
from regulars.apps.people.operations import merge_records
from regulars.kernel.actors import COMMAND
from regulars.kernel.errors import InputError

pytestmark = pytest.mark.django_db


def numbers(only: OnlyDeliveries) -> list[int]:
    return [row.number for row in list_deliveries(only)]


def test_the_newest_delivery_comes_first_and_pages_do_not_overlap() -> None:
    batch = a_batch()
    planned = [a_delivery(batch, somebody(f"c{it}")) for it in range(5)]

    first = list_deliveries(limit=2)
    second = list_deliveries(limit=2, after=first[-1].number)

    assert [row.number for row in (*first, *second)] == planned[:0:-1]


def test_the_oldest_may_come_first() -> None:
    batch = a_batch()
    planned = [a_delivery(batch, somebody(f"c{it}")) for it in range(3)]

    found = list_deliveries(newest=False, after=planned[0])

    assert [row.number for row in found] == planned[1:]


def test_deliveries_are_narrowed_by_each_of_their_columns() -> None:
    news, care = a_batch(), a_batch("care", purpose=Purpose.CARE, sender="care")
    ona = somebody()
    went = a_delivery(news, ona, State.SENT, made_at=NOW - timedelta(days=2))
    kept = a_delivery(care, ona, State.SKIPPED, Reason.HOLD)

    assert numbers(OnlyDeliveries(state=State.SENT)) == [went]
    assert numbers(OnlyDeliveries(reason=Reason.HOLD)) == [kept]
    assert numbers(OnlyDeliveries(purpose=Purpose.CARE)) == [kept]
    assert numbers(OnlyDeliveries(sender="engagement")) == [went]
    assert numbers(OnlyDeliveries(batch=care)) == [kept]
    assert numbers(OnlyDeliveries(channel=Channel.PHONE)) == []
    assert numbers(OnlyDeliveries(since=NOW)) == [kept]
    assert numbers(OnlyDeliveries(until=NOW)) == [went]
    assert numbers(OnlyDeliveries(customers=[ona])) == [kept, went]
    assert count_deliveries(OnlyDeliveries(customers=[ona])) == 2


def test_a_person_has_the_deliveries_of_every_record() -> None:
    ona, other, stranger = somebody("c7"), somebody("web-55"), somebody("c8")
    batch = a_batch()
    sent = [a_delivery(batch, it, State.SENT) for it in (ona, other, stranger)]
    merge_records(other, ona, actor=COMMAND, now=NOW)

    for record in (ona, other):
        found = list_deliveries_of(record)
        assert [row.number for row in found] == [sent[1], sent[0]]
        assert {row.customer and row.customer.number for row in found} == {ona}


def test_an_address_is_masked_unless_it_may_be_seen() -> None:
    a_delivery(
        a_batch(),
        somebody(),
        State.FAILED,
        Reason.REFUSED,
        detail="550 <ona@shop.example>: no such user",
    )

    [hidden], [shown] = list_deliveries(), list_deliveries(in_clear=True)

    assert hidden.destination == "o…@s….example"
    assert "ona@" not in hidden.detail
    assert shown.destination == "ona@shop.example"
    assert shown.detail == "550 <ona@shop.example>: no such user"


def bought(customer: str, store: str) -> None:
    order = OrderData(
        id=f"{customer} in {store}",
        customer_id=customer,
        ordered_at=NOW,
        currency="EUR",
        amount=Decimal(1),
        store=store,
    )
    take_orders([order], actor=COMMAND, now=NOW)


def test_whoever_is_limited_to_a_shop_sees_the_deliveries_of_its_customers() -> None:
    here, there, nowhere = somebody("c1"), somebody("c2"), somebody("c3")
    bought("c1", "Old Town")
    bought("c2", "New Town")
    batch = a_batch()
    to_here, to_there, to_nowhere, to_staff = (
        a_delivery(batch, it) for it in (here, there, nowhere, None)
    )
    old_town = frozenset({"Old Town"})

    assert numbers(OnlyDeliveries(stores=old_town)) == [to_nowhere, to_here]
    assert numbers(OnlyDeliveries()) == [to_staff, to_nowhere, to_there, to_here]
    assert count_states(old_town)[State.PLANNED] == 2
    assert get_delivery(to_here, stores=old_town).row.number == to_here
    for hidden in (to_there, to_staff):
        with pytest.raises(InputError):
            get_delivery(hidden, stores=old_town)


def test_what_became_of_a_delivery_is_the_most_telling_of_its_events() -> None:
    batch = a_batch()
    quiet, loud = (a_delivery(batch, somebody(it), State.SENT) for it in ("c1", "c2"))
    an_event(quiet, EventKind.DELIVERED)
    an_event(loud, EventKind.COMPLAINED, after=20)
    an_event(loud, EventKind.OPENED, after=30)

    became = {row.number: row.became for row in list_deliveries()}

    assert became == {quiet: EventKind.DELIVERED, loud: EventKind.COMPLAINED}


def test_counting_of_a_batch_tells_each_state_and_reason_apart() -> None:
    batch, other = a_batch(), a_batch("december")
    a_delivery(other, somebody("c0"), State.SENT)
    for it in range(3):
        a_delivery(batch, somebody(f"c{it}"), State.SENT)
    a_delivery(batch, somebody("c4"), State.SKIPPED, Reason.NO_CONSENT)
    a_delivery(batch, somebody("c5"), State.SKIPPED, Reason.SUPPRESSED)

    assert count_batch(batch) == [
        Counted(state=State.SENT, reason=None, count=3),
        Counted(state=State.SKIPPED, reason=Reason.NO_CONSENT, count=1),
        Counted(state=State.SKIPPED, reason=Reason.SUPPRESSED, count=1),
    ]


def test_counting_of_states_stops_where_it_is_told_to() -> None:
    batch = a_batch()
    for it in range(3):
        a_delivery(batch, somebody(f"c{it}"), State.SENT)

    assert count_states()[State.SENT] == 3
    assert count_states(most=2)[State.SENT] == 2
    assert count_states()[State.PLANNED] == 0


def test_one_delivery_shows_what_the_provider_told_in_its_order() -> None:
    number = a_delivery(a_batch(), somebody(), State.SENT)
    an_event(number, EventKind.BOUNCED, after=30, detail="550 ona@shop.example unknown")
    an_event(number, EventKind.DEFERRED, after=20)

    card = get_delivery(number)

    assert [it.kind for it in card.events] == [EventKind.DEFERRED, EventKind.BOUNCED]
    assert card.events[1].detail == "550 o…@s….example unknown"
    assert card.batch.label == "The newsletter of November"


def test_a_no_is_shown_with_its_day_whichever_record_it_was_said_on() -> None:
    ona, other = somebody("c7"), somebody("web-55")
    merge_records(other, ona, actor=COMMAND, now=NOW)
    a_no(other, days=3)
    number = a_delivery(a_batch(), ona, State.SKIPPED, Reason.NO_CONSENT)

    said = get_delivery(number).said

    assert said is not None
    assert (said.state, said.at) == (Consent.WITHDRAWN, NOW - timedelta(days=3))


def test_somebody_who_never_said_anything_has_nothing_to_show() -> None:
    number = a_delivery(a_batch(), somebody(), State.SKIPPED, Reason.NO_CONSENT)

    assert get_delivery(number).said is None


def test_a_suppression_that_covers_the_purpose_is_shown_and_no_other() -> None:
    for scope in (Scope.PROMOTION, Scope.SURVEYS):
        suppress_address(Channel.EMAIL, "ona@shop.example", scope, "asked", actor=COMMAND, now=NOW)
    number = a_delivery(a_batch(), somebody(), State.SKIPPED, Reason.SUPPRESSED)

    [row] = get_delivery(number).withheld

    assert (row.scope, row.reason, row.note) == (Scope.PROMOTION, Withheld.MANUAL, "asked")


def test_a_hold_is_shown_with_what_it_came_of() -> None:
    ona = somebody()
    a_hold(ona)
    a_hold(ona, kind="survey")
    number = a_delivery(a_batch(), ona, State.SKIPPED, Reason.HOLD)

    [held] = get_delivery(number).held

    assert (held.reason, held.source) == ("complaint", "care:7")


def test_a_delivery_that_is_not_there_is_named_in_the_refusal() -> None:
    with pytest.raises(InputError, match="no delivery 999"):
        get_delivery(999)
