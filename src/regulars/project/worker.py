"""The worker: one loop over the tables that are its queues."""

import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Event

from django.db import DatabaseError, close_old_connections

from regulars.apps.accounts.operations import (
    forget_links,
    forget_mail,
    forget_sessions,
    send_due,
)
from regulars.apps.journal.operations import forget_answers, handle_due

PAUSE = 1.0
"""Seconds between two looks where there is nothing to do."""
_ANSWERS_KEPT = timedelta(days=7)
_LETTERS_KEPT = timedelta(days=30)


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
    done = handle_due(now) + send_due(now)
    return done + forget_answers(now - _ANSWERS_KEPT) + _forget_ways_in(now)


def _forget_ways_in(now: datetime) -> int:
    old = now - _LETTERS_KEPT
    return forget_sessions(now) + forget_links(old) + forget_mail(old)


def run(say: Callable[[str], None]) -> None:
    """Work until SIGTERM or Ctrl-C."""
    stop = Event()
    for kind in (signal.SIGTERM, signal.SIGINT):
        signal.signal(kind, lambda *_: stop.set())
    work(stop, lambda: datetime.now(UTC), say)  # noqa: TID251 - the edge: a worker reads the clock
