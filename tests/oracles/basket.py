"""Baskets from their definition: every pair of every order, every item of every customer."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import combinations

type Contents = Mapping[str, set[str]]
"""What each order holds."""

type Histories = Mapping[str, Sequence[set[str]]]
"""What each customer bought on each of his purchase days, in order."""


def pairs(contents: Contents, least: int) -> dict[tuple[str, str], tuple[int, int, int]]:
    """(orders with both, with the first, with the second) of pairs that meet often enough."""
    single = Counter(item for held in contents.values() for item in held)
    both = Counter(pair for held in contents.values() for pair in combinations(sorted(held), 2))
    return {
        pair: (count, single[pair[0]], single[pair[1]])
        for pair, count in both.items()
        if count >= least
    }


def next_items(
    histories: Histories, items: Sequence[str], stage_of: Mapping[int, int]
) -> dict[tuple[str, str], tuple[int, int, Fraction]]:
    """(took up, could have, expected) of each pair of items.

    Args:
        histories: All customers.
        items: The items looked at.
        stage_of: The stage of each purchase day's number.
    """
    shares = {item: _shares(histories, item, stage_of) for item in items}
    found: dict[tuple[str, str], tuple[int, int, Fraction]] = {}
    for a in items:
        for b in items:
            if a != b:
                found[a, b] = _next(histories, a, b, shares[b], stage_of)
    return found


def _shares(histories: Histories, item: str, stage_of: Mapping[int, int]) -> dict[int, Fraction]:
    """At each stage, the share of purchase days after which the item comes next, if not had."""
    chances: Counter[int] = Counter()
    taken: Counter[int] = Counter()
    for days in histories.values():
        for number in range(1, len(days)):
            if not any(item in held for held in days[:number]):
                chances[stage_of[number]] += 1
                taken[stage_of[number]] += item in days[number]
    return {stage: Fraction(taken[stage], chances[stage]) for stage in chances}


def _next(
    histories: Histories,
    a: str,
    b: str,
    share: Mapping[int, Fraction],
    stage_of: Mapping[int, int],
) -> tuple[int, int, Fraction]:
    took, could, expected = 0, 0, Fraction(0)
    for days in histories.values():
        number = next((place for place, held in enumerate(days, 1) if a in held), None)
        if number is None or number == len(days) or any(b in held for held in days[:number]):
            continue
        could += 1
        took += b in days[number]
        expected += share[stage_of[number]]
    return took, could, expected


def histories_of(
    days: Mapping[str, Sequence[object]], bought: Mapping[tuple[str, object], set[str]]
) -> Histories:
    """What each customer bought on each of his days; days without lines hold nothing."""
    found: dict[str, list[set[str]]] = defaultdict(list)
    for who, own in days.items():
        found[who] = [bought.get((who, day), set()) for day in own]
    return found
