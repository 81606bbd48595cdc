import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracles import rfm as oracle
from regulars.estimation.scores import score_breaks


@given(st.lists(st.integers(-20, 20), min_size=1, max_size=50))
def test_breaks_give_the_score_of_the_definition(values: list[int]) -> None:
    distinct = sorted(set(values))
    breaks = score_breaks(distinct, [values.count(value) for value in distinct])
    for value in distinct:
        score = 1 + sum(lowest is not None and value >= lowest for lowest in breaks)
        assert score == oracle.score(values, value)


@given(st.permutations([3, 1, 4, 15, 9]))
def test_the_order_of_the_values_does_not_matter(values: list[int]) -> None:
    assert score_breaks(values, [1] * 5) == (3, 4, 9, 15)


def test_no_values_have_no_scores() -> None:
    with pytest.raises(ValueError, match="no values"):
        score_breaks([], [])
