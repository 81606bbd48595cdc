"""Baskets in words: what is bought together, and what comes next?"""

from regulars.kernel.wording import Message, Share, say
from regulars.studies.basket import Basket, NextItem, Pair


def findings(answer: Basket) -> tuple[Message, ...]:
    """What is bought together, in sentences."""
    if not answer.pairs:
        return (
            say("No two items meet often enough to tell"),
            say("A pair is looked at from {orders} orders on.", orders=answer.min_orders),
        )
    best = answer.pairs[0]
    sentences = [strongest(best), how_often(best)]
    if answer.next_items:
        sentences.append(comes_next(answer.next_items[0]))
    sentences.append(
        say(
            "{found} pairs were looked at, each in {orders} orders or more. The strongest of many "
            "look a little stronger than they are.",
            found=answer.pairs_found,
            orders=answer.min_orders,
        )
    )
    return tuple(sentences)


def strongest(pair: Pair) -> Message:
    """The strongest pair."""
    return say(
        "{a} and {b} meet {lift} times as often as chance would have it",
        a=pair.a,
        b=pair.b,
        lift=round(pair.lift.value, 1),
    )


def how_often(pair: Pair) -> Message:
    """How often the pair meets, both ways."""
    return say(
        "Of the orders with {a}, {share_a} also have {b}; the other way round {share_b}.",
        a=pair.a,
        b=pair.b,
        share_a=Share(pair.a_to_b.value),
        share_b=Share(pair.b_to_a.value),
    )


def comes_next(item: NextItem) -> Message:
    """The strongest next step."""
    return say(
        "After a first {after}, {share} take up {then} in their next order: {lift} times as many "
        "as otherwise.",
        after=item.after,
        then=item.then,
        share=Share(item.share.value),
        lift=round(item.lift.value, 1),
    )


def pair_name(pair: Pair) -> Message:
    """A pair's name."""
    return say("{a} + {b}", a=pair.a, b=pair.b)


def next_name(item: NextItem) -> Message:
    """A next step's name."""
    return say("{after}, then {then}", after=item.after, then=item.then)


def pairs_title(answer: Basket) -> Message:
    """What the chart of pairs shows."""
    real = sum(pair.real for pair in answer.pairs)
    return say(
        "{real} of the {shown} strongest pairs are more than chance",
        real=real,
        shown=len(answer.pairs),
    )


def next_title(answer: Basket) -> Message:
    """What the chart of next steps shows."""
    best = answer.next_items[0]
    return say(
        "Most often next, against what is usual: {then} after {after}",
        then=best.then,
        after=best.after,
    )


def pairs_text(answer: Basket) -> Message:
    """The chart of pairs in words."""
    best = answer.pairs[0]
    return say(
        "One dot a pair with its interval; the highest is {a} and {b} at {lift}.",
        a=best.a,
        b=best.b,
        lift=round(best.lift.value, 1),
    )


def next_text(answer: Basket) -> Message:
    """The chart of next steps in words."""
    best = answer.next_items[0]
    return say(
        "One dot a step with its interval; the highest is {then} after {after} at {lift}.",
        then=best.then,
        after=best.after,
        lift=round(best.lift.value, 1),
    )
