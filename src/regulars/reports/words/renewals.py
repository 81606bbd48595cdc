"""Contracts in words: how many will be renewed, and how many will still run."""

from regulars.kernel.wording import Message, Share, say, say_count
from regulars.reports.words.models import days_of, off_by
from regulars.studies.renewals import Renewal, RenewalForecast, RenewalHoldout


def findings(answer: RenewalForecast) -> tuple[Message, ...]:
    """How many contracts will still run, how sure that is, and who leaves, in sentences."""
    last = last_seen(answer)
    return (
        headline(last),
        say(
            "The interval is {low} to {high}.",
            low=Share(last.survival_low),
            high=Share(last.survival_high),
        ),
        *_early(answer, last),
        _tested(answer.holdout),
    )


def last_seen(answer: RenewalForecast) -> Renewal:
    """The last renewal to which any contract has come."""
    return next((it for it in reversed(answer.renewals) if it.at_risk), answer.renewals[-1])


def headline(renewal: Renewal) -> Message:
    """How many contracts should run on after so many renewals."""
    return say_count(
        "After {n} renewal, {share} of contracts should still run",
        "After {n} renewals, {share} of contracts should still run",
        n=renewal.renewal,
        share=Share(renewal.survival),
    )


def _early(answer: RenewalForecast, last: Renewal) -> tuple[Message, ...]:
    first = answer.renewals[0]
    if last.expected <= first.expected:
        return ()
    return (
        say(
            "{first} renew the first time; of those who come to renewal {number}, {later} do.",
            first=Share(first.expected),
            number=last.renewal,
            later=Share(last.expected),
        ),
        say(
            "The rate rises because those who leave easily leave early, not because anybody "
            "becomes more loyal."
        ),
    )


def _tested(trial: RenewalHoldout | None) -> Message:
    if trial is None:
        return say("The contracts are too few to test the model on days held out.")
    days = days_of(trial.start, trial.to)
    if trial.bias is None:
        return say(
            "Tested on {days}: {predicted} renewals were forecast, none came.",
            days=days,
            predicted=round(trial.predicted),
        )
    return say(
        "Tested on {days}: {predicted} renewals were forecast, {actual} came ({off}).",
        days=days,
        predicted=round(trial.predicted),
        actual=trial.actual,
        off=off_by(trial.bias),
    )


def rates_title(answer: RenewalForecast) -> Message:
    """How the share renewed changes."""
    first, last = answer.renewals[0], last_seen(answer)
    return say(
        "Renewed: {first} the first time, {later} at renewal {number}",
        first=Share(first.expected),
        later=Share(last.expected),
        number=last.renewal,
    )


def rates_text(answer: RenewalForecast) -> Message:
    """The shares renewed in words."""
    return say(
        "A dot for each of {renewals} renewals, with its interval, and a dashed line for what the "
        "model expects.",
        renewals=sum(it.observed is not None for it in answer.renewals),
    )


def running_text(answer: RenewalForecast) -> Message:
    """The contracts still running in words."""
    last = answer.renewals[-1]
    return say(
        "A falling line with its interval: after {renewals} renewals {share} of contracts still "
        "run.",
        renewals=last.renewal,
        share=Share(last.survival),
    )
