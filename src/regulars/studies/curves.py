"""How many come back? Return curves by age since the first purchase."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from itertools import accumulate, pairwise
from typing import override
from zoneinfo import ZoneInfo

import ibis.expr.types as ir

from regulars.analytics.cohorts import cohort_cells
from regulars.analytics.curves import age_counts, bracket_counts, calendar_ages, day_ages
from regulars.estimation.interval import Estimate, wilson
from regulars.kernel.errors import NotEnoughEvidence, OptionError
from regulars.kernel.periods import Period
from regulars.kernel.wording import say
from regulars.studies.answer import Answer, Evidence
from regulars.studies.evidence import Basis, basis_of, choose_period
from regulars.warehouse.orders import Orders
from regulars.warehouse.sources import Source

_ENOUGH = 30  # customers first seen after the burn-in, below which everybody is followed


class ReturnKind(StrEnum):
    """When a customer counts as having come back at an age.

    ``N_PERIOD``: he bought at exactly that age. ``UNBOUNDED``: at that age or later ("on or
    after"). ``BRACKET``: at any age of a bracket.
    """

    N_PERIOD = "n-period"
    UNBOUNDED = "unbounded"
    BRACKET = "bracket"


class AgeUnit(StrEnum):
    """What ages are counted in: calendar periods, or 24-hour days since the first purchase."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    DAY_OF_24_HOURS = "24h"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnPoint:
    """How many customers came back at one age.

    Attributes:
        age: Units since the first purchase; 0 is the unit of the first purchase itself.
        until: The first age no longer meant; None: any later one.
        customers: Customers whose age has passed by ``as_of``: all who could have been seen.
        returned: Of these, how many bought.
        share: ``returned / customers``.
    """

    age: int
    until: int | None
    customers: int
    returned: int
    share: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnCurve(Answer):
    """How many customers come back, by age.

    Attributes:
        kind: N-period, unbounded or bracket.
        unit: Unit of the ages.
        points: One an age that at least one customer has passed.
        first_seen_from: Customers first seen on or after this day are followed.
        at_most: Some of them may have bought before the data begins.
    """

    evidence: Evidence
    kind: ReturnKind
    unit: AgeUnit
    points: tuple[ReturnPoint, ...]
    first_seen_from: date
    at_most: bool

    @override
    def records(self) -> list[dict[str, object]]:
        """One row an age."""
        return [
            {
                "kind": self.kind.value,
                "unit": self.unit.value,
                "age": point.age,
                "until": point.until,
                "customers": point.customers,
                "returned": point.returned,
                "share": point.share.value,
                "low": point.share.low,
                "high": point.share.high,
                "confidence": point.share.confidence,
                "at_most": self.at_most,
            }
            for point in self.points
        ]


def return_curve(
    orders: Orders | Basis | Source,
    *,
    kind: ReturnKind = ReturnKind.N_PERIOD,
    unit: AgeUnit | None = None,
    brackets: Sequence[int] | None = None,
    confidence: float = 0.95,
) -> ReturnCurve | NotEnoughEvidence:
    """How many customers come back, at which age?

    A customer counts at an age only when he has lived through it whole by ``as_of``; unbounded
    counts each purchase known by then. Customers first seen after the burn-in are followed where
    there are at least 30 of them, else everybody, and ``at_most`` says so.

    Args:
        orders: Orders, or anything that they can be read from.
        kind: N-period, unbounded or bracket.
        unit: Unit of the ages; None: the period that suits the firm's rhythm.
        brackets: Ages at which a bracket begins, rising, the last being where the last one ends;
            None: 1, 2, 4, 8, …
        confidence: Of the Wilson intervals.

    Raises:
        OptionError: Brackets that do not rise from 0 or more, or given for another kind.

    >>> import pandas as pd
    >>> shop = pd.DataFrame(
    ...     {
    ...         "customer_id": ["ann", "bob", "ann", "cat"],
    ...         "ordered_at": ["2024-01-01", "2024-01-20", "2024-02-10", "2024-03-31"],
    ...         "amount": [20, 30, 25, 10],
    ...     }
    ... )
    >>> for point in return_curve(shop, unit=AgeUnit.MONTH).points:
    ...     print(point.age, point.returned, "of", point.customers)
    0 3 of 3
    1 1 of 2
    2 0 of 2
    """
    _check_brackets(kind, brackets)
    basis = basis_of(orders)
    refusal = basis.refusal()
    if refusal is not None:
        return refusal
    unit = unit or AgeUnit(choose_period(basis.gaps).value)
    since, at_most = _followed(basis, unit)
    points = _points(basis, unit, since, kind, brackets, confidence)
    if not points:
        return _too_young(unit)
    return ReturnCurve(
        evidence=basis.evidence,
        kind=kind,
        unit=unit,
        points=points,
        first_seen_from=since,
        at_most=at_most,
    )


def _too_young(unit: AgeUnit) -> NotEnoughEvidence:
    return NotEnoughEvidence(
        say("No customer has been seen for a whole {unit} yet.", unit=unit.value),
        (say("orders over a longer time, or ages counted in a shorter unit"),),
    )


def _check_brackets(kind: ReturnKind, brackets: Sequence[int] | None) -> None:
    if brackets is None:
        return
    rising = all(start < end for start, end in pairwise(brackets))
    if kind is not ReturnKind.BRACKET or len(brackets) < 2 or brackets[0] < 0 or not rising:  # noqa: PLR2004 - a bracket has two ends
        raise OptionError(
            say("These brackets cannot be used."),
            accepted=say("Give rising ages, such as 1, 2, 4, 8, with the kind bracket."),
        )


def _followed(basis: Basis, unit: AgeUnit) -> tuple[date, bool]:
    """From which first day on customers are followed, and whether older ones may be among them."""
    if basis.has_beginning:
        return basis.orders.data_from, False
    since = basis.evidence.burn_in_until
    if unit is not AgeUnit.DAY_OF_24_HOURS:
        period = Period(unit.value)
        number = period.number(since)
        since = since if period.start(number) == since else period.start(number + 1)
    first = basis.days.group_by("customer_id").agg(first_on=basis.days.ordered_on.min())
    enough = first.filter(first.first_on >= since).count().to_pyarrow().as_py() >= _ENOUGH
    if enough:
        return since, False
    return basis.orders.data_from, basis.evidence.burn_in_until > basis.orders.data_from


def _ages(basis: Basis, unit: AgeUnit, since: date) -> ir.Table:
    if unit is AgeUnit.DAY_OF_24_HOURS:
        zone = ZoneInfo(basis.orders.timezone)
        midnight = datetime.combine(basis.covered_until, time(), tzinfo=zone)
        return day_ages(basis.orders.identified, since, int(midnight.timestamp()))
    period = Period(unit.value)
    steps = basis.steps(period)
    followed = steps.filter(steps.cohort >= period.number(since))
    return calendar_ages(followed, period.number(basis.covered_until))


def _points(
    basis: Basis,
    unit: AgeUnit,
    since: date,
    kind: ReturnKind,
    brackets: Sequence[int] | None,
    confidence: float,
) -> tuple[ReturnPoint, ...]:
    if kind is ReturnKind.BRACKET:
        edges = brackets or _doubling(basis, unit, since)
        return _bracket_points(_ages(basis, unit, since), edges, confidence)
    if kind is ReturnKind.N_PERIOD and unit is not AgeUnit.DAY_OF_24_HOURS:
        counts = _from_cohorts(basis, Period(unit.value), since)
    else:
        counts = age_counts(_ages(basis, unit, since))
    return _age_points(counts, kind, confidence)


def _from_cohorts(basis: Basis, period: Period, since: date) -> ir.Table:
    """Who bought at each age, read off the cube that is there already."""
    cells = cohort_cells(basis.movements(period))
    followed = cells.filter(cells.cohort >= period.number(since))
    return followed.select(
        "customers",
        age=followed.period - followed.cohort,
        passed=period.number(basis.covered_until) - followed.cohort,
    )


def _age_points(counts: ir.Table, kind: ReturnKind, confidence: float) -> tuple[ReturnPoint, ...]:
    """Points at every age, from who bought at it, or at it or later."""
    won, back = Counter[int](), Counter[int]()
    for row in counts.to_pyarrow().to_pylist():
        age, whole = row["age"], row["passed"] - 1
        if age == 0:
            won[whole] += row["customers"]
        if kind is ReturnKind.UNBOUNDED:
            # seen at this age or later, and at each age up to there that he has lived through
            back[min(age, whole)] += row["lasts"]
        elif age <= whole:
            back[age] += row["customers"]
    oldest = max(won, default=-1)
    passed = _from_each_age(won, oldest)
    returned = _from_each_age(back, oldest) if kind is ReturnKind.UNBOUNDED else back
    later = kind is ReturnKind.UNBOUNDED
    return tuple(
        _point(age, None if later else age + 1, passed[age], returned[age], confidence)
        for age in range(oldest + 1)
    )


def _from_each_age(counts: Counter[int], oldest: int) -> dict[int, int]:
    """For each age the sum of the counts at it and at all later ones."""
    downwards = range(oldest, -1, -1)
    return dict(zip(downwards, accumulate(counts[age] for age in downwards), strict=True))


def _bracket_points(
    ages: ir.Table, edges: Sequence[int], confidence: float
) -> tuple[ReturnPoint, ...]:
    rows = bracket_counts(ages, edges).to_pyarrow().to_pylist()
    points = []
    for number, (start, end) in enumerate(pairwise(edges)):
        whole = [row for row in rows if row["passed"] >= end]
        customers = sum(row["customers"] for row in whole)
        returned = sum(row[f"bracket_{number}"] for row in whole)
        if customers:
            points.append(_point(start, end, customers, returned, confidence))
    return tuple(points)


def _doubling(basis: Basis, unit: AgeUnit, since: date) -> list[int]:
    """Edges 1, 2, 4, 8, … up to the oldest age that anybody can have passed."""
    period = Period.DAY if unit is AgeUnit.DAY_OF_24_HOURS else Period(unit.value)
    oldest = period.number(basis.covered_until) - period.number(since)
    return [2**power for power in range(max(2, oldest.bit_length()))]


def _point(
    age: int, until: int | None, customers: int, returned: int, confidence: float
) -> ReturnPoint:
    return ReturnPoint(
        age=age,
        until=until,
        customers=customers,
        returned=returned,
        share=wilson(returned, customers, confidence),
    )
