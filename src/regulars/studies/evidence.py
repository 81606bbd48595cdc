"""What every answer stands on, computed once: purchase days, the rhythm, the evidence line."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

import ibis.expr.types as ir

from regulars.analytics.calendar import calendar, purchase_days
from regulars.analytics.gaps import gap_counts
from regulars.analytics.joining import joined_since, last_unsure
from regulars.analytics.keeping import keep
from regulars.analytics.steps import movements, steps
from regulars.kernel.errors import NotEnoughEvidence, OptionError
from regulars.kernel.periods import Period
from regulars.kernel.wording import Message, say
from regulars.studies.answer import Evidence
from regulars.warehouse.orders import Orders, Prepared
from regulars.warehouse.reading import as_orders
from regulars.warehouse.sources import Source

if TYPE_CHECKING:
    from regulars.estimation.holdout import Trial  # answers that try no model do not load SciPy

__all__ = [
    "Basis",
    "Gaps",
    "Source",
    "basis_of",
    "choose_period",
    "evidence_of",
    "gap_percentile",
    "period_for",
    "why_period",
]

_SLOW, _FAST = 45, 2  # median gaps, in days, beyond which a month is too short or too long
BURN_IN = 0.9  # the share of gaps that the burn-in outlasts


@dataclass(frozen=True, slots=True)
class Gaps:
    """How often each gap between a customer's neighbouring purchase days was seen.

    Only finished gaps are counted: customers who have not come back yet add none, so long gaps
    are under-represented in a short history.

    >>> gaps = Gaps((3, 7, 30), (5, 4, 1))
    >>> gaps.percentile(0.5), gaps.percentile(0.9), gaps.total
    (3, 7, 10)
    """

    days: tuple[int, ...]
    times: tuple[int, ...]

    @property
    def total(self) -> int:
        """Gaps counted."""
        return sum(self.times)

    def percentile(self, share: float) -> int | None:
        """The shortest gap, in days, that at least ``share`` of all gaps do not exceed.

        Returns:
            None where nobody has bought on two days.
        """
        passed = 0
        for gap, times in zip(self.days, self.times, strict=True):
            passed += times
            if passed >= share * self.total:
                return gap
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """Orders with what all studies need of them; every study takes it in place of the orders.

    Attributes:
        orders: The orders themselves.
        days: ``purchase_days`` of the identified orders, kept so that it is computed once.
        gaps: The rhythm of the firm's customers.
        evidence: The evidence of every answer.
        trials: Models as they were tried on days held out, for all studies that ask for them.
    """

    orders: Orders
    days: ir.Table
    gaps: Gaps
    evidence: Evidence
    trials: "dict[tuple[str, date, date, str], Trial]" = field(
        default_factory=dict, repr=False, compare=False
    )
    _cubes: dict[Period, ir.Table] = field(default_factory=dict, repr=False, compare=False)

    @property
    def covered_until(self) -> date:
        """The first day that the orders do not cover: the day after ``as_of``."""
        return self.orders.as_of + timedelta(days=1)

    @property
    def has_beginning(self) -> bool:
        """Whether the user said that nothing happened before the first order."""
        return self.orders.burn_in_days == 0

    @property
    def sure_from(self) -> date:
        """Periods that begin before this day may count old customers as new."""
        begun = self.evidence.burn_in_until <= self.orders.data_from
        return date.min if begun else self.evidence.burn_in_until

    @property
    def histories(self) -> ir.Table | None:
        """What a store holds of every customer after his last purchase day; None: nothing."""
        return self.prepared.tables.get("histories") if self.prepared else None

    @property
    def prepared(self) -> Prepared | None:
        """What a store holds ready; None: the orders come from no store."""
        return self.orders.prepared

    def steps(self, period: Period) -> ir.Table:
        """Each customer's walk through the periods (:func:`regulars.analytics.steps.steps`)."""
        return steps(calendar(self.days, period))

    def movements(self, period: Period) -> ir.Table:
        """The cube that trend, cohorts and growth are read from; computed once a period."""
        ready = self.prepared.tables.get(f"cube_{period}") if self.prepared else None
        if ready is not None:
            return ready
        if period not in self._cubes:
            self._cubes[period] = keep(movements(self.steps(period)))
        return self._cubes[period]

    def refusal(self) -> NotEnoughEvidence | None:
        """Why no question about customers can be answered; None where it can."""
        if self.evidence.customers:
            return None
        return NotEnoughEvidence(
            say("No order has a customer, so nobody can be followed."),
            (say("orders that name their customer"),),
        )


def basis_of(orders: Orders | Basis | Source) -> Basis:
    """Read, count and keep what all studies share; a basis comes back unchanged."""
    if isinstance(orders, Basis):
        return orders
    orders = as_orders(orders)
    if orders.prepared is not None:
        return _prepared(orders, orders.prepared)
    days = keep(purchase_days(orders.purchases))
    customers, gaps = _rhythm(days)
    return Basis(
        orders=orders, days=days, gaps=gaps, evidence=_told(orders, days, customers, gaps)
    )


