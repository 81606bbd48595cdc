"""The worker's second loop: imports have one of their own, so that a long one holds up nobody."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event

import structlog
from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from regulars.apps.intake.operations import forget_files, start_due_reads
from regulars.apps.intake.tasks import new_worker, run_due_imports
from regulars.apps.intake.uploads import forget_parts
from regulars.interfaces.api.import_rows import BODIES
from regulars.interfaces.metrics import count_work

type Clock = Callable[[], datetime]

PAUSE = 1.0
"""Seconds between two looks where there is nothing to do."""
FILES_KEPT = timedelta(days=90)
"""How long uploads and rejected rows are kept after their import."""
_BETWEEN_TIDYINGS = timedelta(hours=1)
_log = structlog.stdlib.get_logger("regulars.imports")


def work_imports(stop: Event, clock: Clock) -> None:
    """Import what is due until told to stop; the step in hand is finished first.

    Args:
        stop: Set when the worker has to end.
        clock: Tells the time.
    """
    worker, tidied = new_worker(), datetime.min.replace(tzinfo=clock().tzinfo)
    while not stop.is_set():
        close_old_connections()
        now = clock()
        try:
            done = start_due_reads(now) + run_due_imports(worker, now, BODIES)
            count_work("imports", done)
            if now - tidied > _BETWEEN_TIDYINGS:
                forget_parts(now)
                forget_files(now - FILES_KEPT)
                tidied = now
        except (DatabaseError, InterfaceError) as error:
            _log.warning("the database does not answer", exc_info=error)
            done = 0
        except OSError as error:
            _log.warning("the data folder cannot be used", exc_info=error)
            done = 0
        if not done:
            stop.wait(PAUSE)
    connection.close()
