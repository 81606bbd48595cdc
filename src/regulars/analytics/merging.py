"""New purchase days merged into what is known of customers: sums by +, firsts by min.

Nothing here scans all orders. A refresh takes the purchase days of the customers whom the news is
about, before and after it, from a day ``since`` on at which the first of them changed; what lies
before that day is known from their histories. What the two add to a table is its difference.
"""

from datetime import date

import ibis
import ibis.expr.types as ir

from regulars.analytics.calendar import calendar, period_number, purchase_days
from regulars.analytics.steps import movements, steps
from regulars.kernel.periods import Period
from regulars.warehouse.numbers import whole

_DAY = ["customer_id", "ordered_on"]


def changed_days(before: ir.Table | None, after: ir.Table) -> ir.Table:
    """What corrected and new orders add to purchase days, or take from them.

    Args:
        before: The orders as they were known; None: all are new.
        after: The same orders as they are known now, and the new ones.

    Returns:
        ``customer_id`` · ``ordered_on`` · ``orders`` · ``amount``, both of which may be negative.
    """
    came = purchase_days(after)
    return came if before is None else difference(purchase_days(before), came, _DAY)


def merged_days(days: ir.Table, changes: ir.Table) -> ir.Table:
    """Purchase days with changes added; a day without an order is none any more."""
    every = added(days, changes, _DAY)
    return every.filter(every.orders > 0)


def added(one: ir.Table, other: ir.Table, keys: list[str]) -> ir.Table:
    """Two tables of sums as one: equal keys are added up."""
    both = one.union(other.select(**{name: other[name].cast(kind) for name, kind in _types(one)}))
    sums = {name: _sum(both[name]) for name in one.columns if name not in keys}
    return both.group_by(keys).agg(**sums).select(*one.columns)


def difference(before: ir.Table, after: ir.Table, keys: list[str]) -> ir.Table:
    """What is to be added to the sums of ``before`` to get those of ``after``; no row of zeros."""
    names = [name for name in before.columns if name not in keys]
    less = before.mutate(**{name: -before[name] for name in names}).select(*after.columns)
    every = added(after, less, keys)
    changed = [every[name] != 0 for name in names]
    return every.filter(ibis.or_(*changed))


def _types(table: ir.Table) -> list[tuple[str, str]]:
    return [(name, str(kind)) for name, kind in table.schema().items()]


def _sum(column: ir.NumericColumn) -> ir.NumericScalar:
    # a sum is wider than what it adds, and a table's types must not grow with each refresh
    total = column.sum()
    return whole(total) if column.type().is_integer() else total.cast(column.type())


def walk(days: ir.Table, histories: ir.Table | None, gap: int) -> ir.Table:
    """Each customer's purchase days in order, carried on from what is known of him.

    Args:
        days: Purchase days from some day on.
        histories: ``histories`` of the same customers up to that day; None: nothing is known.
        gap: The longest gap of a streak, in days.

    Returns:
        ``customer_id`` · ``ordered_on`` · ``orders`` · ``amount`` · ``first_on`` · ``gap`` (since
        the purchase day before; 0: it is his first) · ``nth`` · ``streak`` (gaps without a break
        up to this day, none longer than ``gap``) · ``longest`` (streak known before) · ``told``
        (1: the row stands for a history).
    """
    rows = _rows(days, histories)
    by_day = ibis.window(group_by="customer_id", order_by="day")
    so_far = ibis.window(group_by="customer_id", order_by="day", following=0)
    placed = rows.mutate(
        nth=whole(rows.days.sum().over(so_far)),
        place=ibis.row_number().over(by_day),
        before=rows.day.lag().over(by_day),
        first_on=rows.first_on.first().over(by_day),
    )
    # an engine may lag to 0 instead of null, so the first row is told by its number
    since = (placed.place == 0).ifelse(0, placed.day - placed.before)
    kept = (placed.place > 0) & (since <= gap)
    broken = (placed.told == 1).ifelse(placed.nth - placed.streak, kept.ifelse(0, placed.nth))
    steps = placed.mutate(gap=since, broken=broken)
    return steps.select(
        *("customer_id", "ordered_on", "orders", "amount", "first_on", "gap", "nth"),
        streak=steps.nth - steps.broken.max().over(so_far),
        longest=steps.longest,
        told=steps.told,
    )


def _rows(days: ir.Table, histories: ir.Table | None) -> ir.Table:
    zero, one = ibis.literal(0, "int64"), ibis.literal(1, "int64")
    fresh = days.select(
        *_DAY,
        orders=days.orders.cast("int64"),
        amount=days.amount,
        first_on=days.ordered_on,
        day=period_number(days.ordered_on, Period.DAY),
        days=one,
        streak=zero,
        longest=zero,
        told=zero,
    )
    if histories is None:
        return fresh
    known = histories.select(
        "customer_id",
        ordered_on=histories.last_on,
        orders=histories.orders,
        amount=histories.amount.cast(days.amount.type()),
        first_on=histories.first_on,
        day=period_number(histories.last_on, Period.DAY),
        days=histories.days,
        streak=histories.streak,
        longest=histories.longest,
        told=one,
    )
    return fresh.union(known)


