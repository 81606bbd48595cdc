"""Whose first purchase in the data is known to be his first, from the day on which he joined."""

from datetime import date

import ibis
import ibis.expr.types as ir


def joined_since(customers: ir.Table | None, data_from: date) -> ir.Table | None:
    """Customers who joined within the data, so that their first purchase in it is their first.

    Args:
        customers: The firm's own table; None, or without ``joined_at``, where it has none.
        data_from: The first day of the data.

    Returns:
        ``customer_id`` · ``joined`` (1); None where nobody's joining is known.
    """
    if customers is None or "joined_at" not in customers.columns:
        return None
    recent = customers.filter(customers.joined_at.cast("date") >= ibis.date(data_from))
    return recent.select("customer_id").distinct().mutate(joined=ibis.literal(1))


def last_unsure(days: ir.Table, joined: ir.Table, until: date) -> date | None:
    """The last day before another on which somebody was first seen who may have bought before.

    Args:
        days: ``purchase_days``.
        joined: ``joined_since``.
        until: The end of the burn-in: whoever is first seen from then on is taken to be new.

    Returns:
        None where everybody first seen until then is known to be new.
    """
    first = days.group_by("customer_id").agg(first_on=days.ordered_on.min())
    unsure = first.filter(first.first_on < ibis.date(until)).anti_join(joined, "customer_id")
    found = unsure.first_on.max().to_pyarrow().as_py()
    return found if isinstance(found, date) else None
