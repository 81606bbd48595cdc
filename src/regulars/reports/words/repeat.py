"""Repeat purchases in words: how many, how soon, and how many become regulars."""

from regulars.kernel.wording import Message, Share, say, say_count
from regulars.studies.path import PathStage, RegularRule
from regulars.studies.repeat import Repeat, TimeToNext


def findings(answer: Repeat) -> tuple[Message, ...]:
    """How first-timers become regulars, in sentences."""
    sentences = [second(answer), regulars(answer), rule(answer.rule)]
    if answer.median_gap_days is not None:
        sentences.append(
            say_count(
                "Half of all returns happen within {n} day.",
                "Half of all returns happen within {n} days.",
                n=answer.median_gap_days,
            )
        )
    if answer.at_most:
        sentences.append(
            say(
                "The data begins on {data_from}: some who look like first-timers may be old "
                "customers, so the share who come back is at most this.",
                data_from=answer.evidence.data_from,
            )
        )
    return tuple(sentences)


def second(answer: Repeat) -> Message:
    """The share with a second purchase."""
    share = answer.repeat_rate
    if share is None:
        return say("Nobody has bought on a second day yet")
    return say("{share} of customers have bought a second time", share=Share(share.value))


def regulars(answer: Repeat) -> Message:
    """How many are regulars now, and what they brought."""
    now = answer.regulars
    if now.revenue_share is None:
        return say("Regulars now: {customers} of all customers.", customers=now.customers)
    return say(
        "Regulars now: {customers}, {share} of all customers. They have brought {revenue} of the "
        "revenue. Once regular and no longer: {lapsed}.",
        customers=now.customers,
        share=Share(now.now.value),
        revenue=Share(now.revenue_share),
        lapsed=now.lapsed,
    )


def rule(rule: RegularRule) -> Message:
    """Who is called a regular."""
    return say(
        "A regular has bought on {purchases} days or more, the last ones never more than {days} "
        "days apart.",
        purchases=rule.purchases,
        days=rule.gap_days,
    )


def time_title(time: TimeToNext) -> Message:
    """How soon the second purchase comes."""
    if time.median_days is not None:
        return say_count(
            "Half of first-timers are back within {n} day",
            "Half of first-timers are back within {n} days",
            n=time.median_days,
        )
    reached = 1 - float(time.curve.waiting[-1])
    return say_count(
        "After {n} day, {share} of first-timers have come back",
        "After {n} days, {share} of first-timers have come back",
        n=time.curve.watched,
        share=Share(reached),
    )


def time_text(time: TimeToNext) -> Message:
    """The curve in words."""
    return say(
        "A rising staircase with a band, over {days} days and {customers} customers: {share} are "
        "back by the end.",
        days=time.curve.watched,
        customers=time.customers,
        share=Share(1 - float(time.curve.waiting[-1])),
    )


def path_title(answer: Repeat) -> Message:
    """Where most first-timers are lost on the way."""
    moves = [stage for stage in answer.path if stage.moved_on is not None]
    if not moves:
        return say("The way from first-timer to regular")
    last = answer.path[-1]
    return say(
        "{customers} of {followed} followed became regulars: {share}",
        customers=last.customers,
        followed=answer.followed,
        share=Share(last.share.value),
    )


def stage_name(stage: PathStage) -> Message:
    """A stage's name."""
    if stage.purchase is None:
        return say("Regular")
    if stage.purchase == 1:
        return say("First purchase")
    return say("Purchase {number}", number=stage.purchase)


def path_text(answer: Repeat) -> Message:
    """The path in words."""
    return say(
        "One bar for each of {stages} stages, each shorter than the one above.",
        stages=len(answer.path),
    )
