"""Scores from ranks: which fifth of all values is a value in?"""

import numpy as np
from numpy.typing import ArrayLike


def score_breaks(
    values: ArrayLike, counts: ArrayLike, scores: int = 5
) -> tuple[float | int | None, ...]:
    """The lowest values with the scores 2, 3, …, ``scores``.

    A value's score is ``1 + floor(scores * share of people with a strictly smaller value)``: equal
    values share a score, and a score that ties leave empty is None.

    Args:
        values: Distinct values in any order; higher is better.
        counts: People with each.
        scores: How many scores there are.

    Raises:
        ValueError: There is no value.

    >>> score_breaks([1, 2, 3, 4, 5], [1, 1, 1, 1, 1])
    (2, 3, 4, 5)
    >>> score_breaks([1, 7], [90, 10])  # nine in ten are equal: the rest are in the best fifth
    (7, 7, 7, 7)
    >>> score_breaks([1], [10])
    (None, None, None, None)
    """
    given, people = np.asarray(values), np.asarray(counts, dtype=np.int64)
    if not given.size:
        raise ValueError("there are no values to score")
    order = np.argsort(given, kind="stable")
    ascending, people = given[order], people[order]
    below = people.cumsum() - people
    goals = [people.sum() * (score - 1) for score in range(2, scores + 1)]
    rows = np.searchsorted(below * scores, goals).tolist()
    return tuple(ascending[row].item() if row < ascending.size else None for row in rows)
