"""What is each customer still worth, and how sure is that?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, override

import pyarrow as pa

from regulars.estimation.interval import Estimate
from regulars.studies.answer import Answer, Evidence
from regulars.studies.backtest import Backtest


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueBand:
    """A slice of the customers, ordered by value: a bar of the distribution.

    Attributes:
        low: Smallest value of the slice, in money; ``high`` the largest one.
        customers: Customers in it.
        value: Their expected value together.
        share: Their share of the value of all customers.
    """

    low: float
    high: float
    customers: int
    value: float
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Value(Answer):
    """The expected worth of every customer within a horizon, with an interval.

    Attributes:
        evidence: The data behind the answer.
        kind: ``clv`` where a margin was given, discounted; else ``revenue``, and never value.
        start: First day of the horizon; ``to`` its last day, included.
        margin: Share of revenue that stays with the firm; None where none was given.
        discount: Yearly interest at which later purchases are worth less.
        model: Model of the purchases; it doubts customers who bought once and fell silent.
        parameters: Of that model, times in days; ``spend_parameters`` p, q, gamma.
        spend_parameters: Of the Gamma-Gamma model of amounts.
        spend_correlation: Of how often with how much, which the model takes to be none.
        customers: One row a customer in the order of their ids: ``customer_id`` (text),
            ``p_alive``, ``expected_purchases``, ``expected_spend`` (of one purchase day), ``value``,
            ``value_low``, ``value_high`` (null where there is no bound), ``frequency`` (purchase
            days), ``silence`` (days since the last), ``gap`` (mean days between purchase days;
            null after one), ``yearly`` (what a year was worth while he bought; null after one).
        total: Worth of all customers together, with its interval.
        bands: Ten slices of equally many customers, the best tenth first.
        holdout: How far the model of purchases was off on days held out; None where the data is
            too short to hold days out.
    """

    evidence: Evidence
    kind: Literal["clv", "revenue"]
    start: date
    to: date
    margin: float | None
    discount: float
    model: str
    parameters: Mapping[str, float]
    spend_parameters: Mapping[str, float]
    spend_correlation: float
    customers: pa.Table
    total: Estimate
    bands: tuple[ValueBand, ...]
    holdout: Backtest | None

    @override
    def records(self) -> list[dict[str, object]]:
        """One row a customer, in the order of their ids."""
        raise NotImplementedError
