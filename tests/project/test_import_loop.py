"""The worker's loop of imports."""

from datetime import datetime
from pathlib import Path
from threading import Event

import pytest
from django.db import OperationalError
from pytest_django import Settings
from structlog.testing import capture_logs

from imports import NOW, asked, ndjson, orders
from regulars.apps.intake.queries import get_run
from regulars.apps.intake.rules import How, State
from regulars.project import import_loop
from regulars.project.import_loop import work_imports

pytestmark = pytest.mark.django_db(transaction=True)


def clock_that_stops(stop: Event, after: int) -> import_loop.Clock:
    """Tells one time, and has the loop stop when it was asked so often."""
    asked_: list[int] = []

    def clock() -> datetime:
        asked_.append(1)
        if len(asked_) >= after:
            stop.set()
        return NOW

    return clock


def test_the_loop_imports_what_is_due_until_it_is_stopped(
    tmp_path: Path, settings: Settings
) -> None:
    settings.DATA_FOLDER = tmp_path
    number, stop = asked(ndjson(*orders(3)), how=How()), Event()
    work_imports(stop, clock_that_stops(stop, 6))
    run = get_run(number)
    assert (run.state, run.created) == (State.DONE, 3)


def test_a_database_that_is_away_is_told_of_and_waited_for(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATA_FOLDER = tmp_path

    def away(_: datetime) -> int:
        raise OperationalError("gone")

    monkeypatch.setattr(import_loop, "start_due_reads", away)
    monkeypatch.setattr(import_loop, "PAUSE", 0)
    stop = Event()
    with capture_logs() as told:
        work_imports(stop, clock_that_stops(stop, 3))
    assert [line["event"] for line in told] == ["the database does not answer"] * 2
