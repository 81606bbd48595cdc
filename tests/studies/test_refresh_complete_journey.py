"""A grocer's year: eleven months in a store, then December week by week."""

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

import regulars
from alike import assert_alike
from datasets import complete_journey
from regulars.kernel.periods import Period
from regulars.studies.refresh import refresh
from regulars.warehouse.orders import Orders
from regulars.warehouse.reading import read_orders

JANUARY, DECEMBER, *WEEKS = (
    datetime.fromisoformat(day)  # without a zone, as the data is
    for day in (
        *("2017-01-01", "2017-12-01", "2017-12-08", "2017-12-15"),
        *("2017-12-22", "2017-12-29", "2018-01-02"),
    )
)
NEEDED = ("household_id", "basket_id", "product_id", "sales_value", "transaction_timestamp")

QUESTIONS: Sequence[Callable[[Orders], regulars.Answer | regulars.NotEnoughEvidence]] = (
    regulars.retention,
    regulars.cohorts,
    lambda orders: regulars.growth(orders, period=Period.WEEK),
    regulars.rfm,
    regulars.repeat,
)


def lines(year: pa.Table, start: datetime, end: datetime) -> pa.Table:
    when = year["transaction_timestamp"]
    return year.filter(pc.and_(pc.greater_equal(when, start), pc.less(when, end)))


def assert_same(held: Orders, full: Orders, told: int) -> None:
    assert held.quality.orders == full.quality.orders == told
    for ask in QUESTIONS:
        one, other = ask(held), ask(full)
        assert one
        assert other
        assert_alike(one.json(), other.json())


@pytest.mark.slow
@pytest.mark.journey
def test_december_in_weeks_ends_each_time_where_a_full_read_does(tmp_path: Path) -> None:
    year, store = pq.read_table(complete_journey(), columns=list(NEEDED)), tmp_path / "grocer"
    told = refresh(store, lines(year, JANUARY, DECEMBER)).new
    for start, end in pairwise([DECEMBER, *WEEKS]):
        told += refresh(store, lines(year, start, end)).new
        assert_same(read_orders(store), read_orders(lines(year, JANUARY, end)), told)
    assert told == 155_848
