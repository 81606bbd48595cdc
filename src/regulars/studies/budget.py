"""How much to spend on winning customers, and how much on keeping them?"""

from dataclasses import dataclass
from typing import override

from regulars.studies.answer import Answer


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
