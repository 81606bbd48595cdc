"""Where orders live when it is not in this process: an engine that holds, takes and keeps tables.

Nothing but small results leaves it: its tables are read and settled where they stand.
"""

import weakref
from dataclasses import dataclass
from pathlib import Path

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir
import pyarrow as pa
from ibis.common.exceptions import TableNotFound
from ibis.util import gen_name
from pyarrow import csv

from regulars.kernel.errors import InputError
from regulars.kernel.wording import say
from regulars.warehouse.connecting import connect, prepare, table_in, without_table
from regulars.warehouse.headings import Found
from regulars.warehouse.records import (
    FILE,
    RECORD,
    REST,
    Recognise,
    Records,
    names_of,
    needs_rest,
)
from regulars.warehouse.sources import Source, is_url

_BATCH = 65_536
_MAY_BE_TEXT = frozenset(
    {
        "order_id",
        "customer_id",
        "line",
        "product_id",
        "category",
        "channel",
        "store",
        "currency",
        "status",
    }
)


@dataclass(frozen=True, slots=True)
class Home:
    """An engine of the firm's own.

    Attributes:
        backend: The Ibis backend.
        url: Its address; None where Python handed over the backend itself.
    """

    backend: ibis.BaseBackend
    url: str | None

    def holds(self, source: Source) -> bool:
        """Whether a source is one of this engine's tables, rather than a file or another base."""
        if isinstance(source, ir.Table):
            return ibis.get_backend(source) is self.backend
        if not isinstance(source, str):
            return False
        if is_url(source):
            return self.url is not None and without_table(source) == without_table(self.url)
        return not Path(source).exists()

    def records(self, source: Source, recognise: Recognise, table: str | None) -> Records:
        """The records of one of this engine's tables, where they stand.

        Raises:
            InputError: There is no such table, or dates or numbers in it are text.
        """
        name, rows = self._named(source, table)
        found = recognise(rows.columns, name)
        _refuse_text(rows, found)
        rows = _with_instants(self.backend, rows)
        columns: dict[str, ir.Value] = {
            FILE: ibis.literal(0, "int32"),
            RECORD: _numbered(self.backend.name),
        }
        columns |= {
            called: _nullable(rows[found.headings[place]])
            for called, place in names_of(found).items()
        }
        if needs_rest(found):
            columns[REST] = _fingerprint(rows, found)
        return Records(table=rows.select(**columns), files=(name,), found=(found,))

    def take(self, table: ir.Table) -> ir.Table:
        """A table as one of this engine; one that stands elsewhere is loaded into it."""
        if ibis.get_backend(table) is self.backend:
            return table
        return load(self.backend, table.to_pyarrow())

    def _named(self, source: Source, table: str | None) -> tuple[str, ir.Table]:
        if isinstance(source, ir.Table):
            return "table", source
        text = str(source)
        name = (table_in(text) or table) if is_url(source) else text
        if not name:
            raise InputError(
                say("The engine was named, but none of its tables."),
                accepted=say("Add ?table= and the table, as in ?table=shop.orders."),
            )
        schema, _, last = name.rpartition(".")
        try:
            return name, self.backend.table(last, database=schema or None)
        except TableNotFound as error:
            raise InputError(
                say("There is neither a file nor a table {table} on the engine.", table=name),
                accepted=say("Give a table as schema.table, or the path of a file."),
            ) from error


def home_of(engine: str | ibis.BaseBackend | None) -> Home | None:
    """The engine that was asked for; None: this process. Its session is set to count in UTC.

    Raises:
        OptionError: It cannot be reached.
    """
    if engine is None:
        return None
    if isinstance(engine, str):
        return Home(connect(engine), engine)
    prepare(engine)
    return Home(engine, None)


