"""Which customers are about to be lost, and what would go with them?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal, override

import numpy as np
import numpy.typing as npt

from regulars.estimation.gamma_gamma import expected_spend
from regulars.estimation.lifetime_value import worth_of_revenue
from regulars.kernel.errors import NotEnoughEvidence, OptionError
from regulars.kernel.wording import Message, say
from regulars.studies.answer import Answer, Evidence
from regulars.studies.backtest import Backtest
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

THRESHOLD, GIVEN_UP = 0.5, 0.1
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerAtRisk:
    """A customer who may be leaving.

    Attributes:
        customer_id: His id.
        p_alive: Probability that he is still a customer.
        expected_loss: What he would have been worth in the horizon, times the probability that he
            has left: the list is sorted by it.
        worth: What he would be worth in the horizon if he were still there for sure.
        yearly: What a year of him would be worth if he were still there for sure.
        frequency: Purchase days; ``silence`` days since the last one.
        silence: Days.
        last_on: Day of his last purchase.
        gap: Mean days between his purchase days; None after one.
        reason: Why he is on the list, in words.
    """

    customer_id: str
    p_alive: float
    expected_loss: Decimal
    worth: Decimal
    yearly: Decimal
    frequency: int
    silence: int
    last_on: date
    gap: float | None
    reason: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class AtRisk(Answer):
    """Customers by the expected value about to be lost.

    Attributes:
        evidence: The data behind the answer.
        kind: ``clv`` where a margin was given, else ``revenue``: what worth and loss count.
        model: Model of the purchases; one that doubts whoever bought once and fell silent.
        threshold: Only customers with a smaller probability to be still there are listed.
        given_up: Those with a smaller one than this count as lost, and are not listed.
        horizon_days: Days that worth and loss look ahead.
        at_risk: Customers between the two thresholds; ``lost`` below the lower one.
        lost: Customers not listed because they have almost surely left.
        expected_loss: Of all customers at risk together.
        customers: The list, the greatest expected loss first, at most as many as were asked for.
        holdout: How far the model was off on days held out; None where the data is too short.
    """

    evidence: Evidence
    kind: Literal["clv", "revenue"]
    model: str
    threshold: float
    given_up: float
    horizon_days: int
    at_risk: int
    lost: int
    expected_loss: Decimal
    customers: tuple[CustomerAtRisk, ...]
    holdout: Backtest | None

    @override
    def records(self) -> list[dict[str, object]]:
        """One row a customer at risk."""
        return [
            {
                "customer_id": one.customer_id,
                "p_alive": one.p_alive,
                "expected_loss": float(one.expected_loss),
                "worth": float(one.worth),
                "yearly": float(one.yearly),
                "frequency": one.frequency,
                "silence": one.silence,
                "last_on": one.last_on.isoformat(),
                "gap": one.gap,
                "reason": str(one.reason),
            }
            for one in self.customers
        ]


def at_risk(  # noqa: PLR0913 - all but the orders are options by name
    orders: Orders | Basis | Source,
    *,
    margin: Margin = None,
    limit: int | None = 100,
    threshold: float = THRESHOLD,
    given_up: float = GIVEN_UP,
    horizon_days: float = 365,
    model: str = BEST,
) -> AtRisk | NotEnoughEvidence:
    """The customers whose loss would cost most, while a call may still reach them.

    A customer is listed when it is more likely than not that he has left (``threshold``), but not
    all but certain (``given_up``). The list is sorted by his expected loss: what he would be worth
    if he were still there, times the probability that he is not.

    Args:
        orders: Orders, or a source to read them from.
        margin: Share of revenue that stays with the firm, or ``column``; None: losses count
            revenue.
        limit: At most so many rows; None: all.
        threshold: Only who is less likely than this to be still there.
        given_up: Not who is less likely than this.
        horizon_days: How far ahead worth and loss look.
        model: ``pareto-nbd`` or ``mbg-nbd``; ``best``: the one with the smallest RMSE on days
            held out. BG/NBD is refused: it takes everybody who bought once to be still there.

    Raises:
        OptionError: An option cannot be used.

    >>> from regulars.studies.simulation import simulate
    >>> answer = at_risk(simulate(300, seed=5), limit=1)
    >>> [str(one.reason) for one in answer.customers]
    ['buys every 3 weeks, silent for 19 weeks; worth EUR 868.00 a year']
    """
    _check(limit, (given_up, threshold), model)
    basis = basis_of(orders)
    worth = worth_of(basis, margin, horizon_days, None)
    prospects = prospects_of(basis, model)
    if isinstance(prospects, NotEnoughEvidence):
        return prospects
    return at_risk_of(basis, prospects, worth, limit=limit, between=(given_up, threshold))


def at_risk_of(
    basis: Basis,
    prospects: Prospects,
    worth: Worth,
    *,
    limit: int | None,
    between: tuple[float, float] = (GIVEN_UP, THRESHOLD),
) -> AtRisk:
    """:func:`at_risk` of customers to whom the models were fitted already."""
    given_up, threshold = between
    risk = _Risk.of(prospects, worth, between)
    return AtRisk(
        evidence=basis.evidence,
        kind=worth.terms.kind,
        model=prospects.buyers.model.name,
        threshold=threshold,
        given_up=given_up,
        horizon_days=round(worth.terms.horizon),
        at_risk=len(risk.order),
        lost=int((risk.alive < given_up).sum()),
        expected_loss=_money(float(risk.loss[risk.order].sum())),
        customers=tuple(_listed(basis, prospects, risk, risk.order[:limit].tolist())),
        holdout=prospects.holdout,
    )


def _check(limit: int | None, bounds: tuple[float, float], model: str) -> None:
    if limit is not None and limit < 1:
        raise OptionError(
            say("A list of {n} customers cannot be made.", n=limit),
            accepted=say("Give 1 or more."),
        )
    if not 0 <= bounds[0] < bounds[1] <= 1:
        raise OptionError(
            say("Nobody is at risk between {low} and {high}.", low=bounds[0], high=bounds[1]),
            accepted=say("Give two shares of one, the smaller as the one that is given up."),
        )
    if model == "bg-nbd":
        raise OptionError(
            say("BG/NBD takes every customer who bought once to be still there."),
            accepted=say("Give pareto-nbd or mbg-nbd."),
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Risk:
    """What is at stake with each customer, and who is listed, the greatest loss first."""

    alive: Vector
    worth: Vector
    loss: Vector
    yearly: Vector
    order: npt.NDArray[np.intp]

    @classmethod
    def of(cls, prospects: Prospects, worth: Worth, bounds: tuple[float, float]) -> "_Risk":
        buyers = prospects.buyers
        parameters, history = buyers.fit.parameters, buyers.history
        alive = buyers.model.p_alive(parameters, history)
        mean, _ = buyers.model.moments(parameters, history, worth.terms.horizon)
        spend = expected_spend(buyers.spend_fit.parameters, buyers.spend)
        there = mean * spend * worth_of_revenue(buyers, worth.terms)
        loss = (1 - alive) * there
        listed = np.flatnonzero((alive < bounds[1]) & (alive >= bounds[0]))
        order = listed[np.argsort(-loss[listed], kind="stable")]
        return cls(alive, there, loss, years_worth(buyers, worth.terms), order)


def _listed(
    basis: Basis, prospects: Prospects, risk: _Risk, rows: Sequence[int]
) -> Iterator[CustomerAtRisk]:
    last, currency = basis.orders.as_of, basis.orders.currency
    for row in rows:
        gap = float(prospects.gap[row])
        known = None if np.isnan(gap) else gap
        silence, frequency = int(prospects.silence[row]), int(prospects.frequency[row])
        yearly = float(risk.yearly[row])
        yield CustomerAtRisk(
            customer_id=prospects.ids[row].as_py(),
            p_alive=float(risk.alive[row]),
            expected_loss=_money(float(risk.loss[row])),
            worth=_money(float(risk.worth[row])),
            yearly=_money(yearly),
            frequency=frequency,
            silence=silence,
            last_on=last - timedelta(days=silence),
            gap=known,
            reason=reason_of(frequency, known, silence, money_of(yearly, currency)),
        )


def _money(value: float) -> Decimal:
    return Decimal(repr(value)).quantize(_CENT)
