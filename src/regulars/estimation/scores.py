"""Scores from ranks: which fifth of all values is a value in?"""

import numpy as np
from numpy.typing import ArrayLike


def score_breaks(
    values: ArrayLike, counts: ArrayLike, scores: int = 5, *, ties_up: bool = False
) -> tuple[float | int | None, ...]:
    """The lowest values with the scores 2, 3, …, ``scores``.

    A value's score is ``1 + floor(scores * share of people with a strictly smaller value)``, or
    with ``ties_up`` ``scores - floor(scores * share with a strictly larger value)``: equal values
    share a score, the lowest or the highest of their places, and a score that ties leave empty
    is None.

    Args:
        values: Distinct values in any order; higher is better.
        counts: People with each.
        scores: How many scores there are.
        ties_up: Whether equal values take the highest of their places.

    Raises:
        ValueError: There is no value.

    >>> score_breaks([1, 2, 3, 4, 5], [1, 1, 1, 1, 1])
    (2, 3, 4, 5)
    >>> score_breaks([1, 7], [90, 10])  # nine in ten are equal: the rest are in the best fifth
    (7, 7, 7, 7)
    >>> score_breaks([1], [10])
    (None, None, None, None)
    >>> score_breaks([1], [10], ties_up=True)
    (1, 1, 1, 1)
    """
    given, people = np.asarray(values), np.asarray(counts, dtype=np.int64)
    if not given.size:
        raise ValueError("there are no values to score")
    order = np.argsort(given, kind="stable")
    ascending, people = given[order], people[order]
    goals = np.arange(1, scores) * people.sum()
    below = people.cumsum() - (0 if ties_up else people)
    # with ties_up: those not above a value are a larger share than the scores below its own
    rows = np.searchsorted(below * scores, goals, side="right" if ties_up else "left").tolist()
    return tuple(ascending[row].item() if row < ascending.size else None for row in rows)
