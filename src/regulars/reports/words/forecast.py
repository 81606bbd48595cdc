"""The forecast in words: what is to come, how sure, and how far off it would have been."""

from regulars.kernel.errors import NotEnoughEvidence
from regulars.kernel.wording import Message, Share, say, say_count
from regulars.reports.words.evidence import unanswered
from regulars.reports.words.groups import told_apart
from regulars.reports.words.models import (
    about,
    days_of,
    model_name,
    off_by,
    tested,
    warned,
    with_name,
)
from regulars.studies.forecast import Forecast, Outlook


def findings(answer: Forecast) -> tuple[Message, ...]:
    """What is to come, and how far the forecast can be trusted, in sentences."""
    ahead = answer.outlook
    first = unanswered(ahead) if isinstance(ahead, NotEnoughEvidence) else to_come(ahead)
    return (
        *first,
        tested(answer.holdout),
        *warned(answer.holdout),
        *_how(answer),
        with_name(answer.why),
        *_another(answer),
        *told_apart(answer),
    )


def to_come(outlook: Outlook) -> tuple[Message, ...]:
    """The purchases to come, with their interval and whose they are."""
    total = outlook.total
    return (
        headline(outlook),
        say(
            "Between {low} and {high} at {confidence} confidence. Customers yet to be won are not "
            "in it.",
            low=round(total.low),
            high=round(total.high),
            confidence=Share(total.confidence),
        ),
    )


def headline(outlook: Outlook) -> Message:
    """How often today's customers will buy."""
    total = outlook.total
    return say_count(
        "Until {to}, today's customers should buy about {n} more time",
        "Until {to}, today's customers should buy about {n} more times",
        n=round(about(total.expected, total.low, total.high)),
        to=outlook.to,
    )


def _how(answer: Forecast) -> tuple[Message, ...]:
    sentences = [
        say(
            "{share} of customers bought as often as their own interval said.",
            share=Share(answer.holdout.error.coverage),
        )
    ]
    if answer.holdout.factor != 1:
        sentences.append(
            say(
                "The model's forecast was multiplied by {factor}, as rehearsals on earlier days "
                "called for.",
                factor=round(answer.holdout.factor, 2),
            )
        )
    return tuple(sentences)


def _another(answer: Forecast) -> tuple[Message, ...]:
    ahead = answer.outlook
    if isinstance(ahead, NotEnoughEvidence) or ahead.model == answer.model:
        return ()
    return (
        say(
            "The days to come are forecast by {another}: all days together do not determine "
            "{model}.",
            another=model_name(ahead.model),
            model=model_name(answer.model),
        ),
    )


def trial_title(answer: Forecast) -> Message:
    """How far the forecast was off in total."""
    error = answer.holdout.error
    if not error.actual_total:
        return say("Nothing came in the days held out")
    return say("Forecast of days that have come: {off}", off=off_by(error.bias))


def trial_text(answer: Forecast) -> Message:
    """The comparison with what came, in words."""
    error = answer.holdout.error
    return say(
        "Two lines that part on {day}, when the forecast was made: {actual} purchases came by "
        "{to}, {predicted} were forecast.",
        day=answer.holdout.start,
        to=answer.holdout.to,
        actual=round(error.actual_total),
        predicted=round(error.predicted_total),
    )


def outlook_title(outlook: Outlook) -> Message:
    """How sure the purchases to come are."""
    return say(
        "{low} to {high} purchases to come",
        low=round(outlook.total.low),
        high=round(outlook.total.high),
    )


def outlook_text(outlook: Outlook) -> Message:
    """The purchases to come as a drawing, in words."""
    return say(
        "A rising line over {days}, which ends at {expected}; the bar at its end reaches from "
        "{low} to {high}.",
        days=days_of(outlook.start, outlook.to),
        expected=round(outlook.total.expected),
        low=round(outlook.total.low),
        high=round(outlook.total.high),
    )
