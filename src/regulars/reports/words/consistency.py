"""Growth against consistency in words: is each new cohort as good as the last?"""

from regulars.kernel.wording import Message, PeriodName, Share, say
from regulars.studies.consistency import Consistency, Verdict


def findings(answer: Consistency) -> tuple[Message, ...]:
    """Whether quality keeps up with volume, in sentences."""
    sentences = [verdict(answer), window(answer)]
    if answer.growth is not None and answer.verdict is not Verdict.TOO_EARLY:
        sentences.append(
            say(
                "The last group is {growth} times as large as the first.",
                growth=round(answer.growth, 2),
            )
        )
    size = answer.odds_per_doubling
    if size is not None and size.high < 0:
        sentences.append(say("The larger a group, the fewer of it come back."))
    if size is not None and size.low > 0:
        sentences.append(say("The larger a group, the more of it come back."))
    return tuple(sentences)


def verdict(answer: Consistency) -> Message:
    """The verdict in one sentence."""
    change = answer.change
    points = round(abs(change.value) * 100, 1) if change else 0.0
    match answer.verdict:
        case Verdict.HOLDS:
            return say("The newest customers come back as readily as the earlier ones")
        case Verdict.FALLS:
            return say(
                "The newest customers come back less: {points} points fewer than the first",
                points=points,
            )
        case Verdict.RISES:
            return say(
                "The newest customers come back more: {points} points more than the first",
                points=points,
            )
        case Verdict.TOO_EARLY:
            return say("It is too early to tell whether new customers are as good as before")


def window(answer: Consistency) -> Message:
    """What counts as coming back here."""
    return say(
        "Counted: a second purchase within {days} days of the first. Only groups that could be "
        "watched so long are shown.",
        days=answer.window_days,
    )


def title(answer: Consistency) -> Message:
    """The first and the last cohort."""
    if not answer.cohorts:
        return say("No group of new customers has been watched long enough yet")
    first, last = answer.cohorts[0], answer.cohorts[-1]
    return say(
        "{first}: {start} came back. {last}: {end}.",
        first=PeriodName(first.cohort, answer.period),
        start=Share(first.rate.value),
        last=PeriodName(last.cohort, answer.period),
        end=Share(last.rate.value),
    )


def text(answer: Consistency) -> Message:
    """The chart in words."""
    return say(
        "One circle for each of {groups} groups of new customers, as large as the group and as "
        "high as the share that came back, each with its interval.",
        groups=len(answer.cohorts),
    )
