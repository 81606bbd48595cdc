"""Customers about to be lost, in words."""

from decimal import Decimal
from itertools import islice

from regulars.kernel.wording import Message, Money, Share, say, say_count
from regulars.reports.words.models import tested, warned
from regulars.studies.at_risk import AtRisk, CustomerAtRisk

CALLS = 10  # customers who can be called in a day


def called(answer: AtRisk) -> tuple[CustomerAtRisk, ...]:
    """Those to call first."""
    return tuple(islice(answer.customers, CALLS))


def findings(answer: AtRisk) -> tuple[Message, ...]:
    """Who is about to be lost, and what would go with them, in sentences."""
    trial = answer.holdout
    checked = () if trial is None else (tested(trial), *warned(trial))
    if not answer.customers:
        return (headline(answer), _rule(answer), *checked)
    return (headline(answer), _all(answer), _rule(answer), *checked)


def headline(answer: AtRisk) -> Message:
    """How many to call, and what is at stake with them."""
    first = called(answer)
    if not first:
        return say("No customer is about to be lost")
    stake = sum((it.expected_loss for it in first), Decimal(0))
    return say_count(
        "{n} customer to call today: {money} at stake",
        "{n} customers to call today: {money} at stake",
        n=len(first),
        money=Money(stake, answer.evidence.currency),
    )


def _all(answer: AtRisk) -> Message:
    money = Money(answer.expected_loss, answer.evidence.currency)
    if answer.kind == "clv":
        return say(
            "In all, {customers} customers may be leaving; {money} of value would go with them "
            "in the next {days} days.",
            customers=answer.at_risk,
            money=money,
            days=answer.horizon_days,
        )
    return say(
        "In all, {customers} customers may be leaving; {money} of revenue would go with them in "
        "the next {days} days.",
        customers=answer.at_risk,
        money=money,
        days=answer.horizon_days,
    )


def _rule(answer: AtRisk) -> Message:
    return say(
        "Listed are those whose chance of being still a customer is between {low} and {high}, the "
        "largest expected loss first. Below {low} they count as lost: {lost} customers.",
        low=Share(answer.given_up),
        high=Share(answer.threshold),
        lost=answer.lost,
    )


def silence_title(answer: AtRisk) -> Message:
    """How long the first of them has been silent."""
    longest = max(called(answer), key=_rhythms)
    times = _rhythms(longest)
    if times < 1:
        return say("How long they have been silent")
    return say(
        "Silent for up to {times} times as long as usual",
        times=round(times, 1),
    )


def silence_text(answer: AtRisk) -> Message:
    """The bars in words."""
    return say(
        "{customers} bars, one a customer: days since the last purchase. The mark on each is his "
        "usual time between two purchases.",
        customers=len(called(answer)),
    )


def _rhythms(one: CustomerAtRisk) -> float:
    return one.silence / one.gap if one.gap else 0.0
