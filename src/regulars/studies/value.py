"""What is each customer still worth, and how sure is that?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Literal, override

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from regulars.estimation.gamma_gamma import spend_correlation
from regulars.estimation.interval import Estimate
from regulars.estimation.lifetime_value import LifetimeValue, lifetime_value
from regulars.kernel.errors import NotEnoughEvidence
from regulars.kernel.wording import Message, Money
from regulars.studies.answer import Answer, Evidence
from regulars.studies.backtest import Backtest, finite
from regulars.studies.evidence import Basis, basis_of
from regulars.studies.model_choice import BEST
from regulars.studies.prospects import (
    Margin,
    Prospects,
    Worth,
    money_of,
    prospects_of,
    reason_of,
    worth_of,
    years_worth,
)
from regulars.warehouse.orders import Orders
from regulars.warehouse.reading import Source

type Vector = npt.NDArray[np.float64]

_BANDS = 10
_SHOWN = (
    "customer_id",
    "p_alive",
    "expected_purchases",
    "expected_spend",
    "value",
    "value_low",
    "value_high",
)


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
        spend_correlation: Of how often with how much, which the model takes to be none; None
            where all do either alike.
        customers: One row a customer in the order of their ids: ``customer_id`` (text),
            ``p_alive``, ``expected_purchases``, ``expected_spend`` (of one purchase day),
            ``value``, ``value_low``, ``value_high`` (null where there is no bound),
            ``frequency`` (purchase days), ``silence`` (days since the last), ``gap`` (mean days
            between purchase days; null after one), ``yearly`` (worth of a year of him if he is
            still there).
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
    spend_correlation: float | None
    customers: pa.Table
    total: Estimate
    bands: tuple[ValueBand, ...]
    holdout: Backtest | None

    @override
    def records(self) -> list[dict[str, object]]:
        """One row a customer, in the order of their ids."""
        rows: list[dict[str, object]] = self.table().to_pylist()
        return rows

    @override
    def table(self) -> pa.Table:
        """The customers with the reason of each in words."""
        reasons = pa.array(_texts(self.customers, self.evidence.currency), pa.string())
        return self.customers.select(_SHOWN).append_column("reason", reasons)

    def best(self, limit: int = 10) -> list[dict[str, object]]:
        """The customers of greatest value, as :meth:`records` has them, reasons as messages."""
        order = np.argsort(-self.customers["value"].to_numpy(), kind="stable")[:limit]
        chosen = self.customers.take(pa.array(order))
        reasons = _reasons(chosen, self.evidence.currency)
        rows = chosen.select(_SHOWN).to_pylist()
        return [{**row, "reason": reason} for row, reason in zip(rows, reasons, strict=True)]

    def summary(self) -> dict[str, object]:
        """What the figures are and what they come to, for programs."""
        return {
            "kind": self.kind,
            "from": self.start.isoformat(),
            "to": self.to.isoformat(),
            "margin": self.margin,
            "discount": self.discount,
            "model": self.model,
            "parameters": dict(self.parameters),
            "spend_parameters": dict(self.spend_parameters),
            "spend_correlation": self.spend_correlation,
            "customers": self.customers.num_rows,
            "total": self.total.record() | {"high": finite(self.total.high)},
            "bands": [_band_record(band) for band in self.bands],
            "holdout": self.holdout and self.holdout.record(),
        }


def value(
    orders: Orders | Basis | Source,
    *,
    margin: Margin = None,
    horizon_days: float = 365,
    discount: float | None = None,
    model: str = BEST,
    confidence: float = 0.95,
) -> Value | NotEnoughEvidence:
    """What each customer is expected to bring within a horizon from the last day of the data.

    Expected purchases times the expected amount of one, with a margin discounted: customer
    lifetime value. Without a margin it is expected revenue, and is called so.

    Args:
        orders: Orders, or a source to read them from.
        margin: Share of revenue that stays with the firm; ``column``: as the orders say; None:
            not known.
        horizon_days: How far to look ahead.
        discount: Yearly interest; None: 10 % with a margin, none without.
        model: ``pareto-nbd``, ``mbg-nbd`` or ``bg-nbd``; ``best``: the one of the first two with
            the smallest RMSE on days held out. BG/NBD takes everybody who bought once to be still
            there, so it is never chosen, only named.
        confidence: Probability that an interval covers what a customer brings.

    Raises:
        OptionError: An option cannot be used, or the orders have no margins.

    Source: Fader, Hardie & Lee (2005) for purchases, Fader & Hardie (2013) for amounts.

    >>> from regulars.studies.simulation import simulate
    >>> answer = value(simulate(300, seed=5), margin=0.3)
    >>> answer.kind, answer.customers.num_rows == answer.evidence.customers
    ('clv', True)
    """
    basis = basis_of(orders)
    worth = worth_of(basis, margin, horizon_days, discount)
    prospects = prospects_of(basis, model)
    if isinstance(prospects, NotEnoughEvidence):
        return prospects
    return value_of(basis, prospects, worth, confidence=confidence)


def value_of(
    basis: Basis, prospects: Prospects, worth: Worth, *, confidence: float = 0.95
) -> Value:
    """:func:`value` of customers to whom the models were fitted already."""
    found = lifetime_value(prospects.buyers, worth.terms, confidence=confidence)
    buyers, last = prospects.buyers, basis.orders.as_of
    return Value(
        evidence=basis.evidence,
        kind=worth.terms.kind,
        start=last + timedelta(days=1),
        to=last + timedelta(days=round(worth.terms.horizon)),
        margin=worth.terms.margin,
        discount=worth.discount,
        model=buyers.model.name,
        parameters=buyers.fit.parameters,
        spend_parameters=buyers.spend_fit.parameters,
        spend_correlation=finite(spend_correlation(buyers.spend)),
        customers=_table(prospects, found, years_worth(buyers, worth.terms)),
        total=Estimate(
            value=found.total,
            low=found.total_low,
            high=found.total_high,
            n=len(buyers.history),
            method="delta",
            confidence=found.confidence,
        ),
        bands=tuple(_bands(found.value)),
        holdout=prospects.holdout,
    )


def _table(prospects: Prospects, found: LifetimeValue, yearly: Vector) -> pa.Table:
    bounded = np.isfinite(found.high)
    return pa.table(
        {
            "customer_id": prospects.ids,
            "p_alive": found.p_alive,
            "expected_purchases": found.purchases,
            "expected_spend": found.spend,
            "value": found.value,
            "value_low": found.low,
            "value_high": pa.array(found.high, mask=~bounded),
            "frequency": prospects.frequency.astype(np.int64),
            "silence": prospects.silence.astype(np.int64),
            "gap": pa.array(prospects.gap, mask=np.isnan(prospects.gap)),
            "yearly": yearly,
        }
    )


def _bands(values: Vector) -> Iterator[ValueBand]:
    """Tenths of the customers by value; fewer where there are fewer customers."""
    descending, whole = np.sort(values)[::-1], float(values.sum())
    for slice_ in np.array_split(descending, min(_BANDS, len(values))):
        total = float(slice_.sum())
        yield ValueBand(
            low=float(slice_[-1]),
            high=float(slice_[0]),
            customers=len(slice_),
            value=total,
            share=total / whole if whole else 0.0,
        )


def _band_record(band: ValueBand) -> dict[str, object]:
    return {
        "low": band.low,
        "high": band.high,
        "customers": band.customers,
        "value": band.value,
        "share": band.share,
    }


def _reasons(rows: pa.Table, currency: str | None) -> Iterator[Message]:
    columns = [rows[name].to_pylist() for name in ("frequency", "gap", "silence", "yearly")]
    for frequency, gap, silence, yearly in zip(*columns, strict=True):
        yield reason_of(frequency, gap, silence, money_of(yearly, currency))


def _texts(rows: pa.Table, currency: str | None) -> Iterator[str]:
    """Reasons as text; a million customers share few of them."""

    @cache
    def said(frequency: int, gap: float | None, silence: int, worth: Money) -> str:
        return str(reason_of(frequency, gap, silence, worth))

    columns = [rows[name].to_pylist() for name in ("frequency", "gap", "silence", "yearly")]
    for frequency, gap, silence, yearly in zip(*columns, strict=True):
        yield said(frequency, gap, silence, money_of(yearly, currency))
