"""One way in to every kind of source."""

from collections.abc import Sequence
from pathlib import Path

from regulars.warehouse.encodings import unpacked
from regulars.warehouse.engines import Engine
from regulars.warehouse.headings import Found, Wanted, recognise
from regulars.warehouse.options import Reading
from regulars.warehouse.readers.databases import read_database, shown_url
from regulars.warehouse.readers.json_lines import read_json_lines
from regulars.warehouse.readers.tables import read_memory, read_parquet
from regulars.warehouse.readers.text import read_text
from regulars.warehouse.readers.workbooks import read_workbook
from regulars.warehouse.records import Recognise, Records, together
from regulars.warehouse.sources import ArrowStream, Kind, Source, files_of, is_url, kind_of


def open_records(engine: Engine, source: Source, wanted: Wanted, reading: Reading) -> Records:
    """The records of any source, its columns recognised but not parsed.

    Raises:
        InputError: The source is not there, not whole, or lacks a column.
    """
    known = _recogniser(wanted)
    if engine.home is not None and engine.home.holds(source):
        return engine.home.records(source, known, reading.table)
    if not isinstance(source, str) and isinstance(source, ArrowStream):
        return read_memory(engine, source, known)
    if is_url(source):
        return read_database(engine, str(source), known, reading.table)
    files = files_of(Path(source))
    return together([_read(engine, file, wanted, reading) for file in files])


def name_of(source: Source) -> str:
    """A source as people are told of it, without passwords."""
    if not isinstance(source, str) and isinstance(source, ArrowStream):
        return "table"
    return shown_url(str(source)) if is_url(source) else Path(source).name


def _recogniser(wanted: Wanted) -> Recognise:
    def known(headings: Sequence[str], name: str) -> Found:
        return recognise(headings, wanted, name)

    return known


def _read(engine: Engine, file: Path, wanted: Wanted, reading: Reading) -> Records:
    known = _recogniser(wanted)
    kind = kind_of(file)
    if kind is Kind.TEXT:
        return read_text(
            engine, file, known, encoding=reading.encoding, headerless=wanted.headerless
        )
    if kind is Kind.JSON_LINES:
        return read_json_lines(engine, file, known, encoding=reading.encoding)
    if kind in {Kind.SQLITE, Kind.DUCKDB}:
        return read_database(engine, f"{kind}:///{file}", known, reading.table)
    whole = unpacked(file, engine.folder)
    if kind is Kind.PARQUET:
        return read_parquet(engine, whole, known, file.name)
    return read_workbook(engine, whole, known, reading.table, file.name)
