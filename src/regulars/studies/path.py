"""Who is a regular, and the way from the first purchase to there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from regulars.estimation.interval import Estimate, wilson
from regulars.estimation.survival import Survival, kaplan_meier
from regulars.studies.evidence import Basis

type GapFrom = Literal["given", "90th percentile", "whole history"]

STEPS = 10
"""Purchases are followed up to this one; the default rule asks for no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegularRule:
    """Who is called a regular: ``purchases`` purchase days, each within ``gap_days`` of the last.

    Attributes:
        purchases: K: the last K purchase days count (their K - 1 gaps).
        purchases_from: ``given``; ``half return``: the fewest purchases (2 … 10) after which at
            least half of the customers buy again within the gap; ``bound``: no such number, 10.
        gap_days: G: the longest gap allowed, in days.
        gap_from: ``given``; ``90th percentile`` of the firm's own gaps; ``whole history`` where
            nobody has come back yet, so that there is no gap to go by.
    """

    purchases: int
    purchases_from: Literal["given", "half return", "bound"]
    gap_days: int
    gap_from: GapFrom


@dataclass(frozen=True, slots=True, kw_only=True)
class PathStage:
    """One stage of the way from the first purchase to being a regular.

    Attributes:
        purchase: The purchase day that was reached; None for the last stage, ``regular``.
        customers: Customers of the population who reached the stage.
        share: Their share of the population.
        moved_on: Share of them who reached the next stage so far; None at the last one.
        median_days: Days until half of them buy again (Kaplan-Meier); None: not reached.
    """

    purchase: int | None
    customers: int
    share: Estimate
    moved_on: Estimate | None
    median_days: int | None

    def record(self) -> dict[str, object]:
        """The stage as programs get it."""
        return {
            "purchase": self.purchase,
            "customers": self.customers,
            "share": self.share.value,
            "low": self.share.low,
            "high": self.share.high,
            "moved_on": self.moved_on.record() if self.moved_on else None,
            "median_days": self.median_days,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Regulars:
    """Who is a regular at ``as_of``, and who was one.

    Attributes:
        now: Share of all customers who meet the rule and bought within the gap before ``as_of``.
        customers: Their number; ``lapsed`` those who once met it and do not now.
        ever: Customers who met the rule at some time: ``customers + lapsed``.
        revenue_share: Share of all identified revenue that those who are regulars now have
            brought; None where there is no revenue.
    """

    now: Estimate
    customers: int
    lapsed: int
    revenue_share: float | None

    @property
    def ever(self) -> int:
        """Customers who met the rule at some time."""
        return self.customers + self.lapsed


@dataclass(frozen=True, slots=True)
class Waits:
    """Collapsed waits as columns: purchase, known first-timer, days, came back, how many."""

    nth: NDArray[np.int64]
    known: NDArray[np.int64]
    wait: NDArray[np.int64]
    returned: NDArray[np.int64]
    customers: NDArray[np.int64]

    def reached(self, purchase: int) -> int:
        """Customers who came to this purchase."""
        return int(self.customers[self.nth == purchase].sum())

    def certain(self) -> "Waits":
        """Those of customers whose first purchase is known to be their first."""
        columns = (self.nth, self.known, self.wait, self.returned, self.customers)
        return Waits(*(column[self.known == 1] for column in columns))

    def curve(self, purchase: int, confidence: float) -> Survival:
        """How long those who came to this purchase waited after it."""
        rows = self.nth == purchase
        columns = (self.wait[rows], self.returned[rows], self.customers[rows])
        return kaplan_meier(*columns, confidence=confidence)


@dataclass(frozen=True, slots=True)
class RegularCounts:
    """Customers and their revenue by known first-timer, ever a regular, regular now."""

    rows: Sequence[Mapping[str, Any]]

    def customers(self, **wanted: int) -> int:
        """Customers with these marks (``known``, ``ever``, ``now``)."""
        return sum(int(row["customers"]) for row in self._where(wanted))

    def revenue(self, **wanted: int) -> Decimal:
        """Their revenue so far."""
        return sum((Decimal(row["revenue"]) for row in self._where(wanted)), Decimal(0))

    def _where(self, wanted: Mapping[str, int]) -> list[Mapping[str, Any]]:
        return [row for row in self.rows if all(row[key] == wanted[key] for key in wanted)]


def gap_of(basis: Basis, given: int | None) -> tuple[int, GapFrom]:
    """The longest gap of a regular in days, and where it comes from."""
    if given is not None:
        return given, "given"
    usual = basis.gaps.percentile(0.9)
    if usual is not None:
        return usual, "90th percentile"
    return max((basis.orders.as_of - basis.orders.data_from).days, 1), "whole history"


def rule_of(
    curves: Mapping[int, Survival], purchases: int | None, gap: int, gap_from: GapFrom
) -> RegularRule:
    """The rule given, or the firm's own: see :class:`RegularRule`."""
    half = [k for k in range(2, STEPS + 1) if k in curves and _half_return(curves[k], gap)]
    return RegularRule(
        purchases=purchases or min(half, default=STEPS),
        purchases_from="given" if purchases else "half return" if half else "bound",
        gap_days=gap,
        gap_from=gap_from,
    )


def _half_return(curve: Survival, gap: int) -> bool:
    day = curve.days_until(0.5)
    return day is not None and day <= gap


def path_of(
    follow: Waits,
    counts: RegularCounts,
    rule: RegularRule,
    medians: Mapping[int, int | None],
    confidence: float,
) -> tuple[PathStage, ...]:
    """The stages from the first purchase to being a regular.

    Args:
        follow: Waits of the customers who are followed.
        counts: Regulars among all customers.
        rule: Who is a regular.
        medians: Median days to the next purchase, by purchase.
        confidence: Coverage of the intervals.
    """
    only = {"known": 1} if follow.known.min() else {}
    reached = [follow.reached(number) for number in range(1, rule.purchases + 1)]
    sizes = [*reached, counts.customers(ever=1, **only)]
    onward = [*sizes[1:], None]
    numbers = [*range(1, rule.purchases + 1), None]
    return tuple(
        PathStage(
            purchase=number,
            customers=size,
            share=wilson(size, sizes[0], confidence),
            moved_on=wilson(following, size, confidence)
            if size and following is not None
            else None,
            # a K-th purchase is followed by being a regular or not, not by a wait
            median_days=medians.get(number) if number and number < rule.purchases else None,
        )
        for number, size, following in zip(numbers, sizes, onward, strict=True)
    )


def regulars_of(counts: RegularCounts, confidence: float) -> Regulars:
    """Who is a regular now, of all customers, and who was one."""
    now, everybody, revenue = counts.customers(now=1), counts.customers(), counts.revenue()
    return Regulars(
        now=wilson(now, everybody, confidence),
        customers=now,
        lapsed=counts.customers(ever=1, now=0),
        revenue_share=float(counts.revenue(now=1) / revenue) if revenue else None,
    )
