"""Many rows at once, set by set, on either database.

Values are texts, whole numbers or None, as both databases read a column's type from its text;
where rows are not loaded but added or replaced, also what JSON has besides.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.db import connection, models

type Value = str | int | Mapping[str, object] | list[object] | None
type Column = Sequence[Value]

_PLACE = "place"
_SPECIAL = re.compile(r"[\\\t\n\r]")
_ESCAPED = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def instant(moment: datetime) -> str:
    """An instant as both databases read it from a text, in UTC."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ")


def plain(value: object) -> Value:
    """A value of a record as :func:`add` and :func:`replace` take it."""
    if isinstance(value, datetime):
        return instant(value)
    if value is None or isinstance(value, int | Mapping | list):
        return value
    return str(value)


def take_turns(what: str) -> None:
    """Let one transaction at a time write batches of something: none meets another half-way.

    Transactions of SQLite do so anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [what])


def count_anew(model: type[models.Model]) -> None:
    """Have PostgreSQL look at a table of which much is new; it does so by itself, but later.

    Within a transaction it is left to that: its lock would be held until the end of it.
    """
    if connection.vendor == "postgresql" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {_table(model)}")


def load(model: type[models.Model], columns: Mapping[str, Column]) -> None:
    """Add rows that are known to be new, as fast as the database takes them.

    Args:
        model: The table.
        columns: Values by the name of their column, all of one length.
    """
    columns = _complete(model, columns, len(next(iter(columns.values()))))
    names = ", ".join(map(_quoted, columns))
    table = _table(model)
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


def _copied(column: Column) -> Sequence[str]:
    texts = ["" if value is None else str(value) for value in column]
    if _SPECIAL.search("".join(texts)):
        texts = [text.translate(_ESCAPED) for text in texts]
    if None in column:
        return [
            r"\N" if value is None else text for value, text in zip(column, texts, strict=True)
        ]
    return texts


def load_by_names(
    model: type[models.Model],
    columns: Mapping[str, Column],
    column: str,
    named: type[models.Model],
    key: str,
) -> bool:
    """Add a handful of rows that are known to be new, where every row that they name is known.

    They are numbered in the order in which they are told.

    Args:
        model: The table.
        columns: Values by the name of their column, all of one length.
        column: The one that refers to another table, told by the names of its rows.
        named: That table.
        key: The column of the names.

    Returns:
        Whether they were added; none is where a name is not known.
    """
    count = len(columns[column])
    columns = _complete(model, columns, count)
    statement = _loading_by_names(model, tuple(columns), column, named, key, one=count == 1)
    with connection.cursor() as cursor:
        cursor.execute(statement, [_rows({**columns, _PLACE: range(count)}, one=count == 1)])
        return bool(cursor.fetchall())


@cache
def _loading_by_names(
    model: type[models.Model],
    columns: Sequence[str],
    column: str,
    named: type[models.Model],
    key: str,
    *,
    one: bool,
) -> str:
    names = ", ".join(map(_quoted, columns))
    values = ", ".join("number" if name == column else _quoted(name) for name in columns)
    types = ((column, _type(named, key)), (_PLACE, "integer"))
    told = _source(model, (*columns, _PLACE), types, one=one)
    return (
        f"WITH told AS ({told}), found AS (SELECT told.*, named.id AS number FROM told "  # noqa: S608 - names of our own tables
        f"LEFT JOIN {_table(named)} AS named ON named.{_quoted(key)} = told.{_quoted(column)}) "
        f"INSERT INTO {_table(model)} ({names}) SELECT {values} FROM found "
        f"WHERE NOT EXISTS (SELECT 1 FROM found WHERE number IS NULL) ORDER BY {_PLACE} "
        "RETURNING id"
    )


def numbers_of(model: type[models.Model], key: str, keys: Iterable[str]) -> dict[str, int]:
    """The numbers of rows by their keys; unknown keys are left out."""
    found: dict[str, int] = values_of(model, key, keys, "id")
    return found


def values_of(
    model: type[models.Model],
    key: str,
    keys: Iterable[str],
    column: str,
    *,
    within: tuple[str, str] | None = None,
) -> dict[str, Any]:
    """What rows have in a column, by their keys; of several rows of one key, one counts.

    Args:
        model: The table.
        key: The column of the keys.
        keys: Those that are looked for; unknown ones are left out.
        column: The column.
        within: Another column, and what the rows have in it.
    """
    wanted = list(keys)
    one = len(wanted) == 1
    statement = _finding(model, key, column, within and within[0], one=one)
    told = wanted[0] if one else json.dumps(wanted)
    with connection.cursor() as cursor:
        cursor.execute(statement, [told, *(within[1:] if within else ())])
        return dict(cursor.fetchall())


@cache
def _finding(
    model: type[models.Model], key: str, column: str, within: str | None, *, one: bool
) -> str:
    each = (
        "json_array_elements_text(%s)"
        if connection.vendor == "postgresql"
        else "value FROM json_each(%s)"
    )
    those = "= %s" if one else f"IN (SELECT {each})"
    where = f" AND {_quoted(within)} = %s" if within else ""
    return (
        f"SELECT {_quoted(key)}, {_quoted(column)} FROM {_table(model)} "  # noqa: S608 - names of our own tables
        f"WHERE {_quoted(key)} {those}{where}"
    )


def make(model: type[models.Model], count: int, **values: Value) -> list[int]:
    """Make so many rows that are all alike.

    Returns:
        Their numbers, ascending.
    """
    columns = _complete(model, {name: [value] * count for name, value in values.items()}, count)
    statement = _making(model, tuple(columns), one=count == 1)
    return sorted(_told(statement, columns, count).values())


@cache
def _making(model: type[models.Model], columns: Sequence[str], *, one: bool) -> str:
    names = ", ".join(map(_quoted, columns))
    return (
        f"INSERT INTO {_table(model)} ({names}) SELECT {names} "  # noqa: S608 - names of our own tables
        f"FROM ({_source(model, columns, one=one)}) AS told WHERE true RETURNING id, id"
    )


def add(
    model: type[models.Model], key: str, columns: Mapping[str, Column], *, within: str = ""
) -> dict[str, int]:
    """Add the rows whose key is not there yet; whoever adds one at the same moment is waited for.

    Args:
        model: The table.
        key: The column of the unique key.
        columns: Values by the name of their column, all of one length.
        within: The column within whose values the key is unique.

    Returns:
        The numbers of the rows added, by their keys.
    """
    count = len(columns[key])
    columns = _complete(model, columns, count)
    return _told(_adding(model, tuple(columns), key, within, one=count == 1), columns, count)


@cache
def _adding(
    model: type[models.Model], columns: Sequence[str], key: str, within: str, *, one: bool
) -> str:
    names = ", ".join(map(_quoted, columns))
    unique = [_quoted(name) for name in (within, key) if name]
    same = " AND ".join(f"known.{name} = told.{name}" for name in unique)
    return (
        f"INSERT INTO {_table(model)} ({names}) SELECT {names} "  # noqa: S608 - names of our own tables
        f"FROM ({_source(model, columns, one=one)}) AS told WHERE NOT EXISTS "
        f"(SELECT 1 FROM {_table(model)} AS known WHERE {same}) ORDER BY {_quoted(key)} "
        f"ON CONFLICT ({', '.join(unique)}) DO NOTHING RETURNING {_quoted(key)}, id"
    )


def replace(model: type[models.Model], key: str, columns: Mapping[str, Column]) -> None:
    """Set values of rows by their key, which the transaction has locked."""
    count = len(columns[key])
    _told(_replacing(model, tuple(columns), key, one=count == 1), columns, count)


@cache
def _replacing(model: type[models.Model], columns: Sequence[str], key: str, *, one: bool) -> str:
    # to set the key, to what it is, would lock out rows that refer to these
    values = [f"{_quoted(name)} = told.{_quoted(name)}" for name in columns if name != key]
    table, name, source = _table(model), _quoted(key), _source(model, columns, one=one)
    return (
        f"UPDATE {table} SET {', '.join(values)} FROM ({source}) AS told "  # noqa: S608 - names of our own tables
        f"WHERE {table}.{name} = told.{name} RETURNING {table}.{name}, {table}.id"
    )


def change(
    model: type[models.Model], where: Mapping[str, str | int], values: Mapping[str, str | int]
) -> None:
    """Set values of the rows that have others."""
    with connection.cursor() as cursor:
        cursor.execute(
            _changing(model, tuple(where), tuple(values)), [*values.values(), *where.values()]
        )


@cache
def _changing(model: type[models.Model], where: Sequence[str], columns: Sequence[str]) -> str:
    values = ", ".join(f"{_quoted(name)} = %s" for name in columns)
    those = " AND ".join(f"{_quoted(name)} = %s" for name in where)
    return f"UPDATE {_table(model)} SET {values} WHERE {those}"  # noqa: S608 - names of our own tables


def _told(statement: str, columns: Mapping[str, Column], count: int) -> dict[str, int]:
    """Execute a statement on the told rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, [_rows(columns, one=count == 1)])
        return dict(cursor.fetchall())


