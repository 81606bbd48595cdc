"""A firm that never was, with a known truth: orders to learn on, to test and to measure with."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq

from regulars.estimation.simulation import (
    BLOCK,
    Block,
    Customers,
    Firm,
    Flags,
    Ints,
    Lines,
    Simulator,
)
from regulars.kernel.errors import OptionError
from regulars.kernel.progress import Progress, silent
from regulars.kernel.saving import replacing
from regulars.kernel.wording import say

_ROWS_AT_ONCE = 1_000_000
_MOMENT = pa.timestamp("s", "UTC")
_MONEY = pa.decimal128(18, 2)
_NAME = pa.dictionary(pa.int16(), pa.string())

_ORDER = [
    pa.field("order_id", pa.int64()),
    pa.field("customer_id", pa.int64()),
    pa.field("ordered_at", _MOMENT),
    pa.field("amount", _MONEY),
    pa.field("refunded", _MONEY),
    pa.field("currency", _NAME),
    pa.field("channel", _NAME),
    pa.field("store", _NAME),
]
_LINE = [
    pa.field("line", pa.int64()),
    pa.field("product_id", pa.int64()),
    pa.field("category", _NAME),
    pa.field("quantity", pa.int64()),
]
_TRUTH = pa.schema(
    [
        pa.field("customer_id", pa.int64()),
        pa.field("acquired_at", _MOMENT),
        pa.field("purchases_per_day", pa.float64()),
        pa.field("lifetime_days", pa.float64()),
        pa.field("left_at", _MOMENT),
        pa.field("mean_amount", pa.float64()),
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """The orders of a simulated firm, drawn when they are asked for.

    It is itself a table for whoever takes Arrow streams (Regulars, Polars, DuckDB, pandas,
    PyArrow), and its rows are drawn while they are read.

    Attributes:
        customers: Number of customers won over the span.
        seed: The same seed gives the same orders.
        firm: The truth.
        start: First day.
        days: Number of days.
        currency: What stands in the column of that name (ISO 4217).

    Raises:
        OptionError: Fewer customers than one, a seed below 0, a span without an open day.
    """

    customers: int
    seed: int
    firm: Firm = field(default_factory=Firm)
    start: date = date(2024, 1, 1)
    days: int = 731
    currency: str = "EUR"

    def __post_init__(self) -> None:
        if self.customers < 1:
            raise OptionError(
                say("A firm with {n} customers cannot be simulated.", n=self.customers),
                accepted=say("It takes one customer or more."),
            )
        self._simulator()

    @property
    def schema(self) -> pa.Schema:
        """Columns of the orders; amounts are before refunds, times are UTC."""
        return pa.schema(_ORDER + (_LINE if self.firm.assortment else []))

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The orders, some thousand customers at a time, by customer and then by time."""
        simulator, written = self._simulator(), 0
        for number, size in self._blocks():
            block = simulator.block(number, size)
            yield self._batch(block, written + 1)
            written += block.buyer.size

    def orders(self) -> pa.Table:
        """All orders in memory.

        >>> orders = simulate(100, seed=1).orders()
        >>> orders.column_names[:4]
        ['order_id', 'customer_id', 'ordered_at', 'amount']
        """
        return pa.Table.from_batches(self.batches(), self.schema)

    def truth(self) -> pa.Table:
        """What is true of each customer, one row a customer.

        Returns:
            ``customer_id`` · ``acquired_at`` (first purchase) · ``purchases_per_day`` (while a
            customer, season aside) · ``lifetime_days`` · ``left_at`` (null: still there at the
            end) · ``mean_amount`` (of an order, before refunds).

        >>> simulate(100, seed=1).truth().num_rows
        100
        """
        return pa.Table.from_batches(self._truth_batches(), _TRUTH)

    def write(self, out: Path, *, truth: Path | None = None, progress: Progress = silent) -> None:
        """Write the orders, and the truth beside them, without holding them in memory.

        Args:
            out: A file ending in .csv, .csv.gz or .parquet; it appears when it is whole.
            truth: The same for :meth:`truth`.
            progress: Told how far it is.

        Raises:
            OptionError: Another ending, one file for both, or a folder that cannot be written in.
        """
        if truth is not None and Path(truth).resolve() == Path(out).resolve():
            raise OptionError(
                say("Orders and truth cannot share the file {path}.", path=str(out)),
                accepted=say("Name two files."),
            )
        if truth is not None:
            _check_ending(Path(truth))
        _save(Path(out), self.schema, self._told(self.batches(), progress))
        if truth is not None:
            _save(Path(truth), _TRUTH, self._truth_batches())

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        stream = pa.RecordBatchReader.from_batches(self.schema, self.batches())
        return stream.__arrow_c_stream__(requested_schema)

    def _simulator(self) -> Simulator:
        return Simulator(self.firm, self.seed, self.start, self.days)

    def _blocks(self) -> Iterator[tuple[int, int]]:
        for first in range(0, self.customers, BLOCK):
            yield first // BLOCK, min(BLOCK, self.customers - first)

    def _told(
        self, batches: Iterable[pa.RecordBatch], progress: Progress
    ) -> Iterator[pa.RecordBatch]:
        for number, batch in enumerate(batches):
            progress(say("Simulating orders"), number * BLOCK / self.customers)
            yield batch

    def _truth_batches(self) -> Iterator[pa.RecordBatch]:
        simulator = self._simulator()
        for number, size in self._blocks():
            yield self._truth_batch(simulator, simulator.customers(number, size))

    def _truth_batch(self, simulator: Simulator, customers: Customers) -> pa.RecordBatch:
        leaves = customers.arrived + customers.lifetime
        columns = [
            pa.array(_numbers(customers)),
            self._moments(simulator.seconds(customers.arrived)),
            pa.array(customers.rate),
            pa.array(customers.lifetime),
            self._moments(
                simulator.seconds(np.minimum(leaves, self.days)), known=leaves < self.days
            ),
            pa.array(customers.mean_amount),
        ]
        return pa.RecordBatch.from_arrays(columns, schema=_TRUTH)

    def _batch(self, block: Block, first_order: int) -> pa.RecordBatch:
        customers, buyer = block.customers, block.buyer
        columns = [
            pa.array(np.arange(first_order, first_order + buyer.size)),
            pa.array(_numbers(customers)[buyer], mask=~block.identified),
            self._moments(block.second),
            _money(block.cents),
            _money(np.where(block.refunded, block.cents, 0)),
            _named(np.zeros_like(buyer), [self.currency]),
            _named(block.online.astype(np.int64), ["shop", "online"]),
            _named(customers.store[buyer], self._stores(), known=~block.online),
        ]
        orders = pa.RecordBatch.from_arrays(columns, schema=pa.schema(_ORDER))
        return orders if block.lines is None else self._with_lines(orders, block, block.lines)

    def _with_lines(self, orders: pa.RecordBatch, block: Block, lines: Lines) -> pa.RecordBatch:
        refunded = np.where(block.refunded[lines.order], lines.cents, 0)
        batch = (
            orders.take(pa.array(lines.order))
            .set_column(3, _ORDER[3], _money(lines.cents))
            .set_column(4, _ORDER[4], _money(refunded))
        )
        more = [
            pa.array(lines.line),
            pa.array(lines.product + 1),
            _named(lines.category, self._categories()),
            pa.array(np.ones_like(lines.line)),
        ]
        return pa.RecordBatch.from_arrays([*batch.columns, *more], schema=self.schema)

    def _moments(self, seconds: Ints, known: Flags | None = None) -> pa.Array:
        begin = int(datetime.combine(self.start, time(), UTC).timestamp())
        mask = None if known is None else ~known
        return pa.array(begin + seconds, mask=mask).cast(_MOMENT)

    def _stores(self) -> list[str]:
        return [f"Store {number + 1}" for number in range(self.firm.stores)]

    def _categories(self) -> list[str]:
        assortment = self.firm.assortment
        return [f"Category {n + 1}" for n in range(assortment.categories if assortment else 0)]


