"""Records that come one by one in Python, stored in batches so that memory stays flat."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import batched
from typing import NamedTuple

import pyarrow as pa

from regulars.kernel.errors import InputError
from regulars.warehouse.engines import Engine
from regulars.warehouse.headings import Found
from regulars.warehouse.readers.tables import quoted
from regulars.warehouse.records import (
    BROKEN,
    FILE,
    RECORD,
    REST,
    Records,
    names_of,
    needs_rest,
)

_BATCH = 16_384
_LONGEST = 4_096
"""Longer cells are cut when they are stored: no date, amount or id is that long."""


class Row(NamedTuple):
    """One record: its number, its cells as text, and its text where its shape is wrong."""

    number: int
    cells: Sequence[str | None]
    broken: str | None = None


def store_rows(engine: Engine, rows: Iterable[Row], found: Found, name: str) -> Records:
    """Store text records; those of a wrong shape keep their text in the column ``broken``.

    Raises:
        InputError: As ``rows`` raises it.
    """
    failures: list[InputError] = []
    names = names_of(found)
    rest = found.ignored if needs_rest(found) else ()
    text = [*names, BROKEN, *([REST] if rest else [])]
    schema = pa.schema([(RECORD, pa.int64()), *((column, pa.string()) for column in text)])
    reader = pa.RecordBatchReader.from_batches(
        schema, _batches(_watched(rows, failures), tuple(names.values()), rest, schema)
    )
    columns = [f"0::INTEGER AS {FILE}", RECORD, *(quoted(column) for column in names), BROKEN]
    columns += [f"hash({REST}) AS {REST}"] if rest else []
    relation = engine.connection.from_arrow(reader).project(", ".join(columns))
    table = engine.store(relation)
    if failures:
        raise failures[0]
    return Records(table=table, files=(name,), found=(found,))


def _watched(rows: Iterable[Row], failures: list[InputError]) -> Iterator[Row]:
    """End at a refusal and keep it: raised inside the engine it would come out as its error."""
    try:
        yield from rows
    except InputError as error:
        failures.append(error)


def _batches(
    rows: Iterable[Row], places: tuple[int, ...], rest: tuple[int, ...], schema: pa.Schema
) -> Iterator[pa.RecordBatch]:
    for batch in batched(rows, _BATCH):
        columns: list[list[object]] = [[row.number for row in batch]]
        columns += [[_cell(row, place) for row in batch] for place in places]
        columns.append([None if row.broken is None else row.broken[:_LONGEST] for row in batch])
        if rest:
            columns.append([repr([_cell(row, place) for place in rest]) for row in batch])
        arrays = [
            pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)
        ]
        yield pa.RecordBatch.from_arrays(arrays, schema=schema)


def _cell(row: Row, place: int) -> str | None:
    if row.broken is not None or place >= len(row.cells):
        return None
    value = row.cells[place]
    return value[:_LONGEST] if value else None