def _prepared(orders: Orders, prepared: Prepared) -> Basis:
    """The basis that a store holds ready: nothing is scanned."""
    customers, gaps = read_rhythm(prepared.tables["gaps"])
    days = prepared.tables["days"]
    return Basis(
        orders=orders, days=days, gaps=gaps, evidence=_told(orders, days, customers, gaps)
    )


def evidence_of(orders: Orders | Basis | Source) -> Evidence:
    """What an answer from these orders stands on: viewpoint, coverage, currency, burn-in."""
    return basis_of(orders).evidence


def gap_percentile(orders: Orders | Basis | Source, share: float) -> int | None:
    """The number of days that ``share`` of all gaps between purchase days do not exceed."""
    return basis_of(orders).gaps.percentile(share)


def choose_period(gaps: Gaps) -> Period:
    """The calendar period that fits the firm's rhythm: by the median gap.

    A month; a quarter where half of all returns take more than 45 days; a week where half of
    them take less than 2.

    >>> choose_period(Gaps((1, 3, 40), (3, 1, 1)))
    <Period.WEEK: 'week'>
    """
    median = gaps.percentile(0.5)
    if median is None:
        return Period.MONTH
    if median > _SLOW:
        return Period.QUARTER
    return Period.WEEK if median < _FAST else Period.MONTH


def period_for(asked: Period | str | None, gaps: Gaps) -> Period:
    """The period asked for, by itself or by its name; none asked for: the one that fits.

    Raises:
        OptionError: There is no such period.

    >>> period_for("week", Gaps((), ()))
    <Period.WEEK: 'week'>
    """
    if asked is None:
        return choose_period(gaps)
    if asked not in list(Period):
        raise OptionError(
            say("There is no period {period}.", period=str(asked)),
            accepted=say("Accepted: {periods}.", periods=", ".join(Period)),
        )
    return Period(asked)


def why_period(gaps: Gaps) -> Message:
    """Why :func:`choose_period` took the period that it took."""
    median = gaps.percentile(0.5)
    if median is None:
        return say("Counted by month: nobody has come back yet to show a rhythm.")
    match choose_period(gaps):
        case Period.WEEK:
            return say(
                "Counted by week: half of all returns come within {days} days.", days=median
            )
        case Period.QUARTER:
            return say(
                "Counted by quarter: half of all returns take {days} days or more.", days=median
            )
        case _:
            return say(
                "Counted by month: half of all returns come within {days} days.", days=median
            )


def _rhythm(days: ir.Table) -> tuple[int, Gaps]:
    """The number of customers, and the gaps between their purchase days."""
    return read_rhythm(gap_counts(days))


def read_rhythm(counts: ir.Table) -> tuple[int, Gaps]:
    """The number of customers, and the gaps, from :func:`regulars.analytics.gaps.gap_counts`."""
    rows = counts.to_pyarrow().to_pylist()
    counted = sorted((row["gap"], row["times"]) for row in rows)
    customers = sum(times for gap, times in counted if gap == 0)
    real = [(gap, times) for gap, times in counted if gap > 0]
    return customers, Gaps(tuple(gap for gap, _ in real), tuple(times for _, times in real))


def _told(orders: Orders, days: ir.Table, customers: int, gaps: Gaps) -> Evidence:
    read = orders.quality
    identified = read.orders - read.unidentified_orders
    return Evidence(
        data_from=orders.data_from,
        as_of=orders.as_of,
        burn_in_until=_burn_in_until(orders, days, gaps),
        customers=customers,
        orders=read.orders,
        identified_orders=identified / read.orders if read.orders else 0.0,
        identified_revenue=float(read.identified_revenue / read.revenue) if read.revenue else None,
        rejected=len(read.rejected),
        currency=orders.currency,
        timezone=orders.timezone,
        amount_basis=read.amount_basis,
    )


def _burn_in_until(orders: Orders, days: ir.Table, gaps: Gaps) -> date:
    """The end of the burn-in; earlier where all who were first seen later are known to be new."""
    until = _burnt_in(orders, gaps)
    joined = joined_since(orders.customers, orders.data_from)
    if joined is None or until <= orders.data_from:
        return until
    unsure = last_unsure(days, joined, until)
    return orders.data_from if unsure is None else min(unsure + timedelta(days=1), until)


def _burnt_in(orders: Orders, gaps: Gaps) -> date:
    length = orders.burn_in_days
    if length is None:
        length = gaps.percentile(BURN_IN)
    if length is None:
        # nobody has come back yet, so nothing shows when an old customer would have
        return orders.as_of + timedelta(days=1)
    return orders.data_from + timedelta(days=length)
