"""The worker: one loop over the tables that are its queues, and others beside it."""

import os
import signal
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from threading import Event, Thread

import structlog
from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from regulars.apps.contact.transports.choosing import check_transports
from regulars.apps.firm.operations import apply_retention
from regulars.apps.journal.operations import handle_due
from regulars.interfaces.metrics import count_work, serve_metrics
from regulars.project.environment import read_metrics
from regulars.project.import_loop import work_imports
from regulars.project.sending_loop import work_messages
from regulars.project.webhook_loop import work_webhooks

PAUSE = 1.0
"""Seconds between two looks where there is nothing to do."""
_log = structlog.stdlib.get_logger("regulars.worker")

TASKS: Mapping[str, Callable[[datetime], int]] = {
    "followers": handle_due,
    "retention": apply_retention,
}
"""What the worker looks after: each takes the time and returns how much it did."""


def work(stop: Event, clock: Callable[[], datetime]) -> None:
    """Do what is due until told to stop; the work in hand is finished first.

    A database that is away for a while is waited for.

    Args:
        stop: Set when the worker has to end.
        clock: Tells the time.
    """
    while not stop.is_set():
        close_old_connections()
        try:
            done = look(clock(), stop)
        except (DatabaseError, InterfaceError) as error:
            _log.warning("the database does not answer", exc_info=error)
            connection.close()
            done = 0
        if not done:
            stop.wait(PAUSE)


def look(now: datetime, stop: Event | None = None) -> int:
    """Look at every queue once, or until told to stop; return how much was done."""
    done = 0
    for task, act in TASKS.items():
        if stop is not None and stop.is_set():
            break
        start = time.perf_counter()
        if count := act(now):
            count_work(task, count)
            seconds = time.perf_counter() - start
            _log.info("worked", task=task, done=count, duration_ms=round(seconds * 1000, 1))
        done += count
    return done


def run() -> None:
    """Work until SIGTERM or Ctrl-C.

    Raises:
        OptionError: Nothing takes messages out.
    """
    check_transports()
    stop = Event()
    for kind in (signal.SIGTERM, signal.SIGINT):
        signal.signal(kind, lambda *_: stop.set())
    if (metrics := read_metrics(os.environ)) is not None:
        serve_metrics(*metrics)
    _log.info("worker started")
    loops = (work_imports, work_messages, work_webhooks)
    beside = [Thread(target=loop, args=(stop, _now)) for loop in loops]
    for thread in beside:
        thread.start()
    work(stop, _now)
    for thread in beside:
        thread.join()
    _log.info("worker stopped")


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the edge: a worker reads the clock
