"""Customers known to have joined within the data are new for certain, in every answer."""

from dataclasses import replace
from datetime import date

import ibis
import pyarrow as pa
import pytest

import regulars
from factories import on, orders_of
from regulars.kernel.periods import Period
from regulars.studies.evidence import basis_of
from regulars.warehouse.orders import Orders

DAYS = {"ann": (0, 20, 100), "bob": (3, 60), "cat": (40, 70), "dan": (70, 100), "eve": (95,)}
UNTIL = on(90)  # the burn-in: January, February and March


def shop(**joined: int) -> Orders:
    rows = [(name, on(day), 5) for name, days in DAYS.items() for day in days]
    orders = orders_of(rows, burn_in_days=90, as_of=on(120))
    if not joined:
        return orders
    columns = {"customer_id": list(joined), "joined_at": [on(day) for day in joined.values()]}
    return replace(orders, customers=ibis.memtable(pa.table(columns)))


def unsure(orders: Orders) -> list[list[date]]:
    """The months whose new customers are at most so many: by growth, retention and cohorts."""
    growth = regulars.growth(orders, period=Period.MONTH)
    retention = regulars.retention(orders, period=Period.MONTH)
    cohorts = regulars.cohorts(orders, period=Period.MONTH)
    assert growth
    assert retention
    assert cohorts
    return [
        [it.period for it in growth.periods if it.at_most],
        [it.span.start for it in retention.trend if it.at_most],
        sorted({it.cohort for it in cohorts.cells if it.at_most}),
    ]


def test_nobody_known_leaves_the_whole_burn_in_unsure() -> None:
    assert basis_of(shop()).evidence.burn_in_until == UNTIL
    assert unsure(shop()) == [[on(0), on(31), on(60)]] * 3


def test_a_month_in_which_only_joiners_are_new_is_sure() -> None:
    orders = shop(cat=40, dan=70)
    assert basis_of(orders).evidence.burn_in_until == on(4)
    assert unsure(orders) == [[on(0)]] * 3


def test_who_joined_before_the_data_began_is_no_new_customer() -> None:
    orders = shop(cat=40, dan=-400)
    assert basis_of(orders).evidence.burn_in_until == on(71)
    assert unsure(orders) == [[on(0), on(31), on(60)]] * 3


def test_where_everybody_joined_within_the_data_it_has_its_beginning() -> None:
    orders = shop(ann=0, bob=0, cat=40, dan=70)
    assert basis_of(orders).evidence.burn_in_until == on(0)
    assert unsure(orders) == [[], [], []]


def test_days_of_joining_make_nothing_less_sure() -> None:
    orders = replace(shop(ann=0), burn_in_days=2)
    assert basis_of(orders).evidence.burn_in_until == on(0)
    late = replace(shop(eve=95), burn_in_days=2)
    assert basis_of(late).evidence.burn_in_until == on(1)


@pytest.mark.parametrize("joined", [{}, {"ann": 0, "bob": 3, "cat": 40, "dan": 70}])
def test_the_counts_are_the_same(joined: dict[str, int]) -> None:
    growth = regulars.growth(shop(**joined), period=Period.MONTH)
    assert growth
    new = [it.new for it in growth.periods]
    assert new == [2, 1, 1, 1]
