"""Programs are told what happens: at least once, in order, and nobody waits for another."""

from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from threading import Event as Flag

import pytest
from django.db import transaction

from bells import NOW, Closed, Rung, Worker, deliveries, fails_for, hook, ring
from receivers import Heard, Receiver, receiving, says
from regulars.apps.journal.models import Event
from regulars.apps.journal.operations import announce
from regulars.apps.journal.webhooks.queries import (
    State,
    get_webhook,
    list_deliveries,
)
from regulars.apps.journal.webhooks.queue import claim_deliveries, offer_events
from regulars.apps.journal.webhooks.rules import ATTEMPTS, LEASE, message_id

pytestmark = pytest.mark.django_db


def test_each_customer_of_an_event_is_told_of_once(receiver: Receiver, worker: Worker) -> None:
    made = hook(receiver)
    ring(1, 2)
    worker.work()
    worker.later(days=1)
    assert sorted(receiver.customers) == [1, 2]
    assert [(it.state, it.status, it.attempts) for it in deliveries(made)] == [
        (State.DONE, 200, 1)
    ] * 2


def test_a_delivery_says_what_when_and_of_whom(receiver: Receiver, worker: Worker) -> None:
    hook(receiver)
    ring(7, bell="Glocke")
    worker.work()
    [heard] = receiver.heard
    event = Event.objects.get()
    assert heard.path == "/told"
    assert heard.headers["content-type"] == "application/json"
    assert heard.headers["webhook-id"] == message_id(event.pk, 7, NOW)
    assert heard.told == {
        "type": "bell.rung",
        "id": message_id(event.pk, 7, NOW),
        "timestamp": "2026-11-22T12:00:00+00:00",
        "data": {"customer": {"number": 7}, "bell": "Glocke"},
    }


def test_news_of_a_change_that_did_not_happen_is_not_told(
    receiver: Receiver, worker: Worker
) -> None:
    hook(receiver)
    with transaction.atomic():
        announce(Rung((1,), "door"), NOW)
        transaction.set_rollback(True)
    worker.work()
    assert receiver.heard == []


def test_a_webhook_is_told_of_what_it_wants_alone(receiver: Receiver, worker: Worker) -> None:
    hook(receiver, "door.closed")
    ring(1)
    with transaction.atomic():
        announce(Closed(4), NOW)
    worker.work()
    assert [it.told["data"] for it in receiver.heard] == [{"door": 25}]


def test_what_happened_before_a_webhook_was_made_is_not_told_to_it(
    receiver: Receiver, worker: Worker
) -> None:
    ring(1)
    worker.work()
    hook(receiver)
    ring(2)
    worker.work()
    assert receiver.customers == [2]


def test_an_event_that_commits_after_a_later_one_is_told_too(
    receiver: Receiver, worker: Worker
) -> None:
    hook(receiver)
    ring(1)
    late = Event.objects.get()
    ring(2)
    Event.objects.filter(pk=late.pk).delete()  # nobody sees it yet
    worker.work()
    late.save(force_insert=True)
    worker.work()
    assert receiver.customers == [2, 1]


def test_a_failing_delivery_holds_back_later_ones_of_its_customer_and_no_others(
    receiver: Receiver, worker: Worker
) -> None:
    made = hook(receiver)
    receiver.reply = fails_for(1)
    for bell in ("first", "second"):
        ring(1, 2, 3, bell=bell)
    worker.work()
    told = [(it.customer, it.told["data"]["bell"]) for it in receiver.heard]
    assert (1, "second") not in told
    assert {it for it in told if it[0] != 1} == {
        (customer, bell) for customer in (2, 3) for bell in ("first", "second")
    }
    receiver.reply = says(200)
    worker.later(minutes=1)
    ones = [it for it in receiver.heard if it.customer == 1]
    assert [it.told["data"]["bell"] for it in ones] == ["first", "first", "second"]
    assert {it.state for it in deliveries(made)} == {State.DONE}


def test_a_customers_deliveries_go_in_the_order_of_what_happened(
    receiver: Receiver, worker: Worker
) -> None:
    hook(receiver)
    for bell in range(30):
        ring(1, 2, bell=str(bell))
    worker.work()
    for customer in (1, 2):
        bells = [it.told["data"]["bell"] for it in receiver.heard if it.customer == customer]
        assert bells == [str(bell) for bell in range(30)]
    assert receiver.most_at_once <= 2


