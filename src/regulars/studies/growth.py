"""Where does growth come from? Growth accounting in customers and in money."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import override

from regulars.analytics.growth import period_movements
from regulars.analytics.steps import NEW, RESURRECTED, RETAINED
from regulars.kernel.errors import NotEnoughEvidence
from regulars.kernel.periods import Period, Span
from regulars.studies.answer import Answer, Evidence
from regulars.studies.evidence import Basis, basis_of, period_for
from regulars.warehouse.orders import Orders
from regulars.warehouse.sources import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class GrowthPeriod:
    """The movements of one period against the one before; losses are positive amounts.

    Exactly: ``active = new + retained + resurrected``; active of the period before
    ``= retained + churned``; ``revenue = revenue_retained_before + revenue_new +
    revenue_resurrected + revenue_expansion - revenue_contraction``; revenue of the period before
    ``= revenue_retained_before + revenue_churned``.

    Attributes:
        period: First day of the period.
        complete: It had ended by ``as_of``; otherwise everything is "so far", churn above all.
        at_most: New and resurrected may hold older customers whom the data does not know.
        active: Customers who bought.
        new: Of these, first seen in this period.
        retained: Of these, bought in the period before as well.
        resurrected: Of these, seen earlier but not in the period before.
        churned: Customers of the period before who did not buy.
        revenue: Revenue from identified customers.
        revenue_new: From new customers; ``revenue_resurrected`` from returning ones.
        revenue_expansion: What retained customers spent more than in the period before.
        revenue_contraction: What other retained customers spent less.
        revenue_churned: What churned customers had spent in the period before.
        revenue_retained_before: What retained customers had spent in the period before.
    """

    period: date
    complete: bool
    at_most: bool
    active: int
    new: int
    retained: int
    resurrected: int
    churned: int
    revenue: Decimal
    revenue_new: Decimal
    revenue_expansion: Decimal
    revenue_contraction: Decimal
    revenue_resurrected: Decimal
    revenue_churned: Decimal
    revenue_retained_before: Decimal

    @property
    def quick_ratio(self) -> float | None:
        """Customers gained for each one lost; None where none was lost."""
        return (self.new + self.resurrected) / self.churned if self.churned else None

    @property
    def revenue_quick_ratio(self) -> float | None:
        """Revenue gained for each unit lost; None where none was lost."""
        gains = self.revenue_new + self.revenue_resurrected + self.revenue_expansion
        losses = self.revenue_churned + self.revenue_contraction
        return float(gains / losses) if losses else None

    def record(self) -> dict[str, object]:
        """The period as programs get it."""
        return {
            "period": self.period.isoformat(),
            "complete": self.complete,
            "at_most": self.at_most,
            "active": self.active,
            "new": self.new,
            "retained": self.retained,
            "resurrected": self.resurrected,
            "churned": self.churned,
            "revenue": float(self.revenue),
            "revenue_new": float(self.revenue_new),
            "revenue_expansion": float(self.revenue_expansion),
            "revenue_contraction": float(self.revenue_contraction),
            "revenue_resurrected": float(self.revenue_resurrected),
            "revenue_churned": float(self.revenue_churned),
            "revenue_retained_before": float(self.revenue_retained_before),
            "quick_ratio": self.quick_ratio,
            "revenue_quick_ratio": self.revenue_quick_ratio,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth(Answer):
    """Growth accounting: every period from the data's first to that of ``as_of``, oldest first.

    Attributes:
        period: The calendar period.
        periods: The movements of each; a period without purchases stands with zeros.
    """

    evidence: Evidence
    period: Period
    periods: tuple[GrowthPeriod, ...]

    @override
    def records(self) -> list[dict[str, object]]:
        """One row a period."""
        return [period.record() for period in self.periods]


def growth(
    orders: Orders | Basis | Source, *, period: Period | str | None = None
) -> Growth | NotEnoughEvidence:
    """Where does growth come from: customers won, kept, won back and lost, and their money?

    Args:
        orders: Orders, or anything that they can be read from.
        period: The calendar period; None: what suits the firm's rhythm.

    >>> import pandas as pd
    >>> shop = pd.DataFrame(
    ...     {
    ...         "customer_id": ["ann", "bob", "ann", "cat"],
    ...         "ordered_at": ["2024-01-01", "2024-01-20", "2024-02-10", "2024-02-29"],
    ...         "amount": [20, 30, 25, 10],
    ...     }
    ... )
    >>> february = growth(shop, period=Period.MONTH).periods[1]
    >>> february.active, february.new, february.retained, february.churned
    (2, 1, 1, 1)
    >>> float(february.revenue_expansion), float(february.revenue_churned)
    (5.0, 30.0)
    """
    basis = basis_of(orders)
    refusal = basis.refusal()
    if refusal is not None:
        return refusal
    period = period_for(period, basis.gaps)
    return Growth(evidence=basis.evidence, period=period, periods=growth_periods(basis, period))


def growth_periods(basis: Basis, period: Period) -> tuple[GrowthPeriod, ...]:
    """The movements of every period from the data's first to that of ``as_of``."""
    sums = _sums(basis, period)
    first, last = period.number(basis.orders.data_from), period.number(basis.orders.as_of)
    numbers = range(first, last + 1)
    return tuple(
        _growth_period(basis, period.span(number), sums.get(number - 1, {}), sums.get(number, {}))
        for number in numbers
    )


@dataclass(frozen=True, slots=True)
class _Sum:
    """Customers who came in one way, with their money."""

    customers: int = 0
    amount: Decimal = Decimal(0)
    before: Decimal = Decimal(0)
    expansion: Decimal = Decimal(0)
    contraction: Decimal = Decimal(0)

    def __add__(self, other: "_Sum") -> "_Sum":
        return _Sum(
            self.customers + other.customers,
            self.amount + other.amount,
            self.before + other.before,
            self.expansion + other.expansion,
            self.contraction + other.contraction,
        )


type _Sums = dict[str, _Sum]
"""By how customers came: new, retained, resurrected."""


def _sums(basis: Basis, period: Period) -> dict[int, _Sums]:
    sums: dict[int, _Sums] = {}
    for row in period_movements(basis.movements(period)).to_pyarrow().to_pylist():
        figures = _Sum(
            row["customers"], row["amount"], row["before"], row["expansion"], row["contraction"]
        )
        sums.setdefault(row["period"], {})[row["came"]] = figures
    return sums


def _growth_period(basis: Basis, span: Span, before: _Sums, now: _Sums) -> GrowthPeriod:
    new, retained, resurrected = (now.get(way, _Sum()) for way in (NEW, RETAINED, RESURRECTED))
    everybody = new + retained + resurrected
    there = sum(before.values(), _Sum())
    return GrowthPeriod(
        period=span.start,
        complete=span.end <= basis.covered_until,
        at_most=span.start < basis.sure_from,
        active=everybody.customers,
        new=new.customers,
        retained=retained.customers,
        resurrected=resurrected.customers,
        churned=there.customers - retained.customers,
        revenue=everybody.amount,
        revenue_new=new.amount,
        revenue_expansion=retained.expansion,
        revenue_contraction=retained.contraction,
        revenue_resurrected=resurrected.amount,
        revenue_churned=there.amount - retained.before,
        revenue_retained_before=retained.before,
    )
