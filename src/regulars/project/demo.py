"""The demo company: real orders of a grocer, by people who are invented.

The orders are The Complete Journey (84.51°): one year of 2,469 households. Its dates are shifted
by whole weeks so that the last order is of this week. All of it may be stopped at any moment and
made again: it ends in the same state.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import batched
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from regulars.apps.firm.operations import put_company
from regulars.apps.firm.queries import get_company
from regulars.apps.firm.rules import Company
from regulars.apps.journal.operations import record
from regulars.apps.journal.queries import list_entries
from regulars.apps.orders.operations import (
    LineColumns,
    OrderColumns,
    import_orders,
    import_products,
)
from regulars.apps.orders.rules import ProductData
from regulars.apps.people.operations import import_customers
from regulars.kernel.actors import COMMAND
from regulars.project.demo_messages import plan_newsletter, put_contacts
from regulars.project.demo_people import invent
from regulars.warehouse.samples import complete_journey

RUN = "demo"
"""The run of imports that the demo company is; undoing it takes the company away."""
_MADE, _SUBJECT = "made the demo company", f"run:{RUN}"
_ZONE = ZoneInfo("America/New_York")
_CURRENCY = "USD"
_COMPANY = Company(name="Demo grocer", currency=_CURRENCY, time_zone=str(_ZONE))
_ORDERS_AT_ONCE = 4000
_RECORDS_AT_ONCE = 1000
_TEN_THOUSANDTHS = -4
_WEEK = timedelta(weeks=1)

type Row = Mapping[str, Any]


def make_demo(now: datetime, tell: Callable[[str], None]) -> None:
    """Fill an installation with the demo company; where it is there, do nothing.

    Args:
        now: The time: the last order comes to lie in the week before it.
        tell: Takes lines for whoever looks.

    Raises:
        InputError: The data set is not installed.
    """
    started = time.perf_counter()
    lines = _lines()
    weeks = _weeks_since(lines, now)
    if _made(weeks):
        tell("The demo company is there.")
        return
    if get_company() == Company():  # nobody has said who the firm is
        put_company(_COMPANY, actor=COMMAND, now=now)
    _put_products(lines, now)
    _put_customers(lines, now)
    told = 0
    for orders, of_them in _batches(lines, weeks):
        import_orders(orders, of_them, run=RUN, actor=COMMAND, now=now)
        told += len(orders.id)
    plan_newsletter(_ids(lines), now)
    record(COMMAND, _MADE, _SUBJECT, now, {"weeks": weeks})
    tell(
        f"The demo company is made: {told:,} orders with {lines.num_rows:,} lines, in "
        f"{time.perf_counter() - started:.0f} seconds. Orders are those of The Complete Journey "
        f"(84.51°), a grocer's year 2017, shifted by {weeks} weeks; lines without a quantity "
        "count as one. Names, languages, birthdays, addresses and consents are invented; messages "
        "go into the outbox and to nobody."
    )


def _made(weeks: int) -> bool:
    """Whether it is whole: the last that happened to the run."""
    last = list_entries(subject=_SUBJECT, limit=1)
    return bool(last) and (last[0].verb, last[0].data.get("weeks")) == (_MADE, weeks)


def _lines() -> pa.Table:
    """All lines, each basket together, the baskets in the order of their times."""
    table = pq.read_table(complete_journey("transactions"))
    return table.sort_by([("transaction_timestamp", "ascending"), ("basket_id", "ascending")])


def _weeks_since(lines: pa.Table, now: datetime) -> int:
    last = pc.max(lines["transaction_timestamp"]).cast(pa.timestamp("us")).as_py()
    return int((now - last.replace(tzinfo=_ZONE)) // _WEEK)


def _put_products(lines: pa.Table, now: datetime) -> None:
    sold = pc.unique(lines["product_id"])
    table = pq.read_table(complete_journey("products"))
    for rows in batched(_sorted(table, "product_id", sold), _RECORDS_AT_ONCE, strict=False):
        import_products([_product(row) for row in rows], run=RUN, actor=COMMAND, now=now)


def _product(row: Row) -> ProductData:
    words = [row["product_type"] or row["product_category"] or "", row["package_size"] or ""]
    return ProductData(
        id=str(row["product_id"]),
        name=" ".join(filter(None, words)).capitalize(),
        category=row["product_category"] or "",
    )


def _put_customers(lines: pa.Table, now: datetime) -> None:
    table = pq.read_table(complete_journey("demographics"))
    known = {str(row.pop("household_id")): row for row in table.to_pylist()}
    for some in batched(_ids(lines), _RECORDS_AT_ONCE, strict=False):
        told = [invent(id_, known.get(id_, {}), now.year) for id_ in some]
        import_customers(told, run=RUN, actor=COMMAND, now=now)
        put_contacts([one.id for one in told], RUN, now)


def _ids(lines: pa.Table) -> list[str]:
    """The customers' ids, in the order of their numbers."""
    return list(map(str, sorted(pc.unique(lines["household_id"]).to_pylist())))


