"""Rows of any table as lines of text that are the same on every database, and back."""

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import batched
from typing import Any
from uuid import UUID

from django.apps.registry import Apps
from django.db import connection, models
from django.utils.duration import duration_iso_string

type Field = models.Field[Any, Any]

_ROWS_AT_ONCE = 2000
_EXACT_WHOLE = 1e16
"""From here on JSON columns of PostgreSQL write whole numbers without a point."""


def models_of(apps: Apps) -> dict[str, type[models.Model]]:
    """Every table that Django keeps, by its name."""
    found = apps.get_models(include_auto_created=True)
    return {
        model._meta.db_table: model
        for model in sorted(found, key=lambda model: model._meta.db_table)
        if model._meta.managed and not model._meta.proxy
    }


def fields_of(model: type[models.Model]) -> list[Field]:
    """The columns that are written, by name: a model of the past has them in another order."""
    fields = model._meta.concrete_fields
    return sorted((it for it in fields if not it.generated), key=lambda it: str(it.column))


def columns_of(model: type[models.Model]) -> list[str]:
    """Their names."""
    return [str(field.column) for field in fields_of(model)]


def lines_of(model: type[models.Model]) -> Iterator[bytes]:
    """Every row as a line, a few thousand at a time in memory."""
    names = [field.attname for field in fields_of(model)]
    rows = models.QuerySet(model).order_by("pk").values_list(*names)
    for row in rows.iterator(chunk_size=_ROWS_AT_ONCE):
        told = [_told(value) for value in row]
        text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        yield text.encode() + b"\n"


class Tally:
    """How many lines there were, and a sum of them that does not ask for their order.

    >>> one, other = Tally(), Tally()
    >>> for line in (b"1", b"2"):
    ...     one.add(line)
    >>> for line in (b"2", b"1"):
    ...     other.add(line)
    >>> (one.rows, one.sum == other.sum)
    (2, True)
    """

    def __init__(self) -> None:
        self.rows = 0
        self._sum = 0

    def add(self, line: bytes) -> None:
        """Count a line."""
        self.rows += 1
        self._sum += int.from_bytes(hashlib.sha256(line).digest())

    @property
    def sum(self) -> str:
        """The sum of the lines' SHA-256, modulo 2^256, in hexadecimal digits."""
        return f"{self._sum % 2**256:064x}"


def write_rows(model: type[models.Model], lines: Iterable[bytes]) -> None:
    """Insert rows from lines, a few thousand at a time in memory."""
    fields, quote = fields_of(model), connection.ops.quote_name
    names = ", ".join(quote(name) for name in columns_of(model))
    table = quote(model._meta.db_table)
    places = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {table} ({names}) VALUES ({places})"  # noqa: S608 - names of ours
    with connection.cursor() as cursor:
        for some in batched(lines, _ROWS_AT_ONCE, strict=False):
            cursor.executemany(statement, [_values(fields, line) for line in some])


def _values(fields: Sequence[Field], line: bytes) -> list[object]:
    values = json.loads(line)
    return [_kept(field, value) for field, value in zip(fields, values, strict=True)]


def _kept(field: Field, value: object) -> object:
    """A value as the database takes it."""
    if isinstance(field, models.JSONField):
        null = value is None and field.null
        return None if null else field.get_db_prep_value(value, connection)
    return field.get_db_prep_save(field.to_python(value), connection)


def _told(value: object) -> object:
    """A value as JSON has it."""
    way = _WAYS.get(type(value))
    return value if way is None else way(value)


_WAYS: Mapping[type, Callable[[Any], object]] = {
    datetime: lambda value: value.astimezone(UTC).isoformat(),
    date: date.isoformat,
    time: time.isoformat,
    timedelta: duration_iso_string,
    Decimal: str,
    UUID: str,
    bytes: lambda value: base64.b64encode(value).decode("ascii"),
    memoryview: lambda value: base64.b64encode(value).decode("ascii"),
    float: lambda value: int(value) if abs(value) >= _EXACT_WHOLE else value,
    list: lambda value: [_told(part) for part in value],
    dict: lambda value: {name: _told(part) for name, part in value.items()},
}


def next_number(model: type[models.Model]) -> int | None:
    """The last number that the database gave out for a table; None where it gives none."""
    column = _counted(model)
    if column is None:
        return None
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT pg_sequence_last_value(pg_get_serial_sequence(%s, %s)::regclass)",
                [connection.ops.quote_name(_table(model)), column],
            )
        else:
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [_table(model)])
        row = cursor.fetchone()
    # SQLite says 0 where a first row was taken back
    return int(row[0]) if row is not None and row[0] else None


def go_on_from(model: type[models.Model], number: int | None) -> None:
    """Have the database number new rows after those there were, so that no number comes back."""
    column = _counted(model)
    if column is None or number is None:
        return
    table = _table(model)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            quoted = connection.ops.quote_name(table)
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [quoted, column, number]
            )
        else:
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
            cursor.execute("INSERT INTO sqlite_sequence VALUES (%s, %s)", [table, number])


def _counted(model: type[models.Model]) -> str | None:
    key = model._meta.pk
    counted = isinstance(key, models.AutoField | models.BigAutoField | models.SmallAutoField)
    return str(key.column) if counted else None


def _table(model: type[models.Model]) -> str:
    return str(model._meta.db_table)
