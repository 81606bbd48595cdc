"""Text files: CSV, TSV, other separators, and columns parted by white space."""

from collections.abc import Iterator
from pathlib import Path

import duckdb

from regulars.warehouse.dialects import Dialect, dialect_of, records_of
from regulars.warehouse.encodings import as_utf8
from regulars.warehouse.engines import Engine
from regulars.warehouse.headings import Found
from regulars.warehouse.readers.rows import Row, store_rows
from regulars.warehouse.readers.tables import selection
from regulars.warehouse.records import Recognise, Records


def read_text(
    engine: Engine,
    path: Path,
    recognise: Recognise,
    *,
    encoding: str | None = None,
    headerless: bool = False,
) -> Records:
    """The records of a text file, all cells as text.

    The engine's own reader takes files without blemish; a file with blank lines, a record too
    wide or too narrow or a very large field is read slowly, record by record, so that each
    blemish is told with its line.
    """
    text = as_utf8(path, engine.folder, encoding)
    dialect = dialect_of(text.path, headerless=headerless)
    found = recognise(dialect.headings, path.name)
    if text.even and dialect.separator is not None:
        try:
            return _read_fast(engine, text.path, dialect, found, path.name)
        except duckdb.Error:
            pass  # the slow way says what is wrong, and where
    rows = _rows(text.path, dialect)
    return store_rows(engine, rows, found, path.name)


def _read_fast(engine: Engine, path: Path, dialect: Dialect, found: Found, name: str) -> Records:
    plain = [f"c{place}" for place in range(len(dialect.headings))]
    relation = engine.connection.read_csv(
        str(path),
        header=dialect.headed,
        sep=dialect.separator,
        columns=dict.fromkeys(plain, "VARCHAR"),
        auto_detect=False,
        quotechar='"',
        escapechar='"',
        strict_mode=True,
    )
    number = f"row_number() OVER () + {int(dialect.headed)}"
    table = engine.store(relation.project(selection(plain, found, number)))
    return Records(table=table, files=(name,), found=(found,))


def _rows(path: Path, dialect: Dialect) -> Iterator[Row]:
    width = len(dialect.headings)
    for number, cells in records_of(path, dialect):
        if cells is None:
            yield Row(number, (), "")
            continue
        fits = len(cells) == width or (len(cells) > width and not any(cells[width:]))
        yield Row(number, cells, None if fits else (dialect.separator or " ").join(cells))
