"""Webhooks are changed, paused and told again."""

from datetime import timedelta

import pytest

from bells import NOW, Worker, deliveries, hook, ring
from receivers import Receiver, receiving, says
from regulars.apps.journal.models import WebhookDelivery
from regulars.apps.journal.operations import forget_news
from regulars.apps.journal.queries import list_entries
from regulars.apps.journal.webhooks.operations import (
    Again,
    NewSecret,
    WebhookData,
    add_webhook,
    change_webhook,
    forget_deliveries,
    pause_webhook,
    remove_webhook,
    replay,
    resume_webhook,
    send_test,
)
from regulars.apps.journal.webhooks.queries import (
    Paused,
    State,
    find_webhook,
    get_webhook,
)
from regulars.apps.journal.webhooks.queue import offer_events
from regulars.apps.journal.webhooks.rules import ATTEMPTS
from regulars.kernel.actors import COMMAND
from regulars.kernel.errors import InputError

pytestmark = pytest.mark.django_db


def fail_for_good(receiver: Receiver, worker: Worker) -> NewSecret:
    made = hook(receiver)
    receiver.reply = says(500)
    ring(1, 2)
    WebhookDelivery.objects.update(attempts=ATTEMPTS)
    offer_events(NOW)
    WebhookDelivery.objects.update(attempts=ATTEMPTS)
    worker.work()
    receiver.reply = says(200)
    assert get_webhook(made.webhook.id).failed == 2
    return made


def test_all_that_failed_is_sent_again(receiver: Receiver, worker: Worker) -> None:
    made = fail_for_good(receiver, worker)
    assert replay(made.webhook.id, Again(failed=True), actor=COMMAND, now=NOW) == 2
    worker.work()
    assert [it.state for it in deliveries(made)] == [State.DONE] * 2
    [entry] = list_entries(verb="replayed webhook")
    assert entry.data == {"deliveries": 2}


def test_one_delivery_is_sent_again(receiver: Receiver, worker: Worker) -> None:
    made = fail_for_good(receiver, worker)
    first, _ = deliveries(made)
    assert replay(made.webhook.id, Again(delivery=first.id), actor=COMMAND, now=NOW) == 1
    worker.work()
    assert [it.state for it in deliveries(made)] == [State.DONE, State.FAILED]
    with pytest.raises(InputError, match="no delivery 999"):
        replay(made.webhook.id, Again(delivery=999), actor=COMMAND, now=NOW)


def test_what_was_told_since_an_instant_is_told_again_in_its_order(
    receiver: Receiver, worker: Worker
) -> None:
    made = hook(receiver)
    ring(1, bell="early")
    worker.work()
    worker.clock.now += timedelta(hours=1)
    since = worker.clock.now
    ring(1, bell="late")
    ring(1, bell="later")
    worker.work()
    assert replay(made.webhook.id, Again(since=since), actor=COMMAND, now=since) == 2
    worker.work()
    bells = [it.told["data"]["bell"] for it in receiver.heard]
    assert bells == ["early", "late", "later", "late", "later"]
    assert receiver.heard[1].headers["webhook-id"] == receiver.heard[3].headers["webhook-id"]


def test_a_webhook_that_fails_for_days_is_paused_and_loses_nothing(
    receiver: Receiver, worker: Worker
) -> None:
    made = hook(receiver)
    receiver.reply = says(500)
    ring(1)
    for _ in range(60):
        worker.later(hours=1)
    row = get_webhook(made.webhook.id)
    assert (row.paused, row.waiting, row.failed) == (Paused.FAILING, 1, 0)
    [entry] = list_entries(verb="paused webhook")
    assert (entry.actor, entry.data) == ("worker", {"because": "failing"})
    heard = len(receiver.heard)
    ring(1, bell="meanwhile")
    worker.later(days=1)
    assert len(receiver.heard) == heard
    receiver.reply = says(200)
    resume_webhook(made.webhook.id, actor=COMMAND, now=worker.clock.now)
    worker.work()
    bells = [it.told["data"]["bell"] for it in receiver.heard[heard:]]
    assert bells == ["door", "meanwhile"]


