"""Who was erased, kept beside the records: a backup that is restored must not bring him back.

Each line is written before its erasure is committed, so that none is missed; one that is there
without its erasure is harmless, since to erase again changes nothing.
"""

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

FILE = "erased.ids"
"""Its name in the data folder. It is no part of a backup."""


@dataclass(frozen=True, slots=True)
class Erased:
    """Somebody was erased: an id that says nothing about him, as ``customer:12``."""

    subject: str
    at: datetime


def note_erased(folder: Path, erased: Erased) -> None:
    """Write down that somebody is being erased; on the disk when this returns."""
    line = json.dumps({"subject": erased.subject, "at": erased.at.isoformat()})
    handle = os.open(folder / FILE, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        # a line of its own even behind one that a killed process left unfinished
        os.write(handle, f"\n{line}\n".encode("ascii"))
        os.fsync(handle)
    finally:
        os.close(handle)


def list_erased(folder: Path, since: datetime) -> list[Erased]:
    """Who was erased at a time or later, in that order; empty where there is no list.

    A line that was cut off belongs to an erasure that did not happen.

    >>> import tempfile
    >>> from datetime import UTC
    >>> at = datetime(2026, 11, 22, tzinfo=UTC)
    >>> with tempfile.TemporaryDirectory() as name:
    ...     note_erased(Path(name), Erased("customer:12", at))
    ...     [erased.subject for erased in list_erased(Path(name), at)]
    ['customer:12']
    """
    file = folder / FILE
    if not file.is_file():
        return []
    found = [_read(line) for line in file.read_text(encoding="ascii").splitlines() if line]
    return [erased for erased in found if erased is not None and erased.at >= since]


def _read(line: str) -> Erased | None:
    try:
        told = json.loads(line)
    except ValueError:
        return None
    return Erased(str(told["subject"]), datetime.fromisoformat(told["at"]))
