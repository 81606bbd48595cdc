"""How much to spend on winning customers, and how much on keeping them?"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import override

from regulars.estimation.budget import (
    Firm,
    Optimum,
    Response,
    Spending,
    best_acquisition,
    best_spending,
)
from regulars.kernel.errors import NotEnoughEvidence
from regulars.kernel.wording import say
from regulars.studies.answer import Answer

__all__ = ["Budget", "BudgetPoint", "BudgetSide", "Response", "budget"]

_POINTS = 41  # of a curve
_FARTHEST = 2.5  # times the greater of the best spend and today's


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetPoint:
    """A place on a curve of what spending achieves.

    Attributes:
        spend: Money per prospect (winning), or per customer and period (keeping).
        rate: Share won, or share kept, at that spend.
        equity: Customer equity per prospect at that spend, the other spend at its best.
    """

    spend: float
    rate: float
    equity: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetSide:
    """Winning, or keeping: what is spent now, what would be best.

    Attributes:
        spend: Best spend, per prospect (winning) or per customer and period (keeping).
        rate: Share won or kept at the best spend.
        marginal_cost: What one more customer won or kept costs there; only this cost matters,
            the average one does not. None where nothing is best spent.
        ceiling: Share that no spend can exceed, as the firm judges.
        now_spend: What the firm spends now; ``now_rate`` what it achieves.
        now_rate: Share.
        curve: What other spends would achieve.
    """

    spend: float
    rate: float
    marginal_cost: float | None
    ceiling: float
    now_spend: float
    now_rate: float
    curve: tuple[BudgetPoint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget(Answer):
    """The best spending on acquisition and on retention, from the firm's own figures.

    It stands on no orders, so it has no evidence line: everything in it is the firm's judgement
    until it is measured.

    Attributes:
        acquisition: Winning customers; ``retention`` keeping them.
        retention: Keeping customers.
        margin: Money that a customer leaves per period before what is spent to keep him.
        discount: Interest a period.
        clv: Worth of a customer won, at the best spend.
        equity: Customer equity per prospect, at the best spend; ``now_equity`` at today's.
        now_equity: Customer equity per prospect as the firm spends now.
        total: The most that the firm will spend per prospect over the customer's life, discounted;
            None: no limit.
        cost: What the best spend costs per prospect over the customer's life, discounted.
        shadow_price: What one more unit of money would add to customer equity, where ``total``
            binds; 0 where it does not.
    """

    acquisition: BudgetSide
    retention: BudgetSide
    margin: float
    discount: float
    clv: float
    equity: float
    now_equity: float
    total: float | None
    cost: float
    shadow_price: float

    @override
    def records(self) -> list[dict[str, object]]:
        """Two rows: winning and keeping."""
        return [
            {
                "side": name,
                "spend": side.spend,
                "rate": side.rate,
                "marginal_cost": side.marginal_cost,
                "ceiling": side.ceiling,
                "now_spend": side.now_spend,
                "now_rate": side.now_rate,
            }
            for name, side in (("acquisition", self.acquisition), ("retention", self.retention))
        ]

    @override
    def json(self) -> dict[str, object]:
        """One object: both sides, the worth of a customer, customer equity."""
        acquisition, retention = self.records()
        return {
            "acquisition": acquisition,
            "retention": retention,
            "margin": self.margin,
            "discount": self.discount,
            "clv": self.clv,
            "customer_equity": self.equity,
            "customer_equity_now": self.now_equity,
            "total": self.total,
            "cost": self.cost,
            "shadow_price": self.shadow_price,
        }


def budget(
    *,
    acquisition: Response | None = None,
    retention: Response | None = None,
    margin: float | None = None,
    discount: float | None = None,
    total: float | None = None,
) -> Budget | NotEnoughEvidence:
    """The spending on winning and on keeping customers at which customer equity is greatest.

    It takes nothing from tables of other firms: without the firm's own figures it says what it
    needs. Only what one more customer costs at the margin decides; that keeping is cheaper than
    winning on average says nothing.

    Args:
        acquisition: What is spent on a prospect today, the share won by it, and the share that no
            spending could exceed.
        retention: The same for keeping a customer a period.
        margin: Money that a customer leaves a period, before what is spent to keep him.
        discount: Interest a period.
        total: The most to spend per prospect, over his life if he is won, discounted; None: no
            limit. Within it the marginal equity of money is the same on both sides.

    Raises:
        OptionError: A figure cannot be used.

    Source: Blattberg & Deighton (1996); Pfeifer (2005).

    >>> answer = budget(
    ...     acquisition=Response(spend=5, rate=0.2, ceiling=0.4),
    ...     retention=Response(spend=10, rate=0.4, ceiling=0.7),
    ...     margin=50,
    ...     discount=0.2,
    ... )
    >>> round(answer.retention.rate, 6), round(answer.acquisition.rate, 6)
    (0.517487, 0.288449)
    >>> bool(budget(margin=50))
    False
    """
    if acquisition is None or retention is None or margin is None or discount is None:
        return _needs(
            acquisition=acquisition, retention=retention, margin=margin, discount=discount
        )
    firm = Firm(acquisition=acquisition, retention=retention, margin=margin, discount=discount)
    return _answer(firm, best_spending(firm, total=total), total)


def _needs(**given: object) -> NotEnoughEvidence:
    wanted = {
        "acquisition": say(
            "what is spent on a prospect, the share won by it, and the highest share thinkable"
        ),
        "retention": say(
            "what is spent on a customer a period, the share kept by it, and the highest share "
            "thinkable"
        ),
        "margin": say("the margin that a customer leaves a period"),
        "discount": say("the interest a period"),
    }
    return NotEnoughEvidence(
        say("A budget can only be found from the firm's own figures."),
        tuple(need for name, need in wanted.items() if given[name] is None),
    )


def _answer(firm: Firm, best: Optimum, total: float | None) -> Budget:
    won, kept = firm.acquisition, firm.retention
    now = Spending(won.spend, kept.spend)

    def by_acquisition(spend: float) -> float:
        return firm.equity(Spending(spend, best.spending.retention))

    def by_retention(spend: float) -> float:
        to_win = best_acquisition(won, firm.clv(spend))
        return firm.equity(Spending(to_win, spend))

    return Budget(
        acquisition=_side(won, best.spending.acquisition, by_acquisition),
        retention=_side(kept, best.spending.retention, by_retention),
        margin=firm.margin,
        discount=firm.discount,
        clv=best.clv,
        equity=best.equity,
        now_equity=firm.equity(now),
        total=total,
        cost=best.cost,
        shadow_price=best.shadow_price,
    )


def _side(response: Response, spend: float, equity: Callable[[float], float]) -> BudgetSide:
    return BudgetSide(
        spend=spend,
        rate=response.reached(spend),
        marginal_cost=1 / response.marginal(spend) if spend else None,
        ceiling=response.ceiling,
        now_spend=response.spend,
        now_rate=response.rate,
        curve=tuple(_curve(response, spend, equity)),
    )


def _curve(
    response: Response, spend: float, equity: Callable[[float], float]
) -> Iterator[BudgetPoint]:
    farthest = _FARTHEST * max(spend, response.spend)
    for step in range(_POINTS):
        here = farthest * step / (_POINTS - 1)
        yield BudgetPoint(spend=here, rate=response.reached(here), equity=equity(here))