def _sorted(table: pa.Table, key: str, ids: pa.Array) -> Iterator[Row]:
    wanted = table.filter(pc.is_in(table[key], ids)).sort_by(key)
    for batch in wanted.to_batches(_RECORDS_AT_ONCE):
        yield from batch.to_pylist()


def _batches(lines: pa.Table, weeks: int) -> Iterator[tuple[OrderColumns, LineColumns]]:
    """The orders, so many at a time."""
    products = pq.read_table(complete_journey("products"))
    ids, named = products["product_id"].to_pylist(), products["product_category"].to_pylist()
    categories = dict(zip(ids, named, strict=True))
    ends = pc.run_end_encode(lines["basket_id"].combine_chunks()).run_ends.to_pylist()
    start = 0
    for some in batched(ends, _ORDERS_AT_ONCE, strict=False):
        of_them = lines.slice(start, some[-1] - start)
        yield _columns(of_them, [end - start for end in some], weeks, categories)
        start = some[-1]


def _columns(
    lines: pa.Table, ends: Sequence[int], weeks: int, categories: Mapping[int, str | None]
) -> tuple[OrderColumns, LineColumns]:
    starts = [0, *ends[:-1]]
    amounts = pc.round(pc.multiply(lines["sales_value"], 10**-_TEN_THOUSANDTHS))
    parts = amounts.cast(pa.int64()).to_pylist()
    products = lines["product_id"].to_pylist()
    first = lines.take(starts)
    shift = weeks * _WEEK
    times = first["transaction_timestamp"].cast(pa.timestamp("us")).to_pylist()
    moments = [moment.replace(tzinfo=_ZONE) + shift for moment in times]
    ids = _texts(first["basket_id"])
    orders = OrderColumns(
        id=ids,
        customer_id=_texts(first["household_id"]),
        ordered_at=moments,
        utc_offset=[_minutes(moment) for moment in moments],
        currency=[_CURRENCY] * len(ids),
        amount=[_money(sum(parts[start:end])) for start, end in zip(starts, ends, strict=True)],
        channel=["shop"] * len(ids),
        store=[f"Store {id_}" for id_ in first["store_id"].to_pylist()],
    )
    return orders, LineColumns(
        order_id=_texts(lines["basket_id"]),
        line=[
            str(place + 1)
            for start, end in zip(starts, ends, strict=True)
            for place in range(end - start)
        ],
        product_id=list(map(str, products)),
        category=[categories.get(id_) or "" for id_ in products],
        quantity=[_count(count) for count in lines["quantity"].to_pylist()],
        amount=list(map(_money, parts)),
        unit_cost=[None] * len(products),
    )


def _texts(column: pa.ChunkedArray) -> list[str]:
    return list(map(str, column.to_pylist()))


@lru_cache(maxsize=10_000)
def _count(told: int) -> Decimal:
    return Decimal(max(1, told))


@lru_cache(maxsize=10_000)
def _money(ten_thousandths: int) -> Decimal:
    return Decimal(ten_thousandths).scaleb(_TEN_THOUSANDTHS)


def _minutes(moment: datetime) -> int:
    return (moment.utcoffset() or timedelta()) // timedelta(minutes=1)
