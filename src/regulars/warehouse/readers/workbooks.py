"""Excel and OpenDocument workbooks: one sheet is one table."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from regulars.kernel.errors import InputError, OptionError
from regulars.kernel.wording import say
from regulars.warehouse.engines import Engine
from regulars.warehouse.readers.rows import Row, store_rows
from regulars.warehouse.records import Recognise, Records

type Cell = int | float | str | bool | time | date | datetime | timedelta | None


def read_workbook(
    engine: Engine, path: Path, recognise: Recognise, table: str | None, name: str
) -> Records:
    """The records of a sheet, cells as text; the first sheet with rows unless one is named.

    Raises:
        InputError: It is no workbook, or all its sheets are empty.
        OptionError: It has no such sheet.
    """
    try:
        book = CalamineWorkbook.from_path(path)
        sheet = _sheet(book, table, name)
    except CalamineError as error:
        raise InputError(
            say("{file} is not a whole Excel or OpenDocument workbook.", file=name),
            accepted=say("Save it again as .xlsx, or as CSV."),
        ) from error
    rows = _rows(sheet)
    headings = next(rows).cells
    found = recognise([heading or "" for heading in headings], name)
    return store_rows(engine, rows, found, name)


def _sheet(book: CalamineWorkbook, table: str | None, name: str) -> CalamineSheet:
    if table is not None and table not in book.sheet_names:
        raise OptionError(
            say("{file} has no sheet called {sheet}.", file=name, sheet=table),
            accepted=say("It has: {sheets}.", sheets=", ".join(book.sheet_names)),
        )
    for title in [table] if table is not None else book.sheet_names:
        sheet = book.get_sheet_by_name(title)
        if sheet.end is not None and next(_rows(sheet), None) is not None:
            return sheet
    raise InputError(
        say("The file {file} is empty.", file=name),
        accepted=say("Give a sheet with a heading and at least one order."),
    )


def _rows(sheet: CalamineSheet) -> Iterator[Row]:
    """The rows that hold something; the first of them, the heading, is number 1."""
    number = 0
    for cells in sheet.iter_rows():
        texts = [as_text(cell) for cell in cells]
        number += bool(number) or any(texts)
        if any(texts):
            yield Row(number, texts)


def as_text(cell: Cell) -> str | None:
    """A cell as a text that reads back as the same value.

    >>> as_text(17850.0), as_text(2.5), as_text(datetime(2024, 3, 31)), as_text("")
    ('17850', '2.5', '2024-03-31', None)
    """
    match cell:
        case None | "":
            return None
        case float():
            return plain_number(cell)
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case date() | time():
            return cell.isoformat()
        case _:
            return str(cell)


def plain_number(value: float) -> str:
    """A number without an exponent and without a superfluous ``.0``.

    >>> plain_number(1e5), plain_number(0.1), plain_number(1e-7)
    ('100000', '0.1', '0.0000001')
    """
    text = repr(value)
    if "e" in text and "n" not in text:
        text = f"{value:.20f}".rstrip("0") if abs(value) < 1 else f"{value:.0f}"
    return text.removesuffix(".0").removesuffix(".")
