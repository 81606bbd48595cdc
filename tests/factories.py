"""Orders made by hand for tests of everything above the warehouse."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import ibis
import pyarrow as pa

from regulars.warehouse.orders import Orders
from regulars.warehouse.quality import Quality

type Row = tuple[str | None, date, str | float]
"""Customer (None: unidentified), day, amount."""

DAY_ONE = date(2024, 1, 1)


def on(day: int) -> date:
    """The date ``day`` days after 1 January 2024."""
    return DAY_ONE + timedelta(days=day)


def orders_of(
    rows: Iterable[Row],
    *,
    as_of: date | None = None,
    burn_in_days: int | None = None,
    **extra: object,
) -> Orders:
    """Orders with one purchase a row, in the state in which the warehouse hands them out.

    ``extra`` adds columns: a name and the list of its values, one a row.
    """
    rows = list(rows)
    amounts = [Decimal(str(amount)) for *_, amount in rows]
    columns: dict[str, pa.Array] = {
        "order_id": pa.array([f"o{number}" for number in range(len(rows))], pa.string()),
        "customer_id": pa.array([row[0] for row in rows], pa.string()),
        "ordered_at": pa.array(
            [datetime.combine(row[1], time(12)) for row in rows], pa.timestamp("us")
        ),
        "ordered_on": pa.array([row[1] for row in rows], pa.date32()),
        "amount": pa.array(amounts, pa.decimal128(18, 6)),
    }
    columns |= {name: pa.array(values) for name, values in extra.items()}
    table = ibis.memtable(pa.table(columns))
    last = as_of or max(row[1] for row in rows)
    told = [(row[0], it) for row, it in zip(rows, amounts, strict=True) if row[1] <= last]
    known = [amount for who, amount in told if who is not None]
    return Orders(
        purchases=table.filter(table.ordered_on <= last),
        data_from=min(row[1] for row in rows),
        as_of=last,
        burn_in_days=burn_in_days,
        quality=Quality(
            rows=len(rows),
            accepted=len(rows),
            orders=len(told),
            unidentified=len(told) - len(known),
            unidentified_orders=len(told) - len(known),
            revenue=sum((amount for _, amount in told), Decimal(0)),
            identified_revenue=sum(known, Decimal(0)),
        ),
    )
