"""Tables of what is to come: forecasts, worth, customers at risk, the budget."""

from typing import Any

from regulars.kernel.wording import Message, Money, Share, say
from regulars.reports.sheets.sheet import Cell, Sheet
from regulars.reports.words.at_risk import called
from regulars.reports.words.budget import money
from regulars.reports.words.models import candidate_name, off_by
from regulars.reports.words.value import band_name, mean_of, money_of, worth_word
from regulars.studies.at_risk import AtRisk, CustomerAtRisk
from regulars.studies.backtest import Candidate
from regulars.studies.budget import Budget, BudgetSide
from regulars.studies.forecast import Forecast
from regulars.studies.value import Value

_WORTHIEST = 10  # customers named on the page


def candidates(answer: Forecast) -> Sheet:
    """Every model tried, with its errors on the days held out."""
    return Sheet(
        headings=(
            say("Model"),
            say("Total"),
            say("Forecast"),
            say("Mean error a customer"),
            say("RMSE"),
            say("Within their interval"),
        ),
        rows=tuple(_candidate(it) for it in answer.holdout.candidates),
        texts=frozenset({0, 1}),
    )


def _candidate(candidate: Candidate) -> tuple[Cell, ...]:
    name, error = candidate_name(candidate), candidate.error
    if error is None:
        return (name, candidate.refusal, None, None, None, None)
    return (
        name,
        off_by(error.bias) if error.actual_total else None,
        round(error.predicted_total),
        error.mae,
        error.rmse,
        Share(error.coverage),
    )


def trajectory(answer: Forecast) -> Sheet:
    """Purchases counted and forecast, by day, the newest first."""
    points = [it for it in answer.trajectory if it.actual is not None or it.expected is not None]
    rows = [(it.day, _count(it.actual), _count(it.expected)) for it in reversed(points)]
    return Sheet(headings=(say("Until"), say("Counted"), say("Forecast")), rows=tuple(rows))


def outlook(answer: Forecast) -> Sheet:
    """Purchases to come, by day."""
    points = [it for it in answer.trajectory if it.outlook is not None]
    rows = [(it.day, _count(it.outlook)) for it in points]
    return Sheet(headings=(say("Until"), say("Purchases to come")), rows=tuple(rows))


def _count(value: float | None) -> int | None:
    return None if value is None else round(value)


def bands(answer: Value) -> Sheet:
    """Ten groups of customers by what each is worth."""
    rows = [
        (
            band_name(answer, it),
            it.customers,
            money_of(answer, mean_of(it)),
            money_of(answer, it.value),
            Share(it.share),
        )
        for it in answer.bands
    ]
    return Sheet(
        headings=(
            say("Each"),
            say("Customers"),
            say("Mean"),
            say("Together"),
            say("Share of the whole"),
        ),
        rows=tuple(rows),
    )


def worthiest(answer: Value, most: int = _WORTHIEST) -> Sheet:
    """The customers worth most, with their intervals."""
    rows = [_worth(answer, row) for row in answer.best(most)]
    return Sheet(
        headings=(
            say("Customer"),
            say("Still a customer"),
            say("Purchases to come"),
            say("Each purchase"),
            worth_word(answer),
            say("Interval"),
        ),
        rows=tuple(rows),
    )


def _worth(answer: Value, row: dict[str, Any]) -> tuple[Cell, ...]:
    return (
        row["customer_id"],
        Share(row["p_alive"]),
        row["expected_purchases"],
        money_of(answer, row["expected_spend"]),
        money_of(answer, row["value"]),
        _between(answer, row["value_low"], row["value_high"]),
    )


def _between(answer: Value, low: float, high: float | None) -> Message:
    if high is None:
        return say("{low} and more", low=money_of(answer, low))
    return say("{low} to {high}", low=money_of(answer, low), high=money_of(answer, high))


def calls(answer: AtRisk) -> Sheet:
    """The customers to call today, each with his reason."""
    return _listed(answer, called(answer))


def at_risk(answer: AtRisk) -> Sheet:
    """The whole list of customers at risk."""
    return _listed(answer, answer.customers)


def _listed(answer: AtRisk, customers: tuple[CustomerAtRisk, ...]) -> Sheet:
    currency = answer.evidence.currency
    rows = [
        (
            it.customer_id,
            it.reason,
            Money(it.expected_loss, currency),
            Share(it.p_alive),
        )
        for it in customers
    ]
    return Sheet(
        headings=(
            say("Customer"),
            say("Why"),
            say("At stake"),
            say("Still a customer"),
        ),
        rows=tuple(rows),
        texts=frozenset({0, 1}),
    )


def silences(answer: AtRisk) -> Sheet:
    """How long each customer to call has been silent, beside his usual rhythm."""
    rows = [
        (it.customer_id, it.silence, None if it.gap is None else round(it.gap), it.frequency)
        for it in called(answer)
    ]
    return Sheet(
        headings=(
            say("Customer"),
            say("Days since the last purchase"),
            say("Usual days between purchases"),
            say("Purchase days"),
        ),
        rows=tuple(rows),
    )


def budget(answer: Budget) -> Sheet:
    """Both sides of the budget, as now and at their best."""
    sides = ((say("Winning"), answer.acquisition), (say("Keeping"), answer.retention))
    return Sheet(
        headings=(
            say("Budget"),
            say("Spent now"),
            say("Reached now"),
            say("Best spend"),
            say("Reached then"),
            say("One more customer costs"),
            say("Ceiling"),
        ),
        rows=tuple(_side(name, it) for name, it in sides),
    )


def _side(name: Message, side: BudgetSide) -> tuple[Cell, ...]:
    return (
        name,
        money(side.now_spend),
        Share(side.now_rate),
        money(side.spend),
        Share(side.rate),
        None if side.marginal_cost is None else money(side.marginal_cost),
        Share(side.ceiling),
    )


def curve(side: BudgetSide) -> Sheet:
    """What other spends would reach."""
    rows = [(money(it.spend), Share(it.rate), money(it.equity)) for it in side.curve]
    return Sheet(headings=(say("Spend"), say("Reached"), say("Customer equity")), rows=tuple(rows))
