"""Purchase histories: what they accept, and that collapsing loses nothing."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.estimation.fitting import DegenerateDataError
from regulars.estimation.purchase_history import (
    PurchaseHistory,
    distinct_sums,
    refuse_degenerate,
)
from regulars.kernel.errors import InputError

GRIDS = st.sampled_from([1.0, 7.0, 3.3])
DAYS = st.tuples(st.integers(0, 4), st.integers(1, 6), st.integers(0, 5))
ROWS = st.lists(DAYS, min_size=1, max_size=40)


def rows_of(days: list[tuple[int, int, int]], grid: float) -> list[tuple[float, float, float]]:
    return [
        (float(x), (last if x else 0) / grid, ((last if x else 0) + rest) / grid)
        for x, last, rest in days
    ]


@given(ROWS, GRIDS)
def test_collapsing_counts_equal_histories(days: list[tuple[int, int, int]], grid: float) -> None:
    rows = rows_of(days, grid)
    history = PurchaseHistory.of(*zip(*rows, strict=True))
    found = zip(history.x, history.t_x, history.T, history.count, strict=True)
    assert {tuple(row[:3]): row[3] for row in found} == Counter(rows)


@given(ROWS, GRIDS)
def test_collapsing_sorts_and_is_done_once(days: list[tuple[int, int, int]], grid: float) -> None:
    history = PurchaseHistory.of(*zip(*rows_of(days, grid), strict=True))
    rows = list(zip(history.x, history.T, history.t_x, strict=True))
    assert rows == sorted(set(rows))
    assert history.collapsed().count.tolist() == history.count.tolist()


@given(ROWS, GRIDS)
def test_counts_add_where_rows_already_stand_for_several(
    days: list[tuple[int, int, int]], grid: float
) -> None:
    once = PurchaseHistory.of(*zip(*rows_of(days, grid), strict=True))
    twice = PurchaseHistory.of(
        *(np.tile(column, 2) for column in (once.x, once.t_x, once.T)),
        count=np.tile(once.count, 2),
    )
    assert twice.x.tolist() == once.x.tolist()
    assert twice.t_x.tolist() == once.t_x.tolist()
    assert twice.count.tolist() == (2 * once.count).tolist()


def test_times_too_long_for_small_numbers_are_still_told_apart() -> None:
    history = PurchaseHistory.of([1, 1, 1], [1, 2, 1], [9e5, 9e5, 9e5])
    assert history.count.tolist() == [2, 1]
    huge = PurchaseHistory.of([1, 1, 1], [1, 2, 1], [9e12, 9e12, 9e12])
    assert huge.count.tolist() == [2, 1]


def test_an_empty_history_collapses_to_nothing() -> None:
    assert len(PurchaseHistory.of([], [], [])) == 0


@pytest.mark.parametrize(
    ("x", "t_x", "end"),
    [
        (-1, 0, 9),
        (1.5, 2, 9),
        (1, 10, 9),
        (1, -1, 9),
        (0, 1, 9),
        (1, 0, 9),
        (0, 0, -1),
        (float("nan"), 0, 9),
        (1, 1, float("inf")),
    ],
)
def test_a_history_that_contradicts_itself_is_refused(x: float, t_x: float, end: float) -> None:
    with pytest.raises(InputError, match="history"):
        PurchaseHistory.of([x], [t_x], [end])


def test_columns_of_different_length_are_refused() -> None:
    with pytest.raises(InputError, match="differ in length"):
        PurchaseHistory.of([1, 2], [1, 2], [9])


def test_totals_count_customers_not_rows() -> None:
    history = PurchaseHistory.of([2, 0], [3, 0], [9, 9], count=[3, 4])
    assert (history.customers, history.repeat_buyers, history.purchases) == (7, 3, 6.0)


@pytest.mark.parametrize(
    ("x", "t_x", "end", "reason"),
    [
        ([1], [1], [9], "There is 1 customer."),
        ([0, 0], [0, 0], [9, 8], "No customer came back"),
        ([1, 1], [1, 1], [9, 9], "the same purchase history"),
    ],
)
def test_data_that_cannot_teach_are_refused_with_the_reason(
    x: list[int], t_x: list[int], end: list[int], reason: str
) -> None:
    with pytest.raises(DegenerateDataError, match=reason):
        refuse_degenerate(PurchaseHistory.of(x, t_x, end))


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 5)), min_size=1), GRIDS)
def test_weights_add_up_by_distinct_value(pairs: list[tuple[int, int]], grid: float) -> None:
    expected: Counter[float] = Counter()
    for value, weight in pairs:
        expected[value / grid] += weight
    values, sums = distinct_sums(
        np.array([value / grid for value, _ in pairs]),
        np.array([float(weight) for _, weight in pairs]),
    )
    assert dict(zip(values.tolist(), sums.tolist(), strict=True)) == expected
    assert values.tolist() == sorted(values.tolist())
