"""Providers tell the same thing several times at the same moment, while staff write."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from outbox import NOW, a_batch, a_delivery, somebody
from regulars.apps.contact.models import ConsentEvent, Delivery, DeliveryEvent, Suppression
from regulars.apps.contact.operations.consents import ConsentData, record_consents
from regulars.apps.contact.operations.provider_events import take_events
from regulars.apps.contact.operations.suppressions import suppress_address
from regulars.apps.contact.rules.provider_events import ProviderEvent
from regulars.apps.contact.rules.purposes import Channel, Consent, Purpose, Scope
from regulars.apps.contact.rules.states import EventKind, State
from regulars.apps.journal.models import Entry
from regulars.kernel.actors import COMMAND

HANDS = 4
KINDS = (EventKind.UNSUBSCRIBED, EventKind.BOUNCED, EventKind.COMPLAINED, EventKind.DELIVERED)

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def all_at_once(act: Callable[[int], int]) -> list[int]:
    """Let each of several threads do its part; return what each of them told."""

    def alone(hand: int) -> int:
        try:
            return act(hand)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(HANDS) as pool:
        return list(pool.map(alone, range(HANDS)))


def test_events_that_are_told_at_the_same_moment_count_once() -> None:
    batch = a_batch()
    customers = [somebody(f"c{it}") for it in range(12)]
    numbers = [
        a_delivery(batch, customer, State.UNCERTAIN, to=f"c{customer}@shop.example")
        for customer in customers
    ]
    events = [
        ProviderEvent(
            provider="postmark",
            event_id=f"{number} {kind}",
            kind=kind,
            at=NOW,
            delivery=number,
            address=f"c{customer}@shop.example",
        )
        for customer, number in zip(customers, numbers, strict=True)
        for kind in KINDS
    ]

    def tell(hand: int) -> int:
        mine = events if hand % 2 else events[::-1]
        new = sum(take_events(mine[it : it + 8], now=NOW) for it in range(0, len(mine), 8))
        for customer in customers if hand % 2 else customers[::-1]:
            address = f"c{customer}@shop.example"
            suppress_address(Channel.EMAIL, address, Scope.ALL, actor=COMMAND, now=NOW)
            said = ConsentData(
                customer=customer,
                purpose=Purpose.EVENTS,
                channel=Channel.EMAIL,
                state=Consent.GRANTED,
                at=NOW,
            )
            record_consents([said], actor=COMMAND, now=NOW)
        return new

    assert sum(all_at_once(tell)) == len(events)
    assert DeliveryEvent.objects.count() == len(events)
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}
    assert ConsentEvent.objects.filter(state="withdrawn").count() == 12
    # all for the bounce, promotion and surveys for the complaint, all by hand
    assert Suppression.objects.count() == 12 * 4
    by_events = Entry.objects.filter(verb="suppressed an address", actor="worker")
    assert by_events.count() == 12 * 3
