"""Every customer as two models see him: when he will buy, and what he will spend."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from regulars.analytics.histories import histories
from regulars.estimation.by_distinct import ByDistinct
from regulars.estimation.candidates import DOUBTERS, model_named
from regulars.estimation.fitting import EstimationError, Fit
from regulars.estimation.forecast import PurchaseModel
from regulars.estimation.gamma_gamma import SpendHistory, expected_spend, fit_gamma_gamma
from regulars.estimation.lifetime_value import Buyers, Terms
from regulars.estimation.own_rate import OWN_RATE
from regulars.estimation.purchase_history import PurchaseHistory
from regulars.kernel.errors import NotEnoughEvidence, OptionError
from regulars.kernel.wording import Message, Money, say, say_count
from regulars.studies.backtest import Backtest, TimeUnit
from regulars.studies.evidence import Basis
from regulars.studies.model_choice import BEST, choose, refused, split_of

type Vector = npt.NDArray[np.float64]
type Margin = float | str | None
"""A share of the revenue, or ``column`` for the margins in the orders; None: not known."""

YEAR = 365.0
_YEARLY_INTEREST = 0.10
_IN_WEEKS = 14  # days from which times are said in weeks
_OFTEN = 3  # purchase days from which a rhythm is spoken of


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Prospects:
    """The customers on the last day of the data, one entry each, in the order of their ids.

    Attributes:
        ids: Customer ids as text.
        buyers: Their histories in days, with both models fitted to them.
        silence: Days since the last purchase.
        gap: Mean days between purchase days; NaN after one.
        holdout: How far the model of purchases was off; None where the data is too short.
    """

    ids: pa.Array
    buyers: Buyers
    silence: Vector
    gap: Vector
    holdout: Backtest | None

    @property
    def frequency(self) -> Vector:
        """Purchase days, the first included."""
        return self.buyers.history.x + 1


@dataclass(frozen=True, slots=True)
class Worth:
    """What counts as worth.

    Attributes:
        terms: Horizon in days, margin, and interest a day.
        discount: The same interest a year.
    """

    terms: Terms
    discount: float


def worth_of(basis: Basis, margin: Margin, horizon_days: float, discount: float | None) -> Worth:
    """Horizon, margin and interest as the models take them.

    Args:
        basis: The orders, for margins in a column.
        margin: Share of revenue, ``column``, or None.
        horizon_days: Days.
        discount: Yearly interest; None: 10 % where a margin makes it a value, else none.

    Raises:
        OptionError: A figure cannot be used, or the orders have no margins.
    """
    share = _margin_of_orders(basis) if margin == "column" else margin
    if isinstance(share, str) or (share is not None and not 0 < share <= 1):
        raise OptionError(
            say("{margin} is not a margin.", margin=share),
            accepted=say("Give a share above 0 and up to 1, such as 0.3, or: column."),
        )
    yearly = discount
    if yearly is None:
        yearly = 0.0 if share is None else _YEARLY_INTEREST
    daily = (1 + yearly) ** (1 / YEAR) - 1 if yearly > -1 else -1.0
    return Worth(Terms(horizon_days, share, daily), yearly)


def _margin_of_orders(basis: Basis) -> float:
    purchases = basis.orders.identified
    if "margin" not in purchases.columns:
        raise OptionError(
            say("The orders have no margins."),
            accepted=say("Give the margin as a share of the revenue, such as 30%."),
        )
    known = purchases.filter(purchases.margin.notnull())
    row = known.agg(margin=known.margin.sum(), amount=known.amount.sum()).to_pyarrow().to_pylist()
    margin, amount = row[0]["margin"], row[0]["amount"]
    if not margin or not amount:
        raise OptionError(
            say("The margins in the orders come to nothing."),
            accepted=say("Give the margin as a share of the revenue, such as 30%."),
        )
    return float(margin / amount)


def prospects_of(basis: Basis, model: str) -> Prospects | NotEnoughEvidence:
    """Fit the purchases and the amounts of all customers known on the last day.

    Args:
        basis: The orders.
        model: Of purchases; ``best``: of those that doubt customers who bought once and fell
            silent, the one with the smallest RMSE on the last third of the days; the other one
            where all days do not determine it.

    Raises:
        OptionError: There is no model of that name, or it is the naive one.
    """
    if model != BEST and model_named(model) is OWN_RATE:
        raise OptionError(
            say("The naive model knows no customer who has left."),
            accepted=say("Give pareto-nbd, mbg-nbd or bg-nbd."),
        )
    if (refusal := basis.refusal()) is not None:
        return refusal
    rows = _rows(basis)
    history, spend = _history(rows), _spend(rows)
    chosen, holdout = _model_for(basis, model)
    others = [other for other in DOUBTERS if other is not chosen] if model == BEST else []
    try:
        once, buys = _first_fit([chosen, *others], history)
        spends = fit_gamma_gamma(spend)
    except EstimationError as error:
        return refused(error)
    if once.model is not chosen:
        holdout = None  # the errors that were measured are those of another model
    return _prospects(rows, Buyers(once, buys, history, spends, spend), holdout)


def _first_fit(
    models: Sequence[PurchaseModel], history: PurchaseHistory
) -> tuple[ByDistinct, Fit]:
    """The first model that all days determine, with its fit.

    Raises:
        EstimationError: None can be fitted; the reason is that of the first.
    """
    refusals = []
    for model in models:
        once = ByDistinct.of(model, history)
        try:
            return once, once.fit(history)
        except EstimationError as refusal:
            refusals.append(refusal)
    raise refusals[0]


def _prospects(rows: pa.Table, buyers: Buyers, holdout: Backtest | None) -> Prospects:
    history = buyers.history
    gap = np.full(len(history), np.nan)
    np.divide(history.t_x, history.x, out=gap, where=history.x > 0)
    return Prospects(
        ids=rows["customer_id"].combine_chunks(),
        buyers=buyers,
        silence=history.T - history.t_x,
        gap=gap,
        holdout=holdout,
    )


def _rows(basis: Basis) -> pa.Table:
    each = histories(basis.days, basis.orders.as_of)
    text = each.mutate(
        customer_id=each.customer_id.cast("string"), amount=each.amount.cast("float64")
    )
    return text.order_by("customer_id").to_pyarrow()


def _history(rows: pa.Table) -> PurchaseHistory:
    x, t_x, end = (rows[name].to_numpy() for name in ("x", "t_x", "T"))
    return PurchaseHistory.per_customer(x, t_x, end, unit=TimeUnit.DAY.value)


def _spend(rows: pa.Table) -> SpendHistory:
    x = rows["x"].to_numpy().astype(np.float64)
    amount = np.maximum(rows["amount"].to_numpy(), 0.0)
    return SpendHistory.of(x, np.divide(amount, x, out=np.zeros_like(amount), where=x > 0))


def _model_for(basis: Basis, name: str) -> tuple[PurchaseModel, Backtest | None]:
    """The model, and its errors on the last third of the days where there are days enough."""
    split = split_of(basis, None, None, TimeUnit.WEEK)
    if not isinstance(split, NotEnoughEvidence):
        chosen = choose(basis, split, name, doubting=True, corrected=False)
        if not isinstance(chosen, NotEnoughEvidence):
            return chosen.model, chosen.backtest
    return (DOUBTERS[0] if name == BEST else model_named(name)), None


def reason_of(frequency: int, gap: float | None, silence: int, yearly: Money) -> Message:
    """Why a customer is where he is: his rhythm, his silence, what he is worth.

    >>> str(reason_of(5, 21.0, 77, Money(Decimal(240), "EUR")))
    'buys every 3 weeks, silent for 11 weeks; worth EUR 240.00 a year'
    """
    return say(
        "{rhythm}, {silence}; worth {worth} a year",
        rhythm=_rhythm(frequency, gap),
        silence=_silence(silence),
        worth=yearly,
    )


def _rhythm(frequency: int, gap: float | None) -> Message:
    if gap is None:
        return say("bought once")
    if frequency < _OFTEN:
        return say("bought twice")
    if round(gap) < _IN_WEEKS:
        return say_count("buys every day", "buys every {n} days", n=max(round(gap), 1))
    return say_count("buys every week", "buys every {n} weeks", n=round(gap / 7))


def _silence(days: int) -> Message:
    if days < _IN_WEEKS:
        return say_count("silent for {n} day", "silent for {n} days", n=days)
    return say_count("silent for {n} week", "silent for {n} weeks", n=round(days / 7))


def money_of(value: float, currency: str | None) -> Money:
    """An expectation as money: whole units, for more would feign precision; cents below ten."""
    small = abs(value) < 10  # noqa: PLR2004 - two figures are shown at least
    return Money(Decimal(repr(value)).quantize(Decimal("0.01") if small else Decimal(1)), currency)


def years_worth(buyers: Buyers, terms: Terms) -> Vector:
    """What a year of each customer is worth if he is still there, undiscounted."""
    mean, _ = buyers.model.moments(buyers.fit.parameters, buyers.history, YEAR)
    margin = 1.0 if terms.margin is None else terms.margin
    return mean * expected_spend(buyers.spend_fit.parameters, buyers.spend) * margin