def histories(walked: ir.Table) -> ir.Table:
    """What is known of each customer after his last purchase day.

    Returns:
        ``customer_id`` · ``first_on`` · ``last_on`` · ``days`` (with a purchase) · ``orders`` ·
        ``amount`` · ``streak`` (gaps without a break up to the last day) · ``longest`` (streak).
    """
    longest = ibis.greatest(walked.streak, walked.longest)
    marked = walked.mutate(best=longest, broken=walked.nth - walked.streak)
    each = marked.group_by("customer_id").agg(
        first_on=marked.first_on.min(),
        last_on=marked.ordered_on.max(),
        days=marked.nth.max(),
        orders=_sum(marked.orders),
        amount=_sum(marked.amount),
        broken=marked.broken.max(),
        longest=marked.best.max(),
    )
    return each.select(
        *("customer_id", "first_on", "last_on", "days", "orders", "amount"),
        streak=each.days - each.broken,
        longest=each.longest,
    )


def walked_gaps(walked: ir.Table) -> ir.Table:
    """How often each gap occurs: ``gap`` (0: a first purchase day) · ``times``."""
    fresh = walked.filter(walked.told == 0)
    return fresh.group_by("gap").agg(times=fresh.count().cast("int64"))


def walked_returns(walked: ir.Table, known_from: date, upto: int) -> ir.Table:
    """Finished waits after the first ``upto`` purchase days.

    Args:
        walked: ``walk``.
        known_from: First purchases since this day are known to be first ones.
        upto: The last purchase day looked at.

    Returns:
        ``nth`` · ``known`` (1 or 0) · ``wait`` (days) · ``customers``.
    """
    later = walked.filter((walked.told == 0) & (walked.nth > 1) & (walked.nth <= upto + 1))
    waits = later.select(
        nth=later.nth - 1,
        known=(later.first_on >= ibis.date(known_from)).ifelse(1, 0).cast("int64"),
        wait=later.gap,
    )
    return waits.group_by(["nth", "known", "wait"]).agg(customers=waits.count().cast("int64"))


def waits(
    returns: ir.Table, histories: ir.Table, *, known_from: date, as_of: date, upto: int
) -> ir.Table:
    """Finished waits with those that go on: :func:`regulars.analytics.repeat.waits`."""
    numbered = period_number(histories.last_on, Period.DAY)
    known = (histories.first_on >= ibis.date(known_from)).ifelse(1, 0).cast("int64")
    waiting = histories.select(
        nth=histories.days, known=known, wait=Period.DAY.number(as_of) - numbered
    )
    waiting = waiting.filter(waiting.nth <= upto)
    counted = waiting.group_by(["nth", "known", "wait"]).agg(customers=waiting.count())
    names = ("nth", "known", "wait", "returned", "customers")
    one, zero = ibis.literal(1, "int64"), ibis.literal(0, "int64")
    finished = returns.filter(returns.nth <= upto).mutate(returned=one).select(*names)
    return finished.union(counted.mutate(returned=zero).select(*names))


def regulars(
    histories: ir.Table, *, known_from: date, as_of: date, purchases: int, gap: int
) -> ir.Table:
    """Who was ever a regular and who still is: :func:`regulars.analytics.repeat.regulars`."""
    silence = Period.DAY.number(as_of) - period_number(histories.last_on, Period.DAY)
    still = (histories.streak >= purchases - 1) & (silence <= gap)
    flagged = histories.select(
        "amount",
        known=(histories.first_on >= ibis.date(known_from)).ifelse(1, 0),
        ever=(histories.longest >= purchases - 1).ifelse(1, 0),
        now=still.ifelse(1, 0),
    )
    return flagged.group_by(["known", "ever", "now"]).agg(
        customers=flagged.count(), revenue=flagged.amount.sum()
    )


CUBE = ["cohort", "period", "came"]
"""The keys of the cube of :func:`regulars.analytics.steps.movements`."""


def cube_since(days: ir.Table, firsts: ir.Table, period: Period, number: int) -> ir.Table:
    """The cube of some customers, from one period on.

    Args:
        days: Their purchase days since the period before that one, or earlier.
        firsts: ``customer_id`` · ``first_on`` of them all.
        period: The calendar period.
        number: The first period wanted.
    """
    began = firsts.select("customer_id", cohort=period_number(firsts.first_on, period))
    walked = steps(calendar(days, period), began)
    cube = movements(walked.filter(walked.period >= number))
    return typed_cube(cube, days.amount)


def typed_cube(cube: ir.Table, amount: ir.NumericColumn) -> ir.Table:
    """The cube with sums no wider than what they add."""
    money = amount.type()
    return cube.select(
        *CUBE,
        customers=cube.customers.cast("int64"),
        **{
            name: cube[name].cast(money)
            for name in ("amount", "before", "expansion", "contraction")
        },
    )
