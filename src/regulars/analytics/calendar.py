"""The purchase calendar: who bought in which period, and for how much.

It is small beside the orders, it adds (sums by +, firsts by min), and retention, cohorts and
growth accounting are all read off it.
"""

from datetime import date

import ibis
import ibis.expr.types as ir

from regulars.kernel.periods import Period

_MOST_BITS = 8_000  # a kilobyte a customer


def _bitstring(number: object, lowest: object, highest: object) -> object: ...


_bits = ibis.udf.agg.builtin(
    _bitstring, name="bitstring_agg", signature=(("int64", "int64", "int64"), "binary")
)


def _ones_of(bits: object) -> object: ...


_ones = ibis.udf.scalar.builtin(_ones_of, name="bit_count", signature=(("binary",), "int64"))


def purchase_days(purchases: ir.Table) -> ir.Table:
    """One row per customer and day with a purchase.

    Returns:
        ``customer_id`` · ``ordered_on`` (date) · ``orders`` (int) · ``amount`` (sum).
    """
    known = purchases.filter(purchases.customer_id.notnull())
    return known.group_by(["customer_id", "ordered_on"]).agg(
        orders=known.count(), amount=known.amount.sum()
    )


def different_days(day: ir.DateColumn, first: date, last: date) -> ir.IntegerScalar:
    """How many different days there are: an aggregate, which no table of all days is made for.

    Args:
        day: The days, each from ``first`` to ``last``.
        first: A day that none is before.
        last: A day that none is after.
    """
    lowest, highest = Period.DAY.number(first), Period.DAY.number(last)
    if ibis.get_backend(day).name != "duckdb" or highest - lowest >= _MOST_BITS:
        return day.nunique()
    # a bit for each day: a third of the time
    return _ones(_bits(period_number(day, Period.DAY), lowest, highest))


def period_number(day: ir.DateColumn, period: Period) -> ir.IntegerColumn:
    """The period's number on any engine, equal to :meth:`Period.number` of the same day."""
    days = day.delta(ibis.date(date(1970, 1, 1)), unit="day").cast("int64")
    match period:
        case Period.DAY:
            return days
        case Period.WEEK:
            return ((days + 3) // 7).cast("int64")
        case Period.MONTH:
            return (day.year() * 12 + day.month() - 1).cast("int64")
        case Period.QUARTER:
            return (day.year() * 4 + day.quarter() - 1).cast("int64")
        case Period.YEAR:
            return day.year().cast("int64")


def calendar(days: ir.Table, period: Period) -> ir.Table:
    """One row per customer and period with a purchase.

    Returns:
        ``customer_id`` · ``period`` (number of :class:`Period`) · ``orders`` · ``amount``.
    """
    numbered = days.mutate(period=period_number(days.ordered_on, period))
    return numbered.group_by(["customer_id", "period"]).agg(
        orders=numbered.orders.sum(), amount=numbered.amount.sum()
    )
