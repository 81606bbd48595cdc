from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories import on, orders_of
from oracles.cohorts import return_points
from regulars.kernel.errors import NotEnoughEvidence, OptionError
from regulars.studies.curves import AgeUnit, ReturnCurve, ReturnKind, return_curve
from strategies import Purchase, basis_from, purchases

units = st.sampled_from(["week", "month"])


def answered(answer: ReturnCurve | NotEnoughEvidence) -> ReturnCurve:
    assert isinstance(answer, ReturnCurve), answer
    return answer


def counted(answer: ReturnCurve | NotEnoughEvidence) -> list[tuple[int, int]]:
    if isinstance(answer, NotEnoughEvidence):
        return []
    return [(point.customers, point.returned) for point in answer.points]


@settings(deadline=None, max_examples=15)
@given(purchases, units)
def test_n_period_counts_who_bought_at_exactly_that_age(rows: list[Purchase], unit: str) -> None:
    basis = basis_from(rows)
    ages = [(age, age + 1) for age in range(30)]
    expected = [it for it in return_points(rows, unit, basis.orders.as_of, ages) if it[0]]
    assert counted(return_curve(basis, unit=AgeUnit(unit))) == expected


@settings(deadline=None, max_examples=15)
@given(purchases, units)
def test_unbounded_counts_who_bought_at_that_age_or_later(rows: list[Purchase], unit: str) -> None:
    basis = basis_from(rows)
    ages = [(age, None) for age in range(30)]
    expected = [it for it in return_points(rows, unit, basis.orders.as_of, ages) if it[0]]
    curve = return_curve(basis, kind=ReturnKind.UNBOUNDED, unit=AgeUnit(unit))
    assert counted(curve) == expected


@settings(deadline=None, max_examples=15)
@given(purchases, units, st.sets(st.integers(0, 12), min_size=2, max_size=5))
def test_a_bracket_counts_each_customer_once(
    rows: list[Purchase], unit: str, edges: set[int]
) -> None:
    basis = basis_from(rows)
    brackets = sorted(edges)
    spans = list(pairwise(brackets))
    expected = [it for it in return_points(rows, unit, basis.orders.as_of, [*spans]) if it[0]]
    curve = return_curve(basis, kind=ReturnKind.BRACKET, unit=AgeUnit(unit), brackets=brackets)
    assert counted(curve) == expected


@settings(deadline=None, max_examples=10)
@given(purchases)
def test_everybody_bought_at_age_zero_and_fewer_come_back_ever_later(
    rows: list[Purchase],
) -> None:
    basis = basis_from(rows)
    curve = return_curve(basis, kind=ReturnKind.UNBOUNDED, unit=AgeUnit.DAY)
    points = counted(curve)
    assert points[0][0] == points[0][1] == len({who for who, _, _ in rows if who})


def at(moments: list[tuple[str, datetime]], *, as_of: date, zone: str = "UTC") -> ReturnCurve:
    """The curve in days of 24 hours of purchases at these instants (UTC)."""
    shop = orders_of([(who, moment.date(), 1) for who, moment in moments], as_of=as_of)
    instants = pa.array([moment.replace(tzinfo=None) for _, moment in moments], pa.timestamp("us"))
    table = shop.purchases.to_pyarrow()
    place = table.schema.get_field_index("ordered_at")
    timed = ibis.memtable(table.set_column(place, "ordered_at", instants))
    shop = replace(shop, purchases=timed, timezone=zone, burn_in_days=0)
    return answered(return_curve(shop, unit=AgeUnit.DAY_OF_24_HOURS))


def test_a_day_of_24_hours_begins_at_the_first_purchase() -> None:
    noon = datetime(2024, 1, 1, 12, tzinfo=UTC)
    moments = [
        ("ann", noon),
        ("ann", noon + timedelta(hours=23)),
        ("bob", noon),
        ("bob", noon + timedelta(hours=24)),
    ]
    curve = at(moments, as_of=date(2024, 1, 3))
    assert counted(curve) == [(2, 2), (2, 1)]


def test_the_last_day_ends_at_midnight_of_the_firms_zone() -> None:
    moments = [
        ("ann", datetime(2024, 1, 1, 23, tzinfo=UTC)),
        ("ann", datetime(2024, 1, 2, 23, 30, tzinfo=UTC)),
    ]
    # in Riga as_of ends at 22:00 UTC: one whole day since 1 January, 23:00, not two
    assert counted(at(moments, as_of=date(2024, 1, 3), zone="Europe/Riga")) == [(1, 1)]
    assert counted(at(moments, as_of=date(2024, 1, 3), zone="UTC")) == [(1, 1), (1, 1)]


def test_only_customers_seen_after_the_burn_in_are_followed_when_they_are_enough() -> None:
    rows = [(f"old{n}", on(0), 1) for n in range(5)] + [(f"c{n}", on(40), 1) for n in range(30)]
    curve = answered(
        return_curve(orders_of(rows, burn_in_days=10, as_of=date(2024, 4, 30)), unit=AgeUnit.MONTH)
    )
    assert curve.first_seen_from == date(2024, 2, 1)
    assert not curve.at_most
    assert {point.customers for point in curve.points} == {30}


def test_everybody_is_followed_when_few_came_after_the_burn_in_and_it_is_said() -> None:
    rows = [(f"c{n}", on(n), 1) for n in range(20)]
    curve = answered(return_curve(orders_of(rows, burn_in_days=10), unit=AgeUnit.DAY))
    assert curve.at_most
    assert curve.points[0].customers == 20
    assert curve.records()[0]["at_most"] is True


def test_brackets_double_when_none_are_given() -> None:
    rows = [("ann", on(day), 1) for day in (0, 1, 7, 30)]
    curve = answered(
        return_curve(orders_of(rows, burn_in_days=0), kind=ReturnKind.BRACKET, unit=AgeUnit.DAY)
    )
    assert [(point.age, point.until, point.returned) for point in curve.points] == [
        (1, 2, 1),
        (2, 4, 0),
        (4, 8, 1),
        (8, 16, 0),
    ]


def test_an_age_that_nobody_has_lived_through_is_not_enough_evidence() -> None:
    answer = return_curve(orders_of([("ann", on(10), 1)]), unit=AgeUnit.MONTH)
    assert isinstance(answer, NotEnoughEvidence)
    assert "whole month" in str(answer.reason)


def test_orders_without_customers_cannot_answer() -> None:
    assert isinstance(return_curve(orders_of([(None, on(0), 5)])), NotEnoughEvidence)


@pytest.mark.parametrize("brackets", [[1], [2, 1], [-1, 3], [1, 1], []])
def test_brackets_that_do_not_rise_are_refused(brackets: list[int]) -> None:
    with pytest.raises(OptionError, match="rising ages"):
        return_curve(orders_of([("a", on(0), 1)]), kind=ReturnKind.BRACKET, brackets=brackets)


def test_brackets_for_another_kind_are_refused() -> None:
    with pytest.raises(OptionError, match="brackets"):
        return_curve(orders_of([("a", on(0), 1)]), brackets=[1, 2])
