from collections import defaultdict
from dataclasses import replace
from datetime import date
from decimal import Decimal
from statistics import fmean

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories import on, orders_of
from regulars.kernel.errors import NotEnoughEvidence
from regulars.kernel.periods import Period, Span
from regulars.studies.spend import Factor, SpendSplit, spend
from regulars.warehouse.orders import Orders
from strategies import Purchase, purchases

JANUARY, FEBRUARY, MARCH = (date(2024, month, 1) for month in (1, 2, 3))


def answered(answer: SpendSplit | NotEnoughEvidence) -> SpendSplit:
    assert isinstance(answer, SpendSplit), answer
    return answer


def shop_with_lines(baskets: list[tuple[str | None, int, dict[str | None, int]]]) -> Orders:
    """Orders (customer, day, amounts by category) with their lines; two lines a category."""
    rows = [(who, on(day), sum(goods.values())) for who, day, goods in baskets]
    lines = [
        (f"o{number}", category, amount / 2)
        for number, (_, _, goods) in enumerate(baskets)
        for category, amount in goods.items()
        for _ in range(2)
    ]
    table = pa.table(
        {
            "order_id": pa.array([line[0] for line in lines], pa.string()),
            "category": pa.array([line[1] for line in lines], pa.string()),
            "amount": pa.array([line[2] for line in lines], pa.float64()),
        }
    )
    return replace(orders_of(rows, as_of=date(2024, 2, 29)), lines=ibis.memtable(table))


@settings(deadline=None, max_examples=25)
@given(purchases)
def test_the_parts_add_up_to_the_change_that_the_orders_show(rows: list[Purchase]) -> None:
    moved = [
        (who, JANUARY if n % 2 else FEBRUARY, amount) for n, (who, _, amount) in enumerate(rows)
    ]
    shop = orders_of(((a, b, str(c)) for a, b, c in moved), as_of=date(2024, 2, 29))
    answer = spend(shop, period=Period.MONTH)
    money: dict[date, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for who, day, amount in moved:
        if who is not None:
            money[day][who] += amount
    totals = [sum(money[day].values()) for day in (JANUARY, FEBRUARY)]
    if not all(totals):
        assert isinstance(answer, NotEnoughEvidence)
        return
    answer = answered(answer)
    before, after = (fmean(map(float, money[day].values())) for day in (JANUARY, FEBRUARY))
    assert answer.change.value == pytest.approx(after - before, abs=1e-9)
    parts = sum(factor.contribution for factor in answer.factors)
    assert parts == pytest.approx(after - before, abs=1e-7)


def test_customers_who_come_more_often_are_told_from_those_who_buy_more_each_time() -> None:
    often = orders_of(
        [("ann", on(0), 10), ("ann", on(40), 10), ("ann", on(45), 10)], as_of=date(2024, 2, 29)
    )
    more = orders_of([("ann", on(0), 10), ("ann", on(40), 20)], as_of=date(2024, 2, 29))
    assert answered(spend(often, period=Period.MONTH)).strongest.factor is Factor.FREQUENCY
    assert answered(spend(more, period=Period.MONTH)).strongest.factor is Factor.BASKET


def test_other_goods_are_told_from_more_of_the_same() -> None:
    other = shop_with_lines([("ann", 0, {"tea": 10}), ("ann", 40, {"tea": 10, "cake": 10})])
    same = shop_with_lines([("ann", 0, {"tea": 10}), ("ann", 40, {"tea": 20})])
    first, second = (answered(spend(it, period=Period.MONTH)) for it in (other, same))
    assert [factor.factor for factor in first.factors] == [
        Factor.FREQUENCY,
        Factor.CATEGORIES,
        Factor.AMOUNT,
    ]
    assert [round(factor.contribution, 9) for factor in first.factors] == [0, 10, 0]
    assert [round(factor.contribution, 9) for factor in second.factors] == [0, 0, 10]
    assert first.after.category_orders == 2


def test_lines_without_a_category_count_as_one_of_their_own_and_strangers_do_not() -> None:
    shop = shop_with_lines(
        [("ann", 0, {None: 10, "tea": 5}), (None, 1, {"cake": 3}), ("ann", 40, {"tea": 5})]
    )
    answer = answered(spend(shop, period=Period.MONTH))
    assert (answer.before.category_orders, answer.before.orders) == (2, 1)


def test_the_same_month_last_year_is_taken_where_the_data_reaches_back() -> None:
    rows = [("ann", date(year, month, 5), 10) for year in (2023, 2024) for month in range(1, 13)]
    shop = orders_of(rows, as_of=date(2024, 12, 31))
    # the first order came on 5 January: last year's December is whole
    answer = answered(spend(shop, period=Period.MONTH))
    assert answer.against == "last_year"
    assert answer.before.span == Span(date(2023, 12, 1), JANUARY)
    nearer = answered(spend(shop, period=Period.MONTH, against="previous"))
    assert nearer.before.span.start == date(2024, 11, 1)


def test_the_interval_of_the_change_is_infinite_for_a_single_customer() -> None:
    shop = orders_of([("ann", on(0), 10), ("ann", on(40), 20)], as_of=date(2024, 2, 29))
    answer = answered(spend(shop, period=Period.MONTH))
    assert not answer.change.excludes_zero
    assert (answer.json()["low"], answer.json()["high"]) == (None, None)


@pytest.mark.parametrize(
    "rows",
    [
        [("ann", on(0), 10)],
        [("ann", on(0), 10), ("ann", on(40), 0)],
        [(None, on(0), 10), (None, on(40), 10)],
    ],
)
def test_money_in_one_period_only_is_not_enough_evidence(
    rows: list[tuple[str | None, date, int]],
) -> None:
    answer = spend(orders_of(rows, as_of=date(2024, 2, 29)), period=Period.MONTH)
    assert isinstance(answer, NotEnoughEvidence)


@settings(deadline=None, max_examples=10)
@given(st.integers(1, 50), st.integers(1, 50))
def test_a_factor_is_named_with_its_means_in_both_periods(first: int, second: int) -> None:
    shop = orders_of(
        [("ann", on(0), first), ("bob", on(1), first), ("ann", on(40), second)],
        as_of=date(2024, 2, 29),
    )
    frequency, basket = answered(spend(shop, period=Period.MONTH)).factors
    assert (frequency.before, frequency.after) == (1, 1)
    assert (basket.before, basket.after) == (first, second)
