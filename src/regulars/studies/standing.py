"""Where each customer stands, kept up to date at the cost of the news."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir

from regulars.analytics import merging
from regulars.analytics.calendar import calendar
from regulars.analytics.gaps import gap_counts
from regulars.analytics.keeping import keep
from regulars.analytics.steps import movements, steps
from regulars.kernel.periods import Period
from regulars.studies.evidence import BURN_IN, Gaps, choose_period, read_rhythm
from regulars.studies.path import STEPS
from regulars.warehouse.news import ORDERS, News
from regulars.warehouse.pieces import ORDER
from regulars.warehouse.remembering import State
from regulars.warehouse.store import Change, Store

DAYS, GAPS, RETURNS, HISTORIES = "days", "gaps", "returns", "histories"
"""Tables that a store holds beside the orders; ``cube_month`` and its like are others."""

_DAY = ("customer_id", "ordered_on")
_CUSTOMER = ("customer_id",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the news changes in what is known of customers.

    Attributes:
        changes: What is to be written.
        customers: Customers known now.
        data_from: The day of the first order now.
        facts: What the tables were computed for.
    """

    changes: tuple[Change, ...]
    customers: int
    data_from: date
    facts: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    """Customers whom the news is about, before it or after it.

    Attributes:
        days: Their purchase days from some day before the first change on.
        walk: These days in order, from the first change on.
        firsts: ``customer_id`` · ``first_on`` of those who have bought.
    """

    days: ir.Table
    walk: ir.Table
    firsts: ir.Table


def standing_after(store: Store, news: News, state: State | None) -> Standing:
    """What is known of customers after the news; nothing is written yet."""
    first = _data_from(store, news, state)
    delta = keep(merging.changed_days(news.before, news.after))
    days = store.table(DAYS)
    if days is None or state is None:
        return _from_the_start(delta, first)
    if not _count(delta):
        return _unmoved(store, state, first)
    return _moved(store, days, delta, state, first)


def _data_from(store: Store, news: News, state: State | None) -> date:
    after = _earliest(news.after)
    if state is None or news.before is None:
        return _sure(after)
    before = _earliest(news.before)
    orders = store.table(ORDERS)
    if orders is None or before is None or before > state.data_from:
        return min(state.data_from, after or state.data_from)
    # the first order itself may have moved
    rest = _earliest(orders.anti_join(news.before, ORDER))
    return min(day for day in (rest, after) if day is not None)


def _from_the_start(days: ir.Table, first: date) -> Standing:
    customers, gaps = read_rhythm(counts := keep(gap_counts(days)))
    facts = _facts(gaps, first)
    period = choose_period(gaps)
    cube = merging.typed_cube(movements(steps(calendar(days, period))), days.amount)
    changes = (
        Change(table=DAYS, come=days.order_by("ordered_on")),
        Change(table=GAPS, come=counts.select("gap", times=counts.times.cast("int64"))),
        Change(table=_cube(period), come=cube),
        *_walked_anew(days, facts),
    )
    return Standing(changes=changes, customers=customers, data_from=first, facts=facts)


def _facts(gaps: Gaps, first: date) -> dict[str, int]:
    """What streaks and first-timers are told by: a gap in days, a day as its ordinal."""
    gap = gaps.percentile(BURN_IN) or 0
    return {"gap": gap, "known_from": (first + timedelta(days=gap)).toordinal()}


def _walked_anew(days: ir.Table, facts: Mapping[str, int]) -> tuple[Change, Change]:
    walked = keep(merging.walk(days, None, facts["gap"]))
    known_from = date.fromordinal(facts["known_from"])
    returns = merging.walked_returns(walked, known_from, STEPS)
    return (
        Change(table=HISTORIES, all_gone=True, come=merging.histories(walked)),
        Change(table=RETURNS, all_gone=True, come=keep(returns)),
    )


def _unmoved(store: Store, state: State, first: date) -> Standing:
    """No purchase day has changed."""
    customers, gaps = read_rhythm(_table(store, GAPS))
    facts = _facts(gaps, first)
    changes = () if facts == state.facts else _walked_anew(_table(store, DAYS), facts)
    return Standing(changes=changes, customers=customers, data_from=first, facts=facts)


