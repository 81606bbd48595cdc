"""Every answer from real data is the same on every engine: counts exactly, money to 1e-9."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from inspect import isfunction, signature
from math import isclose
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
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

type Asked = tuple[Callable[..., object], dict[str, Any]]

STUDIES: dict[str, Asked] = {
    "retention": (regulars.retention, {}),
    "retention by week": (regulars.retention, {"period": Period.WEEK}),
    "retention since ever": (regulars.retention, {"lookback": "ever"}),
    "return curve": (regulars.return_curve, {}),
    "unbounded curve": (regulars.return_curve, {"kind": ReturnKind.UNBOUNDED}),
    "bracket curve": (regulars.return_curve, {"kind": ReturnKind.BRACKET}),
    "24-hour curve": (regulars.return_curve, {"unit": AgeUnit.DAY_OF_24_HOURS}),
    "cohorts": (regulars.cohorts, {}),
    "cohorts by quarter": (regulars.cohorts, {"period": Period.QUARTER}),
    "growth": (regulars.growth, {}),
    "growth by day": (regulars.growth, {"period": Period.DAY}),
    "consistency": (regulars.consistency, {}),
    "spend": (regulars.spend, {}),
    "repeat": (regulars.repeat, {}),
    "rfm": (regulars.rfm, {}),
    "concentration": (regulars.concentration, {}),
    "check": (regulars.check, {}),
}
AHEAD: dict[str, Asked] = {
    "forecast": (regulars.forecast, {}),
    "forecast in days": (regulars.forecast, {"model": "mbg-nbd", "unit": "day"}),
    "value": (regulars.value, {"margin": 0.3}),
    "at risk": (regulars.at_risk, {"limit": None}),
    "picture": (regulars.retention_picture, {}),
}
WITH_LINES: dict[str, Asked] = {
    "basket": (regulars.basket, {}),
    "retention by income": (regulars.retention, {"by": "income"}),
    "spend": (regulars.spend, {}),
}
CONTRACTS: dict[str, Asked] = {
    "contractual retention": (
        regulars.contractual_retention,
        {"from_": date(2023, 6, 1), "to": date(2023, 7, 1)},
    ),
    "renewals": (regulars.renewal_forecast, {"period": Period.MONTH}),
}
WHOLE = {"postgresql", "clickhouse"}
"""Engines that take all 155,848 orders of Complete Journey; the others take less."""


@cache
def some_households() -> pa.Table:
    """The lines of one household in twenty-five."""
    lines = pq.read_table(complete_journey())
    number = pc.cast(pc.cast(lines["household_id"], pa.string()), pa.int64())
    return lines.filter(pc.equal(pc.subtract(number, pc.multiply(pc.divide(number, 25), 25)), 7))


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
    source = complete_journey() if data == "complete journey" else some_households()
    return basis_of(read_orders(source, reading))


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


def assert_same_answer(asked: Asked, here: object, there: object) -> None:
    ask, options = asked
    one, other = (ask(it, **options) for it in (here, there))
    assert isinstance(one, regulars.Answer), one
    assert isinstance(other, regulars.Answer), other
    assert_same(one.records(), other.records())
    assert_same(one.json(), other.json())


@pytest.mark.slow
@pytest.mark.parametrize("study", STUDIES)
def test_every_study_answers_as_in_this_process(elsewhere: Place, study: str) -> None:
    data = "complete journey" if elsewhere.name in WHOLE else "cdnow"
    assert_same_answer(STUDIES[study], basis_on(None, data), basis_on(elsewhere.url, data))


@pytest.mark.slow
@pytest.mark.parametrize("study", AHEAD)
def test_forecasts_answer_as_in_this_process(place: Place, study: str) -> None:
    assert_same_answer(AHEAD[study], basis_on(None, "cdnow"), basis_on(place.url, "cdnow"))


@pytest.mark.slow
@pytest.mark.parametrize("study", WITH_LINES)
def test_lines_and_segments_answer_as_in_this_process(place: Place, study: str) -> None:
    data = "complete journey" if place.name in WHOLE else "some households"
    ask, options = WITH_LINES[study]
    if study == "basket":
        options = {"min_orders": 300 if place.name in WHOLE else 30}
    assert_same_answer((ask, options), basis_on(None, data), basis_on(place.url, data))


def test_every_public_question_is_asked() -> None:
    every = {**STUDIES, **AHEAD, **WITH_LINES, **CONTRACTS}
    asked = {ask.__name__ for ask, _ in every.values()}
    public = {
        name
        for name in regulars.__all__
        if isfunction(found := getattr(regulars, name))
        and {"orders", "spans"} & signature(found).parameters.keys()
    }
    assert public - {"report"} == asked, "a report draws the picture, which is asked"


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


@pytest.mark.parametrize("study", CONTRACTS)
def test_subscriptions_answer_as_in_this_process(place: Place, study: str) -> None:
    # many leave at the first renewal, few of the others later: as contracts do
    lived = [20, 20, 50, None, None, None, 100, None, 25]
    begun = [date(2023, 1 + number % 9, 1 + number % 28) for number in range(90)]
    ended = [
        None if days is None else day + timedelta(days=days)
        for day, days in zip(begun, lived * 10, strict=True)
    ]
    clubs = pa.table(
        {
            "customer_id": [f"c{number}" for number in range(90)],
            "started_on": begun,
            "ended_on": ended,
        }
    )
    spans = (read_spans(clubs, Reading(engine=url)) for url in (None, place.url))
    assert_same_answer(CONTRACTS[study], *spans)
