"""The queue of imports: workers that die, wait for each other, or have a wrong clock."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from imports import NOW, asked, counts, imported, ndjson, order, orders, worked
from regulars.apps.firm.operations import apply_retention
from regulars.apps.firm.queries import list_retention
from regulars.apps.intake import tasks
from regulars.apps.intake.operations import retry_import, start_import, undo_import
from regulars.apps.intake.operations.working import claim_run, keep_findings, write_batch
from regulars.apps.intake.places import imports_folder, run_folder
from regulars.apps.intake.queries import get_run
from regulars.apps.intake.reading.prepare import prepare
from regulars.apps.intake.rules import ATTEMPTS, LEASE, Aim, How, State
from regulars.apps.intake.tasks import new_worker, run_due_imports
from regulars.apps.orders.queries import find_order, list_orders
from regulars.interfaces.api.import_rows import BODIES
from regulars.kernel.actors import COMMAND
from regulars.kernel.errors import InputError
from regulars.kernel.outcomes import Outcome

SOME = ndjson(*orders(7))

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("regulars.apps.intake.reading.bodies.BATCH", 2)


def test_each_step_is_one_batch_and_progress_is_seen() -> None:
    number, worker, shares = asked(SOME, how=How()), new_worker(), []
    while run_due_imports(worker, NOW, BODIES):
        shares.append(get_run(number).share)
    assert shares == [0, 0.25, 0.5, 0.75, 1, 1]
    assert len(list_orders()) == 7


def test_a_run_in_hand_is_not_taken_by_another_worker() -> None:
    asked(SOME, how=How())
    assert run_due_imports("a" * 32, NOW, BODIES) == 1
    assert run_due_imports("b" * 32, NOW, BODIES) == 0


@pytest.mark.parametrize("steps", range(6))
def test_a_worker_that_died_at_any_step_is_followed_by_another(steps: int) -> None:
    number = asked(SOME, how=How())
    for _ in range(steps):
        run_due_imports("a" * 32, NOW, BODIES)
    if steps < 6:
        worked(NOW + LEASE + timedelta(seconds=1))
    run = get_run(number)
    assert (run.state, counts(run)) == (State.DONE, (7, 0, 7, 0, 0))
    assert len(list_orders()) == 7


@pytest.mark.parametrize("minutes", [-10, 10])
def test_two_workers_whose_clocks_differ_come_to_the_right_end(minutes: int) -> None:
    number = asked(SOME, how=How())
    other = NOW + timedelta(minutes=minutes)
    for _ in range(30):
        run_due_imports("a" * 32, NOW, BODIES)
        run_due_imports("b" * 32, other, BODIES)
    run = get_run(number)
    assert (run.state, counts(run)) == (State.DONE, (7, 0, 7, 0, 0))
    assert len(list_orders()) == 7


def test_a_batch_of_a_worker_that_lost_the_run_is_not_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    number, late = asked(SOME, how=How()), NOW + LEASE + timedelta(seconds=1)
    run_due_imports("a" * 32, NOW, BODIES)

    def after_the_other(*told: Any) -> bool:  # noqa: ANN401 - whatever it is called with
        monkeypatch.setattr(tasks, "write_batch", write_batch)
        worked(late)
        return write_batch(*told)

    monkeypatch.setattr(tasks, "write_batch", after_the_other)
    run_due_imports("a" * 32, NOW, BODIES)
    assert counts(get_run(number)) == (7, 0, 7, 0, 0)


def test_what_a_worker_read_after_it_lost_the_run_is_left_aside() -> None:
    asked(SOME, how=How())
    claim = claim_run("a" * 32, NOW)
    assert claim is not None
    stale = replace(claim, worker="b" * 32)
    assert not keep_findings(stale, read=1, rejected=0, batches=1, findings={}, now=NOW)


def test_a_run_that_ends_worker_after_worker_is_given_up() -> None:
    number = asked(SOME, how=How())
    for place in range(ATTEMPTS + 2):
        claim_run(f"{place:032}", NOW + place * (LEASE + timedelta(seconds=1)))
    run = get_run(number)
    assert run.state is State.FAILED
    assert "6 workers ended" in str(run.reason)
    retry_import(number, actor=COMMAND, now=NOW)
    worked()
    assert get_run(number).state is State.DONE


def test_a_failure_is_told_and_tried_again_from_where_it_stopped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    number, write, calls = asked(SOME, how=How()), tasks._import, []  # noqa: SLF001 - it is made to fail

    def fails_once(*told: Any) -> Counter[Outcome]:  # noqa: ANN401 - whatever it is called with
        calls.append(told)
        if len(calls) == 3:
            raise OSError(28, "No space left on device")
        return write(*told)

    monkeypatch.setattr(tasks, "_import", fails_once)
    worked()
    run = get_run(number)
    assert (run.state, run.created) == (State.FAILED, 4)
    assert "No space left on device" in str(run.reason)
    retry_import(number, actor=COMMAND, now=NOW)
    worked()
    run = get_run(number)
    assert (run.state, run.reason, counts(run)) == (State.DONE, None, (7, 0, 7, 0, 0))


def test_one_broken_import_does_not_stop_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = asked(SOME, how=How()), asked(ndjson(order(8)), how=How())

    def fails_once(*_: object, **__: object) -> object:
        monkeypatch.setattr(tasks, "prepare", prepare)
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(tasks, "prepare", fails_once)
    worked()
    assert "ZeroDivisionError: a bug" in str(get_run(first).reason)
    assert get_run(second).state is State.DONE


def test_nothing_is_left_beside_what_is_kept() -> None:
    run = imported(SOME, how=How())
    assert [file.name for file in run_folder(run.id).iterdir()] == ["rejects.ndjson"]
    left = sorted(place.name for place in imports_folder().iterdir())
    assert left == [f"run-{run.id}", "uploads"]


def test_an_undone_import_leaves_what_was_there_before() -> None:
    imported(ndjson(order(1)), how=How())
    before = list_orders()
    run = imported(ndjson(order(1, store="Mill"), order(2)), how=How())
    undo_import(run.id, actor=COMMAND, now=NOW)
    worked()
    undone = get_run(run.id)
    assert undone.state is State.UNDONE
    assert undone.findings.undone["restored"] == 1
    assert list_orders() == before


def test_undoing_goes_on_after_a_kill_and_twice_is_once() -> None:
    run = imported(SOME, how=How())
    undo_import(run.id, actor=COMMAND, now=NOW)
    run_due_imports("a" * 32, NOW, BODIES)
    worked(NOW + LEASE + timedelta(seconds=1))
    undo_import(run.id, actor=COMMAND, now=NOW)
    assert get_run(run.id).state is State.UNDONE
    assert list_orders() == []


def test_what_was_changed_since_is_left_by_undoing() -> None:
    run = imported(ndjson(order(1), order(2)), how=How())
    asked(ndjson(order(1, store="Mill")), how=How())
    worked(NOW + timedelta(seconds=1))
    undo_import(run.id, actor=COMMAND, now=NOW)
    worked()
    assert get_run(run.id).findings.undone["left"] >= 1
    assert find_order("o1") is not None
    assert find_order("o2") is None


def test_an_import_is_undone_no_longer_than_what_it_replaced_is_kept() -> None:
    run = imported(SOME, how=How())
    before, kept = list_orders(), list_retention()
    days = next(row.days for row in kept if row.kind == "replaced")
    assert days == 90
    apply_retention(NOW + timedelta(days=89))
    undo_import(imported(ndjson(order(9)), how=How()).id, actor=COMMAND, now=NOW)
    worked()
    assert list_orders() == before
    apply_retention(NOW + timedelta(days=91))
    with pytest.raises(InputError, match=f"Nothing that import {run.id} wrote is left to undo"):
        undo_import(run.id, actor=COMMAND, now=NOW)
    assert get_run(run.id) == run
    assert list_orders() == before


def test_what_does_not_fit_an_imports_state_is_refused() -> None:
    number = asked(SOME, how=How(), aim=Aim.PREVIEW)
    with pytest.raises(InputError, match="is waiting"):
        start_import(number, actor=COMMAND, now=NOW)
    with pytest.raises(InputError, match="that is over"):
        undo_import(number, actor=COMMAND, now=NOW)
    with pytest.raises(InputError, match="that failed"):
        retry_import(number, actor=COMMAND, now=NOW)
    with pytest.raises(InputError, match="There is no import"):
        retry_import(number + 1, actor=COMMAND, now=NOW)
