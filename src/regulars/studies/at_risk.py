"""Which customers are about to be lost, and what would go with them?"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, override

from regulars.kernel.wording import Message
from regulars.studies.answer import Answer, Evidence
from regulars.studies.backtest import Backtest


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerAtRisk:
    """A customer who may be leaving.

    Attributes:
        customer_id: His id.
        p_alive: Probability that he is still a customer.
        expected_loss: What he would have been worth in the horizon, times the probability that he
            has left: the list is sorted by it.
        worth: What he would be worth in the horizon if he were still there for sure.
        yearly: What he has been worth a year, from his first purchase to his last; None after one
            purchase day.
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
    yearly: Decimal | None
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
                "yearly": None if one.yearly is None else float(one.yearly),
                "frequency": one.frequency,
                "silence": one.silence,
                "last_on": one.last_on.isoformat(),
                "gap": one.gap,
                "reason": str(one.reason),
            }
            for one in self.customers
        ]
