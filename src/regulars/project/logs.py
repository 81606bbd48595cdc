"""Logs: a line of JSON for each thing that happens, readable lines on a terminal.

No line has personal data or a secret: of an error it tells the kind and the place, never the
message, which may quote what somebody sent.
"""

import logging
import traceback
from pathlib import PurePath
from types import TracebackType

import structlog
from structlog.typing import EventDict, Processor

_SILENT = {"level": "CRITICAL", "handlers": [], "propagate": False}


def log_settings(*, readable: bool) -> dict[str, object]:
    """Set structlog up, and give the settings of Python's own logging.

    Args:
        readable: Whether somebody reads along on a terminal.
    """
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_told(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": "regulars.project.logs.lines", "readable": readable}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "stream": "ext://sys.stderr",
                "formatter": "lines",
            }
        },
        "root": {"level": "WARNING", "handlers": ["stderr"]},
        "loggers": {
            "regulars": {"level": "INFO"},
            "_granian": {"level": "INFO"},
            # they quote addresses and hosts; regulars.requests tells every request by its route
            "django": {"level": "WARNING", "handlers": []},
            "django.request": _SILENT,
            "django.security": _SILENT,
        },
    }


def lines(*, readable: bool) -> logging.Formatter:
    """How a record becomes a line."""
    shown: Processor = structlog.processors.JSONRenderer(sort_keys=False)
    if readable:
        shown = structlog.dev.ConsoleRenderer(colors=False)
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_told(),
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, shown],
    )


def _told() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        _place_of_error,
    ]


def _place_of_error(_: object, __: str, event: EventDict) -> EventDict:
    """An error by its kind and where it was raised."""
    error = event.pop("exc_info", None)
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event["error"] = type(error).__qualname__
        event["trace"] = _frames(error.__traceback__)
        if error.__cause__ is not None:
            event["cause"] = type(error.__cause__).__qualname__
    return event


def _frames(trace: TracebackType | None) -> list[str]:
    return [
        f"{_short(frame.filename)}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(trace)
    ]


def _short(file: str) -> str:
    """A file from its package on, as ``django/db/models/query.py``.

    >>> _short("/usr/lib/python3/site-packages/django/apps.py")
    'django/apps.py'
    """
    parts = PurePath(file).parts
    for folder in ("site-packages", "src"):
        if folder in parts:
            return "/".join(parts[parts.index(folder) + 1 :])
    return PurePath(file).name
