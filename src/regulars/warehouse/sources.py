"""What orders can be read from, and what kind of thing a path holds."""

import gzip
import os
from enum import StrEnum
from os import PathLike
from pathlib import Path
from typing import Protocol, runtime_checkable

from regulars.kernel.errors import InputError
from regulars.kernel.wording import say


@runtime_checkable
class ArrowStream(Protocol):
    """A table in memory: pandas, Polars, Arrow and Ibis tables all are one."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Hand out the table by the Arrow C stream interface."""


type Source = str | PathLike[str] | ArrowStream
"""A path, a database URL, or a pandas, Polars, Arrow or Ibis table."""


class Kind(StrEnum):
    """What a file holds, told by its content before its name."""

    TEXT = "text"
    PARQUET = "parquet"
    WORKBOOK = "workbook"
    JSON_LINES = "json lines"
    SQLITE = "sqlite"
    DUCKDB = "duckdb"


_HEAD = 4096
_GZIP = b"\x1f\x8b"
_MAGIC = (
    (b"PAR1", Kind.PARQUET),
    (b"SQLite format 3\0", Kind.SQLITE),
    (b"\xd0\xcf\x11\xe0", Kind.WORKBOOK),
    (b"PK\x03\x04", Kind.WORKBOOK),
)
_DATA_ENDINGS = frozenset(
    {
        ".csv",
        ".tsv",
        ".txt",
        ".psv",
        ".parquet",
        ".pq",
        ".xlsx",
        ".xls",
        ".xlsb",
        ".ods",
        ".jsonl",
        ".ndjson",
        ".json",
    }
)


def is_url(source: object) -> bool:
    """Whether the source is a database URL rather than a path."""
    return isinstance(source, str) and "://" in source


def is_gzip(path: Path) -> bool:
    """Whether the file is compressed, whatever its name says."""
    with path.open("rb") as file:
        return file.read(2) == _GZIP


def head_of(path: Path, size: int = _HEAD) -> bytes:
    """The first bytes of a file's content, unpacked where it is compressed."""
    with gzip.open(path) if is_gzip(path) else path.open("rb") as file:
        try:
            return file.read(size)
        except EOFError:
            return b""  # cut short: the reader refuses it with the full reason


def kind_of(path: Path) -> Kind:
    """What a file holds.

    Raises:
        InputError: The file is empty.
    """
    head = head_of(path)
    if not head and path.stat().st_size == 0:
        raise InputError(
            say("The file {file} is empty.", file=path.name),
            accepted=say("Give a file with a heading and at least one order."),
        )
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head[8:12] == b"DUCK":
        return Kind.DUCKDB
    return Kind.JSON_LINES if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") else Kind.TEXT


def files_of(path: Path) -> tuple[Path, ...]:
    """The data files that a path stands for: itself, or those of the folder by name.

    Raises:
        InputError: Nothing is there, or a folder has no data files.
    """
    if path.is_dir():
        found = tuple(sorted(file for file in path.iterdir() if _is_data(file)))
        if not found:
            raise InputError(
                say("The folder {folder} has no data files.", folder=path.name),
                accepted=say("Put CSV, TSV, Parquet, Excel or JSON lines files into it."),
            )
        return found
    if not path.exists():
        raise InputError(
            say("There is no file {file}.", file=str(path)),
            accepted=say("Give the path of a file or folder, or a database URL."),
        )
    if not os.access(path, os.R_OK):
        raise InputError(say("The file {file} may not be read.", file=str(path)))
    return (path,)


def _is_data(file: Path) -> bool:
    suffixes = [suffix.lower() for suffix in file.suffixes]
    if suffixes and suffixes[-1] == ".gz":
        suffixes.pop()
    return (
        file.is_file()
        and not file.name.startswith((".", "~$"))
        and bool(suffixes)
        and suffixes[-1] in _DATA_ENDINGS
    )
