"""The answers on two real shops against those of the slow oracles on the raw files."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from datasets import cdnow_sample, complete_journey
from regulars.studies.basket import Basket, basket
from regulars.studies.concentration import Concentration, concentration
from regulars.studies.evidence import Basis, basis_of
from regulars.studies.repeat import Repeat, repeat
from regulars.studies.rfm import Rfm, rfm
from regulars.warehouse.options import Reading
from regulars.warehouse.reading import read_orders

pytestmark = pytest.mark.slow

SHOPS = ("cdnow-sample", "complete-journey")


def golden(name: str) -> dict[str, Any]:
    """What ``tests/oracles/golden_customers.py`` wrote."""
    path = Path(__file__).parents[1] / "golden" / f"{name}.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def shops() -> dict[str, Basis]:
    places = {"customer_id": "1", "ordered_at": "3", "amount": "5"}
    discs = Reading(burn_in_days=0, columns=places)
    grocer = Reading(burn_in_days=0, products=complete_journey("products"))
    return {
        "cdnow-sample": basis_of(read_orders(cdnow_sample(), discs)),
        "complete-journey": basis_of(read_orders(complete_journey(), grocer)),
    }


@pytest.mark.parametrize("shop", SHOPS)
def test_repeat_purchases_are_those_of_the_raw_file(shop: str, shops: dict[str, Basis]) -> None:
    expected = golden(f"{shop}-customers")["repeat"]
    found = repeat(shops[shop])
    assert isinstance(found, Repeat)
    assert [step.customers for step in found.steps] == expected["reached"]
    assert found.median_gap_days == expected["median_gap_days"]
    assert [found.rule.purchases, found.rule.gap_days] == expected["rule"]
    assert [time.median_days for time in found.times] == expected["medians"]
    assert found.times[0].within_gap.value == pytest.approx(expected["second_within_gap"])
    assert found.regulars.ever == expected["ever"]
    assert found.regulars.customers == expected["now"]


@pytest.mark.parametrize("shop", SHOPS)
def test_scores_and_segments_are_those_of_the_raw_file(shop: str, shops: dict[str, Basis]) -> None:
    expected = golden(f"{shop}-customers")["rfm"]
    found = rfm(shops[shop])
    assert isinstance(found, Rfm)
    rows: list[dict[str, Any]] = found.records()
    counts = Counter(f"{row['r']}{row['f']}{row['m']} {row['segment']}" for row in rows)
    assert counts == expected["scores"]
    by_id = {str(row["customer_id"]): row for row in rows}
    for wanted in expected["first"]:
        row = by_id[wanted["customer_id"]]
        assert row.pop("monetary") == pytest.approx(wanted.pop("monetary"), abs=1e-6)
        assert row == wanted


@pytest.mark.parametrize("shop", SHOPS)
def test_concentration_is_that_of_the_raw_file(shop: str, shops: dict[str, Basis]) -> None:
    expected = golden(f"{shop}-customers")["concentration"]
    found = concentration(shops[shop])
    assert isinstance(found, Concentration)
    answer: dict[str, Any] = found.json()
    for name, figure in expected.items():
        assert answer[name] == pytest.approx(figure), name


def test_baskets_are_those_of_the_raw_file(shops: dict[str, Basis]) -> None:
    expected = golden("complete-journey-baskets")
    found = basket(shops["complete-journey"], limit=100_000)
    assert isinstance(found, Basket)
    for name in ("orders", "items", "min_orders", "pairs_found"):
        assert getattr(found, name) == expected[name]
    pairs = {(pair.a, pair.b): pair for pair in found.pairs}
    for a, b, both, only_a, only_b in expected["pairs"]:
        pair = pairs[a, b]
        assert (pair.orders, pair.orders_a, pair.orders_b) == (both, only_a, only_b)
    nexts = {(item.after, item.then): item for item in found.next_items}
    for a, b, took, of, chance in expected["next"]:
        if took >= 10:
            item = nexts[a, b]
            assert (item.customers, item.of) == (took, of)
            assert item.expected == pytest.approx(chance)
        else:
            assert (a, b) not in nexts
