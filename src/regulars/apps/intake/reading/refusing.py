"""The file of the rows that were refused: one JSON object a line, to be mended and sent again."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Self

from regulars.apps.intake.rules import Fault
from regulars.apps.intake.sayings import kept

NAME = "rejects.ndjson"


class Refusals:
    """Writes refused rows in the order of the source."""

    def __init__(self, folder: Path) -> None:
        self._file = (folder / NAME).open("w", encoding="utf-8")
        self.count = 0

    def refuse(self, line: int, faults: Iterable[Fault], row: object, text: str | None) -> None:
        """Write down a row: its cells or JSON, or its text where it could not be taken apart."""
        errors = [_as_json(fault) for fault in faults]
        told = {"line": line, "reason": _reason(errors), "errors": errors}
        told |= {"text": text} if row is None else {"row": row}
        self._file.write(json.dumps(told, ensure_ascii=False, default=str) + "\n")
        self.count += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


def _as_json(fault: Fault) -> dict[str, object]:
    error: dict[str, object] = {"field": fault.field, "message": str(fault.message)}
    if fault.value is not None:
        error["value"] = fault.value
    # where the sentence has no values, its text is the sentence
    return error | ({"said": kept(fault.message)} if fault.message.values else {})


def _reason(errors: Iterable[Mapping[str, object]]) -> str:
    return " ".join(
        f"{error['field']}: {error['message']}" if error["field"] else str(error["message"])
        for error in errors
    )