def test_a_failure_is_tried_again_under_the_same_id_ever_later(
    receiver: Receiver, worker: Worker
) -> None:
    made = hook(receiver)
    receiver.reply = says(503, "come back")
    ring(1)
    worker.work()
    [row] = deliveries(made)
    assert (row.state, row.status, row.answer) == (State.WAITING, 503, "come back")
    assert row.due_at == NOW + timedelta(seconds=5)
    worker.later(seconds=4)
    assert len(receiver.heard) == 1
    worker.later(seconds=1)
    [row] = deliveries(made)
    assert row.due_at == worker.clock.now + timedelta(seconds=30)
    receiver.reply = says(204)
    worker.later(seconds=30)
    assert len({it.headers["webhook-id"] for it in receiver.heard}) == 1
    assert len({it.headers["webhook-timestamp"] for it in receiver.heard}) == 3
    assert [(it.state, it.status, it.answer) for it in deliveries(made)] == [(State.DONE, 204, "")]


def test_what_fails_for_good_is_seen_and_lets_the_next_one_go(
    receiver: Receiver, worker: Worker
) -> None:
    made = hook(receiver)
    receiver.reply = fails_for(1)
    ring(1)
    for _ in range(ATTEMPTS):
        ring(2)  # which goes well: the webhook as a whole does not fail
        worker.later(days=1.3)
    failed = list_deliveries(made.webhook.id, state=State.FAILED)
    assert [(it.customer, it.attempts) for it in failed] == [(1, ATTEMPTS)]
    assert get_webhook(made.webhook.id).failed == 1
    receiver.reply = says(200)
    ring(1, bell="next")
    worker.work()
    assert receiver.heard[-1].told["data"]["bell"] == "next"


def test_what_cannot_be_told_fails_alone_and_is_seen(receiver: Receiver, worker: Worker) -> None:
    made = hook(receiver)
    with transaction.atomic():
        for door in (1, 0, 4):
            announce(Closed(door), NOW)
    worker.work()
    assert sorted(it.told["data"]["door"] for it in receiver.heard) == [25, 100]
    [failed] = list_deliveries(made.webhook.id, state=State.FAILED)
    assert "not there any more" in failed.answer


def test_a_slow_receiver_delays_nobody_else(receiver: Receiver, worker: Worker) -> None:
    go_on = Flag()
    with receiving() as slow:

        def waits(heard: Heard, handler: BaseHTTPRequestHandler) -> None:
            go_on.wait(30)
            says(200)(heard, handler)

        slow.reply = waits
        hook(slow)
        hook(receiver)
        ring(*range(1, 101))
        while len(receiver.heard) < 100:
            worker.dispatcher.step()
            worker.dispatcher.wait(0.05)
        assert slow.most_at_once <= 8
        go_on.set()
        worker.work()
        assert sorted(slow.customers) == list(range(1, 101))


def test_a_failing_receiver_is_asked_by_one_at_a_time(receiver: Receiver, worker: Worker) -> None:
    hook(receiver)
    receiver.reply = says(500)
    ring(1)
    worker.work()
    receiver.most_at_once = 0
    ring(*range(2, 30))
    worker.work()
    assert len(receiver.heard) == 29
    assert receiver.most_at_once == 1


def test_what_a_dead_worker_claimed_is_sent_by_another(receiver: Receiver, worker: Worker) -> None:
    made = hook(receiver)
    ring(1)
    offer_events(NOW)
    assert len(claim_deliveries(made.webhook.id, "dead", NOW, 10)) == 1
    worker.work()
    assert receiver.heard == []
    worker.later(seconds=LEASE.total_seconds() + 1)
    assert receiver.customers == [1]


def test_a_worker_that_ends_gives_back_what_it_did_not_begin(receiver: Receiver) -> None:
    made = hook(receiver)
    first, second = Worker(), Worker()
    go_on = Flag()

    def waits(heard: Heard, handler: BaseHTTPRequestHandler) -> None:
        go_on.wait(30)
        says(200)(heard, handler)

    receiver.reply = waits
    ring(*range(1, 21))
    first.dispatcher.step()
    while len(receiver.heard) < 8:
        first.dispatcher.wait(0.01)
    go_on.set()
    first.dispatcher.close()
    second.work()
    second.dispatcher.close()
    assert sorted(receiver.customers) == list(range(1, 21))
    assert {it.attempts for it in deliveries(made)} == {1}