def test_a_webhook_that_is_gone_is_paused(receiver: Receiver, worker: Worker) -> None:
    made = hook(receiver)
    receiver.reply = says(410)
    ring(1)
    worker.work()
    worker.later(days=1)
    row = get_webhook(made.webhook.id)
    assert (row.paused, row.waiting, len(receiver.heard)) == (Paused.GONE, 1, 1)


def test_a_webhook_that_is_paused_by_hand_goes_on_where_it_stopped(
    receiver: Receiver, worker: Worker
) -> None:
    made = hook(receiver)
    pause_webhook(made.webhook.id, actor=COMMAND, now=NOW)
    ring(1)
    worker.work()
    assert receiver.heard == []
    resume_webhook(made.webhook.id, actor=COMMAND, now=NOW)
    worker.work()
    assert receiver.customers == [1]


def test_what_waits_goes_to_the_address_that_holds(receiver: Receiver, worker: Worker) -> None:
    with receiving() as other:
        made = hook(receiver)
        ring(1)
        offer_events(NOW)
        told = WebhookData(address=other.address)
        change_webhook(made.webhook.id, told, private=True, actor=COMMAND, now=NOW)
        worker.work()
        assert (receiver.customers, other.customers) == ([], [1])


def test_a_webhook_that_is_removed_is_told_nothing_more(
    receiver: Receiver, worker: Worker
) -> None:
    made = hook(receiver)
    ring(1)
    offer_events(NOW)
    assert remove_webhook(made.webhook.id, actor=COMMAND, now=NOW)
    assert not remove_webhook(made.webhook.id, actor=COMMAND, now=NOW)
    worker.work()
    assert (receiver.heard, find_webhook(made.webhook.id)) == ([], None)


def test_a_test_arrives_and_tells_nothing(receiver: Receiver, worker: Worker) -> None:
    made = hook(receiver, "door.closed")
    sent = send_test(made.webhook.id, actor=COMMAND, now=NOW)
    worker.work()
    [heard] = receiver.heard
    assert (heard.told["type"], heard.told["data"]) == ("webhook.test", {})
    assert heard.is_signed_by(made.secret)
    assert [it.id for it in deliveries(made)] == [sent]


def test_old_deliveries_go_and_then_the_news_they_told(receiver: Receiver, worker: Worker) -> None:
    made = hook(receiver)
    ring(1)
    offer_events(NOW)
    later = NOW + timedelta(days=1)
    assert (forget_deliveries(later), forget_news(later)) == (0, 0)
    worker.work()
    assert forget_news(later) == 0
    assert forget_deliveries(later) == 1
    assert forget_news(later) == 1
    assert deliveries(made) == []


@pytest.mark.parametrize(
    "address",
    [
        "ftp://erp.example/",
        "http://erp.example/",
        "https://",
        "https://user:password@erp.example/",
        "https://erp.example/#part",
        "https://erp.example:99999/",
        "https://erp.example/\r\nX: y",
        "https://127.0.0.1/",
        "https://localhost/",
        "https://[::1]/",
        "https://[::ffff:10.1.2.3]/",
        "https://169.254.169.254/latest",
        "https://" + "a" * 500,
    ],
)
def test_an_address_that_could_lead_inside_or_is_none_is_refused(address: str) -> None:
    with pytest.raises(InputError):
        add_webhook(WebhookData(address=address), private=False, actor=COMMAND, now=NOW)


def test_an_event_that_nobody_knows_is_refused() -> None:
    told = WebhookData(address="https://erp.example/", events=("bell.stolen",))
    with pytest.raises(InputError, match=r"bell\.rung, door\.closed"):
        add_webhook(told, private=False, actor=COMMAND, now=NOW)
