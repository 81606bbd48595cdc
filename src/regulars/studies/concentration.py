"""How much of the business do a few customers carry?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import override

import ibis.expr.types as ir
import numpy as np

from regulars.analytics import concentration as measures
from regulars.analytics.keeping import keep
from regulars.estimation.inequality import (
    Distribution,
    best_count,
    best_sum,
    fewest_for_share,
    gini,
    lorenz,
    share_of_best,
)
from regulars.estimation.interval import Estimate, normal_quantile
from regulars.kernel.errors import NotEnoughEvidence, OptionError
from regulars.kernel.wording import say, say_count
from regulars.studies.answer import Answer, Evidence
from regulars.studies.evidence import Basis, basis_of
from regulars.warehouse.orders import Orders
from regulars.warehouse.reading import Source

BEST_PERCENTS = (1, 5, 10, 20)
"""The best so many percent of customers are always shown."""

BEST_CUSTOMERS = 1_000
"""So many of the best customers are named."""

_WHOLE = 2**62  # what a 64-bit sum times 100 must stay below


@dataclass(frozen=True, slots=True, kw_only=True)
class TopShare:
    """What the best few percent of customers bring.

    Attributes:
        percent: The best so many of 100.
        customers: How many that are: ``customers * percent / 100``, rounded up.
        share: Their share of the revenue.
        interval: The same with its large-sample interval; None below 100 customers.
    """

    percent: int
    customers: int
    share: float
    interval: Estimate | None


@dataclass(frozen=True, slots=True)
class LorenzPoint:
    """The share of revenue that the least-spending ``customers`` (share of one) bring."""

    customers: float
    revenue: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TopCustomer:
    """One of the best customers by revenue.

    Attributes:
        rank: 1 is the best; equal revenue is ordered by customer id.
        customer_id: Text, whatever the source had.
        revenue: Net of refunds.
        share: Share of all identified revenue.
        purchase_days: Days with a purchase.
        first_on: First purchase in the data; ``last_on`` the last.
    """

    rank: int
    customer_id: str
    revenue: Decimal
    share: float
    purchase_days: int
    first_on: date
    last_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Concentration(Answer):
    """How unequally the identified revenue is spread over customers.

    Attributes:
        evidence: The data behind the answer.
        customers: Identified customers with a purchase.
        revenue: Their revenue. In the shares a customer who was refunded more than he spent
            counts as 0.
        gini: 0: all bring the same; towards 1: one brings everything.
        top_share: Revenue share of the best 1, 5, 10 and 20 % of customers.
        customers_for_80_percent: The fewest customers who bring at least 80 % of the revenue.
        lorenz: The Lorenz curve, at most 101 points, least-spending customers first.
        best: The best customers, at most 1,000.
        confidence: Coverage of the intervals.
    """

    evidence: Evidence
    customers: int
    revenue: Decimal
    gini: float
    top_share: Mapping[int, TopShare]
    customers_for_80_percent: int
    lorenz: tuple[LorenzPoint, ...]
    best: tuple[TopCustomer, ...]
    confidence: float

    @property
    def share_of_customers_for_80_percent(self) -> float:
        """The fewest customers who bring 80 % of the revenue, as a share of all customers."""
        return self.customers_for_80_percent / self.customers

    def top(self, n: int = 10) -> list[dict[str, object]]:
        """The ``n`` best customers, one row each: who they are.

        Raises:
            OptionError: ``n`` is negative or above :data:`BEST_CUSTOMERS`.
        """
        if not 0 <= n <= BEST_CUSTOMERS:
            raise OptionError(
                say("The best {n} customers cannot be listed.", n=n),
                accepted=say("Ask for 0 to {most}.", most=BEST_CUSTOMERS),
            )
        return [_customer(row) for row in self.best[:n]]

    @override
    def records(self) -> list[dict[str, object]]:
        """One row for each share of best customers."""
        return [
            {
                "best_percent": row.percent,
                "customers": row.customers,
                "share": row.share,
                "low": row.interval.low if row.interval else None,
                "high": row.interval.high if row.interval else None,
            }
            for row in self.top_share.values()
        ]

    @override
    def json(self) -> dict[str, object]:
        """One object, with the Lorenz curve and the 20 best customers."""
        return {
            "customers": self.customers,
            "revenue": float(self.revenue),
            "gini": self.gini,
            "top_share": {str(row.percent): row.share for row in self.top_share.values()},
            "top_share_intervals": {
                str(row.percent): row.interval.record() if row.interval else None
                for row in self.top_share.values()
            },
            "customers_for_80_percent": self.customers_for_80_percent,
            "share_of_customers_for_80_percent": self.share_of_customers_for_80_percent,
            "lorenz": [
                {"customers": point.customers, "revenue": point.revenue} for point in self.lorenz
            ],
            "best": self.top(20),
            "confidence": self.confidence,
            "currency": self.evidence.currency,
            "as_of": self.evidence.as_of.isoformat(),
        }


def _customer(row: TopCustomer) -> dict[str, object]:
    return {
        "rank": row.rank,
        "customer_id": row.customer_id,
        "revenue": float(row.revenue),
        "share": row.share,
        "purchase_days": row.purchase_days,
        "first_on": row.first_on.isoformat(),
        "last_on": row.last_on.isoformat(),
    }


def concentration(
    orders: Orders | Basis | Source, *, confidence: float = 0.95
) -> Concentration | NotEnoughEvidence:
    """Say how much of the identified revenue a few customers carry, and who they are.

    With the customers' revenue ascending, ``x_1 … x_n``: the Lorenz curve is the share of the
    first ones in the sum, ``Gini = 2 * sum(i * x_i) / (n * sum(x)) - (n + 1) / n``, and the best
    p % are the last ``n * p / 100`` customers, rounded up.

    Args:
        orders: Orders, or a source to read them from.
        confidence: Coverage of the intervals.

    Raises:
        OptionError: ``confidence`` does not lie between 0 and 1.

    Source: Lorenz 1905; Gini 1912; intervals of top shares Beach & Davidson 1983.

    >>> import pyarrow as pa
    >>> shop = pa.table(
    ...     {
    ...         "customer_id": ["ann", "bob", "cat"],
    ...         "ordered_at": ["2024-01-01"] * 3,
    ...         "amount": [80, 15, 5],
    ...     }
    ... )
    >>> few = concentration(shop)
    >>> few.gini, few.customers_for_80_percent, few.top(1)[0]["customer_id"]
    (0.5, 1, 'ann')
    """
    normal_quantile(confidence)  # refused before any work, even where no interval follows
    basis = basis_of(orders)
    if (refusal := basis.refusal()) is not None:
        return refusal
    each = keep(measures.customer_revenue(basis.days))
    revenue = Decimal(each.revenue.sum().to_pyarrow().as_py())
    if revenue <= 0:
        return NotEnoughEvidence(
            say_count(
                "{n} customer brought no revenue, so there is nothing to share out.",
                "{n} customers brought no revenue, so there is nothing to share out.",
                n=basis.evidence.customers,
            ),
            (say("orders of customers with an amount above 0"),),
        )
    amounts = _amounts(each, revenue)
    return Concentration(
        evidence=basis.evidence,
        customers=amounts.n,
        revenue=revenue,
        gini=gini(amounts),
        top_share=_top_shares(amounts, confidence),
        customers_for_80_percent=fewest_for_share(amounts, 80),
        lorenz=_curve(amounts),
        best=_best(each, revenue),
        confidence=confidence,
    )


def _amounts(each: ir.Table, revenue: Decimal) -> Distribution:
    """Revenue by customer in whole units, as fine as 64-bit sums allow, so that it is exact."""
    places = next(places for places in range(6, -7, -1) if revenue * 100 * 10**places < _WHOLE)
    counts = measures.revenue_counts(each).to_pyarrow()
    floats = counts["revenue"].to_numpy()
    units = np.rint(floats * 10.0**places).astype(np.int64)
    return Distribution.of(units, counts["customers"].to_numpy())


def _top_shares(amounts: Distribution, confidence: float) -> dict[int, TopShare]:
    return {
        percent: TopShare(
            percent=percent,
            customers=best_count(amounts, percent),
            share=best_sum(amounts, best_count(amounts, percent)) / amounts.total,
            interval=share_of_best(amounts, percent, confidence),
        )
        for percent in BEST_PERCENTS
    }


def _curve(amounts: Distribution) -> tuple[LorenzPoint, ...]:
    people, money = lorenz(amounts)
    return tuple(map(LorenzPoint, people.tolist(), money.tolist()))


def _best(each: ir.Table, revenue: Decimal) -> tuple[TopCustomer, ...]:
    rows = measures.best_customers(each, BEST_CUSTOMERS).to_pyarrow().to_pylist()
    return tuple(
        TopCustomer(rank=rank, share=float(row["revenue"] / revenue), **row)
        for rank, row in enumerate(rows, 1)
    )
