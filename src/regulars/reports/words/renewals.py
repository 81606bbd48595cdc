"""The renewals of contracts in words: what the model expects, and how far off it was."""

from regulars.kernel.wording import Message, Share, say
from regulars.studies.renewals import RenewalForecast


def findings(answer: RenewalForecast) -> tuple[Message, ...]:
    """What share renews at first and later, and the error on days held out."""
    first, last = answer.renewals[0], answer.renewals[-1]
    return (
        say(
            "{first} of contracts are renewed the first time, {last} at renewal {n}",
            first=Share(first.expected),
            last=Share(last.expected),
            n=last.renewal,
        ),
        say(
            "The rate rises because those who leave easily leave early, not because anybody "
            "becomes more loyal."
        ),
        *_held_out(answer),
    )


def _held_out(answer: RenewalForecast) -> tuple[Message, ...]:
    held = answer.holdout
    if held is None:
        return (say("The contracts are too few to test the model on days held out."),)
    return (
        say(
            "Tested on {start} to {end}: of {due} renewals due, {predicted} were forecast to be "
            "made, {actual} were.",
            start=held.start,
            end=held.to,
            due=held.due,
            predicted=round(held.predicted),
            actual=held.actual,
        ),
    )
