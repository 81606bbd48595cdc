"""Real shops: the product against golden files that the oracles made from the raw data."""

import json
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from datasets import cdnow_master, complete_journey
from regulars.kernel.periods import Period
from regulars.studies.answer import Answer
from regulars.studies.cohorts import cohorts
from regulars.studies.consistency import Consistency, consistency
from regulars.studies.evidence import Basis, basis_of
from regulars.studies.growth import growth
from regulars.studies.retention import Retention, RetentionRate, retention
from regulars.warehouse.options import Reading
from regulars.warehouse.reading import read_orders

GOLDEN = Path(__file__).parents[1] / "golden"
WINDOW = 60

shops = pytest.mark.parametrize("shop", ["cdnow", "complete-journey"])


@cache
def basis(shop: str) -> Basis:
    if shop == "cdnow":
        return basis_of(read_orders(cdnow_master(), Reading(burn_in_days=0)))
    return basis_of(read_orders(complete_journey(), Reading(burn_in_days=0)))


@cache
def golden(shop: str) -> dict[str, object]:
    content: dict[str, object] = json.loads((GOLDEN / f"{shop}-retention.json").read_text())
    return content


def rows_of(answer: object, like: object) -> list[dict[str, object]]:
    """The rows of an answer with the columns that the golden rows have."""
    assert isinstance(answer, Answer), answer
    assert isinstance(like, list)
    return [{key: row[key] for key in like[0]} for row in answer.records()]


def counts(rate: RetentionRate) -> dict[str, int]:
    names = ("start", "active", "new", "resurrected", "retained", "churned")
    return {name: getattr(rate, name) for name in names}


@shops
def test_customers_orders_and_rhythm_are_those_of_the_raw_file(shop: str) -> None:
    expected, found = golden(shop), basis(shop)
    assert found.evidence.customers == expected["customers"]
    assert found.evidence.orders == expected["orders"]
    assert found.gaps.percentile(0.5) == expected["median_gap"]


@shops
@pytest.mark.parametrize(("key", "lookback"), [("retention", None), ("retention_ever", "ever")])
def test_retention_of_a_quarter_is_golden(shop: str, key: str, lookback: str | None) -> None:
    expected = golden(shop)
    start, end = (date.fromisoformat(str(expected[name])) for name in ("from", "to"))
    answer = retention(basis(shop), from_=start, to=end, lookback=lookback)  # type: ignore[arg-type]
    assert isinstance(answer, Retention)
    assert counts(answer.overall) == expected[key]


@shops
def test_growth_accounting_is_golden(shop: str) -> None:
    expected = golden(shop)["growth"]
    assert rows_of(growth(basis(shop), period=Period.MONTH), expected) == expected


@shops
def test_the_cohort_matrix_is_golden(shop: str) -> None:
    expected = golden(shop)["cohorts"]
    assert rows_of(cohorts(basis(shop), period=Period.MONTH), expected) == expected


@shops
def test_the_quality_of_cohorts_is_golden(shop: str) -> None:
    answer = consistency(basis(shop), period=Period.MONTH, window_days=WINDOW)
    assert isinstance(answer, Consistency)
    found = [[it.cohort.isoformat(), it.customers, it.repeated] for it in answer.cohorts]
    assert found == golden(shop)["consistency"]


def test_most_households_look_new_in_the_first_month_of_an_extract() -> None:
    whole = basis_of(read_orders(complete_journey()))
    january = growth(whole, period=Period.MONTH).records()[0]  # type: ignore[union-attr]
    assert january["new"] == 1982
    assert january["at_most"] is True
