"""The split of spend per customer in words: other goods, or more often?"""

from decimal import Decimal

from regulars.kernel.wording import Message, Money, PeriodName, say
from regulars.studies.spend import Factor, SpendFactor, SpendSplit


def findings(answer: SpendSplit) -> tuple[Message, ...]:
    """Why each customer spends more or less, in sentences."""
    return (change(answer), how_sure(answer), strongest(answer))


def change(answer: SpendSplit) -> Message:
    """What became of the spend per customer."""
    money = _money(answer, abs(answer.change.value))
    if not answer.change.excludes_zero:
        return say("Each customer spends about as much as before")
    if answer.change.value > 0:
        return say("Each customer spends {money} more than before", money=money)
    return say("Each customer spends {money} less than before", money=money)


def how_sure(answer: SpendSplit) -> Message:
    """Both periods and the interval of the change."""
    return say(
        "{before}: {spent_before} per customer. {after}: {spent_after}. The change lies between "
        "{low} and {high}.",
        before=PeriodName(answer.before.span.start, answer.period),
        spent_before=_money(answer, answer.before.per_customer),
        after=PeriodName(answer.after.span.start, answer.period),
        spent_after=_money(answer, answer.after.per_customer),
        low=_money(answer, answer.change.low),
        high=_money(answer, answer.change.high),
    )


def strongest(answer: SpendSplit) -> Message:
    """The factor that moved it most."""
    return say(
        "Most of the movement: {what} ({money} per customer).",
        what=what_moved(answer.strongest),
        money=_money(answer, answer.strongest.contribution),
    )


def what_moved(factor: SpendFactor) -> Message:
    """A factor and its direction."""
    up = factor.contribution >= 0
    match factor.factor:
        case Factor.FREQUENCY:
            return say("they buy more often") if up else say("they buy less often")
        case Factor.CATEGORIES:
            return say("they buy more kinds of goods") if up else say("they buy fewer kinds")
        case Factor.AMOUNT:
            return (
                say("they spend more on each kind") if up else say("they spend less on each kind")
            )
        case Factor.BASKET:
            return say("they spend more each time") if up else say("they spend less each time")


def name_of(factor: Factor) -> Message:
    """A factor's name."""
    match factor:
        case Factor.FREQUENCY:
            return say("How often: orders per customer")
        case Factor.CATEGORIES:
            return say("Kinds of goods per order")
        case Factor.AMOUNT:
            return say("Amount per kind and order")
        case Factor.BASKET:
            return say("Amount per order")


def title(answer: SpendSplit) -> Message:
    """What the chart shows."""
    return say("Most of the movement: {what}", what=what_moved(answer.strongest))


def text(answer: SpendSplit) -> Message:
    """The chart in words."""
    return say(
        "One bar for each of {factors} factors; together they make {money} per customer.",
        factors=len(answer.factors),
        money=_money(answer, answer.change.value),
    )


def _money(answer: SpendSplit, amount: float) -> Money:
    return Money(Decimal(repr(round(amount, 2))), answer.evidence.currency)
