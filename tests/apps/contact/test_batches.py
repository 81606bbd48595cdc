"""A batch is paused, goes on, and is stopped for good; a single delivery is cancelled."""

import pytest

from outbox import NOW, a_batch, a_delivery, deliveries_of, somebody
from regulars.apps.contact.models import Batch
from regulars.apps.contact.operations.batches import (
    cancel_delivery,
    pause_batch,
    resume_batch,
    stop_batch,
)
from regulars.apps.contact.queries.batches import (
    OnlyBatches,
    count_batches,
    find_batch,
    is_open,
    list_batches,
    list_senders,
)
from regulars.apps.contact.queries.deliveries import list_deliveries
from regulars.apps.contact.rules.purposes import Purpose
from regulars.apps.contact.rules.states import OPEN, Reason, State
from regulars.apps.journal.models import Event
from regulars.apps.journal.queries import list_entries
from regulars.kernel.actors import COMMAND
from regulars.kernel.errors import InputError

pytestmark = pytest.mark.django_db


def verbs(subject: str) -> list[str]:
    return [entry.verb for entry in list_entries(subject=subject)]


def test_a_batch_is_paused_once_and_goes_on_once() -> None:
    batch = a_batch()

    assert pause_batch(batch, actor=COMMAND, now=NOW)
    assert not pause_batch(batch, actor=COMMAND, now=NOW)
    paused = find_batch(batch)
    assert paused is not None
    assert paused.paused_at == NOW

    assert resume_batch(batch, actor=COMMAND, now=NOW)
    assert not resume_batch(batch, actor=COMMAND, now=NOW)
    going = find_batch(batch)
    assert going is not None
    assert going.paused_at is None
    assert verbs(f"batch:{batch}") == ["went on with a batch", "paused a batch"]


def test_stopping_skips_what_waits_and_nothing_else() -> None:
    batch, other = a_batch(), a_batch("december")
    states = {state: somebody(f"c{state}") for state in State}
    of_batch = {state: a_delivery(batch, who, state) for state, who in states.items()}
    elsewhere = a_delivery(other, states[State.PLANNED])

    assert stop_batch(batch, actor=COMMAND, now=NOW) == 1

    found = {row.number: row for row in list_deliveries()}
    stopped = found.pop(of_batch[State.PLANNED])
    assert (stopped.state, stopped.reason) == (State.SKIPPED, Reason.CANCELLED)
    assert stopped.ended_at == NOW
    assert found.pop(elsewhere).state is State.PLANNED
    assert {number: row.state for number, row in found.items()} == {
        number: state for state, number in of_batch.items() if state is not State.PLANNED
    }


def test_stopping_again_stops_what_was_left_and_is_written_down_once() -> None:
    batch = a_batch()
    deliveries_of(batch, [somebody("c1")])
    stop_batch(batch, actor=COMMAND, now=NOW)
    deliveries_of(batch, [somebody("c2")])  # as if the program had died halfway

    assert stop_batch(batch, actor=COMMAND, now=NOW) == 1
    assert stop_batch(batch, actor=COMMAND, now=NOW) == 0

    assert verbs(f"batch:{batch}") == ["stopped a batch"]
    assert not is_open(batch)


def test_what_was_stopped_is_told_to_whoever_follows() -> None:
    batch = a_batch()
    numbers = deliveries_of(batch, [somebody("c1"), somebody("c2")])

    stop_batch(batch, actor=COMMAND, now=NOW)

    told = Event.objects.get(name="DeliveriesEnded")
    assert told.data["deliveries"] == numbers


def test_a_secret_is_let_go_once_nobody_is_left_to_get_it() -> None:
    batch = a_batch(secret=True)
    first, second = deliveries_of(batch, [somebody("c1"), somebody("c2")])

    cancel_delivery(first, actor=COMMAND, now=NOW)
    assert Batch.objects.get(pk=batch).content
    cancel_delivery(second, actor=COMMAND, now=NOW)
    assert Batch.objects.get(pk=batch).content == {}


def test_what_is_no_secret_stays_to_be_read() -> None:
    batch = a_batch()
    [number] = deliveries_of(batch, [somebody()])

    cancel_delivery(number, actor=COMMAND, now=NOW)

    assert Batch.objects.get(pk=batch).content


def test_a_paused_batch_that_is_stopped_leaves_nothing_that_waits_for_ever() -> None:
    batch = a_batch()
    pause_batch(batch, actor=COMMAND, now=NOW)

    stop_batch(batch, actor=COMMAND, now=NOW)

    # what a worker hands back later is taken up once more and skipped: a paused batch never is
    stopped = find_batch(batch)
    assert stopped is not None
    assert stopped.paused_at is None


def test_a_stopped_batch_neither_pauses_nor_goes_on() -> None:
    batch = a_batch()
    stop_batch(batch, actor=COMMAND, now=NOW)

    for change in (pause_batch, resume_batch):
        with pytest.raises(InputError, match="stopped for good"):
            change(batch, actor=COMMAND, now=NOW)


def test_a_batch_that_is_not_there_is_refused() -> None:
    for change in (pause_batch, resume_batch, stop_batch):
        with pytest.raises(InputError, match="no batch 999"):
            change(999, actor=COMMAND, now=NOW)


@pytest.mark.parametrize("state", State)
def test_a_delivery_is_cancelled_only_while_it_waits(state: State) -> None:
    number = a_delivery(a_batch(), somebody(), state)

    cancelled = cancel_delivery(number, actor=COMMAND, now=NOW)

    [row] = list_deliveries()
    assert cancelled is (state is State.PLANNED)
    assert row.state is (State.SKIPPED if cancelled else state)
    assert verbs(f"delivery:{number}") == ["cancelled a delivery"][: int(cancelled)]
    assert not cancel_delivery(number, actor=COMMAND, now=NOW)


def test_a_delivery_that_is_not_there_is_refused() -> None:
    with pytest.raises(InputError, match="no delivery 999"):
        cancel_delivery(999, actor=COMMAND, now=NOW)


def test_batches_are_listed_by_the_page_and_narrowed() -> None:
    first, second, third = (
        a_batch("one"),
        a_batch("two", purpose=Purpose.CARE, sender="care", label=""),
        a_batch("three"),
    )
    pause_batch(first, actor=COMMAND, now=NOW)
    stop_batch(third, actor=COMMAND, now=NOW)

    assert [it.number for it in list_batches(limit=2)] == [third, second]
    assert [it.number for it in list_batches(after=second)] == [first]
    assert [it.number for it in list_batches(newest=False, after=first)] == [second, third]
    for only, expected in (
        (OnlyBatches(sender="care"), second),
        (OnlyBatches(purpose=Purpose.CARE), second),
        (OnlyBatches(paused=True), first),
        (OnlyBatches(stopped=True), third),
        (OnlyBatches(stopped=False, paused=False), second),
    ):
        assert [it.number for it in list_batches(only)] == [expected]
        assert count_batches(only) == 1
    assert list_batches(OnlyBatches(sender="care"))[0].called == "care: two"
    assert list_senders() == ["care", "engagement"]


@pytest.mark.parametrize("state", State)
def test_a_batch_is_open_while_one_of_its_deliveries_is(state: State) -> None:
    batch = a_batch()
    a_delivery(batch, somebody(), state)

    assert is_open(batch) is (state in OPEN)
