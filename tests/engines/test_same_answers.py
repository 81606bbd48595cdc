"""Every answer from real data is the same on every engine: counts exactly, money to 1e-9."""

from collections.abc import Callable
from datetime import date
from functools import cache
from math import isclose

import pyarrow as pa
import pytest

import regulars
from datasets import cdnow_sample, complete_journey
from engines.conftest import Place
from regulars import Period
from regulars.studies.curves import AgeUnit, ReturnKind
from regulars.studies.evidence import Basis, basis_of
from regulars.warehouse.options import Reading
from regulars.warehouse.reading import read_orders
from regulars.warehouse.spans import read_spans

type Study = Callable[[Basis], object]

STUDIES: dict[str, Study] = {
    "retention": regulars.retention,
    "retention by week": lambda it: regulars.retention(it, period=Period.WEEK),
    "retention since ever": lambda it: regulars.retention(it, lookback="ever"),
    "return curve": regulars.return_curve,
    "unbounded curve": lambda it: regulars.return_curve(it, kind=ReturnKind.UNBOUNDED),
    "bracket curve": lambda it: regulars.return_curve(it, kind=ReturnKind.BRACKET),
    "24-hour curve": lambda it: regulars.return_curve(it, unit=AgeUnit.DAY_OF_24_HOURS),
    "cohorts": regulars.cohorts,
    "cohorts by quarter": lambda it: regulars.cohorts(it, period=Period.QUARTER),
    "growth": regulars.growth,
    "growth by day": lambda it: regulars.growth(it, period=Period.DAY),
    "consistency": regulars.consistency,
    "spend": regulars.spend,
    "repeat": regulars.repeat,
    "rfm": regulars.rfm,
    "concentration": regulars.concentration,
    "check": regulars.check,
}
WITH_LINES: dict[str, Study] = {
    "basket": lambda it: regulars.basket(it, min_orders=300),
    "retention by income": lambda it: regulars.retention(it, by="income"),
}


@cache
def basis_on(url: str | None, data: str) -> Basis:
    if data == "cdnow":
        columns = {"customer_id": "2", "ordered_at": "3", "amount": "5"}
        return basis_of(read_orders(cdnow_sample(), Reading(columns=columns, engine=url)))
    reading = Reading(
        customers=complete_journey("demographics"),
        products=complete_journey("products"),
        engine=url,
    )
    return basis_of(read_orders(complete_journey(), reading))


def assert_same(one: object, other: object, where: str = "") -> None:
    """The same but for the order in which floats were added."""
    assert type(one) is type(other), where
    if isinstance(one, dict) and isinstance(other, dict):
        assert one.keys() == other.keys(), where
        for key in one:
            assert_same(one[key], other[key], f"{where}/{key}")
    elif isinstance(one, list) and isinstance(other, list):
        assert len(one) == len(other), where
        for place, pair in enumerate(zip(one, other, strict=True)):
            assert_same(*pair, f"{where}/{place}")
    elif isinstance(one, float) and isinstance(other, float):
        assert isclose(one, other, rel_tol=1e-9, abs_tol=1e-12), (where, one, other)
    else:
        assert one == other, where


def data_for(place: Place) -> str:
    return "cdnow" if place.name == "spark" else "complete journey"


@pytest.mark.slow
@pytest.mark.parametrize("study", STUDIES)
def test_every_study_answers_as_in_this_process(place: Place, study: str) -> None:
    ask, data = STUDIES[study], data_for(place)
    here, there = ask(basis_on(None, data)), ask(basis_on(place.url, data))
    assert isinstance(here, regulars.Answer)
    assert isinstance(there, regulars.Answer)
    assert_same(here.records(), there.records())
    assert_same(here.json(), there.json())


@pytest.mark.slow
@pytest.mark.parametrize("study", WITH_LINES)
def test_lines_and_segments_answer_as_in_this_process(place: Place, study: str) -> None:
    if place.name == "spark":
        pytest.skip("the 1.5 million lines of Complete Journey take Spark minutes on one machine")
    ask = WITH_LINES[study]
    here = ask(basis_on(None, "complete journey"))
    there = ask(basis_on(place.url, "complete journey"))
    assert isinstance(here, regulars.Answer)
    assert isinstance(there, regulars.Answer)
    assert_same(here.records(), there.records())


def test_baskets_of_a_small_shop_are_the_same_everywhere(place: Place) -> None:
    shop = pa.table(
        {
            "order_id": ["1", "1", "2", "3", "3", "4"] * 3,
            "customer_id": ["ann", "ann", "bob", "cat", "cat", None] * 3,
            "ordered_at": [date(2024, 1, 1 + n) for n in (0, 0, 1, 2, 2, 3)] * 3,
            "product_id": ["tea", "honey", "rye", "tea", "honey", None] * 3,
            "quantity": [1, 2, 1, 1, 1, 1] * 3,
            "amount": [3.1, 5.2, 2.0, 3.1, 5.0, 1.0] * 3,
        }
    )
    here, there = (
        regulars.basket(regulars.read_orders(shop, engine=url), min_orders=1)
        for url in (None, place.url)
    )
    assert isinstance(here, regulars.Answer)
    assert isinstance(there, regulars.Answer)
    assert_same(here.records(), there.records())


def test_subscriptions_answer_as_in_this_process(place: Place) -> None:
    clubs = pa.table(
        {
            "customer_id": ["a", "a", "b", "c", "d"],
            "started_on": [date(2024, month, 1) for month in (1, 3, 1, 2, 3)],
            "ended_on": [date(2024, 2, 10), None, None, date(2024, 3, 20), None],
        }
    )
    here, there = (
        regulars.contractual_retention(
            read_spans(clubs, Reading(engine=url)), from_=date(2024, 3, 1), to=date(2024, 4, 1)
        )
        for url in (None, place.url)
    )
    assert isinstance(here, regulars.Answer)
    assert isinstance(there, regulars.Answer)
    assert_same(here.json(), there.json())
