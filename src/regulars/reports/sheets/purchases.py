"""Tables of what is bought, how often, by whom, and how good the data is."""

from collections import Counter
from decimal import Decimal

from regulars.kernel.wording import Money, PeriodName, Share, say
from regulars.reports.sheets.sheet import Cell, Sheet, between, rate, share
from regulars.reports.words.basket import next_name, pair_name
from regulars.reports.words.repeat import stage_name
from regulars.studies.basket import Basket
from regulars.studies.check import Check, Identified
from regulars.studies.concentration import Concentration
from regulars.studies.repeat import Repeat, TimeToNext
from regulars.studies.rfm import Rfm

_STAIRS = 40  # rows of a staircase; the curve itself has them all


def steps(answer: Repeat) -> Sheet:
    """The share with a first, second, third … purchase."""
    rows = [
        (
            it.purchase,
            it.customers,
            Share(it.share.value),
            between(it.share),
            rate(it.share_of_previous),
            between(it.share_of_previous),
        )
        for it in answer.steps
    ]
    return Sheet(
        headings=(
            say("Purchase"),
            say("Customers"),
            say("Of all customers"),
            say("Interval"),
            say("Of those one before"),
            say("Interval"),
        ),
        rows=tuple(rows),
    )


def time_to_next(time: TimeToNext) -> Sheet:
    """The share who are back by each day."""
    curve = time.curve
    every = max(1, len(curve.days) // _STAIRS)
    picked = sorted({*range(0, len(curve.days), every), len(curve.days) - 1})
    rows: list[tuple[Cell, ...]] = [
        (
            int(curve.days[row]),
            int(curve.at_risk[row]),
            Share(float(1 - curve.waiting[row])),
            say(
                "{low} to {high}",
                low=Share(float(1 - curve.high[row])),
                high=Share(float(1 - curve.low[row])),
            ),
        )
        for row in picked
    ]
    return Sheet(
        headings=(say("Day"), say("Still waiting"), say("Back"), say("Interval")),
        rows=tuple(rows),
        left_out=len(curve.days) - len(rows),
    )


def path(answer: Repeat) -> Sheet:
    """The stages from first-timer to regular."""
    rows = [
        (
            stage_name(it),
            it.customers,
            Share(it.share.value),
            rate(it.moved_on),
            between(it.moved_on),
            it.median_days,
        )
        for it in answer.path
    ]
    return Sheet(
        headings=(
            say("Stage"),
            say("Customers"),
            say("Of those followed"),
            say("Went on"),
            say("Interval"),
            say("Days until half go on"),
        ),
        rows=tuple(rows),
    )


def segments(answer: Rfm) -> Sheet:
    """The named segments with their rules."""
    currency = answer.evidence.currency
    rows = [
        (
            it.name,
            it.customers,
            Share(it.share_of_customers),
            Money(it.revenue, currency),
            share(it.share_of_revenue),
            None if it.mean_recency is None else round(it.mean_recency),
            it.mean_frequency,
            it.rule,
        )
        for it in answer.segments
    ]
    return Sheet(
        headings=(
            say("Group"),
            say("Customers"),
            say("Share of customers"),
            say("Revenue"),
            say("Share of revenue"),
            say("Days since the last purchase"),
            say("Purchase days"),
            say("Who is in it"),
        ),
        rows=tuple(rows),
        texts=frozenset({0, 7}),
    )


def rfm_tiles(answer: Rfm) -> Sheet:
    """The map as a table."""
    names = {it.segment: it.name for it in answer.segments}
    rows = [
        (it.r, it.f, names[it.segment], it.customers, Money(it.revenue, answer.evidence.currency))
        for it in sorted(answer.cells, key=lambda it: (-it.r, -it.f, -it.customers))
    ]
    return Sheet(
        headings=(
            say("Recency score"),
            say("Frequency score"),
            say("Group"),
            say("Customers"),
            say("Revenue"),
        ),
        rows=tuple(rows),
        texts=frozenset({0, 2}),
    )


def concentration(answer: Concentration) -> Sheet:
    """What the best few percent bring."""
    rows = [
        (
            say("Best {percent}%", percent=it.percent),
            it.customers,
            Share(it.share),
            between(it.interval),
        )
        for it in answer.top_share.values()
    ]
    return Sheet(
        headings=(say("Customers"), say("Number"), say("Share of revenue"), say("Interval")),
        rows=tuple(rows),
    )


def best_customers(answer: Concentration, most: int) -> Sheet:
    """The best customers by name."""
    rows = [
        (
            it.customer_id,
            Money(it.revenue, answer.evidence.currency),
            Share(it.share),
            it.purchase_days,
            it.first_on,
            it.last_on,
        )
        for it in answer.best[:most]
    ]
    return Sheet(
        headings=(
            say("Customer"),
            say("Revenue"),
            say("Share of revenue"),
            say("Purchase days"),
            say("First purchase"),
            say("Last purchase"),
        ),
        rows=tuple(rows),
    )


def pairs(answer: Basket) -> Sheet:
    """The strongest pairs."""
    rows = [
        (
            pair_name(it),
            it.orders,
            Share(it.support.value),
            Share(it.a_to_b.value),
            Share(it.b_to_a.value),
            it.lift.value,
            _lift_between(it.lift.low, it.lift.high),
        )
        for it in answer.pairs
    ]
    return Sheet(
        headings=(
            say("Pair"),
            say("Orders with both"),
            say("Of all orders"),
            say("First leads to second"),
            say("Second leads to first"),
            say("Times as often"),
            say("Interval"),
        ),
        rows=tuple(rows),
    )


def next_items(answer: Basket) -> Sheet:
    """The strongest next steps."""
    rows = [
        (
            next_name(it),
            it.customers,
            it.of,
            Share(it.share.value),
            it.lift.value,
            _lift_between(it.lift.low, it.lift.high),
        )
        for it in answer.next_items
    ]
    return Sheet(
        headings=(
            say("Step"),
            say("Customers"),
            say("Of"),
            say("Share"),
            say("Times as often"),
            say("Interval"),
        ),
        rows=tuple(rows),
    )


def _lift_between(low: float, high: float) -> Cell:
    return say("{low} to {high}", low=round(low, 2), high=round(high, 2))


def rejects(answer: Check) -> Sheet:
    """The rows that were refused."""
    rows = [(it.source, it.line, it.column, it.value, it.reason) for it in answer.quality.rejected]
    return Sheet(
        headings=(say("File"), say("Line"), say("Column"), say("Value"), say("Why")),
        rows=tuple(rows),
        texts=frozenset({0, 2, 3, 4}),
    )


def reasons(answer: Check) -> Sheet:
    """How many rows were refused for each reason."""
    counted = Counter((it.reason.text, it.column) for it in answer.quality.rejected)
    first = {(it.reason.text, it.column): it.reason for it in reversed(answer.quality.rejected)}
    rows = [(first[key], key[1], count) for key, count in counted.most_common()]
    return Sheet(
        headings=(say("Why, for example"), say("Column"), say("Rows")),
        rows=tuple(rows),
        texts=frozenset({0, 1}),
    )


def columns(answer: Check) -> Sheet:
    """Which heading was taken for what."""
    rows: list[tuple[Cell, ...]] = [
        (heading, canonical) for canonical, heading in answer.quality.columns.items()
    ]
    rows += [(heading, say("not used")) for heading in answer.quality.ignored]
    return Sheet(
        headings=(say("Heading in the file"), say("Taken as")),
        rows=tuple(rows),
        texts=frozenset({0, 1}),
    )


def stores(answer: Check) -> Sheet:
    """The share with a known customer by store."""
    rows = [
        (it.store or say("(none)"), *_identified(it, answer.evidence.currency))
        for it in answer.stores
    ]
    return Sheet(headings=(say("Shop"), *_IDENTIFIED), rows=tuple(rows))


def periods(answer: Check) -> Sheet:
    """The share with a known customer by period, the newest first."""
    rows = [
        (PeriodName(it.period, answer.period), *_identified(it, answer.evidence.currency))
        for it in reversed(answer.periods)
    ]
    return Sheet(headings=(say("Period"), *_IDENTIFIED), rows=tuple(rows))


_IDENTIFIED = (
    say("Orders"),
    say("With a known customer"),
    say("Revenue"),
    say("With a known customer"),
)


def _identified(it: Identified, currency: str | None) -> tuple[Cell, ...]:
    return (
        it.orders,
        share(it.share_of_orders),
        Money(Decimal(it.revenue), currency),
        share(it.share_of_revenue),
    )
