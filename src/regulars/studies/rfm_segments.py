"""The named segments of RFM and the rule of each."""

from collections.abc import Mapping
from enum import StrEnum

import ibis
import ibis.expr.types as ir

from regulars.kernel.wording import Message, say, say_count

BEST = 5
"""The score of the best fifth."""

RECENT = FREQUENT = 4
"""The lowest score that counts as recent, or as frequent: the best two fifths."""

MIDDLING = 3
"""The score of the middle fifth."""


class Segment(StrEnum):
    """The named segments, the best first; :func:`rule_of` says who is in each."""

    CHAMPIONS = "champions"
    LOYAL = "loyal"
    PROMISING = "promising"
    NEW = "new"
    NEEDS_ATTENTION = "needs attention"
    CANNOT_LOSE = "cannot lose"
    AT_RISK = "at risk"
    LOST = "lost"


SEGMENT_NAMES: Mapping[Segment, Message] = {
    Segment.CHAMPIONS: say("Champions"),
    Segment.LOYAL: say("Loyal"),
    Segment.PROMISING: say("Promising"),
    Segment.NEW: say("New"),
    Segment.NEEDS_ATTENTION: say("Needs attention"),
    Segment.CANNOT_LOSE: say("Cannot lose"),
    Segment.AT_RISK: say("At risk"),
    Segment.LOST: say("Lost"),
}
"""What people read for each segment."""

_RULES: Mapping[Segment, Message] = {
    Segment.CHAMPIONS: say(
        "Recency score 5, frequency score 4 or 5: they buy often and have just bought."
    ),
    Segment.LOYAL: say("Recency score 3 or 4, frequency score 4 or 5: they buy often."),
    Segment.PROMISING: say(
        "Recency score 4 or 5, frequency score 1 to 3, not new: they could buy more often."
    ),
    Segment.NEEDS_ATTENTION: say(
        "Recency score 3, frequency score 1 to 3: neither recent nor frequent."
    ),
    Segment.CANNOT_LOSE: say(
        "Recency score 1 or 2, frequency score 5: your most frequent buyers, gone quiet."
    ),
    Segment.AT_RISK: say(
        "Recency score 1 or 2, frequency score 3 or 4: they bought often and have stopped."
    ),
    Segment.LOST: say(
        "Recency score 1 or 2, frequency score 1 or 2: they bought seldom and long ago."
    ),
}


def rule_of(segment: Segment, new_days: int) -> Message:
    """Who is in a segment, in words; every customer is in exactly one.

    Money does not choose the segment: it is shown beside it. The scores 1 … 5 are fifths of the
    firm's own customers, so a segment says who is better than whom here, not who is good.

    >>> str(rule_of(Segment.NEW, 30))
    'Recency score 4 or 5, frequency score 1 to 3, first seen at most 30 days ago.'
    """
    if segment is not Segment.NEW:
        return _RULES[segment]
    return say_count(
        "Recency score 4 or 5, frequency score 1 to 3, first seen at most {n} day ago.",
        "Recency score 4 or 5, frequency score 1 to 3, first seen at most {n} days ago.",
        n=new_days,
    )


def segment_of(scored: ir.Table, new_days: int) -> ir.Table:
    """Customers with the name of their segment.

    Args:
        scored: Customers with the scores ``r`` and ``f`` and their ``age`` in days.
        new_days: First seen at most so many days ago is new.

    Returns:
        The same columns and ``segment``.
    """
    r, f = scored.r, scored.f
    recent, middling = r >= RECENT, r == MIDDLING
    segment = ibis.cases(
        ((r == BEST) & (f >= FREQUENT), Segment.CHAMPIONS.value),
        ((recent | middling) & (f >= FREQUENT), Segment.LOYAL.value),
        (recent & (scored.age <= new_days), Segment.NEW.value),
        (recent, Segment.PROMISING.value),
        (middling, Segment.NEEDS_ATTENTION.value),
        (f == BEST, Segment.CANNOT_LOSE.value),
        (f >= MIDDLING, Segment.AT_RISK.value),
        else_=Segment.LOST.value,
    )
    return scored.mutate(segment=segment)
