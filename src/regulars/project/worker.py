"""The worker: one loop over the tables that are its queues."""

import signal
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Event

from django.db import DatabaseError, close_old_connections

from regulars.apps.accounts.operations import send_due
from regulars.apps.firm.operations import apply_retention
from regulars.apps.journal.operations import handle_due

PAUSE = 1.0
"""Seconds between two looks where there is nothing to do."""


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
    return handle_due(now) + send_due(now) + apply_retention(now)


def run(say: Callable[[str], None]) -> None:
    """Work until SIGTERM or Ctrl-C."""
    stop = Event()
    for kind in (signal.SIGTERM, signal.SIGINT):
        signal.signal(kind, lambda *_: stop.set())
    work(stop, lambda: datetime.now(UTC), say)  # noqa: TID251 - the edge: a worker reads the clock
