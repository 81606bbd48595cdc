"""From one purchase day to the next: how often it happens and how long it takes."""

from datetime import date

import ibis
import ibis.expr.types as ir

from regulars.analytics.calendar import period_number
from regulars.kernel.periods import Period


def purchase_sequence(
    days: ir.Table, joined: ir.Table | None, *, known_from: date, as_of: date, gap: int
) -> ir.Table:
    """Each customer's purchase days in order, with what came after.

    Args:
        days: ``purchase_days``: one row per customer and day.
        joined: ``joined_since`` (:mod:`regulars.analytics.joining`).
        known_from: First purchases since this day are first purchases (the end of the burn-in).
        as_of: The day on which the wait of those who have not come back is cut off.
        gap: The longest gap of a streak, in days.

    Returns:
        ``customer_id`` · ``amount`` (of the day) · ``known`` (1: the customer's first purchase is
        known to be his first) · ``nth`` (1, 2, …) · ``returned`` (1: another one followed) ·
        ``wait`` (days until it, or until ``as_of``) · ``streak`` (gaps without a break, up to
        this day, none longer than ``gap``).
    """
    ordered = _ordered(days, known_from)
    # Engines disagree on what follows the last row: null, or 0 where columns cannot be null.
    returned = ordered.after > ordered.day
    close = (ordered.nth > 1) & (ordered.day - ordered.before <= gap)
    end = ibis.literal(Period.DAY.number(as_of))
    steps = ordered.mutate(
        returned=returned.ifelse(1, 0),
        wait=returned.ifelse(ordered.after - ordered.day, end - ordered.day),
        broken=close.ifelse(0, ordered.nth),
    )
    so_far = ibis.window(group_by="customer_id", order_by="nth", following=0)
    counted = steps.mutate(streak=steps.nth - steps.broken.max().over(so_far))
    return _marked(counted, joined).select(
        "customer_id", "amount", "known", "nth", "returned", "wait", "streak"
    )


def _ordered(days: ir.Table, known_from: date) -> ir.Table:
    numbered = days.select("customer_id", "amount", day=period_number(days.ordered_on, Period.DAY))
    # One window for all four, so that an engine sorts once.
    within = ibis.window(group_by="customer_id", order_by="day")
    first = numbered.day.first().over(within)
    return numbered.mutate(
        nth=ibis.row_number().over(within) + 1,
        before=numbered.day.lag().over(within),
        after=numbered.day.lead().over(within),
        known=(first >= Period.DAY.number(known_from)).ifelse(1, 0),
    )


def _marked(counted: ir.Table, joined: ir.Table | None) -> ir.Table:
    if joined is None:
        return counted
    beside = counted.left_join(joined, "customer_id")
    return beside.mutate(known=(beside.joined == 1).ifelse(1, beside.known))


def waits(sequence: ir.Table, upto: int) -> ir.Table:
    """How long customers waited after their first ``upto`` purchase days, collapsed.

    Args:
        sequence: ``purchase_sequence``.
        upto: The last purchase day looked at.

    Returns:
        ``nth`` · ``known`` · ``wait`` · ``returned`` · ``customers`` (how many).
    """
    early = sequence.filter(sequence.nth <= upto)
    return early.group_by(["nth", "known", "wait", "returned"]).agg(customers=early.count())


def regulars(sequence: ir.Table, purchases: int, gap: int) -> ir.Table:
    """Who was ever a regular, and who still is: customers and their revenue, collapsed.

    A regular has bought on ``purchases`` days in a row with no gap above ``gap`` days; he is one
    now if these are his last days and the silence since is no longer either.

    Args:
        sequence: ``purchase_sequence`` with the same ``gap``.
        purchases: K, at least 2.
        gap: G in days.

    Returns:
        ``known`` · ``ever`` · ``now`` (1 or 0) · ``customers`` · ``revenue``.
    """
    met = sequence.streak >= purchases - 1
    still = met & (sequence.returned == 0) & (sequence.wait <= gap)
    flagged = sequence.select(
        "customer_id", "known", "amount", met=met.ifelse(1, 0), still=still.ifelse(1, 0)
    )
    each = flagged.group_by("customer_id").agg(
        known=flagged.known.max(),
        ever=flagged.met.max(),
        now=flagged.still.max(),
        revenue=flagged.amount.sum(),
    )
    return each.group_by(["known", "ever", "now"]).agg(
        customers=each.count(), revenue=each.revenue.sum()
    )
