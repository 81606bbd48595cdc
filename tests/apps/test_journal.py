"""News travels upwards, at least once, and a failure is written down."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from regulars.apps.journal import operations
from regulars.apps.journal.events import News
from regulars.apps.journal.models import Handling
from regulars.apps.journal.operations import (
    announce,
    find_answer,
    follow,
    forget_answers,
    handle_due,
    keep_answer,
)
from regulars.apps.journal.queries import Backlog, count_failed, get_backlog
from regulars.apps.journal.rules import ATTEMPTS
from regulars.kernel.actors import COMMAND, WORKER

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@dataclass(frozen=True, slots=True)
class Rung(News):
    """Somebody rang."""

    door: int


class Listener:
    """Hears the news, or fails."""

    def __init__(self) -> None:
        self.heard: list[Mapping[str, object]] = []
        self.fails = False

    def __call__(self, news: Mapping[str, object], _now: datetime, /) -> None:
        """Hear."""
        if self.fails:
            raise ZeroDivisionError("deaf")
        self.heard.append(news)


@pytest.fixture
def listener(monkeypatch: pytest.MonkeyPatch) -> Listener:
    monkeypatch.setattr(operations, "_followers", {})
    heard = Listener()
    follow(Rung, "listener", heard)
    return heard


def ring(door: int) -> None:
    with transaction.atomic():
        announce(Rung(door), NOW)


def test_news_is_heard_once(listener: Listener) -> None:
    ring(1)
    assert handle_due(NOW) == 1
    assert handle_due(NOW) == 0
    assert listener.heard == [{"door": 1}]


def test_news_of_a_change_that_did_not_happen_is_not_told(listener: Listener) -> None:
    with transaction.atomic():
        announce(Rung(1), NOW)
        transaction.set_rollback(True)
    assert handle_due(NOW) == 0
    assert listener.heard == []


def test_a_failure_is_tried_again_later_and_heard_when_it_is_mended(listener: Listener) -> None:
    listener.fails = True
    ring(1)
    assert handle_due(NOW) == 1
    assert handle_due(NOW) == 0
    listener.fails = False
    assert handle_due(NOW + timedelta(minutes=1)) == 1
    assert listener.heard == [{"door": 1}]


def test_what_fails_for_good_waits_for_a_person(listener: Listener) -> None:
    listener.fails = True
    ring(1)
    moment = NOW
    for _ in range(20):
        handle_due(moment)
        moment += timedelta(hours=2)
    assert count_failed() == 1
    assert handle_due(moment) == 0


def test_one_failure_leaves_the_others_be(listener: Listener) -> None:
    follow(Rung, "a", Listener())
    listener.fails = True
    second = Listener()
    follow(Rung, "z", second)
    ring(1)
    handle_due(NOW)
    assert second.heard == [{"door": 1}]


@pytest.mark.usefixtures("listener")
def test_the_work_of_a_dead_worker_is_taken_over(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = Listener()
    follow(Rung, "listener", heard)
    ring(1)
    with monkeypatch.context() as dead:
        dead.setattr(operations, "_handle", lambda *_: None)
        assert handle_due(NOW) == 1
    assert handle_due(NOW + timedelta(minutes=1)) == 0
    assert handle_due(NOW + timedelta(minutes=6)) == 1
    assert heard.heard == [{"door": 1}]


def test_an_answer_is_kept_for_its_caller_alone() -> None:
    assert find_answer(COMMAND, "k", "f", NOW) is None
    keep_answer(COMMAND, "k", 201, "{}")
    again = find_answer(COMMAND, "k", "f", NOW)
    assert again is not None
    assert (again.status, again.body, again.same) == (201, "{}", True)
    other = find_answer(COMMAND, "k", "another", NOW)
    assert other is not None
    assert not other.same
    assert find_answer(WORKER, "k", "f", NOW) is None


def test_old_answers_are_forgotten() -> None:
    find_answer(COMMAND, "k", "f", NOW)
    assert forget_answers(NOW) == 0
    assert forget_answers(NOW + timedelta(seconds=1)) == 1


def test_the_backlog_says_how_much_waits_how_long_and_what_failed(listener: Listener) -> None:
    assert get_backlog(NOW) == Backlog(0, timedelta(), 0)
    ring(1)
    ring(2)
    assert get_backlog(NOW + timedelta(minutes=3)) == Backlog(2, timedelta(minutes=3), 0)
    listener.fails = True
    moment = NOW
    for _ in range(20):
        handle_due(moment)
        moment += timedelta(hours=2)
    assert get_backlog(moment) == Backlog(0, timedelta(), 2)


@pytest.mark.usefixtures("listener")
def test_what_was_taken_over_by_another_worker_is_left_to_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    heard = Listener()
    follow(Rung, "listener", heard)
    ring(1)
    handle = operations._handle  # noqa: SLF001 - the moment between taking up and doing

    def late(handling: Handling, now: datetime) -> None:
        monkeypatch.setattr(operations, "_handle", handle)
        assert handle_due(now + timedelta(minutes=10)) == 1
        handle(handling, now)

    monkeypatch.setattr(operations, "_handle", late)
    assert handle_due(NOW) == 1
    assert heard.heard == [{"door": 1}]


@pytest.mark.usefixtures("listener")
def test_what_kills_every_worker_waits_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = Listener()
    follow(Rung, "listener", heard)
    ring(1)
    moment = NOW
    with monkeypatch.context() as dead:
        dead.setattr(operations, "_handle", lambda *_: None)
        for _ in range(ATTEMPTS):
            handle_due(moment)
            moment += timedelta(minutes=6)
    handle_due(moment)
    assert (count_failed(), heard.heard) == (1, [])
