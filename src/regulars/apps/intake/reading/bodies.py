"""Rows in the words of the API, one JSON object a line, in flat memory."""

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import batched
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from regulars.apps.intake.reading.job import Job, Read
from regulars.apps.intake.reading.refusing import Refusals
from regulars.apps.intake.reading.sheets import SheetWriter
from regulars.apps.intake.rules import BATCH, LARGEST_ROW, Bodies, Fault, Kind
from regulars.apps.orders.rules import OrderData
from regulars.kernel.wording import say
from regulars.warehouse.sources import Kind as Format
from regulars.warehouse.sources import head_of, is_gzip, kind_of

_HANDED_BACK = {"line", "errors", "row"}
"""What an object has that was refused by an import before, and is sent again mended."""
_CONSENT = {"customer_id", "purpose"}
"""What an object has that tells of a consent, which has no id."""


@dataclass(frozen=True, slots=True)
class Look:
    """What the first object of a file of JSON lines shows.

    Attributes:
        bodies: It is one of the API: it has an ``id``, or it is a consent.
        handed_back: It is a refused row with what was wrong beside it.
    """

    bodies: bool
    handed_back: bool


class Line(NamedTuple):
    """A line of the file: its number, its bytes, its object or why there is none."""

    number: int
    told: bytes
    row: object
    fault: Fault | None


def look_at_json(file: Path) -> Look:
    """Whether a file holds JSON lines in the words of the API."""
    if kind_of(file) is not Format.JSON_LINES:
        return Look(bodies=False, handed_back=False)
    first = next((line for line in head_of(file, LARGEST_ROW).splitlines() if line.strip()), b"")
    try:
        row = json.loads(first.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError):
        row = None
    handed_back = isinstance(row, dict) and row.keys() >= _HANDED_BACK
    inner = row["row"] if handed_back else row
    told = isinstance(inner, dict) and ("id" in inner or inner.keys() >= _CONSENT)
    return Look(told, handed_back)


def unwrapped(file: Path, folder: Path) -> Path:
    """Refused rows that were mended, as a file of the rows alone."""
    place = folder / f"{file.name}.rows.jsonl"
    with place.open("w", encoding="utf-8") as out:
        for _, line in _lines(file):
            try:
                told = json.dumps(_row_of(json.loads(line)), ensure_ascii=False)
            except (ValueError, RecursionError):
                told = line.decode(errors="replace").rstrip("\n")
            out.write(told + "\n")
    return place


def read_bodies(job: Job, file: Path) -> Read:
    """Write the sheets of a file of JSON lines, and its refused rows."""
    rows = batches = done = 0
    # of a packed file the share is unknown
    size = 0 if is_gzip(file) else file.stat().st_size
    with Refusals(job.folder) as refusals, SheetWriter(job.folder) as sheets:
        for some in batched(_parsed(file, job.bodies), BATCH, strict=False):
            rows += len(some)
            done += sum(len(line.told) for line in some)
            job.tell(say("Reading rows"), min(1.0, done / size) if size else None)
            good = _checked(some, job.bodies, refusals)
            batches += _write(sheets, job.kind, batches, good)
    return Read(
        rows=rows, rejected=refusals.count, batches=batches, columns={}, ignored=(), notes=()
    )


def _lines(file: Path) -> Iterator[tuple[int, bytes]]:
    """The lines that hold something, numbered as an editor does; one too long is cut short."""
    with cast("BinaryIO", gzip.open(file)) if is_gzip(file) else file.open("rb") as stream:
        number = 0
        while line := stream.readline(LARGEST_ROW + 1):
            number += 1
            while len(line) > LARGEST_ROW and not line.endswith(b"\n"):
                if not (more := stream.readline(LARGEST_ROW)) or more.endswith(b"\n"):
                    break
            if number == 1:
                line = line.removeprefix(b"\xef\xbb\xbf")
            if line.strip():
                yield number, line


def _parsed(file: Path, bodies: Bodies) -> Iterator[Line]:
    for number, told in _lines(file):
        if len(told) > LARGEST_ROW:
            reason = say("The row is longer than {n} bytes.", n=LARGEST_ROW)
            yield Line(number, told[:200], None, Fault("", reason))
            continue
        try:
            yield Line(number, told, _row_of(bodies.parse(told)), None)
        except ValueError as error:
            yield Line(number, told, None, Fault("", say("{reason}", reason=str(error))))


def _row_of(told: object) -> object:
    """The row itself, where it comes back with what was wrong beside it."""
    if isinstance(told, dict) and told.keys() >= _HANDED_BACK:
        return told["row"]
    return told


def _checked(
    lines: Sequence[Line], bodies: Bodies, refusals: Refusals
) -> list[tuple[object, object]]:
    """The things told with their rows, in their order; the others are written down."""
    whole = [place for place, line in enumerate(lines) if line.fault is None]
    checked = bodies.check([lines[place].row for place in whole])
    bad = {whole[place]: tuple(faults) for place, faults in checked.bad.items()}
    bad |= {place: (line.fault,) for place, line in enumerate(lines) if line.fault is not None}
    for place in sorted(bad):
        line = lines[place]
        text = line.told.decode(errors="replace").rstrip("\n")
        refusals.refuse(line.number, bad[place], line.row, text)
    return [(thing, lines[whole[place]].row) for place, thing in sorted(checked.good.items())]


def _write(
    sheets: SheetWriter, kind: Kind, batch: int, good: Sequence[tuple[object, object]]
) -> int:
    """Write a batch; of two with one id the last holds. Return how many were written: 0 or 1."""
    if not good:
        return 0
    if kind is Kind.ORDERS:
        write_orders(sheets, batch, [cast("OrderData", thing) for thing, _ in good])
    else:
        write_bodies(sheets, batch, [row for _, row in good])
    return 1


def write_bodies(sheets: SheetWriter, batch: int, rows: Iterable[object]) -> None:
    """Keep rows as they were told."""
    told: list[object] = [json.dumps(row, ensure_ascii=False, default=str) for row in rows]
    sheets.write("bodies", batch, {"body": told})


def write_orders(sheets: SheetWriter, batch: int, told: Sequence[OrderData]) -> None:
    """Keep orders and their lines as columns; of two with one id the last holds."""
    orders = list({order.id: order for order in told}.values())
    lines = [(order.id, line) for order in orders for line in order.lines]
    sheets.write("orders", batch, _order_columns(orders))
    sheets.write(
        "lines",
        batch,
        {
            "order_id": [id_ for id_, _ in lines],
            "line": [line.line for _, line in lines],
            "product_id": [line.product_id for _, line in lines],
            "category": [line.category for _, line in lines],
            "quantity": [line.quantity for _, line in lines],
            "amount": [line.amount for _, line in lines],
            "unit_cost": [line.unit_cost for _, line in lines],
        },
    )


def _order_columns(orders: Sequence[OrderData]) -> Mapping[str, list[object]]:
    return {
        "id": [order.id for order in orders],
        "customer_id": [order.customer_id for order in orders],
        "ordered_at": [order.ordered_at for order in orders],
        "utc_offset": [
            (order.ordered_at.utcoffset() or timedelta()) // timedelta(minutes=1)
            for order in orders
        ],
        "currency": [order.currency for order in orders],
        "amount": [order.amount for order in orders],
        "channel": [order.channel for order in orders],
        "store": [order.store for order in orders],
    }
