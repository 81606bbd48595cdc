"""JSON lines: one object a line."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from regulars.warehouse.encodings import as_utf8
from regulars.warehouse.engines import Engine
from regulars.warehouse.readers.rows import Row, store_rows
from regulars.warehouse.readers.tables import FIRST
from regulars.warehouse.records import Recognise, Records

type Members = dict[str, object]


def read_json_lines(
    engine: Engine, path: Path, recognise: Recognise, *, encoding: str | None = None
) -> Records:
    """The records of a file with one JSON object a line, values as text.

    The file is gone through twice: the names of the members come first, so that a member that
    only later objects have is found too.
    """
    text = as_utf8(path, engine.folder, encoding).path
    headings = tuple(dict.fromkeys(name for _, row, _ in _objects(text) for name in row))
    found = recognise(headings, path.name)
    rows = (
        Row(number, [_as_text(row.get(name)) for name in headings], broken)
        for number, row, broken in _objects(text)
    )
    return store_rows(engine, rows, found, path.name)


def _objects(path: Path) -> Iterator[tuple[int, Members, str | None]]:
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, FIRST):
            if line.strip():
                row = _object(line)
                yield number, row or {}, line if row is None else None


def _object(line: str) -> Members | None:
    """The object of a line, its numbers as they are written; None: it is none."""
    try:
        row = json.loads(line, parse_float=_plain, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) else None


def _plain(number: str) -> str:
    return f"{Decimal(number):f}" if "e" in number.lower() else number


def _as_text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
