"""What becomes of the customers won in each period? Cohorts in customers and in money."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import override

from regulars.analytics.cohorts import cohort_cells
from regulars.estimation.interval import Estimate, wilson_bounds
from regulars.kernel.errors import NotEnoughEvidence
from regulars.kernel.periods import Period
from regulars.studies.answer import Answer, Evidence
from regulars.studies.evidence import Basis, basis_of, choose_period
from regulars.warehouse.orders import Orders
from regulars.warehouse.sources import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortCell:
    """One cohort at one age; everything that cannot be observed yet is None, never 0.

    Attributes:
        cohort: First day of the period in which these customers were first seen.
        age: Periods since then; 0 is the period itself.
        customers: Size of the cohort.
        active: How many of them bought at this age.
        retention: ``active / customers``.
        revenue: What they spent at this age.
        revenue_retention: ``revenue`` as a share of that at age 0; None where that is 0.
        revenue_per_customer: Cumulative revenue, up to and with this age, per customer won.
        at_most: The cohort may hold older customers whom the data does not know.
    """

    cohort: date
    age: int
    customers: int
    active: int | None
    retention: Estimate | None
    revenue: Decimal | None
    revenue_retention: float | None
    revenue_per_customer: Decimal | None
    at_most: bool

    def record(self) -> dict[str, object]:
        """The cell as programs get it."""
        money, each, rate = self.revenue, self.revenue_per_customer, self.retention
        return {
            "cohort": self.cohort.isoformat(),
            "age": self.age,
            "customers": self.customers,
            "active": self.active,
            "retention": rate.value if rate else None,
            "low": rate.low if rate else None,
            "high": rate.high if rate else None,
            "revenue": None if money is None else float(money),
            "revenue_retention": self.revenue_retention,
            "revenue_per_customer": None if each is None else float(each),
            "at_most": self.at_most,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohorts(Answer):
    """The cohort matrix: every cohort by every age, oldest cohort and youngest age first.

    Attributes:
        period: Unit of cohorts and ages.
        cells: Rectangular: each cohort has a cell for each age up to ``max_age``.
        max_age: The oldest age that any cohort can have by ``as_of``.
    """

    evidence: Evidence
    period: Period
    cells: tuple[CohortCell, ...]
    max_age: int
    confidence: float

    @override
    def records(self) -> list[dict[str, object]]:
        """One row a cell."""
        return [cell.record() for cell in self.cells]


def cohorts(
    orders: Orders | Basis | Source, *, period: Period | None = None, confidence: float = 0.95
) -> Cohorts | NotEnoughEvidence:
    """What becomes of the customers won in each period?

    A cell is observed when its whole period has ended by ``as_of``; otherwise active, retention
    and revenue are None.

    Args:
        orders: Orders, or anything that they can be read from.
        period: Unit of cohorts and ages; None: what suits the firm's rhythm.
        confidence: Of the Wilson intervals.

    Raises:
        OptionError: A confidence outside 0 … 1.

    >>> import pandas as pd
    >>> shop = pd.DataFrame(
    ...     {
    ...         "customer_id": ["ann", "bob", "ann", "cat"],
    ...         "ordered_at": ["2024-01-01", "2024-01-20", "2024-02-10", "2024-02-29"],
    ...         "amount": [20, 30, 25, 10],
    ...     }
    ... )
    >>> for cell in cohorts(shop, period=Period.MONTH).records():
    ...     print(cell["cohort"], cell["age"], cell["customers"], cell["active"], cell["revenue"])
    2024-01-01 0 2 2 50.0
    2024-01-01 1 2 1 25.0
    2024-02-01 0 1 1 10.0
    2024-02-01 1 1 None None
    """
    basis = basis_of(orders)
    refusal = basis.refusal()
    if refusal is not None:
        return refusal
    period = period or choose_period(basis.gaps)
    matrix = _Matrix(basis, period, _counted(basis, period), confidence)
    first = min(cohort for cohort, _ in matrix.counted)
    max_age = period.number(basis.orders.as_of) - first
    won = sorted({cohort for cohort, _ in matrix.counted})
    cells = tuple(cell for cohort in won for cell in matrix.row(cohort, max_age))
    return Cohorts(
        evidence=basis.evidence,
        period=period,
        cells=cells,
        max_age=max_age,
        confidence=confidence,
    )


_NOBODY = (0, Decimal(0))

type _Counted = dict[tuple[int, int], tuple[int, Decimal]]
"""Customers and money by cohort and period, both as numbers."""


def _counted(basis: Basis, period: Period) -> _Counted:
    rows = cohort_cells(basis.movements(period)).to_pyarrow().to_pylist()
    return {(row["cohort"], row["period"]): (row["customers"], row["amount"]) for row in rows}


@dataclass(frozen=True, slots=True)
class _Matrix:
    """The counts of all cells, read row by row."""

    basis: Basis
    period: Period
    counted: _Counted
    confidence: float

    def row(self, cohort: int, max_age: int) -> Iterator[CohortCell]:
        """One cohort at every age."""
        size, first_revenue = self.counted[cohort, cohort]
        ages = range(min(max_age + 1, max(0, self.ended - cohort)))
        seen = [self.counted.get((cohort, cohort + age), _NOBODY) for age in ages]
        low, high = wilson_bounds([active for active, _ in seen], size, self.confidence)
        spent = Decimal(0)
        for age, (active, revenue) in enumerate(seen):
            spent += revenue
            yield replace(
                self._unseen(cohort, age, size),
                active=active,
                retention=self._rate(active, size, float(low[age]), float(high[age])),
                revenue=revenue,
                revenue_retention=float(revenue / first_revenue) if first_revenue else None,
                revenue_per_customer=spent / size,
            )
        for age in range(len(seen), max_age + 1):
            yield self._unseen(cohort, age, size)

    @property
    def ended(self) -> int:
        """Number of the first period that had not ended by ``as_of``."""
        return self.period.number(self.basis.covered_until)

    def _rate(self, active: int, size: int, low: float, high: float) -> Estimate:
        return Estimate(
            value=active / size,
            low=low,
            high=high,
            n=size,
            method="wilson",
            confidence=self.confidence,
        )

    def _unseen(self, cohort: int, age: int, size: int) -> CohortCell:
        start = self.period.start(cohort)
        return CohortCell(
            cohort=start,
            age=age,
            customers=size,
            active=None,
            retention=None,
            revenue=None,
            revenue_retention=None,
            revenue_per_customer=None,
            at_most=start < self.basis.sure_from,
        )
