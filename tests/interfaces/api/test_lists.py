"""Lists: each page follows the other, filters hold, and the questions to the database are few."""

import json
from collections.abc import Iterable
from urllib.parse import quote, urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from callers import NOW, Body, Caller
from regulars.apps.people.operations import ensure_customers


def order(number: int, **more: Body) -> dict[str, Body]:
    """An order of one of three customers, an hour later than the one before."""
    told: dict[str, Body] = {
        "id": f"o{number:02}",
        "customer_id": f"c{number % 3}",
        "ordered_at": f"2026-03-01T{number:02}:00:00+02:00",
        "currency": "EUR",
        "lines": [{"product_id": f"p{number}", "amount": "2"}, {"product_id": "x", "amount": 1}],
    }
    return told | more


@pytest.fixture
def shop(owner: Caller) -> Caller:
    """Twelve orders of three customers, each with a refund, a product, a subscription, a cost."""
    owner.post("orders", [order(number) for number in range(12)])
    for number in range(12):
        back = {"id": f"r{number:02}", "refunded_at": "2026-03-02T12:00:00Z", "amount": "1"}
        owner.post(f"orders/o{number:02}/refunds", back)
        span: dict[str, Body] = {"currency": "EUR", "amount": "9"}
        runs: dict[str, Body] = {
            "customer_id": f"c{number % 3}",
            "started_on": f"2026-01-{number + 1:02}",
        }
        end: Body = "2026-06-30" if number % 2 else None
        owner.put(f"subscriptions/s{number:02}", span | runs | {"every": "month", "ended_on": end})
        spent: dict[str, Body] = {"from_on": "2026-01-01", "to_on": "2026-01-31"}
        kind = "keep" if number % 4 else "acquire"
        owner.put(f"costs/k{number:02}", span | spent | {"kind": kind})
    return owner


def ids(shop: Caller, path: str, **query: str) -> list[str]:
    """The ids of a whole list, read by pages of two."""
    found: list[str] = []
    after: str | None = ""
    while after is not None:
        asked = urlencode({"limit": "2", **query, "after": after}, quote_via=quote)
        answer = shop.get(f"{path}?{asked}")
        assert answer.status_code == 200, answer.content
        page = json.loads(answer.content)
        found += [row["id"] for row in page["items"]]
        after = page["next"]
    return found


def numbered(letter: str, numbers: Iterable[int]) -> list[str]:
    """Ids as they were given."""
    return [f"{letter}{number:02}" for number in numbers]


LISTS = ["customers", "orders", "refunds", "products", "subscriptions", "costs"]


@pytest.mark.parametrize("path", [*LISTS, "orders?sort=newest"])
def test_a_list_asks_the_database_as_often_whatever_the_page(shop: Caller, path: str) -> None:
    def asked(limit: int) -> int:
        with CaptureQueriesContext(connection) as queries:
            sign = "&" if "?" in path else "?"
            page = json.loads(shop.get(f"{path}{sign}limit={limit}").content)
        assert page["items"]
        return len(queries)

    asked(1)  # that somebody looked is written once an hour
    assert asked(2) == asked(12)


@pytest.mark.parametrize("path", LISTS)
def test_pages_by_id_follow_one_another_to_the_end(shop: Caller, path: str) -> None:
    whole = json.loads(shop.get(f"{path}?limit=500").content)
    assert whole["next"] is None
    assert ids(shop, path) == [row["id"] for row in whole["items"]]
    assert ids(shop, path) == sorted(ids(shop, path))


def test_orders_come_newest_first_and_of_one_moment_by_id(shop: Caller) -> None:
    shop.post("orders", [order(50, ordered_at="2026-03-01T07:00:00+02:00")])
    newest = ids(shop, "orders", sort="newest")
    assert newest[:4] == ["o11", "o10", "o09", "o08"]
    assert newest[4:6] == ["o07", "o50"]
    assert len(newest) == len(set(newest)) == 13


def test_orders_are_found_by_when_they_were_bought_whatever_the_offset(shop: Caller) -> None:
    for sort in ("id", "newest"):
        span = {"ordered_from": "2026-03-01T01:00:00Z", "ordered_before": "2026-03-01T09:00+05:00"}
        found = ids(shop, "orders", sort=sort, **span)
        assert sorted(found) == numbered("o", range(3, 6))


def test_a_plus_that_was_not_escaped_is_one(shop: Caller) -> None:
    answer = shop.get("orders?ordered_from=2026-03-01T10:00:00+02:00")
    assert [row["id"] for row in json.loads(answer.content)["items"]] == ["o10", "o11"]


def test_a_persons_records_are_found_together_once_they_are_merged(shop: Caller) -> None:
    assert ids(shop, "orders", customer_id="c1") == numbered("o", (1, 4, 7, 10))
    shop.post("customers/c2/merge", {"into": "c1"})
    both = [number for number in range(12) if number % 3]
    for sort in ("id", "newest"):
        assert sorted(ids(shop, "orders", sort=sort, customer_id="c2")) == numbered("o", both)
    assert ids(shop, "refunds", customer_id="c1") == numbered("r", both)
    assert ids(shop, "subscriptions", customer_id="c1") == numbered("s", both)
    assert ids(shop, "orders", customer_id="nobody") == []


def test_refunds_are_found_by_order_and_time(shop: Caller) -> None:
    assert ids(shop, "refunds", order_id="o03") == ["r03"]
    noon = "2026-03-02T14:00:00+02:00"
    assert len(ids(shop, "refunds", refunded_from=noon)) == 12
    assert ids(shop, "refunds", refunded_before=noon) == []
    assert json.loads(shop.get("refunds/r03").content)["order_id"] == "o03"
    assert shop.get("refunds/none").status_code == 404


def test_subscriptions_are_found_by_a_day_on_which_they_ran(shop: Caller) -> None:
    assert ids(shop, "subscriptions", active_on="2026-01-03") == numbered("s", range(3))
    assert len(ids(shop, "subscriptions", active_on="2026-06-30")) == 12
    assert len(ids(shop, "subscriptions", active_on="2026-07-01")) == 6


def test_costs_are_found_by_kind_and_products_by_category(shop: Caller) -> None:
    assert ids(shop, "costs", kind="acquire") == numbered("k", (0, 4, 8))
    shop.put("products/tea", {"category": "drinks"})
    assert ids(shop, "products", category="drinks") == ["tea"]


def test_customers_are_listed_by_the_ids_of_a_source(owner: Caller) -> None:
    owner.put("customers/c1", {})
    ensure_customers(["t1"], now=NOW, source="till")
    assert ids(owner, "customers") == ["c1"]
    assert ids(owner, "customers", source="till") == ["t1"]


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("orders?limit=0", "limit"),
        ("orders?limit=501", "limit"),
        ("orders?sort=oldest", "sort"),
        ("orders?sort=newest&after=o1", "after"),
        ("orders?sort=newest&after=Zm9v", "after"),
        ("orders?ordered_from=yesterday", "ordered_from"),
        ("orders?ordered_from=2026-01-01T00:00:00", "ordered_from"),
        ("orders?ordered_before=0001-01-01T00:00:00%2B14:00", "ordered_before"),
        ("refunds?refunded_from=2026-13-01T00:00:00Z", "refunded_from"),
        ("subscriptions?active_on=tomorrow", "active_on"),
        ("costs?kind=rent", "kind"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused_by_name(
    owner: Caller, path: str, field: str
) -> None:
    answer = owner.get(path)
    assert answer.status_code == 422
    assert [error["field"] for error in json.loads(answer.content)["errors"]] == [field]
