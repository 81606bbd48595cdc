"""The first screen: how many stay, better or worse, what it is worth, and what to look at."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from regulars.kernel.errors import NotEnoughEvidence
from regulars.kernel.wording import Message, Money, Share, say
from regulars.reports.words import at_risk as at_risk_words
from regulars.reports.words import basket as basket_words
from regulars.reports.words import consistency as consistency_words
from regulars.reports.words import growth as growth_words
from regulars.reports.words import repeat as repeat_words
from regulars.reports.words import retention as retention_words
from regulars.reports.words import rfm as rfm_words
from regulars.studies.consistency import Verdict
from regulars.studies.growth import Growth, GrowthPeriod
from regulars.studies.picture import Picture
from regulars.studies.rates import ComparedWith, Comparison
from regulars.studies.retention import Retention

type Sign = Literal["better", "worse", "same"]

_KNOWN_ENOUGH = 0.8  # below this share of orders with a customer, that is the first thing to mend
_POINTERS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A question of a shop owner with its short and its longer answer."""

    question: Message
    short: Message
    sentences: tuple[Message, ...] = ()
    sign: Sign | None = None


@dataclass(frozen=True, slots=True)
class Pointer:
    """Something to look at, and the section that shows it."""

    key: str
    text: Message


def replies(picture: Picture) -> tuple[Reply, ...]:
    """Better or worse, against what else, and what is it worth?"""
    return (_change(picture), _worth(picture), _balance(picture))


def _change(picture: Picture) -> Reply:
    question = say("Better or worse than before?")
    answer = picture.retention
    if isinstance(answer, NotEnoughEvidence):
        return Reply(question=question, short=say("Too early to tell"), sentences=(answer.reason,))
    first = _foremost(answer.comparisons)
    sentences = tuple(retention_words.compared(it) for it in answer.comparisons)
    return Reply(
        question=question,
        short=retention_words.verdict(first),
        sentences=sentences,
        sign=_sign(first),
    )


def _foremost(comparisons: tuple[Comparison, ...]) -> Comparison | None:
    """The comparison that "before" means: the period before, else last year."""
    by_kind = {it.kind: it for it in comparisons}
    return by_kind.get(ComparedWith.PREVIOUS) or by_kind.get(ComparedWith.LAST_YEAR)


def _sign(comparison: Comparison | None) -> Sign | None:
    if comparison is None:
        return None
    if not comparison.real:
        return "same"
    return "better" if comparison.difference.value > 0 else "worse"


def _worth(picture: Picture) -> Reply:
    question = say("What is it worth?")
    found = _period_of(picture)
    if found is None:
        return Reply(question=question, short=say("Too early to tell"))
    growth, period = found
    currency = growth.evidence.currency
    sentences = [*growth_words.share_of_revenue(period)]
    if isinstance(picture.retention, Retention) and period.retained:
        sentences.append(_one_more(picture.retention, period, currency))
    return Reply(
        question=question,
        short=say(
            "{money} from customers who came back",
            money=Money(growth_words.returned(period), currency),
        ),
        sentences=tuple(sentences),
    )


def _one_more(answer: Retention, period: GrowthPeriod, currency: str | None) -> Message:
    """What one point of retention brings, were those kept to spend like the others kept."""
    each = growth_words.returned(period) / period.retained
    return say(
        "One more in a hundred kept would be about {money} of revenue in such a period.",
        money=Money(Decimal(round(each * answer.overall.start / 100)), currency),
    )


def _period_of(picture: Picture) -> tuple[Growth, GrowthPeriod] | None:
    """The movements of the period that the headline is about, or of the last one that ended."""
    growth = picture.growth
    if isinstance(growth, NotEnoughEvidence):
        return None
    last = growth_words.last_of(growth)
    return None if last is None else (growth, last)


def _balance(picture: Picture) -> Reply:
    question = say("Won or lost?")
    found = _period_of(picture)
    if found is None:
        return Reply(question=question, short=say("Too early to tell"))
    growth, period = found
    return Reply(
        question=question,
        short=growth_words.ratio(period),
        sentences=(
            growth_words.customers_title(growth),
            say(
                "Customers who did not return had spent {money} in the period before.",
                money=Money(period.revenue_churned, growth.evidence.currency),
            ),
        ),
    )


def pointers(picture: Picture) -> tuple[Pointer, ...]:
    """What to look at, the most pressing first, at most four."""
    found = (
        _unknown(picture),
        _quality(picture),
        _calls(picture) or _drifting(picture),
        _second(picture),
        _few(picture),
        _together(picture),
    )
    return tuple(it for it in found if it is not None)[:_POINTERS]


def _unknown(picture: Picture) -> Pointer | None:
    known = picture.evidence.identified_orders
    if known >= _KNOWN_ENOUGH:
        return None
    return Pointer(
        "quality",
        say(
            "Only {share} of orders have a known customer. The rates speak of those alone.",
            share=Share(known),
        ),
    )


def _quality(picture: Picture) -> Pointer | None:
    answer = picture.consistency
    if isinstance(answer, NotEnoughEvidence) or answer.verdict is not Verdict.FALLS:
        return None
    return Pointer("consistency", consistency_words.verdict(answer))


def _calls(picture: Picture) -> Pointer | None:
    answer = picture.at_risk
    if isinstance(answer, NotEnoughEvidence) or not answer.customers:
        return None
    return Pointer("at-risk", at_risk_words.headline(answer))


def _drifting(picture: Picture) -> Pointer | None:
    answer = picture.rfm
    if isinstance(answer, NotEnoughEvidence) or not rfm_words.drifting(answer):
        return None
    return Pointer("rfm", rfm_words.away(answer))


def _second(picture: Picture) -> Pointer | None:
    answer = picture.repeat
    if isinstance(answer, NotEnoughEvidence) or not answer.times:
        return None
    return Pointer("repeat", repeat_words.time_title(answer.times[0]))


def _few(picture: Picture) -> Pointer | None:
    answer = picture.concentration
    if isinstance(answer, NotEnoughEvidence):
        return None
    return Pointer(
        "concentration",
        say(
            "{share} of customers bring 80% of the revenue",
            share=Share(answer.share_of_customers_for_80_percent),
        ),
    )


def _together(picture: Picture) -> Pointer | None:
    answer = picture.basket
    if isinstance(answer, NotEnoughEvidence) or not answer.pairs:
        return None
    return Pointer("basket", basket_words.strongest(answer.pairs[0]))
