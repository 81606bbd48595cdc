"""Products and costs: put again and again with one result."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from regulars.apps.journal.queries import list_entries
from regulars.apps.orders.operations import Outcome, put_costs, put_products
from regulars.apps.orders.queries import find_cost, find_product, list_costs, list_products
from regulars.apps.orders.rules import (
    CostData,
    CostKind,
    ProductData,
    problems_of_cost,
    problems_of_product,
)
from regulars.kernel.actors import COMMAND

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
MILK = ProductData(id="milk", name="Milk 1 l", category="dairy")
COST = CostData(
    id="k1",
    kind=CostKind.ACQUIRE,
    from_on=date(2026, 1, 1),
    to_on=date(2026, 1, 31),
    currency="EUR",
    amount=Decimal("99.50"),
)

pytestmark = pytest.mark.django_db


def products(*told: ProductData, now: datetime = NOW) -> list[Outcome]:
    return put_products(told, actor=COMMAND, now=now)


def costs(*told: CostData, now: datetime = NOW) -> list[Outcome]:
    return put_costs(told, actor=COMMAND, now=now)


def test_a_product_is_made_changed_and_found_by_its_id() -> None:
    assert products(MILK) == [Outcome.CREATED]
    assert products(replace(MILK, category="drinks"), now=LATER) == [Outcome.UPDATED]
    row = find_product("milk")
    assert row is not None
    assert (row.name, row.category, row.changed_at) == ("Milk 1 l", "drinks", LATER)
    assert find_product("bread") is None


def test_the_same_product_and_cost_again_change_nothing() -> None:
    products(MILK)
    costs(COST)
    before = list_entries()
    assert products(MILK, MILK, now=LATER) == [Outcome.UNCHANGED] * 2
    assert costs(replace(COST, amount=Decimal("99.5000")), now=LATER) == [Outcome.UNCHANGED]
    assert list_entries() == before


def test_of_two_with_one_id_the_last_holds() -> None:
    assert products(MILK, replace(MILK, name="Whole milk")) == [Outcome.CREATED] * 2
    assert [row.name for row in list_products()] == ["Whole milk"]


def test_a_cost_is_made_changed_and_found_by_its_id() -> None:
    assert costs(COST) == [Outcome.CREATED]
    assert costs(replace(COST, kind=CostKind.KEEP), now=LATER) == [Outcome.UPDATED]
    row = find_cost("k1")
    assert row is not None
    assert (row.kind, row.amount, row.to_on) == (
        CostKind.KEEP,
        Decimal("99.50"),
        date(2026, 1, 31),
    )
    assert find_cost("k2") is None


def test_products_and_costs_are_listed_page_by_page_and_by_kind() -> None:
    products(*(replace(MILK, id=f"p{place}", category="ab"[place % 2]) for place in range(4)))
    costs(COST, replace(COST, id="k2", kind=CostKind.KEEP))
    assert [row.id for row in list_products(after="p0", limit=2)] == ["p1", "p2"]
    assert [row.id for row in list_products(category="b")] == ["p1", "p3"]
    assert [row.id for row in list_costs(kind=CostKind.KEEP)] == ["k2"]
    assert [row.id for row in list_costs(after="k1")] == ["k2"]


@pytest.mark.parametrize(
    ("told", "field"),
    [
        (replace(MILK, id=""), "id"),
        (replace(MILK, name="x" * 301), "name"),
        (replace(MILK, category="a\0b"), "category"),
    ],
)
def test_a_product_that_cannot_be_taken_is_named_by_its_field(
    told: ProductData, field: str
) -> None:
    assert [problem.field for problem in problems_of_product(told)] == [field]


@pytest.mark.parametrize(
    ("told", "field"),
    [
        (replace(COST, id="\n"), "id"),
        (replace(COST, currency="euro"), "currency"),
        (replace(COST, amount=Decimal(-1)), "amount"),
        (replace(COST, to_on=date(2025, 12, 31)), "to_on"),
    ],
)
def test_a_cost_that_cannot_be_taken_is_named_by_its_field(told: CostData, field: str) -> None:
    assert [problem.field for problem in problems_of_cost(told)] == [field]
