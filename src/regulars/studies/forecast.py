"""How many purchases are to come, how sure is that, and how far off would it have been?"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, isnan
from typing import override

from regulars.analytics.histories import later_purchases
from regulars.estimation.bg_nbd import BG_NBD
from regulars.estimation.by_group import ByGroup, GroupEffect, effects_of, likelihood_ratio
from regulars.estimation.calibration import corrected_total
from regulars.estimation.fitting import EstimationError, Fit
from regulars.estimation.forecast import PurchaseModel, Total, total_of
from regulars.estimation.own_rate import OWN_RATE
from regulars.estimation.purchase_history import PurchaseHistory
from regulars.kernel.errors import NotEnoughEvidence, OptionError
from regulars.kernel.wording import Message, Share, say
from regulars.studies.answer import Answer, Evidence
from regulars.studies.backtest import Backtest, TimeUnit, finite
from regulars.studies.evidence import Basis, basis_of
from regulars.studies.groups import Groups, groups_of
from regulars.studies.model_choice import (
    BEST,
    Chosen,
    Split,
    choose,
    correction_for,
    history_of,
    refused,
    split_of,
)
from regulars.warehouse.orders import Orders
from regulars.warehouse.reading import Source

_WEEKLY_FROM = 8 * 7  # days that are drawn by the week
_MOST_POINTS = 60  # of each stretch of the trajectory: past, held out, to come


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """The purchases to come of the customers known by the last day of the data.

    Attributes:
        start: First day that is forecast; ``to`` the last one, included.
        model: The model used; another than on the days held out where all days do not determine
            that one.
        customers: Customers forecast; those yet to be won are not among them.
        total: Purchase days of all of them together, with an interval.
        factor: What the model's forecast was multiplied by; 1: it was not corrected.
        parameters: Of the model, fitted to all data; ``standard_errors`` theirs.
        standard_errors: By name.
    """

    start: date
    to: date
    model: str
    customers: int
    total: Total
    factor: float
    parameters: Mapping[str, float]
    standard_errors: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrajectoryPoint:
    """Repeat purchase days so far, up to the end of a day.

    Attributes:
        day: The last day counted.
        actual: Counted since the first day of the data, of the customers who were known by the
            calibration day (up to there and in the holdout); None after the data.
        expected: The same, as forecast on the calibration day; None up to it, and after the
            holdout, where ``outlook`` goes on from.
        outlook: Purchase days of all customers of the last day of the data, as forecast on that
            day, counted from it; None up to it.
    """

    day: date
    actual: float | None
    expected: float | None
    outlook: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupComparison:
    """What BG/NBD says of groups of customers, and whether telling them apart says anything.

    Attributes:
        column: By what customers are told apart: a value of their first day, or of their card.
        likelihood_ratio: Twice the log-likelihood gained over the same model without groups.
        degrees_of_freedom: Three for each group but the first.
        p_value: The chance of so large a ratio where groups do not differ.
        effects: Of each group, that of most customers first: the others are held against it.
    """

    column: str
    likelihood_ratio: float
    degrees_of_freedom: int
    p_value: float
    effects: tuple[GroupEffect, ...]

    def record(self) -> dict[str, object]:
        """The comparison as programs get it."""
        return {
            "column": self.column,
            "compared_with": self.effects[0].group,
            "likelihood_ratio": self.likelihood_ratio,
            "degrees_of_freedom": self.degrees_of_freedom,
            "p_value": self.p_value,
            "groups": [_effect(it) for it in self.effects],
        }


def _effect(effect: GroupEffect) -> dict[str, object]:
    rate, dropout = effect.rate_ratio, effect.dropout_ratio
    return {
        "group": effect.group,
        "customers": effect.customers,
        "rate": effect.rate,
        "rate_ratio": rate and rate.record(),
        "dropout": effect.dropout,
        "dropout_ratio": dropout and dropout.record(),
        "coefficients": {name: it.record() for name, it in effect.coefficients.items()},
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast(Answer):
    """The purchases to come, with the error that the same forecast would have had.

    Attributes:
        evidence: The data behind the answer.
        model: The model used; the naive ``own-rate`` where no model did better.
        unit: What the parameters count time in.
        customers: Customers with a first purchase up to the calibration day.
        parameters: Of the model, fitted up to the calibration day, by the papers' names.
        standard_errors: Theirs, by name.
        log_likelihood: At the maximum; None for the naive model, which has none.
        holdout: What was forecast on the calibration day, beside what came.
        why: Why this model.
        outlook: The days to come, from the model refitted to all data; or why it has none.
        trajectory: Forecast and actual purchases week by week, for a drawing (≤ 200 points).
        groups: What telling customers apart says of them; None where nobody asked for it.
    """

    evidence: Evidence
    model: str
    unit: TimeUnit
    customers: int
    parameters: Mapping[str, float]
    standard_errors: Mapping[str, float]
    log_likelihood: float | None
    holdout: Backtest
    why: Message
    outlook: Outlook | NotEnoughEvidence
    trajectory: tuple[TrajectoryPoint, ...]
    groups: GroupComparison | None = None

    @override
    def records(self) -> list[dict[str, object]]:
        """One row a candidate, with its errors on the days held out."""
        return [candidate.record() for candidate in self.holdout.candidates]

    @override
    def json(self) -> dict[str, object]:
        """One object: the model, its holdout errors, the days to come."""
        return {
            "model": self.model,
            "unit": self.unit.value,
            "customers": self.customers,
            "parameters": dict(self.parameters),
            "standard_errors": dict(self.standard_errors),
            "log_likelihood": self.log_likelihood,
            "holdout": self.holdout.record(),
            "candidates": self.records(),
            "why": str(self.why),
            "groups": self.groups and self.groups.record(),
            "future": _outlook(self.outlook),
            "data_from": self.evidence.data_from.isoformat(),
            "as_of": self.evidence.as_of.isoformat(),
        }


def _outlook(outlook: Outlook | NotEnoughEvidence) -> dict[str, object]:
    if isinstance(outlook, NotEnoughEvidence):
        return outlook.json()
    return {
        "from": outlook.start.isoformat(),
        "to": outlook.to.isoformat(),
        "model": outlook.model,
        "customers": outlook.customers,
        "expected": outlook.total.expected,
        "low": outlook.total.low,
        "high": finite(outlook.total.high),
        "confidence": outlook.total.confidence,
        "factor": outlook.factor,
        "parameters": dict(outlook.parameters),
        "standard_errors": dict(outlook.standard_errors),
    }


def forecast(  # noqa: PLR0913 - all but the orders are options by name
    orders: Orders | Basis | Source,
    *,
    model: str = BEST,
    calibrate_to: date | None = None,
    holdout_to: date | None = None,
    unit: TimeUnit | str = TimeUnit.WEEK,
    horizon: float | None = None,
    corrected: bool | None = None,
    by: str | None = None,
) -> Forecast | NotEnoughEvidence:
    """Forecast the purchases of the customers known, and show how far off it would have been.

    A model learns from the days up to ``calibrate_to`` and forecasts those up to ``holdout_to``,
    which have already come; then it is fitted again to all days, and looks ahead.

    Args:
        orders: Orders, or a source to read them from.
        model: ``bg-nbd``, ``mbg-nbd``, ``pareto-nbd``, the naive ``own-rate``; or ``best``, the
            one of them with the smallest RMSE on the days held out.
        calibrate_to: Last day to learn from; None: two thirds of the days.
        holdout_to: Last day held out; None: the last day of the data.
        unit: What times are counted in; a week is 7 days, not rounded.
        horizon: How far to look ahead from the last day of the data, in units; None: as far as
            the days held out.
        corrected: Whether to correct the total for the bias that the model shows in rehearsals
            before the calibration day; None: for ``best``, where they show one that the days held
            out confirm.
        by: A column of the customers, or of their first orders, to tell customers apart by. Each
            group then has an α, a and b of its own in BG/NBD, which stands beside the same model
            without. It takes 2 to 20 groups, each with 30 customers who came back.

    Raises:
        OptionError: A day lies outside the data, there is no such model, unit or column, or the
            column has one value or very many.

    Source: see :mod:`regulars.estimation.candidates` for the models; the rehearsals are our own
    (:mod:`regulars.estimation.calibration`).

    >>> from regulars.studies.simulation import simulate
    >>> answer = forecast(simulate(300, seed=5), model="mbg-nbd")
    >>> answer.customers, round(answer.holdout.error.actual_total)
    (213, 1025)
    """
    unit = _unit(unit)
    _check_horizon(horizon)
    basis = basis_of(orders)
    if (refusal := basis.refusal()) is not None:
        return refusal
    split = split_of(basis, calibrate_to, holdout_to, unit)
    if isinstance(split, NotEnoughEvidence):
        return split
    groups = _groups(basis, by, model, split)
    if isinstance(groups, NotEnoughEvidence):
        return groups
    chosen = choose(basis, split, model, corrected=corrected, groups=groups)
    if isinstance(chosen, NotEnoughEvidence):
        return chosen
    named = model != BEST or by is not None
    return _answer(basis, split, chosen, horizon or split.horizon, named=named)


def _check_horizon(horizon: float | None) -> None:
    if horizon is not None and not 0 < horizon < float("inf"):
        raise OptionError(
            say("A forecast cannot look {horizon} ahead.", horizon=horizon),
            accepted=say("Give a number above 0."),
        )


def _groups(
    basis: Basis, by: str | None, model: str, split: Split
) -> Groups | NotEnoughEvidence | None:
    if by is None:
        return None
    if model not in {BEST, BG_NBD.name}:
        raise OptionError(
            say("The model {model} does not tell customers apart by a column.", model=model),
            accepted=say("Accepted: {names}.", names=BG_NBD.name),
        )
    return groups_of(basis, by, split.calibrate_to)


def _unit(unit: TimeUnit | str) -> TimeUnit:
    try:
        return TimeUnit(unit)
    except ValueError as error:
        raise OptionError(
            say("{unit} is not a unit of time.", unit=unit),
            accepted=say("Give day or week."),
        ) from error


def _answer(
    basis: Basis, split: Split, chosen: Chosen, horizon: float, *, named: bool
) -> Forecast:
    ahead = _Ahead.of(basis, split, chosen, horizon)
    return Forecast(
        evidence=basis.evidence,
        model=chosen.model.name,
        unit=split.unit,
        customers=chosen.fit.customers,
        parameters=chosen.fit.parameters,
        standard_errors=chosen.fit.standard_errors,
        log_likelihood=_known(chosen.fit.log_likelihood),
        holdout=chosen.backtest,
        why=_why(chosen, named=named),
        outlook=ahead if isinstance(ahead, NotEnoughEvidence) else ahead.outlook,
        trajectory=tuple(_trajectory(basis, split, chosen, ahead)),
        groups=_compared(chosen),
    )


def _compared(chosen: Chosen) -> GroupComparison | None:
    model, groups = chosen.model, chosen.groups
    if groups is None or not isinstance(model, ByGroup):
        return None
    plain = BG_NBD.fit(chosen.holdout.history)
    ratio, freedom, p = likelihood_ratio(model, chosen.fit, plain)
    return GroupComparison(
        column=groups.column,
        likelihood_ratio=ratio,
        degrees_of_freedom=freedom,
        p_value=p,
        effects=effects_of(model, chosen.fit, groups.customers),
    )


def _known(value: float) -> float | None:
    return None if isnan(value) else value


def _why(chosen: Chosen, *, named: bool) -> Message:
    name = chosen.model.name
    if named:
        return say("The model {model} was asked for.", model=name)
    tried = [it for it in chosen.backtest.candidates if it.model not in {name, OWN_RATE.name}]
    if all(it.error is None for it in tried):
        return _why_simple(chosen)
    if chosen.model is OWN_RATE:
        return say("No model did better than letting every customer go on as he did.")
    if chosen.backtest.factor == 1:
        return say("Of all models, {model} erred least on the days held out.", model=name)
    return say(
        "Of all models, {model} erred least on the days held out; its total is corrected by "
        "{change}, as earlier days called for.",
        model=name,
        change=Share(chosen.backtest.factor - 1),
    )


def _why_simple(chosen: Chosen) -> Message:
    if chosen.model is OWN_RATE:
        return say("No model could be fitted, so everybody is taken to go on as he did.")
    return say(
        "The data do not determine the other models, so {model} answers.", model=chosen.model.name
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Ahead:
    """The model refitted to all days, and what it expects."""

    model: PurchaseModel
    fit: Fit
    history: PurchaseHistory
    outlook: Outlook

    @classmethod
    def of(
        cls, basis: Basis, split: Split, chosen: Chosen, horizon: float
    ) -> "_Ahead | NotEnoughEvidence":
        last, unit = basis.orders.as_of, split.unit
        days = ceil(horizon * unit.days)
        history = history_of(basis.days, last, unit, chosen.groups)
        refitted = _refitted(chosen.ranked, history)
        if isinstance(refitted, NotEnoughEvidence):
            return refitted
        model, fit = refitted
        total, factor = total_of(model, fit, history, horizon), 1.0
        if chosen.backtest.factor != 1:
            ahead = Split(last, last + timedelta(days=days), unit)
            correction = correction_for(basis, model, ahead, groups=chosen.groups)
            if correction is not None:
                total, factor = corrected_total(total, correction), correction.factor
        outlook = Outlook(
            model=model.name,
            start=last + timedelta(days=1),
            to=last + timedelta(days=days),
            customers=history.customers,
            total=total,
            factor=factor,
            parameters=fit.parameters,
            standard_errors=fit.standard_errors,
        )
        return cls(model, fit, history, outlook)


def _refitted(
    models: Sequence[PurchaseModel], history: PurchaseHistory
) -> tuple[PurchaseModel, Fit] | NotEnoughEvidence:
    """The first of the models that all days determine."""
    refusals = []
    for model in models:
        try:
            return model, model.fit(history)
        except EstimationError as refusal:
            refusals.append(refusal)
    return refused(refusals[0])


def _trajectory(
    basis: Basis, split: Split, chosen: Chosen, ahead: _Ahead | NotEnoughEvidence
) -> Iterator[TrajectoryPoint]:
    until = split.calibrate_to
    rows = later_purchases(basis.days, until, split.holdout_to).to_pyarrow().to_pylist()
    counted = {row["ordered_on"]: row["purchases"] for row in rows}

    def so_far(day: date) -> float:
        return float(sum(times for on, times in counted.items() if on <= day))

    for day in _days(basis.orders.data_from, until):
        yield TrajectoryPoint(day=day, actual=so_far(day), expected=None, outlook=None)
    base, factor = so_far(until), chosen.backtest.factor
    held = _days(until, split.holdout_to)
    expected = _expected(chosen.model, chosen.fit, chosen.holdout.history, _spans(held, until))
    for day, more in zip(held, expected, strict=True):
        yield TrajectoryPoint(
            day=day, actual=so_far(day), expected=base + factor * more, outlook=None
        )
    if isinstance(ahead, NotEnoughEvidence):
        return
    last, coming = basis.orders.as_of, ahead.outlook
    days = _days(last, coming.to)
    expected = _expected(ahead.model, ahead.fit, ahead.history, _spans(days, last))
    for day, more in zip(days, expected, strict=True):
        yield TrajectoryPoint(day=day, actual=None, expected=None, outlook=coming.factor * more)


def _days(first: date, last: date) -> list[date]:
    """Days after the first, up to the last and with it, in equal steps: of weeks, if it may be."""
    length = (last - first).days
    week = 7 if length >= _WEEKLY_FROM else 1
    step = week * max(ceil(length / (_MOST_POINTS * week)), 1)
    steps = range((length - 1) // step * step, -1, -step)
    return [last - timedelta(days=back) for back in steps]


def _spans(days: Sequence[date], since: date) -> list[int]:
    return [(day - since).days for day in days]


def _expected(
    model: PurchaseModel, fit: Fit, history: PurchaseHistory, days: Sequence[int]
) -> list[float]:
    """Purchases expected of all customers within so many days."""
    alive = model.p_alive(fit.parameters, history) * history.count
    length = TimeUnit(history.unit).days
    return [
        float(alive @ model.moments(fit.parameters, history, span / length)[0]) for span in days
    ]
