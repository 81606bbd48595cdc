"""Sources that already are tables: Parquet files and tables in memory."""

from pathlib import Path

import duckdb
import pyarrow as pa

from regulars.kernel.errors import InputError
from regulars.kernel.wording import say
from regulars.warehouse.engines import Engine
from regulars.warehouse.headings import Found
from regulars.warehouse.records import (
    FILE,
    RECORD,
    REST,
    Recognise,
    Records,
    names_of,
    needs_rest,
)
from regulars.warehouse.sources import ArrowStream

FIRST = 2
"""The number of the first record where there are headings: the heading counts as 1."""


def read_parquet(
    engine: Engine, path: Path, recognise: Recognise, name: str | None = None
) -> Records:
    """The records of a Parquet file; it is scanned when they are parsed, not before.

    Raises:
        InputError: The file is not whole.
    """
    name = name or path.name
    try:
        relation = engine.connection.read_parquet(str(path), file_row_number=True)
        headings = [column for column in relation.columns if column != "file_row_number"]
    except duckdb.Error as error:
        raise InputError(
            say("{file} is not a whole Parquet file.", file=name),
            accepted=say("It may have been cut short; write or download it again."),
        ) from error
    found = recognise(headings, name)
    number = f"file_row_number + {FIRST}"
    table = engine.view(relation.project(selection(headings, found, number)))
    # what was unpacked into the engine's folder goes with the engine, as the tables do
    return Records(table=table, files=(name,), found=(found,), columnar=True)


def read_memory(engine: Engine, source: ArrowStream, recognise: Recognise) -> Records:
    """The records of a pandas, Polars, Arrow or Ibis table, streamed in once."""
    stream = pa.RecordBatchReader.from_stream(source)
    return read_stream(engine, stream, recognise, "table")


def read_stream(
    engine: Engine, stream: pa.RecordBatchReader, recognise: Recognise, name: str
) -> Records:
    """The records of an Arrow stream."""
    headings = list(stream.schema.names)
    found = recognise(headings, name)
    plain = [f"c{place}" for place in range(len(headings))]
    batches = (pa.RecordBatch.from_arrays(batch.columns, names=plain) for batch in stream)
    schema = pa.schema(
        [field.with_name(name) for field, name in zip(stream.schema, plain, strict=True)]
    )
    renamed = pa.RecordBatchReader.from_batches(schema, batches)
    relation = engine.connection.from_arrow(renamed)
    number = f"row_number() OVER () + {FIRST - 1}"
    table = engine.store(relation.project(selection(plain, found, number)))
    return Records(table=table, files=(name,), found=(found,))


def selection(headings: list[str], found: Found, number: str) -> str:
    """The select list that numbers the records and names the wanted columns."""
    parts = [f"0::INTEGER AS {FILE}", f"({number})::BIGINT AS {RECORD}"]
    parts += [
        f"{quoted(headings[place])} AS {quoted(name)}" for name, place in names_of(found).items()
    ]
    if needs_rest(found):
        others = ", ".join(quoted(headings[place]) for place in found.ignored)
        parts.append(f"hash({others}) AS {REST}")
    return ", ".join(parts)


def quoted(name: str) -> str:
    """A name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'
