"""Small sources of orders, written the way firms write them."""

from datetime import datetime
from pathlib import Path
from textwrap import dedent

from regulars.warehouse.options import Reading
from regulars.warehouse.orders import Orders
from regulars.warehouse.reading import read_orders


def write(folder: Path, text: str, name: str = "orders.csv", encoding: str = "utf-8") -> Path:
    """Write a text file; the indentation of the text is taken off."""
    path = folder / name
    path.write_bytes(dedent(text).lstrip("\n").encode(encoding))
    return path


def read_text(folder: Path, text: str, reading: Reading | None = None) -> Orders:
    """Read a text as a CSV file of orders."""
    return read_orders(write(folder, text), reading)


def rows_of(orders: Orders, *names: str) -> list[tuple[object, ...]]:
    """The purchases as tuples of the named columns, in a fixed order."""
    rows = orders.purchases.to_pyarrow().to_pylist()
    return sorted(
        (tuple(row[name] for name in names) for row in rows),
        key=lambda row: [str(value) for value in row],
    )


def reasons(orders: Orders) -> list[tuple[int, str | None, str | None, str]]:
    """The rejects as line, column, value and reason."""
    return [(one.line, one.column, one.value, str(one.reason)) for one in orders.quality.rejected]


def clock(text: str) -> datetime:
    """What a clock shows, without a zone: times in tables are UTC."""
    return datetime.fromisoformat(text)
