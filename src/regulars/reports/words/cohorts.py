"""Cohorts and return curves in words."""

from dataclasses import dataclass
from datetime import date

from regulars.estimation.interval import Estimate, wilson
from regulars.kernel.wording import Message, PeriodName, Share, say, say_count
from regulars.studies.cohorts import CohortCell, Cohorts
from regulars.studies.curves import AgeUnit, ReturnCurve, ReturnKind, ReturnPoint

ENOUGH = 30
"""Customers from which on a group's rate is more than chance; smaller ones are not ranked."""


@dataclass(frozen=True, slots=True)
class NextPeriod:
    """How many of a cohort came back in the period after their first."""

    cohort: date
    customers: int
    active: int
    share: float


def next_periods(answer: Cohorts) -> tuple[NextPeriod, ...]:
    """Every cohort whose first period after the first purchase has ended."""
    return tuple(
        NextPeriod(cell.cohort, cell.customers, cell.active, cell.retention.value)
        for cell in answer.cells
        if cell.age == 1 and cell.active is not None and cell.retention is not None
    )


def pooled(answer: Cohorts) -> Estimate | None:
    """The share of all new customers who came back in the next period."""
    seen = next_periods(answer)
    customers = sum(it.customers for it in seen)
    if not customers:
        return None
    return wilson(sum(it.active for it in seen), customers, answer.confidence)


def findings(answer: Cohorts) -> tuple[Message, ...]:
    """What becomes of the customers won, in sentences."""
    share = pooled(answer)
    if share is None:
        return (say("No group of new customers has been watched for a whole period yet."),)
    sentences = [
        say(
            "{share} of new customers buy again in the period after their first",
            share=Share(share.value),
        ),
        say(
            "Between {low} and {high} at {confidence} confidence, over all groups watched so "
            "long.",
            low=Share(share.low),
            high=Share(share.high),
            confidence=Share(share.confidence),
        ),
    ]
    sentences += _small(answer)
    if any(cell.at_most for cell in answer.cells):
        sentences.append(
            say(
                "Groups that began before {until} may hold older customers: the data begins on "
                "{data_from}.",
                until=answer.evidence.burn_in_until,
                data_from=answer.evidence.data_from,
            )
        )
    return tuple(sentences)


def drawn_cells(answer: Cohorts) -> tuple[CohortCell, ...]:
    """The cells of cohorts that are large enough to tell something, or all where none is."""
    return tuple(it for it in answer.cells if it.customers >= ENOUGH) or answer.cells


def _small(answer: Cohorts) -> tuple[Message, ...]:
    drawn = drawn_cells(answer)
    if len(drawn) < len(answer.cells):
        return (
            say(
                "Groups of fewer than {few} customers stand in the table only: too few to tell.",
                few=ENOUGH,
            ),
        )
    if any(cell.customers < ENOUGH for cell in drawn):
        return (
            say(
                "Groups of fewer than {few} customers are not shaded: too few to tell.",
                few=ENOUGH,
            ),
        )
    return ()


def matrix_title(answer: Cohorts) -> Message:
    """Which cohort came back best and which worst."""
    ranked = sorted(
        (it for it in next_periods(answer) if it.customers >= ENOUGH), key=lambda it: it.share
    )
    if len(ranked) < 2:  # noqa: PLR2004 - best and weakest need two
        return say("Share of each group of new customers that bought again")
    best, worst = ranked[-1], ranked[0]
    return say(
        "Best after one period: {best} with {high}. Weakest: {worst} with {low}.",
        best=PeriodName(best.cohort, answer.period),
        high=Share(best.share),
        worst=PeriodName(worst.cohort, answer.period),
        low=Share(worst.share),
    )


def matrix_text(answer: Cohorts) -> Message:
    """The heat map in words."""
    return say(
        "A grid: one row for each period in which customers were first seen, one column for each "
        "period since, up to {ages}. The darker a cell, the more of them bought.",
        ages=answer.max_age,
    )


def curve_findings(answer: ReturnCurve) -> tuple[Message, ...]:
    """How many come back, in sentences."""
    if not answer.points:
        return (say("Nobody has been watched long enough yet."),)
    sentences = [come_back(answer)]
    if answer.at_most:
        sentences.append(
            say("Some of them may have bought before the data begins, so this is at most.")
        )
    return tuple(sentences)


def milestone(answer: ReturnCurve) -> ReturnPoint | None:
    """The age that the title tells of: the first one after the first purchase."""
    later = [point for point in answer.points if point.age > 0]
    return later[0] if later else None


def curve_title(answer: ReturnCurve) -> Message:
    """How many are still there at the highest age that enough customers have reached."""
    enough = [it for it in answer.points if it.age > 0 and it.customers >= ENOUGH]
    if not enough:
        return say("Nobody has been watched long enough yet.")
    last = enough[-1]
    return say(
        "After {age}: {share}", age=ago(answer.unit, last.age), share=Share(last.share.value)
    )


def come_back(answer: ReturnCurve) -> Message:
    """How many are there at the first age after the first purchase."""
    point = milestone(answer)
    if point is None:
        return say("Nobody has been watched long enough yet.")
    share = Share(point.share.value)
    after = ago(answer.unit, point.age)
    if answer.kind is ReturnKind.UNBOUNDED:
        return say(
            "{share} are seen again {age} after their first purchase or later",
            share=share,
            age=after,
        )
    return say("{share} buy again {age} after their first purchase", share=share, age=after)


def ago(unit: AgeUnit, age: int) -> Message:
    """An age with its unit."""
    match unit:
        case AgeUnit.WEEK:
            return say_count("{n} week", "{n} weeks", n=age)
        case AgeUnit.MONTH:
            return say_count("{n} month", "{n} months", n=age)
        case AgeUnit.QUARTER:
            return say_count("{n} quarter", "{n} quarters", n=age)
        case AgeUnit.YEAR:
            return say_count("{n} year", "{n} years", n=age)
        case _:
            return say_count("{n} day", "{n} days", n=age)


def curve_text(answer: ReturnCurve) -> Message:
    """The curve in words."""
    last = answer.points[-1]
    return say(
        "A line of the share that buys, by age: it ends at {share} after {age}.",
        share=Share(last.share.value),
        age=ago(answer.unit, last.age),
    )
