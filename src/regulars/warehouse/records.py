"""Records as they stand in a source: the wanted columns by their canonical names, unparsed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from regulars.warehouse.headings import Found

RECORD = "record"
FILE = "file"
REST = "rest"
BROKEN = "broken"
KEPT = "kept_"

type Recognise = Callable[[Sequence[str], str], Found]
"""Called with the headings of a file and its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """Records of one or several files, not parsed yet.

    Attributes:
        table: ``file`` (index into ``files``), ``record`` (its number, the heading being 1), the
            canonical columns that were found, ``kept_…`` columns that were asked for and, where
            it matters, ``rest``: a fingerprint of all other columns.
        files: The name of each file.
        found: Where each column stands, for each file.
        columnar: The table is still in files of columns; reading some of them again is cheap.
    """

    table: ir.Table
    files: tuple[str, ...]
    found: tuple[Found, ...]
    columnar: bool = False

    @property
    def columns(self) -> dict[str, str]:
        """Canonical column to the first heading that it goes by."""
        merged: dict[str, str] = {}
        for found in self.found:
            merged = found.columns | merged
        return merged

    @property
    def kept(self) -> tuple[str, ...]:
        """Names of the columns that were kept for segments."""
        return tuple(dict.fromkeys(name for found in self.found for name in found.kept))

    @property
    def ignored(self) -> tuple[str, ...]:
        """Headings that nothing was taken from."""
        return tuple(
            dict.fromkeys(found.headings[place] for found in self.found for place in found.ignored)
        )


def names_of(found: Found) -> dict[str, int]:
    """The name of each column in the table of records, and its position in the file."""
    return dict(found.positions) | {KEPT + name: place for name, place in found.kept.items()}


def needs_rest(found: Found) -> bool:
    """Whether two records may be alike in all wanted columns and still differ.

    It matters only where a repeated order id means a repeated record.
    """
    return "order_id" in found.positions and bool(found.ignored)


def together(parts: Sequence[Records]) -> Records:
    """The records of several files as one; a column that a file lacks is null there."""
    if len(parts) == 1:
        return parts[0]
    types = _common_types(parts)
    tables = [_conform(part.table, types, number) for number, part in enumerate(parts)]
    return Records(
        table=ibis.union(*tables),
        files=tuple(name for part in parts for name in part.files),
        found=tuple(found for part in parts for found in part.found),
        columnar=all(part.columnar for part in parts),
    )


def _common_types(parts: Sequence[Records]) -> dict[str, str]:
    types: dict[str, str] = {}
    for part in parts:
        for name, kind in part.table.schema().items():
            one = str(kind.copy(nullable=True))
            types[name] = one if types.get(name, one) == one else "string"
    return types


def _conform(table: ir.Table, types: dict[str, str], number: int) -> ir.Table:
    columns: dict[str, ir.Value] = {
        name: table[name].cast(kind) if name in table.columns else ibis.null(kind)
        for name, kind in types.items()
    }
    columns[FILE] = ibis.literal(number, "int32")
    return table.select(**columns)
