from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.estimation.split import log_mean, split_change
from regulars.kernel.errors import OptionError

positive = st.floats(0.01, 10_000)
factors = st.lists(st.tuples(positive, positive), min_size=1, max_size=4)


@given(factors)
def test_the_parts_add_up_to_the_change_of_the_product(pairs: list[tuple[float, float]]) -> None:
    before, after = ([pair[i] for pair in pairs] for i in (0, 1))
    change = prod(after) - prod(before)
    scale = max(prod(after), prod(before))
    assert sum(split_change(before, after)) == pytest.approx(change, rel=1e-9, abs=1e-9 * scale)


@given(factors)
def test_a_factor_that_did_not_change_added_nothing(pairs: list[tuple[float, float]]) -> None:
    before, after = [3.0, *(a for a, _ in pairs)], [3.0, *(b for _, b in pairs)]
    assert split_change(before, after)[0] == 0


@given(factors)
def test_the_way_back_undoes_the_way_there(pairs: list[tuple[float, float]]) -> None:
    before, after = ([pair[i] for pair in pairs] for i in (0, 1))
    back = [-part for part in split_change(after, before)]
    assert split_change(before, after) == pytest.approx(back, rel=1e-6)


@given(positive, positive)
def test_the_logarithmic_mean_lies_between_its_numbers(a: float, b: float) -> None:
    low, high = sorted((a, b))
    assert low * (1 - 1e-9) <= log_mean(a, b) <= high * (1 + 1e-9)


@pytest.mark.parametrize(
    ("before", "after"), [([0.0], [1.0]), ([1.0], [-1.0]), ([1.0], [1.0, 2.0]), ([], [])]
)
def test_what_is_not_a_product_of_positive_factors_is_refused(
    before: list[float], after: list[float]
) -> None:
    with pytest.raises(OptionError, match="positive factors"):
        split_change(before, after)
