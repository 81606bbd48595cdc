"""Rows as they stand in a source: for a first look, and to hand refused ones back."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import pyarrow as pa
from ibis.util import gen_name

from regulars.apps.intake.reading.job import Job
from regulars.apps.intake.reading.refusing import Refusals
from regulars.apps.intake.rules import Fault
from regulars.warehouse.headings import Wanted
from regulars.warehouse.opening import open_records
from regulars.warehouse.options import Reading
from regulars.warehouse.records import BROKEN, FILE, KEPT, RECORD, Records
from regulars.warehouse.sources import is_url

type Place = tuple[int, int]
"""The number of the file, and of the record in it."""
type Cells = Mapping[str, object]

_EVERYTHING = Wanted(ranks={}, required={}, keep_rest=True)


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row by its headings, or the text of one that could not be taken apart."""

    cells: Cells | None
    text: str | None


@dataclass(frozen=True, slots=True)
class Sample:
    """The headings of a source and its first rows."""

    headings: tuple[str, ...]
    rows: tuple[Mapping[str, str | None], ...]


def hand_back(job: Job, refused: Mapping[Place, tuple[Fault, ...]]) -> int:
    """Write down refused rows as they stand in the source; return how many there are."""
    # a database hands out its rows in any order: there the values stand in the faults alone
    rows = {} if not refused or is_url(job.source) else _found(job, refused)
    with Refusals(job.folder) as refusals:
        for place in sorted(refused):
            row = rows.get(place, RawRow({}, None))
            refusals.refuse(place[1], refused[place], row.cells, row.text)
    return refusals.count


def _raw_records(job: Job) -> Records:
    """Every column of a source as it stands there.

    Raises:
        InputError: The source cannot be read at all.
    """
    plain = Reading(table=job.reading.table, encoding=job.reading.encoding)
    return open_records(job.engine, job.source, _EVERYTHING, plain)


def look_at(job: Job, most: int = 20) -> Sample:
    """The headings of a source and its first rows.

    Raises:
        InputError: The source cannot be read at all.
    """
    records = _raw_records(job)
    first = records.table.order_by([FILE, RECORD]).limit(most).to_pyarrow().to_pylist()
    headings = tuple(dict.fromkeys(name for found in records.found for name in found.headings))
    return Sample(headings, tuple(_texts(_cells(row)) for row in first))


def _found(job: Job, places: Collection[Place]) -> dict[Place, RawRow]:
    records = _raw_records(job)
    files, numbers = zip(*places, strict=True)
    wanted = pa.table(
        [pa.array(files, pa.int32()), pa.array(numbers, pa.int64())], names=[FILE, RECORD]
    )
    some = job.engine.backend.create_table(gen_name("wanted"), wanted)
    rows = records.table.semi_join(some, [FILE, RECORD])
    return {(row[FILE], row[RECORD]): _raw(row) for row in rows.to_pyarrow().to_pylist()}


def _raw(row: Mapping[str, object]) -> RawRow:
    broken = row.get(BROKEN)
    return RawRow(_cells(row), None) if broken is None else RawRow(None, str(broken))


def _cells(row: Mapping[str, object]) -> dict[str, object]:
    return {name.removeprefix(KEPT): value for name, value in row.items() if name.startswith(KEPT)}


def _texts(cells: Cells) -> dict[str, str | None]:
    return {name: None if value is None else str(value) for name, value in cells.items()}