def _rows(columns: Mapping[str, Column], *, one: bool) -> str:
    """The told rows as JSON; a single one as PostgreSQL reads it."""
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return json.dumps(rows[0] if one and connection.vendor == "postgresql" else rows)


def _complete(
    model: type[models.Model], columns: Mapping[str, Column], count: int
) -> dict[str, Column]:
    """With what a model puts into the columns that are not named."""
    missing = {
        name: [plain(field.get_default())] * count
        for name, field in _required(model)
        if name not in columns
    }
    return {**missing, **columns}


@cache
def _required(model: type[models.Model]) -> "Sequence[tuple[str, models.Field[Any, Any]]]":
    return [
        (str(field.column), field)
        for field in model._meta.concrete_fields
        if not (field.null or field.primary_key)
    ]


@cache
def _source(
    model: type[models.Model],
    columns: Sequence[str],
    types: tuple[tuple[str, str], ...] = (),
    *,
    one: bool,
) -> str:
    """A query of the rows that its one parameter tells as JSON.

    Args:
        model: The table whose columns have the types.
        columns: The columns.
        types: Those that are told otherwise, and how.
        one: Whether there is one row: PostgreSQL takes any array for a hundred, and would
            read a whole table to find one of them.
    """
    if connection.vendor == "postgresql":
        other = dict(types)
        typed = ", ".join(
            f"{_quoted(name)} {other.get(name) or _type(model, name)}" for name in columns
        )
        reader = "json_to_record" if one else "json_to_recordset"
        return f"SELECT * FROM {reader}(%s) AS told({typed})"  # noqa: S608 - names of our own tables
    picked = ", ".join(f"value->>'{name}' AS {_quoted(name)}" for name in columns)
    return f"SELECT {picked} FROM json_each(%s)"  # noqa: S608 - names of our own tables


def _type(model: type[models.Model], column: str) -> str:
    field = next(field for field in model._meta.concrete_fields if field.column == column)
    return str(field.rel_db_type(connection) if field.is_relation else field.db_type(connection))


def _table(model: type[models.Model]) -> str:
    return _quoted(model._meta.db_table)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
