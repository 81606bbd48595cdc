"""Many rows at once, set by set, on either database.

Values are texts, whole numbers or None: both databases read a column's type from its text.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from django.db import connection, models

type Column = Sequence[str | int | None]

_SPECIAL = re.compile(r"[\\\t\n\r]")
_ESCAPED = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def instant(moment: datetime) -> str:
    """An instant as both databases read it from a text, in UTC."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ")


def take_turns(what: str) -> None:
    """Let one transaction at a time write batches of something: none meets another half-way.

    Transactions of SQLite do so anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [what])


def load(model: type[models.Model], columns: Mapping[str, Column]) -> None:
    """Add rows that are known to be new, as fast as the database takes them.

    Args:
        model: The table.
        columns: Values by the name of their column, all of one length.
    """
    names = ", ".join(map(_quoted, columns))
    table = _quoted(model._meta.db_table)
    if connection.vendor == "postgresql":
        rows = zip(*map(_copied, columns.values()), strict=True)
        text = "\n".join(map("\t".join, rows))
        with (
            connection.wrap_database_errors,
            connection.cursor() as cursor,
            cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy,
        ):
            copy.write(text)
        return
    places = ", ".join(["%s"] * len(columns))
    statement = f"INSERT INTO {table} ({names}) VALUES ({places})"  # noqa: S608 - names of our own tables
    with connection.cursor() as cursor:
        cursor.executemany(statement, list(zip(*columns.values(), strict=True)))


def _copied(column: Column) -> list[str]:
    if _SPECIAL.search("".join(value for value in column if isinstance(value, str))):
        column = [
            value.translate(_ESCAPED) if isinstance(value, str) else value for value in column
        ]
    return [r"\N" if value is None else str(value) for value in column]


def add(model: type[models.Model], key: str, columns: Mapping[str, Column]) -> dict[str, int]:
    """Add the rows whose key is not there yet; whoever adds one at the same moment is waited for.

    Returns:
        The numbers of the rows added, by their keys.
    """
    table = _quoted(model._meta.db_table)
    known = f"SELECT 1 FROM {table} AS known WHERE known.{_quoted(key)} = told.{_quoted(key)}"  # noqa: S608 - names of our own tables
    return _put(model, key, columns, f"WHERE NOT EXISTS ({known})", "NOTHING")


def replace(model: type[models.Model], key: str, columns: Mapping[str, Column]) -> dict[str, int]:
    """Set rows by their key, which the transaction has locked.

    Returns:
        Their numbers by their keys.
    """
    # to set the key, to what it is, would lock out rows that refer to these
    names = [_quoted(name) for name in columns if name != key]
    values = ", ".join(f"{name} = excluded.{name}" for name in names)
    return _put(model, key, columns, "WHERE true", f"UPDATE SET {values}")


def _put(
    model: type[models.Model], key: str, columns: Mapping[str, Column], which: str, conflict: str
) -> dict[str, int]:
    table, names = _quoted(model._meta.db_table), ", ".join(map(_quoted, columns))
    source, params = _source(model, columns)
    statement = (
        f"INSERT INTO {table} ({names}) SELECT {names} FROM ({source}) AS told {which} "  # noqa: S608 - names of our own tables
        f"ORDER BY {_quoted(key)} ON CONFLICT ({_quoted(key)}) DO {conflict} "
        f"RETURNING {_quoted(key)}, id"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return dict(cursor.fetchall())


def _source(
    model: type[models.Model], columns: Mapping[str, Column]
) -> tuple[str, list[str | list[str | None]]]:
    """The told rows as a query, and its parameters."""
    names = list(map(_quoted, columns))
    if connection.vendor == "postgresql":
        types = [_type(model, name) for name in columns]
        cast = ", ".join(f"{name}::{type_}" for name, type_ in zip(names, types, strict=True))
        arrays = ", ".join(["%s::text[]"] * len(names))
        texts = [
            [None if value is None else str(value) for value in column]
            for column in columns.values()
        ]
        return f"SELECT {cast} FROM unnest({arrays}) AS texts({', '.join(names)})", [*texts]  # noqa: S608 - names of our own tables
    picked = ", ".join(f"value->>{place} AS {name}" for place, name in enumerate(names))
    rows = json.dumps(list(zip(*columns.values(), strict=True)))
    return f"SELECT {picked} FROM json_each(%s)", [rows]  # noqa: S608 - names of our own tables


def _type(model: type[models.Model], column: str) -> str:
    field = next(field for field in model._meta.concrete_fields if field.column == column)
    return str(field.rel_db_type(connection) if field.is_relation else field.db_type(connection))


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
