"""Refused rows as files: to be mended by a person or a program, and sent again."""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping

from regulars.apps.intake.queries import RejectRow, find_rejects

LINE, BECAUSE = "rejected_line", "rejected_because"
"""Headings of the two columns that are added; no canonical column goes by them."""
_FORMULA = re.compile(r"^'*[=+\-@\t\r\n]")
_NUMBER = re.compile(r"^[-+][\d.,   ]*\d$")


def rejects_as_json(number: int) -> Iterator[str]:
    """Refused rows, each as a line of JSON; mended, the file is imported as it is."""
    for row in find_rejects(number):
        errors = [
            {"field": fault.field, "message": str(fault.message)}
            | ({} if fault.value is None else {"value": fault.value})
            for fault in row.faults
        ]
        told: dict[str, object] = {"line": row.line, "reason": row.reason, "errors": errors}
        told |= {"text": row.text} if row.row is None else {"row": row.row}
        yield json.dumps(told, ensure_ascii=False) + "\n"


def rejects_as_csv(number: int) -> Iterator[str]:
    """Refused rows as CSV under their own headings, with the line and the reason at the end.

    A text that a spreadsheet could run as a formula gets an apostrophe before it.
    """
    headings = dict.fromkeys(name for row in find_rejects(number) for name in (row.row or {}))
    yield _line([*headings, LINE, BECAUSE])
    for row in find_rejects(number):
        yield _line([*_cells(row, headings), str(row.line), _defused(row.reason)])


def _cells(row: RejectRow, headings: Mapping[str, None]) -> list[str]:
    if row.row is None:
        first, *others = headings or [""]
        return [_defused(row.text or ""), *("" for _ in others)] if first else []
    return [_defused(_text(row.row.get(name))) for name in headings]


def _text(value: object) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, ensure_ascii=False)


def _defused(text: str) -> str:
    """A text that no spreadsheet runs.

    >>> _defused("=1+1"), _defused("-12,50"), _defused("ann")
    ("'=1+1", '-12,50', 'ann')
    """
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.match(text) else text


def _line(cells: list[str]) -> str:
    place = io.StringIO()
    csv.writer(place).writerow(cells)
    return place.getvalue()
