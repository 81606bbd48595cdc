"""How much to spend on winning customers and on keeping them: where customer equity is greatest.

Spending A on a prospect wins the share a(A) = c(1 - exp(-kA)) of them, spending R a period on a
customer keeps the share r(R) of the same form. With the margin m a period and the interest d,

    CLV = m + (m - R/r)·r/(1+d-r) = (m(1+d) - R) / (1+d-r)    CE = a·CLV - A

where CE is the customer equity per prospect. It is greatest where one more customer kept, and one
more won, each cost as much at the margin as a customer is worth: dR/dr = dA/da = CLV. What keeping
or winning costs on average does not enter.

Sources: Blattberg & Deighton (1996), "Manage Marketing by the Customer Equity Test", Harvard
Business Review 74(4); Pfeifer (2005), "The optimal ratio of acquisition and retention costs",
Journal of Targeting, Measurement and Analysis for Marketing 13(2), on marginal costs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, log, log1p

from regulars.kernel.errors import OptionError
from regulars.kernel.wording import say

_HALVINGS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What spending achieves: known at one point, and bounded by a ceiling.

    Attributes:
        spend: Money spent today, per prospect or per customer and period.
        rate: Share won or kept by it.
        ceiling: Share that no spending could exceed, by the firm's judgement.

    Raises:
        OptionError: The spend is not positive, or not 0 ≤ rate < ceiling ≤ 1.

    >>> round(Response(spend=5, rate=0.2, ceiling=0.4).slope, 4)
    0.1386
    """

    spend: float
    rate: float
    ceiling: float

    def __post_init__(self) -> None:
        if not 0 < self.spend < float("inf"):
            raise OptionError(
                say("A spend of {spend} shows no response.", spend=self.spend),
                accepted=say("Give what is spent today, above 0."),
            )
        if not 0 <= self.rate < self.ceiling <= 1:
            raise OptionError(
                say(
                    "A rate of {rate} under a ceiling of {ceiling} is not possible.",
                    rate=self.rate,
                    ceiling=self.ceiling,
                ),
                accepted=say("Give shares of one, the rate below the ceiling."),
            )

    @property
    def slope(self) -> float:
        """k, per unit of money: -ln(1 - rate/ceiling)/spend."""
        return -log1p(-self.rate / self.ceiling) / self.spend

    def reached(self, spend: float) -> float:
        """The share at another spend."""
        return self.ceiling * (1 - exp(-self.slope * spend))

    def marginal(self, spend: float) -> float:
        """Share gained by one more unit of money at that spend."""
        return self.slope * self.ceiling * exp(-self.slope * spend)


@dataclass(frozen=True, slots=True, kw_only=True)
class Firm:
    """The firm's own figures.

    Attributes:
        acquisition: What spending on a prospect achieves.
        retention: What spending on a customer, each period, achieves.
        margin: Money that a customer leaves a period, before what is spent to keep him.
        discount: Interest a period.

    Raises:
        OptionError: Interest is negative, or with none the ceiling of retention is 1.
    """

    acquisition: Response
    retention: Response
    margin: float
    discount: float

    def __post_init__(self) -> None:
        if not 0 <= self.discount < float("inf") or not abs(self.margin) < float("inf"):
            raise OptionError(
                say("The margin or the interest cannot be used."),
                accepted=say("Give a sum of money, and an interest of 0 or more."),
            )
        if self.retention.ceiling >= 1 + self.discount:
            raise OptionError(
                say("Customers who all stay for ever, without interest, are worth without end."),
                accepted=say("Give an interest, or a ceiling below 1."),
            )

    def clv(self, retention: float, *, margin: float | None = None) -> float:
        """Worth of a customer when so much is spent each period to keep him.

        >>> firm = Firm(
        ...     acquisition=Response(spend=5, rate=0.2, ceiling=0.4),
        ...     retention=Response(spend=10, rate=0.4, ceiling=0.7),
        ...     margin=50,
        ...     discount=0.2,
        ... )
        >>> round(firm.clv(10.0), 6)
        62.5
        """
        earned = self.margin if margin is None else margin
        growth = 1 + self.discount
        return (earned * growth - retention) / (growth - self.retention.reached(retention))

    def equity(self, spending: "Spending") -> float:
        """Customer equity per prospect."""
        won = self.acquisition.reached(spending.acquisition)
        return won * self.clv(spending.retention) - spending.acquisition

    def cost(self, spending: "Spending") -> float:
        """Discounted spend per prospect, over his life if he is won."""
        growth = 1 + self.discount
        kept = self.retention.reached(spending.retention)
        won = self.acquisition.reached(spending.acquisition)
        return spending.acquisition + won * spending.retention / (growth - kept)


