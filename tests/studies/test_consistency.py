from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories import on, orders_of
from oracles.consistency import early_repeats
from regulars.kernel.errors import NotEnoughEvidence, OptionError
from regulars.kernel.periods import Period
from regulars.studies.consistency import Consistency, Verdict, consistency
from strategies import Purchase, basis_from, purchases


def answered(answer: Consistency | NotEnoughEvidence) -> Consistency:
    assert isinstance(answer, Consistency), answer
    return answer


def firm(won: list[int], came_back: list[int]) -> Consistency:
    """A firm that wins so many customers a month, of whom so many buy again ten days later."""
    rows = []
    for month, (size, repeats) in enumerate(zip(won, came_back, strict=True)):
        first = Period.MONTH.start(2024 * 12 + month) + timedelta(days=1)
        rows += [(f"m{month}c{n}", first, 1) for n in range(size)]
        rows += [(f"m{month}c{n}", first + timedelta(days=10), 1) for n in range(repeats)]
    shop = orders_of(rows, burn_in_days=0, as_of=Period.MONTH.start(2024 * 12 + len(won) + 1))
    return answered(consistency(shop, period=Period.MONTH, window_days=30))


@settings(deadline=None, max_examples=25)
@given(purchases, st.integers(1, 60), st.integers(0, 60), st.sampled_from(["week", "month"]))
def test_the_cohorts_are_those_of_the_definition(
    rows: list[Purchase], window: int, burn_in: int, name: str
) -> None:
    basis = basis_from(rows, burn_in_days=burn_in)
    answer = answered(consistency(basis, period=Period(name), window_days=window))
    since = basis.orders.data_from + timedelta(days=burn_in) if burn_in else date.min
    expected = early_repeats(rows, name, window, basis.orders.as_of, since)
    found = [(it.cohort.isoformat(), it.customers, it.repeated) for it in answer.cohorts]
    assert found == expected


def test_quality_that_falls_while_volume_grows_is_told() -> None:
    answer = firm([100, 150, 200, 300, 400, 600], [50, 70, 85, 115, 140, 180])
    assert answer.verdict is Verdict.FALLS
    assert answer.growth == 6
    assert answer.change is not None
    assert answer.change.value == pytest.approx(-0.2, abs=0.02)
    assert answer.odds_per_doubling is not None
    assert answer.odds_per_doubling.high < 0


def test_quality_that_rises_is_told() -> None:
    answer = firm([200] * 6, [40, 50, 60, 70, 80, 90])
    assert answer.verdict is Verdict.RISES
    assert answer.odds_per_doubling is None


def test_quality_holds_only_where_a_change_of_ten_points_is_ruled_out() -> None:
    assert firm([1000] * 6, [300, 305, 298, 301, 299, 300]).verdict is Verdict.HOLDS
    assert firm([10] * 6, [3, 4, 3, 2, 4, 3]).verdict is Verdict.TOO_EARLY


def test_three_cohorts_are_too_early_to_tell() -> None:
    answer = firm([100, 100, 100], [90, 50, 10])
    assert answer.verdict is Verdict.TOO_EARLY
    assert answer.change is None
    assert [it.fitted for it in answer.cohorts] == [None, None, None]


def test_all_or_nothing_is_too_early_to_tell() -> None:
    assert firm([50] * 5, [0] * 5).verdict is Verdict.TOO_EARLY


def test_a_second_order_on_the_first_day_is_no_repeat() -> None:
    rows = [("ann", on(0), 1), ("ann", on(0), 1), ("bob", on(90), 1)]
    answer = answered(
        consistency(orders_of(rows, burn_in_days=0), period=Period.MONTH, window_days=30)
    )
    assert answer.cohorts[0].repeated == 0


def test_the_window_is_the_firms_own_rhythm_when_none_is_given() -> None:
    rows = [(f"c{n}", on(day), 1) for n in range(5) for day in (n, n + 7, n + 14)]
    answer = answered(consistency(orders_of(rows), period=Period.WEEK))
    assert answer.window_days == 7


def test_without_a_rhythm_a_window_is_needed() -> None:
    shop = orders_of([("ann", on(0), 1), ("bob", on(50), 1)])
    assert isinstance(consistency(shop), NotEnoughEvidence)
    assert answered(consistency(shop, window_days=10)).verdict is Verdict.TOO_EARLY


def test_orders_without_customers_cannot_answer() -> None:
    assert isinstance(consistency(orders_of([(None, on(0), 5)])), NotEnoughEvidence)


def test_a_window_without_a_day_is_refused() -> None:
    with pytest.raises(OptionError, match="within 0 days"):
        consistency(orders_of([("ann", on(0), 1)]), window_days=0)


def test_the_answer_for_programs_names_verdict_trend_and_cohorts() -> None:
    record = firm([200] * 6, [40, 50, 60, 70, 80, 90]).json()
    assert record["verdict"] == "rises"
    assert record["window_days"] == 30
    assert record["odds_per_doubling"] is None
    change, cohorts = record["change"], record["cohorts"]
    assert isinstance(change, dict)
    assert set(change) == {"value", "low", "high", "method", "confidence"}
    assert isinstance(cohorts, list)
    assert cohorts[0]["cohort"] == "2024-01-01"
    assert cohorts[0]["rate"] == 0.2
