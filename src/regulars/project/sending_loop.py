"""The worker's loop of messages: a slow mail server holds up nobody else."""

from collections.abc import Callable
from datetime import datetime
from threading import Event

import structlog
from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from regulars.apps.contact.operations.sending import send_due
from regulars.apps.contact.tasks import ways_out
from regulars.interfaces.metrics import count_work

PAUSE = 1.0
"""Seconds between two looks where there is nothing to do."""
_log = structlog.stdlib.get_logger("regulars.messages")


def work_messages(stop: Event, clock: Callable[[], datetime]) -> None:
    """Send what is due until told to stop; the part in hand is finished first.

    Args:
        stop: Set when the worker has to end.
        clock: Tells the time.
    """
    ways = ways_out()
    while not stop.is_set():
        close_old_connections()
        try:
            done = send_due(ways, clock)
            count_work("messages", done)
        except (DatabaseError, InterfaceError) as error:
            _log.warning("the database does not answer", exc_info=error)
            done = 0
        except Exception:  # noqa: BLE001 - a transport of the firm's own may fail in any way
            _log.exception("messages could not be sent")
            done = 0
        if not done:
            stop.wait(PAUSE)
    connection.close()
