"""Models of purchases in words: their names, and how far off they were."""

from dataclasses import replace
from datetime import date, timedelta
from math import floor, log10

from regulars.kernel.periods import Span
from regulars.kernel.wording import Message, Share, say
from regulars.studies.backtest import Backtest, Candidate

_NAMES = {
    "pareto-nbd": say("Pareto/NBD"),
    "bg-nbd": say("BG/NBD"),
    "mbg-nbd": say("MBG/NBD"),
    "equal-dropout": say("MBG/NBD with equal dropout"),
    "own-rate": say("Everybody goes on as before"),
}
_NOTHING = 5e-4  # of the total: shown as 0.0%


def model_name(model: str) -> Message | str:
    """A model by the name that its readers know it by.

    >>> str(model_name("pareto-nbd")), str(model_name("bg-nbd by channel"))
    ('Pareto/NBD', 'BG/NBD by channel')
    """
    plain, by, column = model.partition(" by ")
    name = _NAMES.get(plain, plain)
    return say("{model} by {column}", model=name, column=column) if by else name


def with_name(sentence: Message) -> Message:
    """A sentence of the studies about a ``model``, which says its name as its readers know it.

    >>> str(with_name(say("{model} it is.", model="bg-nbd")))
    'BG/NBD it is.'
    """
    model = sentence.values.get("model")
    if not isinstance(model, str):
        return sentence
    return replace(sentence, values={**sentence.values, "model": model_name(model)})


def candidate_name(candidate: Candidate) -> Message | str:
    """A candidate: its model, whether it was corrected, whether it is used."""
    name = model_name(candidate.model)
    if candidate.corrected:
        name = say("{model}, corrected", model=name)
    return say("{model} (used)", model=name) if candidate.chosen else name


def off_by(bias: float) -> Message:
    """How far a total was off.

    >>> str(off_by(-0.051))
    '5.1% too few'
    """
    if abs(bias) < _NOTHING:
        return say("as many as came")
    if bias > 0:
        return say("{share} too many", share=Share(bias))
    return say("{share} too few", share=Share(-bias))


def about(value: float, low: float, high: float) -> float:
    """A value without the digits that its interval says nothing about.

    >>> about(7_204.6, 6_760.2, 7_649.0), about(93.2, 91.0, 95.4)
    (7200.0, 93.0)
    """
    reach = (high - low) / 2
    if not 0 < reach < float("inf"):
        return value
    return round(value, -floor(log10(reach)))


def days_of(start: date, last: date) -> Span:
    """The days from the first to the last, both included."""
    return Span(start, last + timedelta(days=1))


def tested(trial: Backtest) -> Message:
    """What was forecast of days that have come, and what came."""
    error = trial.error
    if not error.actual_total:
        return say(
            "Tested on {days}: {predicted} purchases were forecast, none came.",
            days=days_of(trial.start, trial.to),
            predicted=round(error.predicted_total),
        )
    return say(
        "Tested on {days}: {predicted} purchases were forecast, {actual} came ({off}).",
        days=days_of(trial.start, trial.to),
        predicted=round(error.predicted_total),
        actual=round(error.actual_total),
        off=off_by(error.bias),
    )


def warned(trial: Backtest) -> tuple[Message, ...]:
    """What to be careful about, where the test went wrong."""
    if trial.error.total_covered:
        return ()
    return (
        say("More than chance explains: the next forecast may be off as far, so plan with room."),
    )
