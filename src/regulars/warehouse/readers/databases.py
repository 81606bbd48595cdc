"""Tables of databases, by URL; a password is never shown."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import adbc_driver_manager
import adbc_driver_manager.dbapi
import adbc_driver_postgresql.dbapi
import adbc_driver_sqlite.dbapi
import duckdb

from regulars.kernel.errors import InputError
from regulars.kernel.wording import say
from regulars.warehouse.engines import Engine
from regulars.warehouse.readers.tables import quoted, read_stream
from regulars.warehouse.records import Recognise, Records

type Connection = adbc_driver_manager.dbapi.Connection


def read_database(engine: Engine, url: str, recognise: Recognise, table: str | None) -> Records:
    """The records of a table of SQLite, PostgreSQL or DuckDB.

    Args:
        engine: Where the records go.
        url: ``sqlite:///file.db``, ``duckdb:///file.db`` or ``postgresql://user@host/name``,
            with ``?table=name`` unless ``table`` says it.
        recognise: Finds the columns.
        table: The table, ``schema.table`` where it is in a schema.

    Raises:
        InputError: The database cannot be reached, or the table is not there.
    """
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    named = table or next(iter(query.pop("table", ())), None)
    plain = urlunsplit(parts._replace(query=urlencode(query, doseq=True)))
    readers: dict[str, Callable[[Engine, str, Recognise, str | None], Records]] = {
        "sqlite": _read_sqlite,
        "duckdb": _read_duckdb,
        "postgresql": _read_postgresql,
        "postgres": _read_postgresql,
    }
    if parts.scheme not in readers:
        raise InputError(
            say("Databases of the kind {kind} cannot be read.", kind=parts.scheme),
            accepted=say("Give a URL that begins with {kinds}.", kinds=", ".join(readers)),
        )
    try:
        return readers[parts.scheme](engine, plain, recognise, named)
    except (adbc_driver_manager.Error, duckdb.Error) as error:
        raise InputError(
            say("The database {url} cannot be read.", url=shown_url(url)),
            accepted=say("Check the address, the rights and the table."),
        ) from error


def shown_url(url: str) -> str:
    """A URL without its password.

    >>> shown_url("postgresql://ann:secret@db/shop?table=orders")
    'postgresql://ann@db/shop?table=orders'
    """
    if url.startswith("spark://"):
        return url.partition("?")[0]  # its brackets are no address of the sixth version
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    user = f"{parts.username}@" if parts.username else ""
    query = {key: values for key, values in parse_qs(parts.query).items() if "password" not in key}
    return urlunsplit(parts._replace(netloc=f"{user}{host}", query=urlencode(query, doseq=True)))


def _file_of(url: str) -> Path:
    parts = urlsplit(url)
    path = Path(f"{parts.netloc}{parts.path}".removeprefix("/"))
    path = path if path.exists() else Path(parts.path)
    if not path.is_file():
        raise InputError(
            say("There is no file {file}.", file=str(path)),
            accepted=say("Give the path after three slashes, as in sqlite:///shop.db."),
        )
    return path


def _read_sqlite(engine: Engine, url: str, recognise: Recognise, table: str | None) -> Records:
    with adbc_driver_sqlite.dbapi.connect(f"file:{_file_of(url)}?mode=ro") as connection:
        tables = _column(
            connection, "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY 1"
        )
        name = _one_table(tables, table, url)
        columns = _column(connection, _select("name", f"pragma_table_info({_text(name)})"))
        # SQLite types cells, not columns: text is the one type that holds all of them
        cells = ", ".join(
            f"CAST({quoted(column)} AS TEXT) AS {quoted(column)}" for column in columns
        )
        return _stream(engine, connection, _select(cells, quoted(name)), recognise, name)


def _read_postgresql(engine: Engine, url: str, recognise: Recognise, table: str | None) -> Records:
    with adbc_driver_postgresql.dbapi.connect(url) as connection:
        tables = _column(
            connection,
            "SELECT CASE WHEN schemaname = 'public' THEN tablename"
            " ELSE schemaname || '.' || tablename END FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1",
        )
        name = _one_table(tables, table, url)
        return _stream(engine, connection, _select("*", _dotted(name)), recognise, name)


def _read_duckdb(engine: Engine, url: str, recognise: Recognise, table: str | None) -> Records:
    with duckdb.connect(str(_file_of(url)), read_only=True) as connection:
        found = connection.execute(
            "SELECT CASE WHEN table_schema = 'main' THEN table_name"
            " ELSE table_schema || '.' || table_name END"
            " FROM information_schema.tables ORDER BY 1"
        ).fetchall()
        name = _one_table([row[0] for row in found], table, url)
        stream = connection.sql(_select("*", _dotted(name))).to_arrow_reader()
        return read_stream(engine, stream, recognise, name)


def _stream(
    engine: Engine, connection: Connection, query: str, recognise: Recognise, name: str
) -> Records:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return read_stream(engine, cursor.fetch_record_batch(), recognise, name)


def _column(connection: Connection, query: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [row[0] for row in cursor.fetchall()]


def _one_table(tables: list[str], named: str | None, url: str) -> str:
    if named is not None and named.removeprefix("main.").removeprefix("public.") in tables:
        return named.removeprefix("main.").removeprefix("public.")
    if named is None and len(tables) == 1:
        return tables[0]
    wrong = (
        say("{url} has no table {table}.", url=shown_url(url), table=named)
        if named
        else say("{url} has several tables or none.", url=shown_url(url))
    )
    raise InputError(
        wrong,
        accepted=say("Add ?table= with one of: {tables}.", tables=", ".join(tables)),
    )


def _select(cells: str, table: str) -> str:
    return f"SELECT {cells} FROM {table}"  # noqa: S608 every name in it was quoted


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _dotted(name: str) -> str:
    return ".".join(quoted(part) for part in name.split("."))