def _moved(store: Store, days: ir.Table, delta: ir.Table, state: State, first: date) -> Standing:
    since = _sure(_earliest(delta))
    periods = [period for period in Period if store.table(_cube(period)) is not None]
    before, after = _sides(store, days, delta, since, periods, state.facts["gap"])
    gaps = _grown(
        _table(store, GAPS),
        ["gap"],
        merging.walked_gaps(before.walk),
        merging.walked_gaps(after.walk),
    )
    customers, rhythm = read_rhythm(gaps)
    facts = _facts(rhythm, first)
    gone = keep(before.days.semi_join(delta, _DAY))
    come = keep(after.days.semi_join(delta, _DAY))
    changes = [
        Change(table=DAYS, keys=_DAY, gone=gone if _count(gone) else None, come=come),
        Change(table=GAPS, all_gone=True, come=gaps),
    ]
    changes += [_cube_change(store, period, since, before, after) for period in periods]
    everybody = days.anti_join(gone, _DAY).union(come)
    if choose_period(rhythm) not in periods:
        changes.append(_new_cube(everybody, choose_period(rhythm)))
    if facts == state.facts:
        changes += _walked_on(store, delta, before, after, facts)
    else:
        changes += _walked_anew(everybody, facts)
    return Standing(changes=tuple(changes), customers=customers, data_from=first, facts=facts)


def _sides(
    store: Store,
    days: ir.Table,
    delta: ir.Table,
    since: date,
    periods: list[Period],
    gap: int,
) -> tuple[_Side, _Side]:
    """The customers whom the news is about, before it and after it."""
    touched = keep(delta.select("customer_id").distinct())
    mine = keep(_table(store, HISTORIES).semi_join(touched, "customer_id"))
    starts = [period.start(period.number(since) - 2) for period in periods]
    recent = days.filter(days.ordered_on >= ibis.date(min(since, *starts)))
    was = keep(recent.semi_join(touched, "customer_id"))
    now = keep(merging.merged_days(was, delta))
    context = _until(days, mine, since, gap)
    moved = _from(was, since)
    before = merging.walk(moved, context.semi_join(moved, "customer_id"), gap)
    after = keep(merging.walk(_from(now, since), context, gap))
    return (
        _Side(days=was, walk=keep(before), firsts=mine),
        _Side(days=now, walk=after, firsts=keep(merging.histories(after))),
    )


def _until(days: ir.Table, mine: ir.Table, since: date, gap: int) -> ir.Table:
    """Histories up to a day: those stored, or walked again where customers came after it."""
    settled = mine.filter(mine.last_on < ibis.date(since))
    later = mine.filter(mine.last_on >= ibis.date(since))
    if not _count(later):
        return keep(settled)
    early = days.filter(days.ordered_on < ibis.date(since)).semi_join(later, "customer_id")
    again = merging.histories(merging.walk(early, None, gap))
    return keep(settled.union(again.cast(dict(settled.schema()))))


def _from(days: ir.Table, since: date) -> ir.Table:
    return days.filter(days.ordered_on >= ibis.date(since))


def _walked_on(
    store: Store, delta: ir.Table, before: _Side, after: _Side, facts: Mapping[str, int]
) -> tuple[Change, Change]:
    known_from = date.fromordinal(facts["known_from"])
    was, now = (merging.walked_returns(side.walk, known_from, STEPS) for side in (before, after))
    returns = _grown(_table(store, RETURNS), ["nth", "known", "wait"], was, now)
    touched = delta.select("customer_id").distinct()
    return (
        Change(table=HISTORIES, keys=_CUSTOMER, gone=touched, come=after.firsts),
        Change(table=RETURNS, all_gone=True, come=returns),
    )


def _cube_change(store: Store, period: Period, since: date, before: _Side, after: _Side) -> Change:
    number = period.number(since) - 1
    was, now = (
        merging.cube_since(side.days, side.firsts, period, number) for side in (before, after)
    )
    cube = _grown(_table(store, _cube(period)), merging.CUBE, was, now)
    return Change(table=_cube(period), all_gone=True, come=cube)


def _new_cube(days: ir.Table, period: Period) -> Change:
    cube = merging.typed_cube(movements(steps(calendar(days, period))), days.amount)
    return Change(table=_cube(period), come=keep(cube))


def _grown(table: ir.Table, keys: list[str], before: ir.Table, after: ir.Table) -> ir.Table:
    """A table of sums with a difference added; what nobody is counted in any more is left out."""
    sums = merging.added(table, merging.difference(before, after, keys), keys)
    counted = next(name for name in ("customers", "times") if name in sums.columns)
    return keep(sums.filter(sums[counted] != 0))


def _cube(period: Period) -> str:
    return f"cube_{period}"


def _table(store: Store, name: str) -> ir.Table:
    found = store.table(name)
    assert found is not None, name  # noqa: S101 - they are all written together
    return found


def _earliest(table: ir.Table) -> date | None:
    found = table.ordered_on.min().to_pyarrow().as_py()
    return found if isinstance(found, date) else None


def _sure(day: date | None) -> date:
    assert day is not None  # noqa: S101 - the caller has seen a row
    return day


def _count(table: ir.Table) -> int:
    return int(table.count().to_pyarrow().as_py())
