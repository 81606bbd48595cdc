"""Engines by their URL: DuckDB, PostgreSQL, ClickHouse and Spark, set to count days in UTC."""

import weakref
from collections import deque
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

import duckdb
import ibis
import ibis.expr.types as ir

from regulars.kernel.errors import OptionError
from regulars.kernel.wording import say

_IN_UTC = "SET TIME ZONE 'UTC'"
_CLICKHOUSE = {
    "join_use_nulls": 1,  # else a left join fills in 0 where nothing fits
    "session_timezone": "UTC",
}


def connect(url: str) -> ibis.BaseBackend:
    """Connect to an engine.

    Args:
        url: ``duckdb:///shop.duckdb``, ``postgresql://user@host/name``,
            ``clickhouse://user@host:8123/name`` (``clickhouses://`` by TLS), ``chdb://``
            (ClickHouse in this process), ``spark://host:7077`` or ``spark://local[2]``. What
            follows a question mark is handed to the engine; ``table`` is not.

    Raises:
        OptionError: The kind of engine is not known, its driver is not installed, or it cannot be
            reached.

    >>> connect("duckdb://").name
    'duckdb'
    """
    kind = url.partition("://")[0]
    if kind not in _KINDS:
        raise OptionError(
            say("{kind} is not an engine that Regulars knows.", kind=kind),
            accepted=say("Give a URL that begins with {kinds}.", kinds=", ".join(_KINDS)),
        )
    backend = _KINDS[kind](without_table(url))
    prepare(backend)
    return backend


def prepare(backend: ibis.BaseBackend) -> None:
    """Make a session ready: it counts days in UTC, whatever the clocks of its machine show.

    >>> backend = ibis.duckdb.connect()
    >>> _ = backend.raw_sql("SET TimeZone = 'Europe/Vilnius'")
    >>> prepare(backend)
    >>> backend.raw_sql("SELECT current_setting('TimeZone')").fetchone()
    ('UTC',)
    """
    match backend.name:
        case "duckdb":
            backend.raw_sql(_IN_UTC)
        case "pyspark":
            _drop_between_statements(backend)
            backend.raw_sql(_IN_UTC)
        case "postgres":
            _drop_between_statements(backend)
            backend.raw_sql(_IN_UTC).close()
        case "clickhouse":
            _drop_between_statements(backend)
            for name, value in _CLICKHOUSE.items():
                backend.con.set_client_setting(name, value)
        case _:
            pass  # an engine handed over that is not known here


def _drop_between_statements(backend: ibis.BaseBackend) -> None:
    """Drop temporary tables that nothing refers to when the next one is made, not at once.

    The garbage collector may run within a statement: a table dropped there, on the same
    connection, would wait for the statement to end, and the statement for it.
    """
    if "_drop_cached_table" in vars(backend):
        return
    unused: deque[str] = deque()
    itself, kind = weakref.ref(backend), type(backend)

    def created(name: str, table: ir.Table) -> ir.Table:
        alive: Any = itself()  # it is: this is its own method
        while unused:
            kind._drop_cached_table(alive, unused.popleft())  # noqa: SLF001 - Ibis has no hook for it
        return kind._create_cached_table(alive, name, table)  # noqa: SLF001 - Ibis has no hook for it

    backend._drop_cached_table = unused.append  # noqa: SLF001 - Ibis has no public name for these
    backend._create_cached_table = created  # noqa: SLF001 - Ibis has no hook for it


def table_in(url: str) -> str | None:
    """The table that a URL names.

    >>> table_in("spark://local[2]?table=shop.orders")
    'shop.orders'
    """
    return dict(parse_qsl(url.partition("?")[2])).get("table")


def without_table(url: str) -> str:
    """The URL of the engine alone.

    >>> without_table("spark://local[2]?table=shop.orders&spark.executor.memory=4g")
    'spark://local[2]?spark.executor.memory=4g'
    """
    address, _, query = url.partition("?")
    rest = {name: value for name, value in parse_qsl(query) if name != "table"}
    return f"{address}?{urlencode(rest)}" if rest else address


def _duckdb(url: str) -> ibis.BaseBackend:
    file = urlsplit(url).path
    path = Path(unquote(file.removeprefix("/")))
    path = path if path.is_file() else Path(unquote(file))
    if file.strip("/") and not path.is_file():
        raise _unreachable(url)
    try:
        named = ibis.duckdb.connect(path, read_only=True) if path.is_file() else None
    except duckdb.Error as error:
        raise _unreachable(url) from error
    return named or ibis.duckdb.connect()


def _postgresql(url: str) -> ibis.BaseBackend:
    driver = _driver("psycopg", "postgresql")
    try:
        backend = ibis.connect(url.replace("postgresql://", "postgres://", 1))
    except (driver.Error, ValueError) as error:
        raise _unreachable(url) from error
    weakref.finalize(backend, backend.con.close)
    return backend


def _clickhouse(url: str) -> ibis.BaseBackend:
    driver = _driver("clickhouse_connect", "clickhouse")
    try:
        parts = urlsplit(url)
        backend = ibis.clickhouse.connect(
            host=parts.hostname or "localhost",
            port=parts.port,
            user=unquote(parts.username or "default"),
            password=unquote(parts.password or ""),
            database=parts.path.strip("/") or "default",
            secure=parts.scheme == "clickhouses",
            settings=dict(parse_qsl(parts.query)),
        )
    except (driver.driver.exceptions.Error, ValueError) as error:
        raise _unreachable(url) from error
    return backend


def _chdb(url: str) -> ibis.BaseBackend:
    _driver("chdb", "clickhouse")
    options = dict(parse_qsl(url.partition("?")[2]))
    return ibis.clickhouse.connect(interface="chdb", settings=options)


def _spark(url: str) -> ibis.BaseBackend:
    driver = _driver("pyspark", "spark")
    sql = import_module("pyspark.sql")
    address, _, query = url.partition("?")
    master = address.removeprefix("spark://")
    builder = sql.SparkSession.builder.appName("Regulars")
    builder = builder.master(master if master.startswith("local") else address)
    for name, value in parse_qsl(query):
        builder = builder.config(name, value)
    try:
        session = builder.getOrCreate()
    except driver.errors.PySparkException as error:
        raise _unreachable(url) from error
    return ibis.pyspark.connect(session)


_KINDS: Mapping[str, Callable[[str], ibis.BaseBackend]] = {
    "duckdb": _duckdb,
    "postgresql": _postgresql,
    "postgres": _postgresql,
    "clickhouse": _clickhouse,
    "clickhouses": _clickhouse,
    "chdb": _chdb,
    "spark": _spark,
}


def _driver(module: str, extra: str) -> ModuleType:
    """The module that speaks to an engine; drivers are extras, so it may not be there."""
    try:
        return import_module(module)
    except ImportError as error:
        raise OptionError(
            say("The driver of this engine is not installed: {module}.", module=module),
            accepted=say("Install regulars[{extra}].", extra=extra),
        ) from error


def _unreachable(url: str) -> OptionError:
    shown = url.partition("?")[0].partition("://")
    host = shown[2].rpartition("@")[2]  # neither name nor password is repeated
    return OptionError(
        say("The engine {url} cannot be reached.", url=f"{shown[0]}://{host}"),
        accepted=say("Check the address, the name and the password."),
    )
