"""How a text file parts its columns, and its records one by one where it must be done slowly."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from regulars.kernel.errors import InputError
from regulars.kernel.wording import say

_SAMPLE = 1 << 16
_SAMPLE_LINES = 20
_SEPARATORS = (";", "\t", "|", ",")
_LARGEST_FIELD = 1 << 30
_DATA = re.compile(r"\s*[\"']?[-+(]?\d")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a text file is written.

    Attributes:
        separator: The sign between two columns; None: white space.
        headings: The headings; the columns' numbers where it has none.
        headed: Whether the first record is the heading.
    """

    separator: str | None
    headings: tuple[str, ...]
    headed: bool


def dialect_of(path: Path, *, headerless: bool = False) -> Dialect:
    """Tell the separator and the headings of a UTF-8 text file.

    Args:
        path: The file.
        headerless: The user gave columns by position: a first record with figures is data.
    """
    with path.open(encoding="utf-8", newline="") as file:
        sample = file.read(_SAMPLE)
        if "\n" not in sample and "\r" not in sample:
            sample += file.readline()
    separator = separator_of(sample)
    first = next(_split(io.StringIO(sample, newline=""), separator, strict=False), [])
    if headerless and any(_DATA.match(cell) for cell in first):
        numbers = tuple(str(number + 1) for number in range(len(first)))
        return Dialect(separator, numbers, headed=False)
    return Dialect(separator, tuple(first), headed=True)


def separator_of(sample: str) -> str | None:
    r"""The separator that parts the sample's records most evenly into most columns.

    >>> separator_of("a;b;c\n1;2,5;3\n")
    ';'
    >>> separator_of(" customer_id  date\n 00001 19970101\n") is None
    True
    """
    widths = {sign: [len(cells) for cells in _some(sample, sign) if cells] for sign in _SEPARATORS}
    scores = {
        sign: (sum(width == found[0] for width in found) / len(found) > 1 / 2, found[0])
        for sign, found in widths.items()
        if found and found[0] > 1
    }
    if scores:
        return max(scores, key=lambda sign: scores[sign])
    first = next((line for line in sample.splitlines() if line.strip()), "")
    return None if len(first.split()) > 1 else ","


def _some(sample: str, separator: str) -> list[list[str]]:
    rows = _split(io.StringIO(sample, newline=""), separator, strict=False)
    return [row for row, _ in zip(rows, range(_SAMPLE_LINES), strict=False)]


def _split(file: TextIO, separator: str | None, *, strict: bool) -> Iterator[list[str]]:
    if separator is None:
        return (line.split() for line in file)
    csv.field_size_limit(_LARGEST_FIELD)  # a field may be large; it is shortened where shown
    return csv.reader(file, delimiter=separator, strict=strict)


def records_of(path: Path, dialect: Dialect) -> Iterator[tuple[int, Sequence[str] | None]]:
    """The records with their numbers; None where the quotation marks of one make no sense.

    Blank lines count and are left out, so that the number is what a person counts.

    Raises:
        InputError: A quotation mark opens and is never closed.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = _split(file, dialect.separator, strict=True)
        number = _skip_heading(rows) if dialect.headed else 0
        while True:
            number += 1
            try:
                cells = next(rows)
            except StopIteration:
                return
            except csv.Error as error:
                if "end of data" in str(error):
                    raise _unclosed(number, path.name) from error
                yield number, None
                continue
            if cells:
                yield number, cells


def _skip_heading(rows: Iterator[list[str]]) -> int:
    """Pass the heading; whatever blank lines stand above it, its number is 1."""
    while not next(rows):
        pass
    return 1


def _unclosed(number: int, name: str) -> InputError:
    return InputError(
        say("A quotation mark in record {n} of {file} is never closed.", n=number, file=name),
        accepted=say("Close it, or double it where it is part of the text."),
    )
