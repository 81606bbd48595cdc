"""The worker's third loop: webhooks have one of their own, so that receivers hold up nobody."""

import random
import time
from collections.abc import Callable
from datetime import datetime
from threading import Event

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from regulars.apps.journal.webhooks.dispatching import Dispatcher
from regulars.interfaces.metrics import count_work

PAUSE = 1.0
"""Seconds between two looks where there is nothing to do."""
_log = structlog.stdlib.get_logger("regulars.webhooks")


def work_webhooks(stop: Event, clock: Callable[[], datetime]) -> None:
    """Tell the firm's software what happens until told to stop; what is on its way is waited for.

    Args:
        stop: Set when the worker has to end.
        clock: Tells the time.
    """
    dispatcher = new_dispatcher(clock)
    while not stop.is_set():
        close_old_connections()
        try:
            done = dispatcher.step()
            count_work("webhooks", done)
        except (DatabaseError, InterfaceError) as error:
            _log.warning("the database does not answer", exc_info=error)
            connection.close()
            stop.wait(PAUSE)
            continue
        if dispatcher.under_way:
            dispatcher.wait(PAUSE)
        elif not done:
            stop.wait(PAUSE)
    try:
        dispatcher.close()
    except (DatabaseError, InterfaceError) as error:
        _log.warning("what was on its way is sent again", exc_info=error)
    connection.close()


def new_dispatcher(clock: Callable[[], datetime]) -> Dispatcher:
    """Whoever sends, in this installation."""
    return Dispatcher(
        clock,
        time.monotonic,
        random.random,
        private=settings.PRIVATE_WEBHOOKS,
    )
