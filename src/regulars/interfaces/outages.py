"""What a request is answered when the machine, not the request, is at fault."""

import sqlite3
import sys

import structlog
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from regulars.interfaces.api.problems import problem

RETRY_AFTER = 5
"""Seconds after which a caller may try again."""
_FULL = {"SQLITE_FULL", "SQLITE_IOERR_WRITE", "53100"}
# a lock held for too long, a file that cannot be read, a transaction that lost to another
_AWAY = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_IOERR", "SQLITE_CANTOPEN", "SQLITE_READONLY")
_AWAY_STATES = ("08", "53", "57P", "40001", "40P01", "25006", "55P03")
_log = structlog.stdlib.get_logger("regulars.requests")


def broken(request: HttpRequest) -> HttpResponse:
    """The problem of whatever was raised: a full disk, a database that is away, or a bug.

    What it was stands in the log alone.
    """
    error = sys.exception()
    status = status_of(error)
    _log.error("request failed", status=status, exc_info=error)
    response = problem(status, _DETAILS[status])
    if status != _BUG:
        response["Retry-After"] = str(RETRY_AFTER)
    return response


_BUG, _UNAVAILABLE, _NO_ROOM = 500, 503, 507
_DETAILS = {
    _BUG: "The request was not carried out. It may be sent again.",
    _UNAVAILABLE: "The database does not answer. Nothing was written; send the request again.",
    _NO_ROOM: "The disk is full. Nothing was written; send the request again once there is room.",
}


def status_of(error: BaseException | None) -> int:
    """507 for a disk without room, 503 for a database that is away, 500 for all else."""
    if not isinstance(error, DatabaseError | InterfaceError):
        return _BUG
    code = _code(error)
    if code in _FULL:
        return _NO_ROOM
    # without a code the connection itself broke
    lost = not code and isinstance(error, OperationalError | InterfaceError)
    return _UNAVAILABLE if lost or code.startswith((*_AWAY, *_AWAY_STATES)) else _BUG


def _code(error: Exception) -> str:
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        return str(getattr(cause, "sqlite_errorname", ""))
    return str(getattr(cause, "sqlstate", None) or "")
