"""A store: one DuckDB file in which settled orders, and what was counted from them, are kept.

A refresh is one transaction of that file: killed at any point it leaves the state before it. One
process may write while none reads, or many may read.
"""

import gc
import weakref
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend
from ibis.backends.sql.datatypes import DuckDBType

from regulars.kernel.errors import InputError
from regulars.kernel.wording import say
from regulars.warehouse.engines import Engine, open_engine
from regulars.warehouse.readers.tables import quoted
from regulars.warehouse.sources import Kind, is_url, kind_of

_NAME = "store"
_STATE = "state"
FORMAT = 1
"""The layout of a store; another one is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is taken out of a table of the store and what is put in.

    Attributes:
        table: Its name; it is made where there is none.
        keys: The columns by which rows are taken out.
        gone: Those keys; None: no row.
        come: The rows put in; None: no row.
        all_gone: Every row is taken out.
    """

    table: str
    keys: Sequence[str] = ()
    gone: ir.Table | None = None
    come: ir.Table | None = None
    all_gone: bool = False


@dataclass(frozen=True, slots=True)
class Store:
    """An open store.

    Attributes:
        engine: The engine that it is attached to.
        path: The file.
    """

    engine: Engine
    path: Path

    def names(self) -> set[str]:
        """The tables that it has."""
        query = "SELECT table_name FROM duckdb_tables() WHERE database_name = ?"
        return {name for (name,) in self.engine.connection.execute(query, [_NAME]).fetchall()}

    def table(self, name: str) -> ir.Table | None:
        """One of its tables; None where it has none of that name."""
        if name not in self.names():
            return None
        return self.engine.backend.table(name, database=(_NAME, "main"))

    def state(self) -> str | None:
        """What is remembered beside the tables, as text; None: nothing was stored yet.

        Raises:
            InputError: The file is no store, or one of another layout.
        """
        names = self.names()
        if not names:
            return None
        found = None
        if _STATE in names:
            found = self._rows(f"SELECT layout, document FROM {_NAME}.{_STATE}")  # noqa: S608 - constants
        if not found or found[0][0] != FORMAT:
            raise InputError(
                say("{file} is no store of this version of Regulars.", file=self.path.name),
                accepted=say("Name a new file, and it will be made."),
            )
        return str(found[0][1])

    def widen(self, name: str, schema: Mapping[str, dt.DataType]) -> None:
        """Add the columns that a table lacks, and let ids be text where some are."""
        stored = self.table(name)
        if stored is None:
            return
        kinds = stored.schema()
        for column, kind in schema.items():
            if column not in kinds:
                self._alter(name, f"ADD COLUMN {quoted(column)} {_sql_type(kind)}")
            elif kind.is_string() and not kinds[column].is_string():
                self._alter(name, f"ALTER COLUMN {quoted(column)} TYPE VARCHAR")

    def write(self, changes: Sequence[Change], state: str) -> None:
        """Apply changes and remember the state: all of it or nothing."""
        connection = self.engine.connection
        connection.begin()
        try:
            for change in changes:
                self._apply(change)
            self._run(f"CREATE TABLE IF NOT EXISTS {_NAME}.{_STATE} (layout INT, document TEXT)")
            self._run(f"DELETE FROM {_NAME}.{_STATE}")  # noqa: S608 - constants
            connection.execute(
                f"INSERT INTO {_NAME}.{_STATE} VALUES (?, ?)",  # noqa: S608 - constants
                [FORMAT, state],
            )
            connection.commit()
        except BaseException:
            connection.rollback()
            raise

    def _apply(self, change: Change) -> None:
        place = f"{_NAME}.{quoted(change.table)}"
        exists = change.table in self.names()
        if exists and change.all_gone:
            self._run(f"DELETE FROM {place}")  # noqa: S608 - a quoted name
        elif exists and change.gone is not None:
            keys = ", ".join(quoted(key) for key in change.keys)
            gone = self._sql(change.gone.select(*change.keys))
            self._run(f"DELETE FROM {place} WHERE ({keys}) IN ({gone})")  # noqa: S608 - quoted names
        if change.come is None:
            return
        come = self._sql(change.come)
        if exists:
            names = ", ".join(quoted(name) for name in change.come.columns)
            self._run(f"INSERT INTO {place} ({names}) {come}")
        else:
            self._run(f"CREATE TABLE {place} AS {come}")

    def _sql(self, table: ir.Table) -> str:
        return str(self.engine.backend.compile(table))

    def _alter(self, name: str, change: str) -> None:
        self._run(f"ALTER TABLE {_NAME}.{quoted(name)} {change}")

    def _run(self, statement: str) -> None:
        self.engine.connection.execute(statement)

    def _rows(self, query: str) -> list[tuple[int, str]]:
        return self.engine.connection.execute(query).fetchall()


def is_store(source: object) -> bool:
    """Whether a source is a file that a refresh has made."""
    if is_url(source) or not isinstance(source, str | Path):
        return False
    path = Path(source)
    if not path.is_file() or path.stat().st_size == 0 or kind_of(path) is not Kind.DUCKDB:
        return False
    if _key(path) in _READ:
        return True
    with _attached(Engine(_bare(), path.parent), path, read_only=True) as store:
        return _STATE in store.names()


def open_for_reading(path: Path, memory_limit: str | None = None) -> Store:
    """Open a store; orders read from it keep it open.

    Raises:
        InputError: Somebody writes to it.
    """
    engine = _READ.get(_key(path))
    if engine is not None:
        return Store(Engine(engine, path.parent), path)
    own = open_engine(memory_limit)
    _attach(own, path, read_only=True)
    _READ[_key(path)] = own.backend
    return Store(own, path)


@contextmanager
def open_for_writing(path: Path, engine: Engine) -> Iterator[Store]:
    """Open a store, or make one, for as long as the block lasts.

    Raises:
        InputError: Somebody reads it or writes to it, or the file is none.
    """
    if path.exists() and path.stat().st_size and kind_of(path) is not Kind.DUCKDB:
        raise InputError(
            say("{file} is no store.", file=path.name),
            accepted=say("Name a new file, and it will be made."),
        )
    if _key(path) in _READ:
        gc.collect()  # orders that nobody holds any more may wait for it
    with _attached(engine, path, read_only=False) as store:
        yield store


_READ: "weakref.WeakValueDictionary[str, Backend]" = weakref.WeakValueDictionary()
"""Engines that have a store open for reading; DuckDB lets a process open a file once."""


def _key(path: Path) -> str:
    return str(path.resolve())


def _bare() -> Backend:
    return ibis.duckdb.connect(autoinstall_known_extensions=False, autoload_known_extensions=False)


@contextmanager
def _attached(engine: Engine, path: Path, *, read_only: bool) -> Iterator[Store]:
    _attach(engine, path, read_only=read_only)
    try:
        yield Store(engine, path)
    finally:
        engine.connection.execute(f"DETACH {_NAME}")


def _attach(engine: Engine, path: Path, *, read_only: bool) -> None:
    place = "'" + str(path).replace("'", "''") + "'"
    mode = " (READ_ONLY)" if read_only else ""
    try:
        # a bar of DuckDB's own would land in the answer
        engine.connection.execute("SET enable_progress_bar = false")
        engine.connection.execute(f"ATTACH {place} AS {_NAME}{mode}")
    except duckdb.Error as error:
        raise InputError(
            say("The store {file} cannot be opened.", file=path.name),
            accepted=say("Somebody may be reading or refreshing it: wait until they are done."),
        ) from error


def _sql_type(kind: dt.DataType) -> str:
    return str(DuckDBType.to_string(kind))
