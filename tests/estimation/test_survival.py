from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracles import repeat as oracle
from regulars.estimation.survival import Survival, kaplan_meier

Z = NormalDist().inv_cdf(0.975)

waits = st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=40).filter(
    lambda rows: all(length > 0 or not came for length, came in rows)
)


def curve_of(rows: list[tuple[int, bool]]) -> Survival:
    return kaplan_meier([length for length, _ in rows], [came for _, came in rows])


@given(waits)
def test_the_curve_is_the_product_of_the_shares_that_stay(rows: list[tuple[int, bool]]) -> None:
    curve = curve_of(rows)
    waiting = dict(zip(curve.days.tolist(), curve.waiting.tolist(), strict=True))
    for day, share in oracle.kaplan_meier(rows).items():
        assert waiting[day] == pytest.approx(float(share))


@given(waits)
def test_the_band_is_greenwoods_on_the_log_log_scale(rows: list[tuple[int, bool]]) -> None:
    curve = curve_of(rows)
    for day, waiting, low, high in zip(
        curve.days.tolist(), curve.waiting, curve.low, curve.high, strict=True
    ):
        if 0 < waiting < 1:
            assert (low, high) == pytest.approx(oracle.band(rows, day, Z))
        assert 0 <= low <= waiting <= high <= 1


@given(waits)
def test_the_median_is_the_first_day_when_half_are_gone(rows: list[tuple[int, bool]]) -> None:
    assert curve_of(rows).days_until(0.5) == oracle.median(rows)


@given(waits, st.permutations(range(3)))
def test_rows_with_counts_are_as_good_as_people(
    rows: list[tuple[int, bool]], order: list[int]
) -> None:
    counts = [place % 3 for place in range(len(rows))]
    people = [row for row, count in zip(rows, counts, strict=True) for _ in range(count)]
    if not people:
        return
    collapsed = kaplan_meier([x for x, _ in rows], [y for _, y in rows], counts)
    shuffled = curve_of(people[order[0] :] + people[: order[0]])
    for name in ("days", "at_risk", "events", "waiting", "low", "high"):
        np.testing.assert_array_equal(getattr(collapsed, name), getattr(shuffled, name))
    assert (collapsed.n, collapsed.censored) == (len(people), sum(not came for _, came in people))


def test_nobody_gone_leaves_everybody_waiting() -> None:
    curve = kaplan_meier([5, 9], [False, False])
    assert curve.waiting.tolist() == [1.0, 1.0]
    assert curve.days_until() is None
    assert curve.happened_by(9).value == 0
    assert curve.watched == 9


def test_without_censoring_the_curve_is_the_plain_share() -> None:
    lengths = [1, 2, 2, 3, 5, 8, 8, 8, 9, 10]
    curve = kaplan_meier(lengths, [True] * 10)
    for day in range(11):
        share = sum(length <= day for length in lengths) / 10
        assert curve.happened_by(day).value == pytest.approx(share)
    assert curve.waiting[-1] == 0
    assert curve.high[-1] == curve.high[-2] > 0


def test_an_event_on_day_zero_is_counted() -> None:
    curve = kaplan_meier([0, 1], [True, False])
    assert curve.days.tolist() == [0, 1]
    assert curve.waiting.tolist() == [0.5, 0.5]


def test_the_interval_of_the_median_holds_it() -> None:
    curve = kaplan_meier(range(1, 101), [True] * 100)
    low, high = curve.days_until_between()
    assert low is not None
    assert high is not None
    assert curve.days_until() == 50
    assert low < 50 < high


def test_beyond_what_was_watched_the_last_share_stands() -> None:
    curve = kaplan_meier([2, 4], [True, False])
    assert curve.happened_by(1000) == curve.happened_by(4)


@pytest.mark.parametrize(
    ("lengths", "came", "counts", "words"),
    [
        ([], [], None, "nobody"),
        ([1], [True], [0], "nobody"),
        ([-1], [True], None, "negative"),
        ([1, 2], [True], None, "same length"),
        ([1, 2], [True, True], [2, -1], "negative"),
    ],
)
def test_what_cannot_be_followed_is_refused(
    lengths: list[int], came: list[bool], counts: list[int] | None, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        kaplan_meier(lengths, came, counts)


@pytest.mark.slow
def test_the_band_covers_a_known_truth_nineteen_times_in_twenty() -> None:
    random = np.random.default_rng(7)
    runs, held = 800, 0
    for _ in range(runs):
        event = random.geometric(0.05, 80)
        end = random.geometric(0.02, 80)
        curve = kaplan_meier(np.minimum(event, end), event <= end)
        estimate = curve.happened_by(15)
        held += estimate.low <= 1 - 0.95**15 <= estimate.high
    assert 0.93 <= held / runs <= 0.97
