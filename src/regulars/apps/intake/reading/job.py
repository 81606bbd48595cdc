"""What is to be read, and what reading it came to."""

from dataclasses import dataclass
from pathlib import Path

from regulars.apps.intake.rules import Bodies, Kind
from regulars.kernel.progress import Progress
from regulars.kernel.wording import Message
from regulars.warehouse.engines import Engine
from regulars.warehouse.options import Reading
from regulars.warehouse.sources import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A source to be read.

    Attributes:
        engine: Does the work on tables.
        source: A path or the URL of a database.
        kind: What it holds.
        reading: How it is to be read.
        bodies: How rows in the words of the API are understood.
        folder: Where sheets and refused rows go.
        tell: Told what is being done.
    """

    engine: Engine
    source: Source
    kind: Kind
    reading: Reading
    bodies: Bodies
    folder: Path
    tell: Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What reading a source came to.

    Attributes:
        rows: How many records it has.
        rejected: How many of them were refused.
        batches: How many batches of things can be written.
        columns: Canonical column to heading.
        ignored: Headings that nothing was taken from.
        notes: What a careful reader should know.
    """

    rows: int
    rejected: int
    batches: int
    columns: dict[str, str]
    ignored: tuple[str, ...]
    notes: tuple[Message, ...]
