"""Groups of customers in words: how each buys and leaves, and whether telling them apart helps."""

from regulars.estimation.by_group import GroupEffect
from regulars.estimation.interval import Estimate
from regulars.kernel.wording import Message, say
from regulars.studies.backtest import Backtest
from regulars.studies.forecast import Forecast, GroupComparison

_CHANCE = 0.05
_LEAST = 0.001  # a smaller p is not told apart from it
_SAID = 3  # groups; the table has them all


def told_apart(answer: Forecast) -> tuple[Message, ...]:
    """What telling customers apart by a column says of them; nothing where nobody asked."""
    found = answer.groups
    if found is None:
        return ()
    first, *others = found.effects
    return (
        explained(found),
        *held_out(found, answer.holdout),
        *(sentence for it in others[:_SAID] for sentence in _beside(it, first)),
        say(
            "A customer belongs to the {column} of the first day on which he bought, or of his "
            "card.",
            column=found.column,
        ),
    )


def explained(found: GroupComparison) -> Message:
    """The likelihood ratio and what it means."""
    ratio, freedom = round(found.likelihood_ratio, 1), found.degrees_of_freedom
    if found.p_value < _CHANCE:
        return say(
            "That customers differ by {column} is more than chance explains (likelihood ratio "
            "{ratio}, degrees of freedom {freedom}, p {p}).",
            column=found.column,
            ratio=ratio,
            freedom=freedom,
            p=_p(found.p_value),
        )
    return say(
        "How customers differ by {column} may be chance (likelihood ratio {ratio}, degrees of "
        "freedom {freedom}, p {p}).",
        column=found.column,
        ratio=ratio,
        freedom=freedom,
        p=_p(found.p_value),
    )


def held_out(found: GroupComparison, trial: Backtest) -> tuple[Message, ...]:
    """The error on the days held out beside that of the same model without the column."""
    plain = next((it.error for it in trial.candidates if it.model == "bg-nbd"), None)
    if plain is None:
        return ()
    return (
        say(
            "On the days held out the RMSE is {rmse}, without {column} it is {plain}.",
            rmse=round(trial.error.rmse, 2),
            column=found.column,
            plain=round(plain.rmse, 2),
        ),
    )


def times(ratio: Estimate) -> Message:
    """A ratio with its interval.

    >>> ratio = Estimate(value=1.5, low=1.2, high=1.9, n=80, method="delta", confidence=0.95)
    >>> str(times(ratio))
    '1.5 (1.2 to 1.9)'
    """
    return say(
        "{value} ({low} to {high})",
        value=round(ratio.value, 2),
        low=round(ratio.low, 2),
        high=round(ratio.high, 2),
    )


def _beside(effect: GroupEffect, first: GroupEffect) -> tuple[Message, ...]:
    if effect.rate_ratio is None or effect.dropout_ratio is None:
        return ()
    return (
        say(
            "{group} beside {first}: customers buy {rate} times as often, and are {dropout} times "
            "as likely to leave after a purchase.",
            group=effect.group,
            first=first.group,
            rate=times(effect.rate_ratio),
            dropout=times(effect.dropout_ratio),
        ),
    )


def _p(value: float) -> Message | float:
    return say("below {least}", least=_LEAST) if value < _LEAST else round(value, 3)
