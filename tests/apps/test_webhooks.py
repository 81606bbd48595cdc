"""Programs are told what happens: signed, at least once, in order, and again where it failed."""

import shutil
import subprocess
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from threading import Event as Flag

import pytest
from django.db import transaction
from pytest_django import Settings

from receivers import Heard, Receiver, Reply, receiving, says
from regulars.apps.journal.events import News
from regulars.apps.journal.models import Event, WebhookDelivery, WebhookSecret
from regulars.apps.journal.operations import announce, forget_news
from regulars.apps.journal.queries import list_entries
from regulars.apps.journal.webhooks import registry
from regulars.apps.journal.webhooks.dispatching import Dispatcher
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
    rotate_secret,
    send_test,
)
from regulars.apps.journal.webhooks.queries import (
    DeliveryRow,
    Paused,
    State,
    find_webhook,
    get_webhook,
    list_deliveries,
)
from regulars.apps.journal.webhooks.queue import claim_deliveries, offer_events
from regulars.apps.journal.webhooks.registry import Facts, Part, Published, publish
from regulars.apps.journal.webhooks.rules import ATTEMPTS, LEASE, message_id, signature
from regulars.kernel.actors import COMMAND
from regulars.kernel.errors import InputError
from regulars.kernel.wording import say

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@dataclass(frozen=True, slots=True)
class Rung(News):
    """Customers rang."""

    customers: tuple[int, ...]
    bell: str


@dataclass(frozen=True, slots=True)
class Closed(News):
    """Somebody closed a door that is nobody's."""

    door: int


def tell_rung(parts: Sequence[Part]) -> list[Facts]:
    return [{"customer": {"number": it.customer}, "bell": it.data["bell"]} for it in parts]


def tell_closed(parts: Sequence[Part]) -> list[Facts]:
    return [{"door": 100 // it.data["door"]} for it in parts]


@pytest.fixture(autouse=True)
def _bells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_published", {})
    publish(
        Published(
            news=Rung,
            name="bell.rung",
            what=say("A bell rang"),
            customers=lambda data: data["customers"],
            tell=tell_rung,
        )
    )
    publish(
        Published(
            news=Closed,
            name="door.closed",
            what=say("A door was closed"),
            customers=lambda _: (None,),
            tell=tell_closed,
        )
    )


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as one:
        yield one


class Clock:
    """A clock that is put forward by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        """The time."""
        return self.now


class Worker:
    """Whoever sends, as the worker's loop has him do it."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.seconds = 0.0
        self.dispatcher = Dispatcher(self.clock, lambda: self.seconds, lambda: 0.5, private=True)

    def work(self) -> None:
        """Send until nothing is due."""
        while self.dispatcher.step() or self.dispatcher.under_way:
            if self.dispatcher.under_way:
                self.dispatcher.wait(5)

    def later(self, **span: float) -> None:
        """Put the clock forward, and send what is due then."""
        self.clock.now += timedelta(**span)
        self.work()


@pytest.fixture
def worker() -> Iterator[Worker]:
    one = Worker()
    yield one
    one.dispatcher.close()


def hook(receiver: Receiver, *events: str) -> NewSecret:
    told = WebhookData(address=receiver.address, events=events)
    return add_webhook(told, private=True, actor=COMMAND, now=NOW)


def ring(*customers: int, bell: str = "door") -> None:
    with transaction.atomic():
        announce(Rung(customers, bell), NOW)


def deliveries(made: NewSecret) -> list[DeliveryRow]:
    """From the first to the last."""
    return list(reversed(list_deliveries(made.webhook.id)))


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


def test_signatures_are_those_of_the_published_example() -> None:
    key = b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    told = signature(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert told == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


OPENSSL = shutil.which("openssl")


@pytest.mark.skipif(OPENSSL is None, reason="another implementation is asked")
def test_openssl_finds_the_same_signature(receiver: Receiver, worker: Worker) -> None:
    made = hook(receiver)
    ring(1)
    worker.work()
    [heard] = receiver.heard
    told = f"{heard.headers['webhook-id']}.{heard.headers['webhook-timestamp']}.".encode()
    key = b64decode(made.secret.removeprefix("whsec_")).hex()
    options = ["dgst", "-sha256", "-mac", "HMAC", "-macopt", f"hexkey:{key}", "-binary"]
    mac = subprocess.run(  # noqa: S603 - as the test says
        [str(OPENSSL), *options], input=told + heard.body, capture_output=True, check=True
    ).stdout
    assert heard.headers["webhook-signature"] == "v1," + b64encode(mac).decode()


def test_a_delivery_is_signed_when_it_is_sent(receiver: Receiver, worker: Worker) -> None:
    made = hook(receiver)
    ring(1)
    worker.later(hours=3)
    [heard] = receiver.heard
    assert heard.is_signed_by(made.secret)
    assert not heard.is_signed_by("whsec_bm90aGluZw==")
    assert int(heard.headers["webhook-timestamp"]) == worker.clock.now.timestamp()


def test_both_secrets_sign_until_the_overlap_ends(receiver: Receiver, worker: Worker) -> None:
    old = hook(receiver)
    new = rotate_secret(old.webhook.id, overlap=timedelta(hours=2), actor=COMMAND, now=NOW)
    ring(1)
    worker.work()
    worker.clock.now += timedelta(hours=2)
    ring(2)
    worker.work()
    during, after = receiver.heard
    assert during.is_signed_by(old.secret)
    assert during.is_signed_by(new.secret)
    assert not after.is_signed_by(old.secret)
    assert after.is_signed_by(new.secret)


def test_a_secret_that_is_replaced_at_once_signs_no_more(
    receiver: Receiver, worker: Worker
) -> None:
    old = hook(receiver)
    between = rotate_secret(old.webhook.id, overlap=timedelta(days=1), actor=COMMAND, now=NOW)
    new = rotate_secret(old.webhook.id, overlap=timedelta(), actor=COMMAND, now=NOW)
    ring(1)
    worker.work()
    [heard] = receiver.heard
    assert [heard.is_signed_by(it.secret) for it in (old, between, new)] == [False, False, True]


def test_the_database_does_not_tell_the_secret(receiver: Receiver) -> None:
    made = hook(receiver)
    [row] = WebhookSecret.objects.values()
    assert made.secret.removeprefix("whsec_") not in str(row)


def test_an_installation_with_another_secret_sends_nothing_unsigned_or_wrongly_signed(
    receiver: Receiver, worker: Worker, settings: Settings
) -> None:
    made = hook(receiver)
    ring(1)
    settings.SECRET_KEY = "another secret, as after a restore into another folder"  # noqa: S105 - a test's
    worker.work()
    assert receiver.heard == []
    assert get_webhook(made.webhook.id).paused is Paused.SECRET
    with pytest.raises(InputError, match="was lost"):
        resume_webhook(made.webhook.id, actor=COMMAND, now=NOW)
    new = rotate_secret(made.webhook.id, overlap=timedelta(), actor=COMMAND, now=NOW)
    worker.work()
    assert [it.is_signed_by(new.secret) for it in receiver.heard] == [True]


def fails_for(customer: int) -> Reply:
    def reply(heard: Heard, handler: BaseHTTPRequestHandler) -> None:
        says(500 if heard.customer == customer else 200, "no")(heard, handler)

    return reply


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


@pytest.mark.usefixtures("receiver")
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