def simulate(
    customers: int,
    seed: int,
    *,
    firm: Firm | None = None,
    start: date = date(2024, 1, 1),
    days: int = 731,
    currency: str = "EUR",
) -> Simulation:
    """Simulate a firm with a known truth.

    Args:
        customers: Number of customers won over the span.
        seed: The same seed gives the same orders with the same release of NumPy.
        firm: The truth; by default a shop whose customers buy about ten times in two years.
        start: First day.
        days: Number of days.
        currency: Of every amount (ISO 4217).

    Returns:
        The simulation, a source of orders like any other table.

    Raises:
        OptionError: A number that cannot be.

    >>> simulation = simulate(1_000, seed=1, firm=Firm(identified=0.9))
    >>> simulation.orders().num_rows
    10472
    """
    return Simulation(
        customers=customers,
        seed=seed,
        firm=firm or Firm(),
        start=start,
        days=days,
        currency=currency,
    )


def _numbers(customers: Customers) -> Ints:
    return customers.first + 1 + np.arange(customers.arrived.size)


def _money(cents: Ints) -> pa.Array:
    # A decimal128 is a 16-byte integer: the hundredths, then the sign's bytes.
    words = np.zeros((cents.size, 2), np.int64)
    words[:, 0] = cents
    return pa.Array.from_buffers(_MONEY, cents.size, [None, pa.py_buffer(words)])


def _named(codes: Ints, names: list[str], known: Flags | None = None) -> pa.Array:
    mask = None if known is None else ~known
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int16), mask=mask), names)


class _Writer(Protocol):
    def write_table(self, table: pa.Table) -> None: ...


type _Opening = Callable[[Path, pa.Schema], AbstractContextManager[_Writer]]


@contextmanager
def _zipped_csv(path: Path, schema: pa.Schema) -> Iterator[_Writer]:
    with pa.CompressedOutputStream(str(path), "gzip") as file, pc.CSVWriter(file, schema) as csv:
        yield csv


_ENDINGS: dict[str, _Opening] = {
    ".csv": lambda path, schema: pc.CSVWriter(str(path), schema),
    ".csv.gz": _zipped_csv,
    ".parquet": lambda path, schema: pq.ParquetWriter(path, schema, compression="zstd"),
}


def _check_ending(path: Path) -> _Opening:
    for ending, opening in _ENDINGS.items():
        if path.name.lower().endswith(ending):
            return opening
    raise OptionError(
        say("{path} has an ending that cannot be written.", path=str(path)),
        accepted=say("It takes .csv, .csv.gz or .parquet."),
    )


def _save(path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> None:
    opening = _check_ending(path)
    with replacing(path) as place, opening(place, schema) as writer:
        for table in _gathered(batches):
            writer.write_table(table)


def _gathered(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    """Join small batches, for row groups that are quick to read."""
    waiting: list[pa.RecordBatch] = []
    for batch in batches:
        waiting.append(batch)
        if sum(part.num_rows for part in waiting) >= _ROWS_AT_ONCE:
            yield pa.Table.from_batches(waiting)
            waiting = []
    if waiting:
        yield pa.Table.from_batches(waiting)
