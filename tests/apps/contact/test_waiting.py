"""How far the door out is behind, for whoever watches it."""

from datetime import timedelta

import pytest

from messages import NOON, Fake, plan, send, somebody
from regulars.apps.contact.models import Batch, Delivery
from regulars.apps.contact.operations.batches import pause_batch
from regulars.apps.contact.queries.waiting import Waiting, get_waiting
from regulars.apps.contact.rules.purposes import Purpose
from regulars.apps.contact.transports.outgoing import Unsure
from regulars.interfaces.metrics import MESSAGES
from regulars.kernel.actors import COMMAND

HOUR = timedelta(hours=1)

pytestmark = pytest.mark.django_db


def test_what_is_due_is_counted_and_the_oldest_of_it_told() -> None:
    assert get_waiting(NOON) == Waiting(due=0, oldest=timedelta(), uncertain=0)
    ona, jonas = somebody("ona"), somebody("jonas")
    plan("first", ona, jonas)
    plan("second", ona, not_before=NOON + 2 * HOUR)
    assert get_waiting(NOON + HOUR) == Waiting(due=2, oldest=HOUR, uncertain=0)
    assert get_waiting(NOON + 2 * HOUR).due == 3
    send(Fake())
    assert get_waiting(NOON + HOUR).due == 0


def test_what_a_paused_batch_holds_back_is_not_due() -> None:
    plan("first", somebody())
    pause_batch(Batch.objects.get().pk, actor=COMMAND, now=NOON)
    assert get_waiting(NOON + HOUR) == Waiting(due=0, oldest=timedelta(), uncertain=0)


def test_what_nobody_knows_of_is_a_figure() -> None:
    plan("first", somebody("ona"))
    send(Fake(outcomes={"ona@example.com": Unsure("cut off")}))
    plan("second", somebody("jonas"), purpose=Purpose.SERVICE)
    assert Delivery.objects.filter(state="uncertain").count() == 1
    read = {reading.name: reading.read(NOON + HOUR) for reading in MESSAGES}
    assert read == {
        "regulars_messages_waiting": 1,
        "regulars_messages_oldest_seconds": 3600,
        "regulars_messages_uncertain": 1,
    }
