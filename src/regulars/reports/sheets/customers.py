"""Tables of who stays, comes and goes."""

from decimal import Decimal

from regulars.kernel.wording import Message, Money, PeriodName, Share, Value, say
from regulars.reports.sheets.sheet import Cell, Sheet, between, rate, share
from regulars.reports.words.cohorts import ago
from regulars.reports.words.retention import name_of
from regulars.reports.words.spend import name_of as factor_name
from regulars.studies.cohorts import Cohorts
from regulars.studies.consistency import Consistency
from regulars.studies.curves import ReturnCurve
from regulars.studies.growth import Growth
from regulars.studies.rates import RetentionRate
from regulars.studies.retention import Retention
from regulars.studies.spend import SpendSplit

_COUNTED = (
    say("At the start"),
    say("Kept"),
    say("Lost"),
    say("New"),
    say("Back after a pause"),
    say("Active"),
    say("Retention rate"),
    say("Interval"),
)


def trend(answer: Retention) -> Sheet:
    """The retention rate of each period, the newest first."""
    rows = [
        (_so_far(name_of(answer, it), it.complete), *_counts(it)) for it in reversed(answer.trend)
    ]
    return Sheet(headings=(say("Period"), *_COUNTED), rows=tuple(rows))


def segments(answer: Retention) -> Sheet:
    """The retention rate of each group."""
    rows = [(it.segment or say("(none)"), *_counts(it)) for it in answer.segments]
    return Sheet(headings=(say("Group"), *_COUNTED), rows=tuple(rows))


def overall(answer: Retention) -> Sheet:
    """The retention rate of the period asked for, and of each group."""
    row: tuple[Cell, ...] = (name_of(answer, answer.overall), *_counts(answer.overall))
    groups = segments(answer).rows if answer.segments else ()
    return Sheet(headings=(say("Period"), *_COUNTED), rows=(row, *groups))


def _counts(it: RetentionRate) -> tuple[Cell, ...]:
    return (
        it.start,
        it.retained,
        it.churned,
        _at_most(it.new, flagged=it.at_most),
        _at_most(it.resurrected, flagged=it.at_most),
        it.active,
        rate(it.rate),
        between(it.rate),
    )


def _so_far(name: Value, complete: bool) -> Value:  # noqa: FBT001 - the field's own name
    return name if complete else say("{period} (so far)", period=name)


def _at_most(count: int, *, flagged: bool) -> int | Message:
    return say("at most {count}", count=count) if flagged and count else count


def growth_in_customers(answer: Growth) -> Sheet:
    """Won and lost customers, the newest period first."""
    rows = [
        (
            _so_far(PeriodName(it.period, answer.period), it.complete),
            it.active,
            it.retained,
            _at_most(it.new, flagged=it.at_most),
            _at_most(it.resurrected, flagged=it.at_most),
            it.churned,
            it.quick_ratio,
        )
        for it in reversed(answer.periods)
    ]
    return Sheet(
        headings=(
            say("Period"),
            say("Active"),
            say("Kept"),
            say("New"),
            say("Back after a pause"),
            say("Lost"),
            say("Winning ratio"),
        ),
        rows=tuple(rows),
    )


def growth_in_money(answer: Growth) -> Sheet:
    """Revenue gained and lost, the newest period first."""
    currency = answer.evidence.currency
    rows = [
        (
            _so_far(PeriodName(it.period, answer.period), it.complete),
            Money(it.revenue, currency),
            Money(it.revenue_new, currency),
            Money(it.revenue_resurrected, currency),
            Money(it.revenue_expansion, currency),
            Money(it.revenue_contraction, currency),
            Money(it.revenue_churned, currency),
            it.revenue_quick_ratio,
        )
        for it in reversed(answer.periods)
    ]
    return Sheet(
        headings=(
            say("Period"),
            say("Revenue"),
            say("New"),
            say("Back after a pause"),
            say("Spent more"),
            say("Spent less"),
            say("Lost"),
            say("Winning ratio"),
        ),
        rows=tuple(rows),
    )


def cohorts(answer: Cohorts) -> Sheet:
    """Every observed cell, the newest cohort first."""
    currency = answer.evidence.currency
    observed = [cell for cell in answer.cells if cell.active is not None]
    rows = [
        (
            PeriodName(cell.cohort, answer.period),
            cell.age,
            cell.customers,
            cell.active,
            rate(cell.retention),
            between(cell.retention),
            _money(cell.revenue, currency),
            share(cell.revenue_retention),
            _money(cell.revenue_per_customer, currency),
        )
        for cell in sorted(observed, key=lambda it: (-it.cohort.toordinal(), it.age))
    ]
    return Sheet(
        headings=(
            say("First seen"),
            say("Periods since"),
            say("Customers"),
            say("Of these bought"),
            say("Share"),
            say("Interval"),
            say("Revenue"),
            say("Against the first period"),
            say("Revenue so far per customer"),
        ),
        rows=tuple(rows),
    )


def _money(amount: Decimal | None, currency: str | None) -> Money | None:
    return None if amount is None else Money(amount, currency)


def curve(answer: ReturnCurve) -> Sheet:
    """The share that buys at each age."""
    rows = [
        (
            ago(answer.unit, it.age),
            it.customers,
            it.returned,
            Share(it.share.value),
            between(it.share),
        )
        for it in answer.points
    ]
    return Sheet(
        headings=(
            say("Since the first purchase"),
            say("Customers watched"),
            say("Of these bought"),
            say("Share"),
            say("Interval"),
        ),
        rows=tuple(rows),
    )


def consistency(answer: Consistency) -> Sheet:
    """How many of each cohort came back within the window, the newest first."""
    rows = [
        (
            PeriodName(it.cohort, answer.period),
            it.customers,
            it.repeated,
            Share(it.rate.value),
            between(it.rate),
        )
        for it in reversed(answer.cohorts)
    ]
    return Sheet(
        headings=(
            say("First seen"),
            say("Customers"),
            say("Of these came back"),
            say("Share"),
            say("Interval"),
        ),
        rows=tuple(rows),
    )


def spend(answer: SpendSplit) -> Sheet:
    """What each factor did to the spend per customer."""
    currency = answer.evidence.currency
    rows = [
        (
            factor_name(it.factor),
            it.before,
            it.after,
            Money(Decimal(repr(round(it.contribution, 2))), currency),
        )
        for it in answer.factors
    ]
    return Sheet(
        headings=(say("Factor"), say("Before"), say("After"), say("Added per customer")),
        rows=tuple(rows),
    )
