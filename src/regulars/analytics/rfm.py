"""Recency, frequency and monetary value of every customer, and their scores."""

from collections.abc import Mapping, Sequence
from datetime import date

import ibis
import ibis.expr.types as ir

from regulars.analytics.calendar import different_days, period_number
from regulars.kernel.periods import Period
from regulars.warehouse.orders import Orders

_BILLION = 1e9


def rfm(days: ir.Table, as_of: date) -> ir.Table:
    """One row per customer: how recent, how frequent, how much, seen from ``as_of``.

    Args:
        days: ``purchase_days``: one row per customer and day.
        as_of: The last day included.

    Returns:
        ``customer_id`` · ``frequency`` (purchase days) · ``recency`` (days since the last) ·
        ``age`` (days since the first) · ``monetary`` (mean amount per purchase day, rounded to
        a billionth, halves up, so that equal means are equal on every engine) · ``revenue`` (sum).
    """
    each = days.group_by("customer_id").agg(
        days=days.count(),
        last_on=days.ordered_on.max(),
        first_on=days.ordered_on.min(),
        amount=days.amount.sum(),
    )
    return rfm_of(each, as_of)


def rfm_of_orders(orders: Orders) -> ir.Table:
    """``rfm`` straight from the orders, where nothing else asks for purchase days."""
    known = orders.identified
    each = known.group_by("customer_id").agg(
        days=different_days(known.ordered_on, orders.data_from, orders.as_of),
        last_on=known.ordered_on.max(),
        first_on=known.ordered_on.min(),
        amount=known.amount.sum(),
    )
    return rfm_of(each, orders.as_of)


def rfm_of(histories: ir.Table, as_of: date) -> ir.Table:
    """``rfm`` from what is known of each customer.

    Args:
        histories: ``customer_id`` · ``first_on`` · ``last_on`` · ``days`` · ``amount``.
        as_of: The last day included.
    """
    end = ibis.literal(Period.DAY.number(as_of))
    mean = histories.amount.cast("float64") / histories.days.cast("float64")
    return histories.select(
        "customer_id",
        frequency=histories.days,
        recency=end - period_number(histories.last_on, Period.DAY),
        age=end - period_number(histories.first_on, Period.DAY),
        # round() itself sends halves to the even neighbour on some engines
        monetary=(mean * _BILLION + 0.5).floor().cast("float64") / _BILLION,
        revenue=histories.amount,
    )


def value_counts(table: ir.Table, column: str) -> ir.Table:
    """How many customers have each value of a column.

    Returns:
        ``value`` · ``customers``.
    """
    values = table.select(value=table[column])
    return values.group_by("value").agg(customers=values.count())


def score(value: ir.NumericColumn, breaks: Sequence[float | None]) -> ir.IntegerColumn:
    """The score 1 … 5 of a value: one more for each break that it reaches.

    Args:
        value: Higher is better.
        breaks: The lowest values with scores 2 … 5; None: no value has that score.
    """
    points = ibis.literal(1)
    for lowest in breaks:
        if lowest is not None:
            points = points + (value >= lowest).ifelse(1, 0)
    return points.cast("int64")


def scored(table: ir.Table, breaks: Mapping[str, Sequence[float | None]]) -> ir.Table:
    """``rfm`` with the scores ``r``, ``f``, ``m``.

    Args:
        table: ``rfm``.
        breaks: Of ``recency`` (of its negative: fewer days are better), ``frequency``,
            ``monetary``.
    """
    return table.mutate(
        r=score(-table.recency, breaks["recency"]),
        f=score(table.frequency, breaks["frequency"]),
        m=score(table.monetary, breaks["monetary"]),
    )
