"""Orders from tables of any format: the library reads, settles and refuses; the rest is columns.

A sale and what came back of it are kept apart: rows with a negative amount become refunds.
"""

from collections.abc import Iterator
from pathlib import Path

from regulars.apps.intake.reading.job import Job, Read
from regulars.apps.intake.reading.raw import Place, hand_back
from regulars.apps.intake.reading.sheets import sheet_file
from regulars.apps.intake.reading.suspects import faulty_orders, mark_suspects
from regulars.apps.intake.rules import BATCH, Fault
from regulars.kernel.errors import InputError
from regulars.kernel.wording import Message, say, say_count
from regulars.warehouse.engines import Engine
from regulars.warehouse.options import Reading
from regulars.warehouse.reading import SettledSource, settle_source

_ZERO_OFFSET = "0"


def read_flat_orders(job: Job) -> Read:
    """Write the sheets of a source of orders, and its refused rows.

    Raises:
        InputError: The source cannot be used as a whole.
        OptionError: Something in the job's reading does not fit the source.
    """
    found = settle_source(job.engine, job.source, job.reading, job.tell)
    _tabulate(job.engine, found, job.reading)
    mark_suspects(job.engine.connection)
    refused = _refused(job.engine, found)
    return Read(
        rows=found.rows.total,
        rejected=hand_back(job, refused),
        batches=_write(job.engine, job.folder, job.reading.timezone),
        columns=found.records.columns,
        ignored=found.records.ignored,
        notes=(*found.rows.notes, *_notes(job.engine)),
    )


def _tabulate(engine: Engine, found: SettledSource, reading: Reading) -> None:
    """Make the tables ``said`` (rows), ``sold`` (orders) and leave the rest to them."""
    accepted = engine.keep(found.settled.accepted, "accepted").get_name()
    present = set(found.settled.accepted.columns)
    named = "order_id" in found.records.columns
    engine.connection.execute(
        f"CREATE TABLE said AS SELECT file, record, {_order_id(present, named=named)} AS id,"  # noqa: S608 - names of our own
        f" customer_id::VARCHAR AS customer_id, ordered_at, refund,"
        f" round(amount, 4)::DECIMAL(18, 4) AS amount, amount AS exact,"
        f" {_text('currency', present)} AS currency, {_text('channel', present)} AS channel,"
        f" {_text('store', present)} AS store, {_text('product_id', present)} AS product_id,"
        f" {_text('category', present)} AS category, {_text('line', present)} AS line,"
        f" {_quantity(present)} AS quantity, {_line_amount(present)} AS line_amount"
        f" FROM {accepted}"
    )
    engine.connection.execute(f"DROP TABLE {accepted}")
    currency = found.rows.currency or reading.currency
    engine.connection.execute(
        "CREATE TABLE sold AS SELECT id, min(customer_id) AS customer_id,"
        " min(ordered_at) FILTER (refund = 0) AS ordered_at,"
        " coalesce(min(currency), $1) AS currency,"
        " TRY_CAST(sum(amount) FILTER (refund = 0) AS DECIMAL(18, 4)) AS amount,"
        " coalesce(min(channel), '') AS channel, coalesce(min(store), '') AS store,"
        " min(file) AS file, min(record) AS record"
        " FROM said GROUP BY id HAVING count(*) FILTER (refund = 0) > 0",
        [None if currency is None else currency.upper()],
    )
    _refuse_no_currency(engine)


def _order_id(present: set[str], *, named: bool) -> str:
    """The caller's id; where he has none one of the row's content, so that it is known again."""
    if named:
        return "order_id::VARCHAR"
    content = [name for name in ("product_id", "store", "channel") if name in present]
    words = ", ".join(["customer_id", "ordered_at", "amount", "refund", *content])
    digest = f"md5(concat_ws('|', {words}))"
    return (
        f"'row-' || {digest} || '-' || row_number() OVER"
        f" (PARTITION BY {words} ORDER BY file, record)"
    )


def _text(name: str, present: set[str]) -> str:
    return f"{name}::VARCHAR" if name in present else "NULL::VARCHAR"


def _quantity(present: set[str]) -> str:
    if "quantity" not in present:
        return "1::DECIMAL(14, 3)"
    return "coalesce(TRY_CAST(round(quantity, 3) AS DECIMAL(14, 3)), 1)"


def _line_amount(present: set[str]) -> str:
    name = "line_amount" if "line_amount" in present else "amount"
    return f"round({name}, 4)::DECIMAL(18, 4)"


def _refuse_no_currency(engine: Engine) -> None:
    known = engine.connection.execute("SELECT count(currency), count(*) FROM sold").fetchone()
    if known is not None and known[1] and not known[0]:
        raise InputError(
            say("Nothing says in which currency the amounts are."),
            accepted=say("Give the currency, for example EUR."),
        )


