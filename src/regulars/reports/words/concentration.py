"""Concentration in words: how much of the business do a few customers carry?"""

from regulars.kernel.wording import Message, Share, say
from regulars.studies.concentration import Concentration

_BEST = 20


def findings(answer: Concentration) -> tuple[Message, ...]:
    """How much a few customers carry, in sentences."""
    top = answer.top_share[_BEST]
    sentences = [
        say(
            "The best {percent}% of customers bring {share} of the revenue",
            percent=top.percent,
            share=Share(top.share),
        )
    ]
    if top.interval is not None:
        sentences.append(
            say(
                "Between {low} and {high} at {confidence} confidence.",
                low=Share(top.interval.low),
                high=Share(top.interval.high),
                confidence=Share(top.interval.confidence),
            )
        )
    sentences.append(
        say(
            "{customers} customers, {share} of all, bring 80% of it.",
            customers=answer.customers_for_80_percent,
            share=Share(answer.share_of_customers_for_80_percent),
        )
    )
    sentences.append(
        say(
            "Gini coefficient: {gini} (0: all bring the same; 1: one brings everything).",
            gini=round(answer.gini, 2),
        )
    )
    return tuple(sentences)


def title(answer: Concentration) -> Message:
    """What the curve shows."""
    return say(
        "80% of the revenue comes from {share} of customers",
        share=Share(answer.share_of_customers_for_80_percent),
    )


def text(answer: Concentration) -> Message:
    """The curve in words."""
    return say(
        "A curve below the diagonal: of {customers} customers, the half that spends least brings "
        "{share} of the revenue.",
        customers=answer.customers,
        share=Share(_lower_half(answer)),
    )


def _lower_half(answer: Concentration) -> float:
    below = [point for point in answer.lorenz if point.customers <= 0.5]  # noqa: PLR2004 - half
    return below[-1].revenue if below else 0.0
