"""What a source tells, in batches: files of columns, written whole before anything is imported."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

BATCH_NUMBER = "batch"
_AMOUNT = pa.decimal128(18, 4)
_NUMBER = pa.field(BATCH_NUMBER, pa.int32())

SCHEMAS: Mapping[str, pa.Schema] = {
    "orders": pa.schema(
        [
            _NUMBER,
            ("id", pa.string()),
            ("customer_id", pa.string()),
            ("ordered_at", pa.timestamp("us", "UTC")),
            ("utc_offset", pa.int32()),
            ("currency", pa.string()),
            ("amount", _AMOUNT),
            ("channel", pa.string()),
            ("store", pa.string()),
        ]
    ),
    "lines": pa.schema(
        [
            _NUMBER,
            ("order_id", pa.string()),
            ("line", pa.string()),
            ("product_id", pa.string()),
            ("category", pa.string()),
            ("quantity", pa.decimal128(14, 3)),
            ("amount", _AMOUNT),
            ("unit_cost", _AMOUNT),
        ]
    ),
    "refunds": pa.schema(
        [
            _NUMBER,
            ("id", pa.string()),
            ("order_id", pa.string()),
            ("refunded_at", pa.timestamp("us", "UTC")),
            ("utc_offset", pa.int32()),
            ("amount", _AMOUNT),
        ]
    ),
    "bodies": pa.schema([_NUMBER, ("body", pa.string())]),
}
"""The sheets that there are; things of all other kinds are kept as bodies of the API."""


def sheet_file(folder: Path, sheet: str) -> Path:
    """Where a sheet lies."""
    return folder / f"{sheet}.parquet"


class SheetWriter:
    """Writes the sheets of a source batch by batch."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writers: dict[str, pq.ParquetWriter] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        _: TracebackType | None,
    ) -> None:
        for writer in self._writers.values():
            writer.close()

    def write(self, sheet: str, batch: int, columns: Mapping[str, list[object]]) -> None:
        """Add the rows of a batch; batches come in their order."""
        schema = SCHEMAS[sheet]
        count = len(next(iter(columns.values())))
        if not count:
            return
        table = pa.table({BATCH_NUMBER: [batch] * count, **columns}, schema=schema)
        if sheet not in self._writers:
            self._writers[sheet] = pq.ParquetWriter(sheet_file(self._folder, sheet), schema)
        self._writers[sheet].write_table(table)


def batches_of(folder: Path, start: int) -> Iterator[tuple[int, Mapping[str, pa.Table]]]:
    """The batches of all sheets from one on, each with its rows by sheet."""
    streams = {
        sheet: _by_batch(sheet_file(folder, sheet), start)
        for sheet in SCHEMAS
        if sheet_file(folder, sheet).exists()
    }
    ahead = {sheet: next(stream, None) for sheet, stream in streams.items()}
    while waiting := [found[0] for found in ahead.values() if found is not None]:
        number = min(waiting)
        rows = {}
        for sheet, found in ahead.items():
            if found is not None and found[0] == number:
                rows[sheet] = found[1]
                ahead[sheet] = next(streams[sheet], None)
        yield number, rows


def _by_batch(file: Path, start: int) -> Iterator[tuple[int, pa.Table]]:
    """The rows of a sheet, a batch at a time; only some of the file is in memory."""
    open_: tuple[int, list[pa.Table]] | None = None
    for piece in _pieces(file, start):
        for number in pc.unique(piece[BATCH_NUMBER]).to_pylist():
            rows = piece.filter(pc.equal(piece[BATCH_NUMBER], number))
            if number < start:
                continue
            if open_ is not None and open_[0] == number:
                open_[1].append(rows)
                continue
            if open_ is not None:
                yield open_[0], pa.concat_tables(open_[1])
            open_ = (number, [rows])
    if open_ is not None:
        yield open_[0], pa.concat_tables(open_[1])


def _pieces(file: Path, start: int) -> Iterator[pa.Table]:
    with pq.ParquetFile(file) as parquet:
        groups = [
            group
            for group in range(parquet.num_row_groups)
            if _last_batch(parquet, group) >= start
        ]
        for rows in parquet.iter_batches(batch_size=16_384, row_groups=groups):
            yield pa.Table.from_batches([rows])


def _last_batch(parquet: pq.ParquetFile, group: int) -> int:
    statistics = parquet.metadata.row_group(group).column(0).statistics
    # without statistics nothing may be skipped
    return 2**31 if statistics is None else int(statistics.max)
