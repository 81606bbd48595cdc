"""What a store should know after several pieces of news, in plain Python."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Told:
    """One record: an order, or a line of one; a negative amount is a refund."""

    order: str
    customer: str | None
    day: date
    amount: Decimal
    product: str | None = None


@dataclass
class Memory:
    """Sales as they were told last, and every refund once."""

    sales: dict[str, list[Told]] = field(default_factory=dict)
    refunds: list[Told] = field(default_factory=list)

    def hear(self, news: Iterable[Told]) -> None:
        """Take in one piece of news."""
        sold: dict[str, list[Told]] = {}
        for one in news:
            if one.amount >= 0:
                sold.setdefault(one.order, []).append(one)
            elif one not in self.refunds:
                self.refunds.append(one)
        self.sales |= sold

    def records(self) -> list[Told]:
        """One file that says all of it."""
        return [one for lines in self.sales.values() for one in lines] + self.refunds
