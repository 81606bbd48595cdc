"""Recency, frequency and money in words."""

from decimal import Decimal

from regulars.kernel.wording import Message, Money, Share, say
from regulars.studies.rfm import Rfm, Segment, SegmentSummary


def segment(answer: Rfm, name: Segment) -> SegmentSummary | None:
    """One segment; None where it is empty."""
    found = [it for it in answer.segments if it.segment is name and it.customers]
    return found[0] if found else None


def findings(answer: Rfm) -> tuple[Message, ...]:
    """Who the customers are, in sentences."""
    sentences = [away(answer), *_best(answer)]
    sentences += [at_stake(answer, it) for it in drifting(answer)]
    return tuple(sentences)


def drifting(answer: Rfm) -> tuple[SegmentSummary, ...]:
    """The segments of good customers who have not bought for long."""
    names = (Segment.CANNOT_LOSE, Segment.AT_RISK)
    return tuple(it for name in names if (it := segment(answer, name)) is not None)


def away(answer: Rfm) -> Message:
    """How many good customers drift away, and what they have brought."""
    going = drifting(answer)
    customers = sum(it.customers for it in going)
    if not customers:
        return say("No good customers are drifting away")
    return say(
        "{customers} good customers are drifting away; they have brought {money} so far",
        customers=customers,
        money=Money(sum((it.revenue for it in going), Decimal(0)), answer.evidence.currency),
    )


def _best(answer: Rfm) -> tuple[Message, ...]:
    champions = segment(answer, Segment.CHAMPIONS)
    return () if champions is None else (carries(champions),)


def carries(summary: SegmentSummary) -> Message:
    """How much a segment carries."""
    if summary.share_of_revenue is None:
        return say("{name}: {customers} customers", name=summary.name, customers=summary.customers)
    return say(
        "{name}: {customers} of customers bring {revenue} of the revenue.",
        name=summary.name,
        customers=Share(summary.share_of_customers),
        revenue=Share(summary.share_of_revenue),
    )


def at_stake(answer: Rfm, summary: SegmentSummary) -> Message:
    """What a segment that drifts away has brought so far."""
    return say(
        "{name}: {customers} customers who have brought {money} so far. {rule}",
        name=summary.name,
        customers=summary.customers,
        money=Money(summary.revenue, answer.evidence.currency),
        rule=summary.rule,
    )


def map_title(answer: Rfm) -> Message:
    """Where on the map most customers are."""
    largest = max(answer.segments, key=lambda it: it.customers)
    return say(
        "Largest group: {name}, {share} of customers",
        name=largest.name,
        share=Share(largest.share_of_customers),
    )


def map_text(answer: Rfm) -> Message:
    """The map in words."""
    return say(
        "A grid of five by five: to the right those who bought lately, upwards those who bought "
        "often. {customers} customers in all.",
        customers=answer.customers.num_rows,
    )


def segments_text(answer: Rfm) -> Message:
    """The bars in words."""
    return say(
        "Two bars for each of {segments} groups: its share of customers and its share of revenue.",
        segments=len(answer.segments),
    )


def segments_title(answer: Rfm) -> Message:
    """Which group brings most."""
    best = max(answer.segments, key=lambda it: it.revenue)
    return say(
        "Most of the revenue: {name}, {share}",
        name=best.name,
        share=Share(best.share_of_revenue or 0.0),
    )
