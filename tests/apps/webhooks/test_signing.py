"""What is told is signed, by every secret that lives."""

import shutil
import subprocess
from base64 import b64decode, b64encode
from datetime import timedelta

import pytest
from pytest_django import Settings

from bells import (
    NOW,
    Worker,
    hook,
    ring,
)
from receivers import Receiver
from regulars.apps.journal.models import WebhookSecret
from regulars.apps.journal.webhooks.operations import (
    resume_webhook,
    rotate_secret,
)
from regulars.apps.journal.webhooks.queries import (
    Paused,
    get_webhook,
)
from regulars.apps.journal.webhooks.rules import signature
from regulars.kernel.actors import COMMAND
from regulars.kernel.errors import InputError

pytestmark = pytest.mark.django_db


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
