"""What customers are still worth, in words; revenue is called revenue."""

from decimal import Decimal
from math import isinf
from typing import Final

from regulars.kernel.wording import Message, Money, Share, say
from regulars.reports.words.models import about, tested, warned
from regulars.studies.value import Value, ValueBand

_GROUPS: Final = 10
_LINKED: Final = 0.3  # correlation of how often with how much that is worth a word


def findings(answer: Value) -> tuple[Message, ...]:
    """What today's customers are still worth, and how sure that is, in sentences."""
    trial = answer.holdout
    checked = () if trial is None else (tested(trial), *warned(trial))
    return (
        headline(answer),
        how_sure(answer),
        *_best(answer),
        _terms(answer),
        *checked,
        *_linked(answer),
    )


def headline(answer: Value) -> Message:
    """The worth of all customers together."""
    total = answer.total
    money = money_of(answer, about(total.value, total.low, total.high))
    if answer.kind == "clv":
        return say(
            "Until {to}, today's customers are worth about {money}", to=answer.to, money=money
        )
    return say(
        "Until {to}, today's customers should bring about {money} of revenue",
        to=answer.to,
        money=money,
    )


def how_sure(answer: Value) -> Message:
    """The interval of that, and whose worth it is."""
    if isinf(answer.total.high):
        return say(
            "At least {low} at {confidence} confidence; there is no upper bound, for the amounts "
            "differ too much among customers. Customers yet to be won are not in it.",
            low=money_of(answer, answer.total.low),
            confidence=Share(answer.total.confidence),
        )
    return say(
        "Between {low} and {high} at {confidence} confidence. Customers yet to be won are not in "
        "it.",
        low=money_of(answer, answer.total.low),
        high=money_of(answer, answer.total.high),
        confidence=Share(answer.total.confidence),
    )


def _best(answer: Value) -> tuple[Message, ...]:
    if not in_tenths(answer):
        return ()
    best = answer.bands[0]
    return (
        say(
            "{money} each, on average, from the best tenth: {customers} customers.",
            customers=best.customers,
            money=money_of(answer, mean_of(best)),
        ),
    )


def _terms(answer: Value) -> Message:
    if answer.margin is None:
        return say("This is revenue, not what is left of it: a margin was not given.")
    return say(
        "Of the revenue {margin} stays with the firm; later purchases count less, by {discount} "
        "a year.",
        margin=Share(answer.margin),
        discount=Share(answer.discount),
    )


def _linked(answer: Value) -> tuple[Message, ...]:
    link = answer.spend_correlation
    if link is None or abs(link) < _LINKED:
        return ()
    if link > 0:
        return (
            say(
                "Those who buy more often also spend more each time; the model does not know "
                "that and may put them too low."
            ),
        )
    return (
        say(
            "Those who buy more often spend less each time; the model does not know that and "
            "may put them too high."
        ),
    )


def in_tenths(answer: Value) -> bool:
    """Whether there are customers enough for ten groups."""
    return len(answer.bands) == _GROUPS


def bands_title(answer: Value) -> Message:
    """How much the best tenth brings."""
    share = Share(answer.bands[0].share)
    if answer.kind == "clv":
        return say("The best tenth of customers: {share} of the value to come", share=share)
    return say("The best tenth of customers: {share} of the revenue to come", share=share)


def bands_caption(answer: Value) -> Message:
    """What is drawn."""
    if answer.kind == "clv":
        return say(
            "Customers in ten groups of equal size by what each is worth: each group's "
            "share of the whole"
        )
    return say(
        "Customers in ten groups of equal size by what each should bring: each group's "
        "share of the whole"
    )


def bands_text(answer: Value) -> Message:
    """The bars in words."""
    first, last = answer.bands[0], answer.bands[-1]
    return say(
        "{groups} bars, from {most} for the group that brings most to {least} for the one that "
        "brings least.",
        groups=len(answer.bands),
        most=Share(first.share),
        least=Share(last.share),
    )


def band_name(answer: Value, band: ValueBand) -> Message:
    """A group by what each of its customers is worth."""
    place = answer.bands.index(band)
    if not place:
        return say("{low} and more", low=money_of(answer, band.low))
    if band is answer.bands[-1]:
        return say("up to {high}", high=money_of(answer, band.high))
    return say("{low} to {high}", low=money_of(answer, band.low), high=money_of(answer, band.high))


def worth_word(answer: Value) -> Message:
    """What the figure may be called, at the head of a column."""
    return say("Worth") if answer.kind == "clv" else say("Revenue to come")


def mean_of(band: ValueBand) -> float:
    """The mean worth of the customers of a group."""
    return band.value / band.customers if band.customers else 0.0


def money_of(answer: Value, amount: float) -> Money:
    """An expected amount: cents would claim too much of large ones."""
    return Money(Decimal(repr(round(amount, 2))), answer.evidence.currency)
