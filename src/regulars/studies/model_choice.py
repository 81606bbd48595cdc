"""Which model of purchases to trust: each is tried on days held out, the naive one among them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import log

import ibis.expr.types as ir
import numpy as np

from regulars.analytics.histories import history_counts
from regulars.estimation.bg_nbd import BG_NBD
from regulars.estimation.by_group import ByGroup
from regulars.estimation.calibration import (
    Correction,
    corrected_total,
    correction_of,
    rehearsal_days,
)
from regulars.estimation.candidates import CANDIDATES, DOUBTERS, model_named
from regulars.estimation.equal_dropout import EQUAL_DROPOUT
from regulars.estimation.fitting import (
    DegenerateDataError,
    EstimationError,
    Fit,
    NotConvergedError,
)
from regulars.estimation.forecast import PurchaseModel, Total, total_of
from regulars.estimation.holdout import Holdout, HoldoutError, Trial, best_trial, try_models
from regulars.estimation.own_rate import OWN_RATE
from regulars.estimation.purchase_history import PurchaseHistory
from regulars.kernel.errors import NotEnoughEvidence, OptionError
from regulars.kernel.wording import say
from regulars.studies.backtest import Backtest, Candidate, TimeUnit
from regulars.studies.evidence import Basis
from regulars.studies.groups import Groups

BEST = "best"
_FEWEST_DAYS = 20  # three weeks: less than a week held out says nothing
_HELD_OUT = 3  # a third of the days is held out where the user names no day


@dataclass(frozen=True, slots=True)
class Split:
    """The days a model learns from and the days it is tried on.

    Attributes:
        calibrate_to: Last day to learn from; ``holdout_to`` the last day held out.
        holdout_to: Day.
        unit: What the models count time in.
    """

    calibrate_to: date
    holdout_to: date
    unit: TimeUnit = TimeUnit.DAY

    @property
    def horizon(self) -> float:
        """Length of the days held out, in the unit."""
        return (self.holdout_to - self.calibrate_to).days / self.unit.days


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """The model that was chosen, as it was fitted up to the calibration day.

    Attributes:
        model: The model; ``fit`` its parameters.
        fit: Up to the calibration day.
        holdout: Histories up to then, and what came after.
        backtest: What it and the others would have forecast, beside what came.
        ranked: The models that may be refitted to all days, this one first, then the others of
            ``best`` by RMSE: what determines a model at one time may not do so at another.
        groups: By what the model tells customers apart; None: by nothing.
    """

    model: PurchaseModel
    fit: Fit
    holdout: Holdout
    backtest: Backtest
    ranked: tuple[PurchaseModel, ...]
    groups: Groups | None = None


def split_of(
    basis: Basis, calibrate_to: date | None, holdout_to: date | None, unit: TimeUnit
) -> Split | NotEnoughEvidence:
    """The days to learn from and to hold out.

    Where the user names none, the last third of the days is held out, rounded down to weeks: a
    forecast is tried on half as many days as it learned from.

    Raises:
        OptionError: A day lies outside the data, or they stand in the wrong order.
    """
    first, last = basis.orders.data_from, basis.orders.as_of
    until = holdout_to or last
    if calibrate_to is None:
        spared = ((until - first).days + 1) // _HELD_OUT
        if 0 <= (until - first).days < _FEWEST_DAYS:
            return _too_short(first, until)
        calibrate_to = until - timedelta(days=max(spared - spared % 7, 1))
    if not first <= calibrate_to < until <= last:
        raise OptionError(
            say(
                "The model cannot learn up to {calibrate} and be tried up to {holdout}.",
                calibrate=calibrate_to,
                holdout=until,
            ),
            accepted=say(
                "Give two days in this order from {first} to {last}.", first=first, last=last
            ),
        )
    return Split(calibrate_to, until, unit)


def _too_short(first: date, last: date) -> NotEnoughEvidence:
    return NotEnoughEvidence(
        say(
            "The orders from {first} to {last} are too few days to hold some out.",
            first=first,
            last=last,
        ),
        (say("orders of several weeks"),),
    )


def history_of(
    days: ir.Table, until: date, unit: TimeUnit, groups: Groups | None = None
) -> PurchaseHistory:
    """The distinct purchase histories up to a day, with their counts."""
    return held_out(days, Split(until, until, unit), groups).history


def held_out(days: ir.Table, split: Split, groups: Groups | None = None) -> Holdout:
    """The distinct purchase histories up to the calibration day, with what came after it."""
    table = history_counts(days, split.calibrate_to, split.holdout_to, groups and groups.of)
    rows = table.to_pyarrow()
    group = groups.numbers(rows["segment"]) if groups else np.zeros(rows.num_rows, np.intp)
    names = ("x", "t_x", "T", "later", "customers")
    columns = [rows[name].to_numpy().astype(np.float64) for name in names]
    x, t_x, end, later, _ = columns
    order = np.lexsort((later, t_x, end, x, group))
    x, t_x, end, later, count = (column[order] for column in columns)
    length, own = split.unit.days, group[order] if groups else None
    history = PurchaseHistory(x, t_x / length, end / length, count, split.unit.value, own)
    return Holdout(history, later, split.horizon)


def models_of(
    name: str, *, doubting: bool = False, groups: Groups | None = None
) -> tuple[PurchaseModel, ...]:
    """The models to try: all of them for ``best``, else the one named and the naive one.

    Args:
        name: Of a model, or ``best``.
        doubting: Of ``best``, only models that doubt customers without a repeat purchase.
        groups: By what customers are told apart; then the same model without is tried as well.

    Raises:
        OptionError: There is no model of that name.
    """
    if groups is not None:
        return (ByGroup(f"{BG_NBD.name} by {groups.column}", groups.names), BG_NBD, OWN_RATE)
    if name == BEST:
        return (*DOUBTERS, OWN_RATE) if doubting else CANDIDATES
    model = model_named(name)
    return (model,) if model is OWN_RATE else (model, OWN_RATE)


def choose(
    basis: Basis,
    split: Split,
    name: str,
    *,
    corrected: bool | None = None,
    doubting: bool = False,
    groups: Groups | None = None,
) -> Chosen | NotEnoughEvidence:
    """Try models on the days held out; take the one with the smallest RMSE, or the one named.

    The total is corrected where rehearsals before the calibration day show a bias that is greater
    than what they leave unsure, and the days held out confirm it. Forecasts of single customers
    are left alone: on CDNOW multiplying each of them made MAE and RMSE worse.

    Where ``best`` finds no model that can be fitted, a simpler one is tried: that in which all are
    equally likely to leave. Where customers differ, yet no model at all can be fitted, the naive
    one answers.

    Args:
        basis: The orders.
        split: The days.
        name: Of a model, or ``best``.
        corrected: Whether to correct the total; None: by that rule for ``best``, else not.
        doubting: See :func:`models_of`; the naive model is then shown but not chosen.
        groups: By what customers are told apart; then the model that does so is chosen.

    Raises:
        OptionError: There is no model of that name.
    """
    holdout = held_out(basis.days, split, groups)
    models = models_of(name, doubting=doubting, groups=groups)
    trials = try_models(models, holdout) if groups else _tried(basis, models, holdout, split)
    asked = name != BEST or groups is not None
    if not asked and not any(trial.fit for trial in trials if trial.model is not OWN_RATE):
        trials = (*trials[:-1], *try_models((EQUAL_DROPOUT,), holdout), trials[-1])
    trial = _asked_for(trials) if asked else _picked(trials, doubting=doubting)
    if isinstance(trial, NotEnoughEvidence):
        return trial
    always = corrected is True
    correction = None
    if (always or (corrected is None and not asked)) and trial.model is not OWN_RATE:
        correction = correction_for(basis, trial.model, split, always=always, groups=groups)
    chosen = _chosen(trials, trial, correction, (holdout, split), always=always)
    return replace(chosen, groups=groups)


def _tried(
    basis: Basis, models: Sequence[PurchaseModel], holdout: Holdout, split: Split
) -> tuple[Trial, ...]:
    """The models tried on these days, each once for all studies of the basis."""
    known, days = basis.trials, (split.calibrate_to, split.holdout_to, split.unit.value)
    for model in models:
        if (model.name, *days) not in known:
            (known[model.name, *days],) = try_models((model,), holdout)
    return tuple(known[model.name, *days] for model in models)


def correction_for(
    basis: Basis,
    model: PurchaseModel,
    split: Split,
    *,
    always: bool = False,
    groups: Groups | None = None,
) -> Correction | None:
    """What rehearsals before the calibration day say of the model's total.

    Args:
        basis: The orders.
        model: The model to rehearse.
        split: The day up to which anything may be looked at, and how far ahead to look.
        always: Also where the rehearsals show less bias than they leave unsure.
        groups: By what the model tells customers apart.

    Returns:
        None where they show none, or cannot be held.
    """
    first, until = basis.orders.data_from, split.calibrate_to
    observed = ((until - first).days + 1) / split.unit.days
    ends = [
        first + timedelta(days=round(end * split.unit.days) - 1)
        for end in rehearsal_days(observed, split.horizon)
    ]
    rehearsals = [
        held_out(basis.days, Split(end, until, split.unit), groups)
        for end in ends
        if first < end < until
    ]
    try:
        correction = correction_of(model, rehearsals)
    except EstimationError:
        return None
    shown = always or abs(log(correction.factor)) > correction.spread
    return correction if shown else None


def refused(error: EstimationError) -> NotEnoughEvidence:
    """What a model refused, as the answer of a study."""
    return NotEnoughEvidence(error.message, (error.accepted,) if error.accepted else ())


def _asked_for(trials: Sequence[Trial]) -> Trial | NotEnoughEvidence:
    """The first trial: that of the model asked for."""
    refusal = trials[0].refusal
    return trials[0] if refusal is None else refused(refusal)


def _picked(trials: Sequence[Trial], *, doubting: bool) -> Trial | NotEnoughEvidence:
    models = [trial for trial in trials if trial.model is not OWN_RATE]
    if not any(trial.fit for trial in models):
        refusals = [trial.refusal for trial in models if trial.refusal]
        if doubting or any(isinstance(it, DegenerateDataError) for it in refusals):
            return refused(refusals[0])
    return best_trial(models if doubting else trials)


def _chosen(
    trials: Sequence[Trial],
    trial: Trial,
    correction: Correction | None,
    tried_on: tuple[Holdout, Split],
    *,
    always: bool,
) -> Chosen:
    holdout, split = tried_on
    if trial.fit is None or trial.error is None:
        raise NotConvergedError(say("None of the models could be fitted."))
    error, mended = trial.error, None
    if correction is not None:
        total = total_of(trial.model, trial.fit, holdout.history, holdout.horizon)
        mended = _with_total(error, corrected_total(total, correction))
        if always or abs(mended.bias) < abs(error.bias):
            error = mended
    backtest = Backtest(
        start=split.calibrate_to + timedelta(days=1),
        to=split.holdout_to,
        error=error,
        factor=correction.factor if correction and error is mended else 1.0,
        candidates=tuple(_candidates(trials, trial, error, mended)),
    )
    return Chosen(trial.model, trial.fit, holdout, backtest, _ranked(trials, trial))


def _ranked(trials: Sequence[Trial], chosen: Trial) -> tuple[PurchaseModel, ...]:
    errors = [
        (trial.error.rmse, place, trial.model)
        for place, trial in enumerate(trials)
        if trial.error and trial is not chosen and trial.model is not OWN_RATE
    ]
    return (chosen.model, *(model for *_, model in sorted(errors, key=lambda it: it[:2])))


def _candidates(
    trials: Sequence[Trial], chosen: Trial, error: HoldoutError, mended: HoldoutError | None
) -> Iterator[Candidate]:
    for trial in trials:
        here = trial is chosen
        yield Candidate(
            model=trial.model.name,
            corrected=False,
            chosen=here and error is not mended,
            error=trial.error,
            refusal=trial.refusal.message if trial.refusal else None,
        )
        if here and mended is not None:
            yield Candidate(
                model=trial.model.name, corrected=True, chosen=error is mended, error=mended
            )


def _with_total(error: HoldoutError, total: Total) -> HoldoutError:
    """The errors of customers as they were, those of the total anew."""
    came = error.actual_total
    return replace(
        error,
        predicted_total=total.expected,
        bias=total.expected / came - 1 if came else float("nan"),
        total_covered=total.low <= came <= total.high,
    )
