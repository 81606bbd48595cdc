"""One way in: whatever a source is, it becomes sheets, refused rows and what was found."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from regulars.apps.intake.options import reading_of
from regulars.apps.intake.reading.bodies import look_at_json, read_bodies, unwrapped
from regulars.apps.intake.reading.columns import COLUMNS, known_columns
from regulars.apps.intake.reading.flat_orders import read_flat_orders
from regulars.apps.intake.reading.flat_rows import read_flat_rows, wanted_of
from regulars.apps.intake.reading.job import Job, Read
from regulars.apps.intake.reading.raw import Sample, look_at
from regulars.apps.intake.rules import Bodies, How, Kind
from regulars.apps.intake.sayings import kept
from regulars.kernel.errors import RegularsError
from regulars.kernel.progress import Progress, silent
from regulars.kernel.wording import Message, say
from regulars.warehouse.engines import open_engine
from regulars.warehouse.headings import recognise
from regulars.warehouse.options import Reading
from regulars.warehouse.reading import wanted_of_orders
from regulars.warehouse.sources import is_url


@dataclass(frozen=True, slots=True)
class Asked:
    """A source, what it holds, and how it is to be read.

    Attributes:
        source: A path or the URL of a database.
        kind: What it holds.
        how: How it is to be read.
    """

    source: str
    kind: Kind
    how: How


@dataclass(frozen=True, slots=True)
class Prepared:
    """A source as it can be imported.

    Attributes:
        rows: How many records it has.
        rejected: How many of them are refused.
        batches: How many batches are to be written.
        findings: What a person is shown, as JSON; ``problem``: why it cannot be used as it is.
    """

    rows: int
    rejected: int
    batches: int
    findings: Mapping[str, object]


def prepare(
    asked: Asked, bodies: Bodies, folder: Path, *, sample: bool = False, tell: Progress = silent
) -> Prepared:
    """Write the sheets and the refused rows of a source into an empty folder.

    Args:
        asked: What is to be read.
        bodies: How rows in the words of the API are understood.
        folder: Where the sheets go.
        sample: Show the first rows too; a source that cannot be used is then no error.
        tell: Told what is being done.

    Raises:
        InputError: The source cannot be used.
        OptionError: Something in the options does not fit the source.
    """
    reading = reading_of(asked.how)
    engine = open_engine(reading.memory_limit)
    job = Job(
        engine=engine,
        source=_plain(asked.source, engine.folder),
        kind=asked.kind,
        reading=reading,
        bodies=bodies,
        folder=folder,
        tell=tell,
    )
    shown = _shown(job) if sample else {}
    try:
        read = _read(job)
    except RegularsError as error:
        if not sample:
            raise
        problem = kept(say("{reason} {accepted}", reason=error.message, accepted=_accepted(error)))
        return Prepared(0, 0, 0, {**shown, "problem": problem})
    findings = {
        **shown,
        "columns": read.columns,
        "known": list(known_columns(asked.kind)),
        "ignored": list(read.ignored),
        "notes": [kept(note) for note in read.notes],
    }
    return Prepared(read.rows, read.rejected, read.batches, findings)


def _plain(source: str, folder: Path) -> str:
    """The source; the rows alone where it is a file of refused rows with their reasons."""
    path = Path(source)
    if is_url(source) or not path.is_file():
        return source
    look = look_at_json(path)
    return str(unwrapped(path, folder)) if look.handed_back and not look.bodies else source


def _read(job: Job) -> Read:
    path = Path(str(job.source))
    if not is_url(job.source) and path.is_file() and look_at_json(path).bodies:
        return read_bodies(job, path)
    return read_flat_orders(job) if job.kind is Kind.ORDERS else read_flat_rows(job)


def _shown(job: Job) -> dict[str, object]:
    """Headings, first rows and the columns guessed, even where some are missing."""
    sample = look_at(job)
    return {
        "headings": list(sample.headings),
        "rows": [dict(row) for row in sample.rows],
        "columns": _guessed(sample, job.kind, job.reading),
        "known": list(known_columns(job.kind)),
    }


def _guessed(sample: Sample, kind: Kind, reading: Reading) -> dict[str, str]:
    columns = COLUMNS.get(kind)
    wanted = wanted_of_orders(reading) if columns is None else wanted_of(columns, reading)
    try:
        return recognise(sample.headings, replace(wanted, required={}), "").columns
    except RegularsError:
        return {}  # two headings could be one column: a person has to say which


def _accepted(error: RegularsError) -> Message:
    return error.accepted or say("Choose the columns, or give another source.")