def load(backend: ibis.BaseBackend, table: pa.Table) -> ir.Table:
    """Put a table into an engine as a temporary one, for as long as anything refers to it."""
    name = gen_name("regulars")
    if backend.name == "pyspark":
        # temporary tables are views here, and an Arrow table need not pass through pandas
        frame = backend._session.createDataFrame(table)  # noqa: SLF001 - Ibis has no public name
        frame.createOrReplaceTempView(name)
        backend._cached_dataframes[name] = frame  # noqa: SLF001 - it drops the view with it
    elif backend.name == "clickhouse":
        # by itself Ibis sends the rows beside the query, which ClickHouse in process refuses
        backend.create_table(name, schema=ibis.Schema.from_pyarrow(table.schema), temp=True)
        backend.con.insert_arrow(name, table)
    elif backend.name == "postgres":
        backend.create_table(name, schema=ibis.Schema.from_pyarrow(table.schema), temp=True)
        _copy(backend, name, table)
    else:
        backend.create_table(name, table, temp=True)
    loaded = backend.table(name)
    dropping = weakref.finalize(loaded.op(), _drop, weakref.ref(backend), name)
    dropping.atexit = False  # a temporary table ends with its connection
    return loaded


def _copy(backend: ibis.BaseBackend, name: str, table: pa.Table) -> None:
    """Stream a table into PostgreSQL: a hundred times faster than rows inserted one by one."""
    options = csv.WriteOptions(include_header=False)
    with (
        backend.con.cursor() as cursor,
        cursor.copy(f"COPY {name} FROM STDIN (FORMAT csv)") as copy,
    ):
        for batch in table.to_batches(_BATCH):
            rows = pa.BufferOutputStream()
            csv.write_csv(batch, rows, options)
            copy.write(rows.getvalue())
    backend.raw_sql(f"ANALYZE {name}").close()


def _drop(backend: weakref.ref[ibis.BaseBackend], name: str) -> None:
    alive = backend()
    if alive is not None:
        alive._drop_cached_table(name)  # noqa: SLF001 - when it is safe: see connecting.prepare


def _refuse_text(rows: ir.Table, found: Found) -> None:
    """Refuse dates and numbers in text: how they are to be read is told in this process only.

    Raises:
        InputError: Such a column is text.
    """
    for called, heading in found.columns.items():
        if called not in _MAY_BE_TEXT and isinstance(rows[heading].type(), dt.String):
            raise InputError(
                say("The column {heading} of the engine's table is text.", heading=heading),
                accepted=say("Make it a date or a number in a view, and give the view."),
            )


def _with_instants(backend: ibis.BaseBackend, rows: ir.Table) -> ir.Table:
    """Rows whose instants are known as such: Ibis takes Spark's for times without a zone."""
    if backend.name != "pyspark":
        return rows
    known = backend._session.sql(backend.compile(rows)).schema  # noqa: SLF001 - see load
    names = [one.name for one in known.fields if one.dataType.typeName() == "timestamp"]
    return rows.mutate(**{name: rows[name].cast("timestamp('UTC')") for name in names})


def _numbered(engine: str) -> ir.IntegerValue:
    """The number of a record; Spark would bring all rows to one place to count them on."""
    number = _spark_number() if engine == "pyspark" else ibis.row_number()
    return number.cast("int64") + 1


def _increasing() -> None: ...


_spark_number = ibis.udf.scalar.builtin(
    _increasing, name="monotonically_increasing_id", signature=((), "int64")
)


def _nullable(column: ir.Column) -> ir.Column:
    """A column that can hold null: elsewhere ClickHouse gives 0 where there is nothing."""
    if ibis.get_backend(column).name != "clickhouse" or column.type().nullable:
        return column
    return column.nullif(ibis.null(column.type()))


def _fingerprint(rows: ir.Table, found: Found) -> ir.StringColumn:
    """A text that differs where any column differs that nothing was taken from."""
    hashes = [
        rows[found.headings[place]].hash().cast("string").fill_null("") for place in found.ignored
    ]
    return ibis.literal(" ").join(hashes)