@dataclass(frozen=True, slots=True)
class Spending:
    """Money per prospect to win him, and per customer and period to keep him."""

    acquisition: float
    retention: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Optimum:
    """The best spending.

    Attributes:
        spending: The best spending; ``equity`` the customer equity per prospect that it brings.
        equity: Money per prospect.
        clv: Worth of a customer won.
        cost: Discounted spend per prospect.
        shadow_price: Equity that one more unit of a binding total would bring; 0 where none binds.
    """

    spending: Spending
    equity: float
    clv: float
    cost: float
    shadow_price: float


def best_spending(firm: Firm, *, total: float | None = None) -> Optimum:
    """Where customer equity is greatest, within a total if there is one.

    Within a total the marginal equity of money is the same on both sides: that is the optimum of
    a firm with the margin m/(1+λ), λ being the shadow price, found by halving.

    Args:
        firm: Its figures.
        total: The most to spend per prospect, over his life if he is won, discounted.

    Raises:
        OptionError: The total is negative.

    >>> firm = Firm(
    ...     acquisition=Response(spend=5, rate=0.2, ceiling=0.4),
    ...     retention=Response(spend=10, rate=0.4, ceiling=0.7),
    ...     margin=50,
    ...     discount=0.2,
    ... )
    >>> best = best_spending(firm)
    >>> round(best.spending.retention, 4), round(best.spending.acquisition, 6)
    (15.8652, 9.211461)
    >>> round(best.clv, 6), round(best.equity, 6)
    (64.665074, 9.441093)
    """
    if total is not None and not total >= 0:
        raise OptionError(
            say("A total of {total} cannot be spent.", total=total),
            accepted=say("Give 0 or more."),
        )
    free = _unbound(firm, firm.margin)
    if total is None or firm.cost(free) <= total:
        return _optimum(firm, free, 0.0)
    scale = _root(lambda share: total - firm.cost(_unbound(firm, firm.margin * share)), 1.0)
    return _optimum(firm, _unbound(firm, firm.margin * scale), 1 / scale - 1 if scale else 0.0)


def best_retention(firm: Firm, margin: float) -> float:
    """The spend a period at which one more customer kept costs as much as he is worth; 0: none.

    With g(R) = r'(R)(m(1+d) - R) - (1+d-r(R)), dCLV/dR has the sign of g, and g falls.
    """
    growth = 1 + firm.discount

    def rises(spend: float) -> float:
        gain = firm.retention.marginal(spend) * (margin * growth - spend)
        return gain - (growth - firm.retention.reached(spend))

    return _root(rises, margin * growth) if margin > 0 and rises(0.0) > 0 else 0.0


def best_acquisition(response: Response, clv: float) -> float:
    """The spend at which one more customer won costs as much as he is worth; 0: none."""
    first = response.slope * response.ceiling * clv
    return log(first) / response.slope if first > 1 else 0.0


def _unbound(firm: Firm, margin: float) -> Spending:
    retention = best_retention(firm, margin)
    clv = firm.clv(retention, margin=margin)
    return Spending(best_acquisition(firm.acquisition, clv), retention)


def _optimum(firm: Firm, spending: Spending, shadow_price: float) -> Optimum:
    return Optimum(
        spending=spending,
        equity=firm.equity(spending),
        clv=firm.clv(spending.retention),
        cost=firm.cost(spending),
        shadow_price=shadow_price,
    )


def _root(falls: Callable[[float], float], high: float) -> float:
    """Where a falling function crosses zero, between 0 and ``high``, by halving."""
    low = 0.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if not low < middle < high:
            break
        low, high = (middle, high) if falls(middle) > 0 else (low, middle)
    return low
