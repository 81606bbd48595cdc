"""How do first-timers become regulars?"""

from dataclasses import dataclass
from typing import Literal, override

import ibis.expr.types as ir
import numpy as np

from regulars.estimation.interval import Estimate, wilson
from regulars.estimation.survival import Survival
from regulars.kernel.errors import NotEnoughEvidence, OptionError
from regulars.kernel.wording import say
from regulars.studies.answer import Answer, Evidence
from regulars.studies.evidence import Basis, basis_of
from regulars.studies.path import (
    STEPS,
    PathStage,
    RegularCounts,
    RegularRule,
    Regulars,
    Waits,
    gap_of,
    path_of,
    regulars_of,
    rule_of,
)
from regulars.studies.returning import returns_of
from regulars.warehouse.orders import Orders
from regulars.warehouse.reading import Source

__all__ = [
    "PathStage",
    "PurchaseStep",
    "RegularRule",
    "Regulars",
    "Repeat",
    "TimeToNext",
    "repeat",
]

ENOUGH_FIRST_TIMERS = 30
"""With fewer certain first-timers all customers are followed, and the answer is "at most"."""

type Population = Literal["first-timers", "all customers"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseStep:
    """How many customers have bought on at least so many days, up to ``as_of``.

    Attributes:
        purchase: 1, 2, 3, …: the purchase day that was reached.
        customers: Customers who reached it.
        share: Their share of all customers.
        share_of_previous: Their share of those who reached the one before; None for the first.
    """

    purchase: int
    customers: int
    share: Estimate
    share_of_previous: Estimate | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeToNext:
    """How long it takes from one purchase day to the next, customers still waiting included.

    Attributes:
        purchase: The purchase day waited from: 1 for the time to the second purchase.
        curve: Share still waiting after each day (Kaplan-Meier, band).
        median_days: Days until half of them have bought again; None: not reached while watched.
        median_low: The interval of the median; ``median_high`` None where it has no upper end.
        within_gap: Share who buy again within the rule's gap.
    """

    purchase: int
    curve: Survival
    median_days: int | None
    median_low: int | None
    median_high: int | None
    within_gap: Estimate

    @property
    def customers(self) -> int:
        """Customers followed."""
        return self.curve.n

    @property
    def returned(self) -> int:
        """Customers seen to buy again."""
        return self.curve.n - self.curve.censored


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat(Answer):
    """How customers come back: how many, how soon, and how many become regulars.

    A purchase is a day on which a customer bought.

    Attributes:
        evidence: The data behind the answer.
        customers: Identified customers.
        steps: Share with a 1st, 2nd, 3rd, … purchase, of all customers.
        median_gap_days: Median of the gaps between neighbouring purchase days; None: no gap.
        rule: Who counts as a regular.
        population: Whom ``times`` and ``path`` follow: ``first-timers``, whose first purchase is
            known to be the first (after the burn-in, or joined within the data), or
            ``all customers`` where there are too few of those.
        at_most: The population may hold old customers who only look new: the share of
            first-timers who come back is at most this.
        followed: Customers of the population.
        times: Time from each purchase to the next; the first is the time to the second purchase.
        path: First purchase, second, …, regular.
        regulars: Regulars at ``as_of``.
        confidence: Coverage of every interval.
    """

    evidence: Evidence
    customers: int
    steps: tuple[PurchaseStep, ...]
    median_gap_days: int | None
    rule: RegularRule
    population: Population
    at_most: bool
    followed: int
    times: tuple[TimeToNext, ...]
    path: tuple[PathStage, ...]
    regulars: Regulars
    confidence: float

    @property
    def repeat_rate(self) -> Estimate | None:
        """The share of customers who bought on a second day; None where nobody did."""
        return self.steps[1].share if len(self.steps) > 1 else None

    @override
    def records(self) -> list[dict[str, object]]:
        """One row for each purchase: who reached it, and how long the next one took."""
        times = {time.purchase: time for time in self.times}
        return [_row(step, times.get(step.purchase)) for step in self.steps]

    @override
    def json(self) -> dict[str, object]:
        """One object: the rate, the rule, the steps, the times and the path."""
        return {
            "customers": self.customers,
            "repeat_rate": self.repeat_rate.record() if self.repeat_rate else None,
            "median_gap_days": self.median_gap_days,
            "rule": {
                "purchases": self.rule.purchases,
                "purchases_from": self.rule.purchases_from,
                "gap_days": self.rule.gap_days,
                "gap_from": self.rule.gap_from,
            },
            "population": self.population,
            "at_most": self.at_most,
            "followed": self.followed,
            "steps": self.records(),
            "times": [_time(time) for time in self.times],
            "path": [stage.record() for stage in self.path],
            "regulars": {
                **self.regulars.now.record(),
                "customers": self.regulars.customers,
                "lapsed": self.regulars.lapsed,
                "ever": self.regulars.ever,
                "revenue_share": self.regulars.revenue_share,
            },
            "confidence": self.confidence,
            "data_from": self.evidence.data_from.isoformat(),
            "as_of": self.evidence.as_of.isoformat(),
        }


def _row(step: PurchaseStep, time: TimeToNext | None) -> dict[str, object]:
    before = step.share_of_previous
    return {
        "purchase": step.purchase,
        "customers": step.customers,
        "share": step.share.value,
        "low": step.share.low,
        "high": step.share.high,
        "share_of_previous": before.value if before else None,
        "median_days_to_next": time.median_days if time else None,
        "next_within_gap": time.within_gap.value if time else None,
    }


def _time(time: TimeToNext) -> dict[str, object]:
    curve = time.curve
    return {
        "purchase": time.purchase,
        "customers": time.customers,
        "returned": time.returned,
        "median_days": time.median_days,
        "median_low": time.median_low,
        "median_high": time.median_high,
        "within_gap": time.within_gap.record(),
        "curve": {
            "days": curve.days.tolist(),
            "waiting": curve.waiting.tolist(),
            "low": curve.low.tolist(),
            "high": curve.high.tolist(),
            "at_risk": curve.at_risk.tolist(),
            "events": curve.events.tolist(),
        },
    }


def repeat(
    orders: Orders | Basis | Source,
    *,
    purchases: int | None = None,
    gap_days: int | None = None,
    confidence: float = 0.95,
) -> Repeat | NotEnoughEvidence:
    """Say how many customers buy again, how soon, and how many become regulars.

    A purchase is a day on which a customer bought. The share who bought k times is
    ``customers with k purchase days / customers`` (Wilson). The wait from the k-th to the next is
    Kaplan-Meier's, in days: who has not come back by ``as_of`` counts as still waiting, not as
    lost. First-timers are followed: customers first seen after the burn-in, or who joined within
    the data; where there are fewer than 30, everybody is, and the answer is "at most".

    Args:
        orders: Orders, or a source to read them from.
        purchases: K of the rule for regulars, at least 2; None: from the firm's own returns.
        gap_days: G of the rule, at least 1; None: the 90th percentile of the firm's own gaps.
        confidence: Coverage of every interval.

    Raises:
        OptionError: ``purchases``, ``gap_days`` or ``confidence`` cannot be used.

    Source: Kaplan & Meier 1958 for the times; the rule for regulars is :class:`RegularRule`.

    >>> import pyarrow as pa
    >>> shop = pa.table(
    ...     {
    ...         "customer_id": ["ann", "ann", "ann", "bob"],
    ...         "ordered_at": ["2024-01-01", "2024-01-08", "2024-01-15", "2024-01-15"],
    ...         "amount": [20, 30, 25, 10],
    ...     }
    ... )
    >>> again = repeat(shop)
    >>> again.repeat_rate.value, again.median_gap_days
    (0.5, 7)
    """
    _check_options(purchases, gap_days)
    basis = basis_of(orders)
    if (refusal := basis.refusal()) is not None:
        return refusal
    return _answer(basis, purchases, gap_days, confidence)


def _answer(
    basis: Basis, purchases: int | None, gap_days: int | None, confidence: float
) -> Repeat:
    gap, gap_from = gap_of(basis, gap_days)
    upto = max(STEPS, purchases or 0)
    returns = returns_of(basis, gap, upto)
    waits = _waits(returns.waits(upto))
    follow, population = _population(waits)
    curves = _curves(follow, confidence)
    rule = rule_of(curves, purchases, gap, gap_from)
    counts = RegularCounts(returns.regulars(rule.purchases).to_pyarrow().to_pylist())
    times = tuple(_time_to_next(number, curve, rule) for number, curve in curves.items())
    medians = {time.purchase: time.median_days for time in times}
    return Repeat(
        evidence=basis.evidence,
        customers=waits.reached(1),
        steps=_steps(waits, confidence),
        median_gap_days=basis.gaps.percentile(0.5),
        rule=rule,
        population=population,
        at_most=population == "all customers",
        followed=follow.reached(1),
        times=times,
        path=path_of(follow, counts, rule, medians, confidence),
        regulars=regulars_of(counts, confidence),
        confidence=confidence,
    )


def _check_options(purchases: int | None, gap_days: int | None) -> None:
    if purchases is not None and purchases < 2:  # noqa: PLR2004 - one purchase is no return
        raise OptionError(
            say("{n} purchases do not make a regular.", n=purchases),
            accepted=say("Ask for at least 2."),
        )
    if gap_days is not None and gap_days < 1:
        raise OptionError(
            say("A gap of {n} days cannot be used.", n=gap_days),
            accepted=say("Give at least 1 day."),
        )


def _waits(counted: ir.Table) -> Waits:
    table = counted.to_pyarrow()
    names = ("nth", "known", "wait", "returned", "customers")
    return Waits(*(table[name].to_numpy().astype(np.int64) for name in names))


def _population(waits: Waits) -> tuple[Waits, Population]:
    certain = waits.certain()
    if certain.reached(1) >= ENOUGH_FIRST_TIMERS or certain.reached(1) == waits.reached(1):
        return certain, "first-timers"
    return waits, "all customers"


def _curves(waits: Waits, confidence: float) -> dict[int, Survival]:
    last = int(waits.nth.max())
    return {number: waits.curve(number, confidence) for number in range(1, last + 1)}


def _steps(waits: Waits, confidence: float) -> tuple[PurchaseStep, ...]:
    everybody = waits.reached(1)
    reached = [waits.reached(number) for number in range(1, STEPS + 1)]
    before = [None, *reached]
    return tuple(
        PurchaseStep(
            purchase=number,
            customers=customers,
            share=wilson(customers, everybody, confidence),
            share_of_previous=wilson(customers, previous, confidence) if previous else None,
        )
        for number, (customers, previous) in enumerate(zip(reached, before, strict=False), 1)
        if customers
    )


def _time_to_next(number: int, curve: Survival, rule: RegularRule) -> TimeToNext:
    low, high = curve.days_until_between(0.5)
    return TimeToNext(
        purchase=number,
        curve=curve,
        median_days=curve.days_until(0.5),
        median_low=low,
        median_high=high,
        within_gap=curve.happened_by(rule.gap_days),
    )
