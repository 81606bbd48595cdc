"""Does each customer buy other goods, or more often? Spend per customer split into its factors."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from math import isfinite
from typing import Any, Literal, override

from regulars.analytics.calendar import calendar
from regulars.analytics.spend import category_orders, spend_totals
from regulars.estimation.interval import Estimate
from regulars.estimation.means import Moments, mean_difference
from regulars.estimation.split import split_change
from regulars.kernel.errors import NotEnoughEvidence
from regulars.kernel.periods import Period, Span
from regulars.kernel.wording import say
from regulars.studies.answer import Answer, Evidence
from regulars.studies.evidence import Basis, basis_of, choose_period
from regulars.studies.windows import last_whole
from regulars.warehouse.orders import Orders
from regulars.warehouse.sources import Source

_A_YEAR = {Period.DAY: 364, Period.WEEK: 52, Period.MONTH: 12, Period.QUARTER: 4, Period.YEAR: 1}


class Factor(StrEnum):
    """What spend per customer is the product of."""

    FREQUENCY = "frequency"
    CATEGORIES = "categories"
    AMOUNT = "amount"
    BASKET = "basket"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendFactor:
    """One factor in both periods and what its change did to the spend per customer.

    Attributes:
        factor: ``frequency``: orders per customer. ``categories``: categories per order.
            ``amount``: money per category and order. ``basket``: money per order.
        before: Its mean in the earlier period; ``after`` in the later one.
        contribution: Money per customer that its change added; all contributions add up to the
            whole change exactly.
    """

    factor: Factor
    before: float
    after: float
    contribution: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendTotals:
    """What happened in one of the two periods.

    Attributes:
        span: The period.
        customers: Customers who bought.
        orders: Their orders.
        revenue: What they spent.
        category_orders: Categories summed over the orders; None without order lines.
    """

    span: Span
    customers: int
    orders: int
    revenue: Decimal
    category_orders: int | None

    @property
    def per_customer(self) -> float:
        """Revenue per customer who bought."""
        return float(self.revenue) / self.customers


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendSplit(Answer):
    """Why the spend per active customer changed between two periods.

    Attributes:
        period: The calendar period.
        before: The earlier period; ``after`` the later one.
        change: Spend per customer, later less earlier, with its interval.
        factors: Frequency, categories and amount where order lines are known, else frequency and
            basket.
        against: The earlier one is the period before, or the same one last year.
    """

    evidence: Evidence
    period: Period
    before: SpendTotals
    after: SpendTotals
    change: Estimate
    factors: tuple[SpendFactor, ...]
    against: Literal["previous", "last_year"]

    @property
    def strongest(self) -> SpendFactor:
        """The factor that moved the spend most."""
        return max(self.factors, key=lambda factor: abs(factor.contribution))

    @override
    def records(self) -> list[dict[str, object]]:
        """One row a factor."""
        return [
            {
                "factor": factor.factor.value,
                "before": factor.before,
                "after": factor.after,
                "contribution": factor.contribution,
            }
            for factor in self.factors
        ]

    @override
    def json(self) -> dict[str, object]:
        """One object: both periods, the change and its factors."""
        return {
            "period": self.period.value,
            "against": self.against,
            "before": _totals(self.before),
            "after": _totals(self.after),
            "change": self.change.value,
            "low": _finite(self.change.low),
            "high": _finite(self.change.high),
            "confidence": self.change.confidence,
            "factors": self.records(),
        }


def _finite(bound: float) -> float | None:
    """JSON has no infinity: an open bound is null."""
    return bound if isfinite(bound) else None


def _totals(totals: SpendTotals) -> dict[str, object]:
    return {
        "from": totals.span.start.isoformat(),
        "to": totals.span.end.isoformat(),
        "customers": totals.customers,
        "orders": totals.orders,
        "revenue": float(totals.revenue),
        "category_orders": totals.category_orders,
        "revenue_per_customer": totals.per_customer,
    }


def spend(
    orders: Orders | Basis | Source,
    *,
    period: Period | None = None,
    against: Literal["previous", "last_year"] | None = None,
    confidence: float = 0.95,
) -> SpendSplit | NotEnoughEvidence:
    """Does each customer buy other goods, or more often?

    The spend per active customer is a product: orders per customer times categories per order
    times money per category and order; without order lines, orders per customer times money per
    order. Its change between two whole periods is split without a remainder, by logarithmic means
    (:func:`regulars.estimation.split.split_change`).

    Args:
        orders: Orders, or anything that they can be read from.
        period: The calendar period; None: what suits the firm's rhythm.
        against: The period before, or the same one last year; None: last year where the data
            reaches back so far, so that seasons do not matter.
        confidence: Of the Welch interval of the change.

    Raises:
        OptionError: A confidence outside 0 … 1.

    >>> import pandas as pd
    >>> shop = pd.DataFrame(
    ...     {
    ...         "customer_id": ["ann", "bob", "ann", "ann", "cat"],
    ...         "ordered_at": [
    ...             "2024-01-01",
    ...             "2024-01-20",
    ...             "2024-02-10",
    ...             "2024-02-12",
    ...             "2024-02-29",
    ...         ],
    ...         "amount": [20, 20, 20, 20, 20],
    ...     }
    ... )
    >>> answer = spend(shop, period=Period.MONTH)
    >>> answer.change.value, answer.strongest.factor.value, answer.strongest.contribution
    (10.0, 'frequency', 10.0)
    """
    basis = basis_of(orders)
    refusal = basis.refusal()
    if refusal is not None:
        return refusal
    period = period or choose_period(basis.gaps)
    after = last_whole(period, basis.orders.as_of)
    compared = _compared(basis, period, after, against)
    before = after - (_A_YEAR[period] if compared == "last_year" else 1)
    rows = _rows(basis, period, (before, after))
    if before not in rows or after not in rows:
        return _too_little(period.span(before), period.span(after))
    return _split(basis, period, (rows[before], rows[after]), compared, confidence)


@dataclass(frozen=True, slots=True)
class _Row:
    totals: SpendTotals
    moments: Moments


def _compared(
    basis: Basis, period: Period, after: int, against: Literal["previous", "last_year"] | None
) -> Literal["previous", "last_year"]:
    if against is not None:
        return against
    reaches = period.start(after - _A_YEAR[period]) >= basis.orders.data_from
    return "last_year" if reaches else "previous"


def _rows(basis: Basis, period: Period, numbers: tuple[int, int]) -> dict[int, _Row]:
    """Both periods as far as anybody spent anything in them."""
    totals = spend_totals(calendar(basis.days, period), numbers).to_pyarrow().to_pylist()
    categories = _categories(basis, period, numbers)
    return {row["period"]: _row(row, period, categories) for row in totals if row["revenue"] > 0}


def _row(row: Mapping[str, Any], period: Period, categories: Mapping[int, int] | None) -> _Row:
    number = row["period"]
    totals = SpendTotals(
        span=period.span(number),
        customers=row["customers"],
        orders=row["orders"],
        revenue=row["revenue"],
        category_orders=categories.get(number) if categories is not None else None,
    )
    return _Row(totals, Moments(row["customers"], float(row["revenue"]), row["squares"]))


def _categories(basis: Basis, period: Period, numbers: tuple[int, int]) -> dict[int, int] | None:
    lines = basis.orders.lines
    if lines is None or "category" not in lines.columns:
        return None
    counted = category_orders(basis.orders.purchases, lines, period, numbers)
    return {row["period"]: row["category_orders"] for row in counted.to_pyarrow().to_pylist()}


def _split(
    basis: Basis,
    period: Period,
    rows: tuple[_Row, _Row],
    against: Literal["previous", "last_year"],
    confidence: float,
) -> SpendSplit:
    before, after = rows
    old, new = before.totals, after.totals
    by_category = old.category_orders is not None and new.category_orders is not None
    first, second = _means(old, by_category=by_category), _means(new, by_category=by_category)
    parts = split_change(list(first.values()), list(second.values()))
    return SpendSplit(
        evidence=basis.evidence,
        period=period,
        before=old,
        after=new,
        change=mean_difference(after.moments, before.moments, confidence),
        factors=tuple(
            SpendFactor(factor=it, before=first[it], after=second[it], contribution=part)
            for it, part in zip(first, parts, strict=True)
        ),
        against=against,
    )


def _means(totals: SpendTotals, *, by_category: bool) -> dict[Factor, float]:
    frequency = totals.orders / totals.customers
    if not by_category or not totals.category_orders:
        basket = float(totals.revenue) / totals.orders
        return {Factor.FREQUENCY: frequency, Factor.BASKET: basket}
    return {
        Factor.FREQUENCY: frequency,
        Factor.CATEGORIES: totals.category_orders / totals.orders,
        Factor.AMOUNT: float(totals.revenue) / totals.category_orders,
    }


def _too_little(before: Span, after: Span) -> NotEnoughEvidence:
    return NotEnoughEvidence(
        say(
            "Customers did not spend anything in both periods: {before}, and {after}.",
            before=before,
            after=after,
        ),
        (say("purchases of known customers in two whole periods"),),
    )
