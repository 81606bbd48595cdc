"""Answers as files: CSV that no spreadsheet runs as a formula, and Parquet."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from regulars.kernel.errors import OptionError
from regulars.kernel.saving import check_place, replacing
from regulars.kernel.spreadsheets import FORMULA
from regulars.kernel.wording import say

if TYPE_CHECKING:
    import pyarrow as pa

type Writer = Callable[["pa.Table", Path], None]


def save_table(table: "pa.Table", path: Path) -> None:
    """Write a table to a file, whole or not at all.

    Args:
        table: The answer's rows.
        path: Its ending chooses the format: ``.csv`` or ``.parquet``.

    Raises:
        OptionError: The ending is another one, or the folder cannot be written in.
    """
    write = _writer_of(path)
    with replacing(path) as place:
        write(table, place)


def expect_table_at(path: Path) -> None:
    """Refuse a file that no table can be written to, before anybody waits for the table.

    Raises:
        OptionError: As :func:`save_table` would.
    """
    _writer_of(path)
    check_place(path)


def _writer_of(path: Path) -> "Writer":
    write = _WRITERS.get(path.suffix.lower())
    if write is None:
        raise OptionError(
            say("A table cannot be written to '{name}'.", name=path.name),
            accepted=say("Give it a name that ends in .csv or .parquet."),
        )
    return write


def defused(table: "pa.Table") -> "pa.Table":
    """The table with an apostrophe before each text that a spreadsheet could run as a formula.

    Every text that begins with apostrophes and then one of ``= + - @``, tab or a line break gets
    one more apostrophe, so that taking one away from such texts gives the data back exactly.
    Nested cells become JSON.

    >>> import pyarrow as pa
    >>> defused(pa.table({"customer_id": ["=1+1", "'=1+1", "7"]}))["customer_id"].to_pylist()
    ["'=1+1", "''=1+1", '7']
    """
    columns = [_defused_column(_flat(column)) for column in table.columns]
    return type(table).from_arrays(columns, names=table.column_names)


def _flat(column: "pa.ChunkedArray") -> "pa.ChunkedArray":
    import pyarrow as pa

    if not pa.types.is_nested(column.type):
        return column
    return pa.chunked_array(
        [[None if cell is None else _as_json(cell) for cell in column.to_pylist()]], pa.string()
    )


def _as_json(cell: object) -> str:
    return json.dumps(cell, ensure_ascii=False, default=str)


def _defused_column(column: "pa.ChunkedArray") -> "pa.ChunkedArray":
    import pyarrow as pa
    import pyarrow.compute as pc

    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return column
    return pc.if_else(
        pc.match_substring_regex(column, FORMULA),
        pc.binary_join_element_wise("'", column, ""),
        column,
    )


def _write_csv(table: "pa.Table", place: Path) -> None:
    from pyarrow import csv

    csv.write_csv(defused(table), place)


def _write_parquet(table: "pa.Table", place: Path) -> None:
    from pyarrow import parquet

    parquet.write_table(table, place)


_WRITERS: Mapping[str, Writer] = {
    ".csv": _write_csv,
    ".parquet": _write_parquet,
}