def _refused(engine: Engine, found: SettledSource) -> dict[Place, tuple[Fault, ...]]:
    """What the library refuses, and what the platform's own rules do."""
    files = {name: place for place, name in enumerate(found.records.files)}
    refused: dict[Place, tuple[Fault, ...]] = {
        (files[one.source], one.line): (Fault(one.column or "", one.reason, one.value),)
        for one in found.rejected
    }
    return refused | dict(faulty_orders(engine.connection))


def _notes(engine: Engine) -> Iterator[Message]:
    nameless, rounded = engine.connection.execute(
        "SELECT count(*) FILTER (product_id IS NULL), count(*) FILTER (amount <> exact) FROM said"
    ).fetchall()[0]
    lined = engine.connection.execute("SELECT count(product_id) FROM said").fetchall()[0][0]
    if lined and nameless:
        yield say_count(
            "{n} line names no product: it counts in its order, not as a line.",
            "{n} lines name no product: they count in their orders, not as lines.",
            n=nameless,
        )
    if rounded:
        yield say_count(
            "{n} amount was rounded to four decimal places.",
            "{n} amounts were rounded to four decimal places.",
            n=rounded,
        )


def _write(engine: Engine, folder: Path, zone: str) -> int:
    """Write the sheets; return how many batches there are."""
    run = engine.connection.execute
    run(
        "CREATE TABLE ordered AS SELECT *,"
        " ((row_number() OVER (ORDER BY id) - 1) // $1)::INTEGER AS batch FROM sold",
        [BATCH],
    )
    last = run("SELECT coalesce(max(batch) + 1, 0) FROM ordered").fetchall()[0][0]
    run(
        "CREATE TABLE back AS SELECT said.*, coalesce(batch, $1 +"
        " ((row_number() OVER (PARTITION BY batch ORDER BY said.id) - 1) // $2))::INTEGER"
        " AS batch FROM said LEFT JOIN ordered USING (id) WHERE refund = 1",
        [last, BATCH],
    )
    _copy(engine, _orders_sql(zone), sheet_file(folder, "orders"))
    _copy(engine, _LINES_SQL, sheet_file(folder, "lines"))
    _copy(engine, _refunds_sql(zone), sheet_file(folder, "refunds"))
    more = run("SELECT coalesce(max(batch) + 1, 0) FROM back").fetchall()[0][0]
    return max(int(last), int(more))


def _orders_sql(zone: str) -> str:
    return (
        "SELECT batch, id, customer_id, timezone('UTC', ordered_at) AS ordered_at,"  # noqa: S608 - a known zone
        f" {_offset('ordered_at', zone)} AS utc_offset, currency, amount, channel, store"
        " FROM ordered ORDER BY batch, id"
    )


_LINES_SQL = (
    "SELECT batch, said.id AS order_id, coalesce(line, (row_number() OVER"
    " (PARTITION BY said.id ORDER BY said.file, said.record))::VARCHAR) AS line, product_id,"
    " coalesce(category, '') AS category, quantity, line_amount AS amount,"
    " NULL::DECIMAL(18, 4) AS unit_cost FROM said JOIN ordered USING (id)"
    " WHERE refund = 0 AND product_id IS NOT NULL"
    " ORDER BY batch, said.id, said.file, said.record"
)


def _refunds_sql(zone: str) -> str:
    """Refunds, each with an id of its content: its order, its time, its line."""
    content = "id, ordered_at, coalesce(line, product_id, '')"
    return (
        f"SELECT batch, concat_ws('/', {content}) || CASE WHEN n > 1 THEN '/' || n ELSE '' END"  # noqa: S608 - a known zone
        " AS id, id AS order_id, timezone('UTC', ordered_at) AS refunded_at,"
        f" {_offset('ordered_at', zone)} AS utc_offset, -amount AS amount FROM"
        f" (SELECT *, row_number() OVER (PARTITION BY {content} ORDER BY file, record) AS n"
        " FROM back WHERE amount < 0) ORDER BY batch, id"
    )


def _offset(column: str, zone: str) -> str:
    """Minutes that the clocks of a zone are ahead of UTC at an instant."""
    if zone == "UTC":
        return _ZERO_OFFSET
    here = zone.replace("'", "''")
    return f"date_diff('minute', {column}, timezone('{here}', timezone('UTC', {column})))"


def _copy(engine: Engine, sql: str, file: Path) -> None:
    place = str(file).replace("'", "''")
    engine.connection.execute(f"COPY ({sql}) TO '{place}' (FORMAT parquet)")
