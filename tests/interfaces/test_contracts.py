"""Every published JSON contract answers on the orders of two real shops."""

import json
from collections.abc import Callable

import pytest

import regulars
from interfaces.conftest import CONTRACTS
from regulars.interfaces.cli.commands.demonstrating import SHOPS, Shop

ASK: dict[str, Callable[[regulars.Orders], regulars.Answer | regulars.NotEnoughEvidence]] = {
    "retention": regulars.retention,
    "growth": regulars.growth,
    "cohorts": regulars.cohorts,
    "rfm": regulars.rfm,
    "concentration": regulars.concentration,
    "forecast": regulars.forecast,
    "value": regulars.value,
    "at-risk": regulars.at_risk,
    "check": regulars.check,
}


@pytest.fixture(scope="module", params=SHOPS, ids=lambda shop: shop.name)
def orders(request: pytest.FixtureRequest) -> regulars.Orders:
    shop: Shop = request.param
    return regulars.read_orders(shop.orders(), **shop.reading())


@pytest.mark.slow
@pytest.mark.journey
@pytest.mark.parametrize("question", CONTRACTS)
def test_a_real_shops_answer_keeps_the_contract(question: str, orders: regulars.Orders) -> None:
    answer = ASK[question](orders)
    document = json.loads(json.dumps(answer.json(), allow_nan=False))
    rows = document if isinstance(document, list) else [document]
    assert rows
    assert all(CONTRACTS[question] <= row.keys() for row in rows)


@pytest.mark.slow
@pytest.mark.journey
def test_growth_and_cohorts_of_a_real_shop_agree(orders: regulars.Orders) -> None:
    growth = regulars.growth(orders, period=regulars.Period.MONTH)
    cohorts = regulars.cohorts(orders, period=regulars.Period.MONTH)
    assert growth
    assert cohorts
    won = {row["cohort"]: row["customers"] for row in cohorts.records()}
    assert won == {row["period"]: row["new"] for row in growth.records() if row["new"]}
