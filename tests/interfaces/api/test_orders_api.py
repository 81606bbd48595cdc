"""Orders through the API."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from callers import Body, Caller
from regulars.apps.orders.queries import list_orders

MOST_QUESTIONS = 13
"""Of one order of a known customer with known products, with a key; begin and end counted, and the
followers' work where somebody follows."""

ORDER: dict[str, Body] = {
    "id": "o1",
    "customer_id": "c1",
    "ordered_at": "2026-01-02T10:00:00+02:00",
    "currency": "EUR",
    "lines": [{"product_id": "p1", "amount": 12.1}, {"product_id": "p2", "amount": "3"}],
}


def test_an_order_is_taken_and_shown_as_it_was_told(owner: Caller) -> None:
    told = owner.post("orders", ORDER)
    assert told.status_code == 201
    shown = json.loads(owner.get("orders/o1").content)
    assert shown == json.loads(told.content)
    assert (shown["amount"], shown["ordered_at"]) == ("15.10", "2026-01-02T10:00:00+02:00")
    assert shown["customer_id"] == "c1"


def test_a_refund_that_came_first_is_in_the_answer(owner: Caller) -> None:
    refund = {"id": "r1", "refunded_at": "2026-01-03T10:00:00-03:30", "amount": "2"}
    owner.post("orders/o1/refunds", refund)
    line = {"line": "a", "product_id": "p", "quantity": "0.5", "amount": "3", "unit_cost": "1.234"}
    told = owner.post("orders", ORDER | {"lines": [line], "channel": "web", "store": "s"})
    assert json.loads(told.content)["refunded"] == "2.00"
    assert json.loads(told.content) == json.loads(owner.get("orders/o1").content)


def test_one_order_takes_few_questions_to_the_database(owner: Caller) -> None:
    owner.post("orders", ORDER, key="k1")
    with CaptureQueriesContext(connection) as asked:
        owner.post("orders", ORDER | {"id": "o2"}, key="k2")
    assert len(asked) <= MOST_QUESTIONS


def test_the_same_order_again_changes_nothing(owner: Caller) -> None:
    owner.post("orders", ORDER)
    before = list_orders()
    assert owner.post("orders", ORDER).status_code == 200
    assert list_orders() == before


def test_a_retry_gets_the_stored_answer_and_another_body_is_refused(owner: Caller) -> None:
    first = owner.post("orders", ORDER, key="k")
    again = owner.post("orders", ORDER, key="k")
    assert (again.status_code, again.content) == (201, first.content)
    assert owner.post("orders", ORDER | {"id": "o2"}, key="k").status_code == 409
    assert [row.id for row in list_orders()] == ["o1"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"currency": "EURO"}, "currency"),
        ({"amount": "15"}, "amount"),
        ({"amount": "NaN"}, "amount"),
        ({"ordered_at": "2026-01-02T10:00:00"}, "ordered_at"),
        ({"id": ""}, "id"),
        ({"lines": [], "amount": -1}, "amount"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_bad_field_is_named_and_nothing_is_taken(
    owner: Caller, change: dict[str, Body], field: str
) -> None:
    answer = owner.post("orders", ORDER | change)
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert field in [error["field"] for error in json.loads(answer.content)["errors"]]
    assert list_orders() == []


def test_each_of_a_list_gets_its_own_result(owner: Caller) -> None:
    answer = owner.post("orders", [ORDER, ORDER | {"id": "o2", "currency": "?"}])
    results = json.loads(answer.content)["results"]
    assert [(row["id"], row["status"]) for row in results] == [
        ("o1", "created"),
        ("o2", "rejected"),
    ]
    assert [row.id for row in list_orders()] == ["o1"]


def test_a_refund_may_come_before_its_order(owner: Caller) -> None:
    refund = {"id": "r1", "refunded_at": "2026-01-03T10:00:00Z", "amount": "20"}
    assert owner.post("orders/o1/refunds", refund).status_code == 201
    owner.post("orders", ORDER)
    assert json.loads(owner.get("orders/o1").content)["refunded"] == "15.10"


@pytest.mark.parametrize(
    "body",
    [
        "{",
        "[" * 100_000,
        '[{"id": "a", "id": "b"}]',
        "",
    ],
)
def test_a_body_that_cannot_be_kept_is_refused_as_such(owner: Caller, body: str) -> None:
    answer = owner.post("orders", body)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("moment", ["2026-01-02T10:00:00+15:00", "0001-01-01T00:00:00Z"])
def test_a_time_that_no_shop_has_is_refused(owner: Caller, moment: str) -> None:
    assert owner.post("orders", ORDER | {"ordered_at": moment}).status_code == 422


def test_an_address_with_nul_names_nothing(owner: Caller) -> None:
    assert owner.get("orders/%00").status_code == 400
    assert owner.get("orders?customer_id=%00").status_code == 400


def test_more_than_a_call_may_bring_is_refused_whole(owner: Caller) -> None:
    assert owner.post("orders", [{}] * 5001).status_code == 413
