"""The worker: one loop over the tables that are its queues, and one for imports beside it."""

import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

from django.db import DatabaseError, close_old_connections

from regulars.apps.journal.operations import forget_answers, handle_due
from regulars.project.import_loop import work_imports

PAUSE = 1.0
"""Seconds between two looks where there is nothing to do."""
_ANSWERS_KEPT = timedelta(days=7)


def work(stop: Event, clock: Callable[[], datetime], say: Callable[[str], None]) -> None:
    """Do what is due until told to stop; the work in hand is finished first.

    A database that is away for a while is waited for.

    Args:
        stop: Set when the worker has to end.
        clock: Tells the time.
        say: Takes a line for the log.
    """
    while not stop.is_set():
        close_old_connections()
        try:
            done = look(clock())
        except DatabaseError as error:
            say(f"The database does not answer: {error}")
            done = 0
        if not done:
            stop.wait(PAUSE)


def look(now: datetime) -> int:
    """Look at every queue once; return how much was done."""
    return handle_due(now) + forget_answers(now - _ANSWERS_KEPT)


def run(say: Callable[[str], None]) -> None:
    """Work until SIGTERM or Ctrl-C."""
    stop = Event()
    for kind in (signal.SIGTERM, signal.SIGINT):
        signal.signal(kind, lambda *_: stop.set())
    imports = Thread(target=work_imports, args=(stop, _now, say))
    imports.start()
    work(stop, _now, say)
    imports.join()


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the edge: a worker reads the clock
