"""Many tills at once: nothing twice, nothing lost, nobody refused."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from callers import Body, Caller
from regulars.apps.accounts.rules import Role
from regulars.apps.orders.queries import list_orders
from regulars.apps.people.queries import list_customers

TILLS = 6

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def all_at_once(act: Callable[[int], int]) -> list[int]:
    """What each of several threads was answered."""

    def alone(till: int) -> int:
        try:
            return act(till)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(TILLS) as pool:
        return list(pool.map(alone, range(TILLS)))


def order(number: int) -> Body:
    """An order of one of a few customers."""
    return {
        "id": f"o{number}",
        "customer_id": f"c{number % 7}",
        "ordered_at": "2026-01-02T10:00:00Z",
        "currency": "EUR",
        "lines": [{"product_id": f"p{number % 5}", "amount": str(number + 1)}],
    }


ORDERS = [order(number) for number in range(40)]


def test_the_same_list_from_everywhere_is_taken_once() -> None:
    owner = Caller(Role.OWNER)
    answers = all_at_once(lambda _: owner.post("orders", ORDERS).status_code)
    assert answers == [200] * TILLS
    rows = list_orders(limit=100)
    assert sorted(row.id for row in rows) == sorted(f"o{number}" for number in range(40))
    assert {len(row.lines) for row in rows} == {1}
    assert len(list_customers()) == 7


def test_lists_in_opposite_order_do_not_wait_for_each_other_for_ever() -> None:
    owner = Caller(Role.OWNER)
    back = ORDERS[::-1]
    answers = all_at_once(
        lambda till: owner.post("orders", back if till % 2 else ORDERS).status_code
    )
    assert answers == [200] * TILLS
    assert len(list_orders(limit=100)) == 40


def test_one_key_is_answered_once_however_many_ask() -> None:
    owner = Caller(Role.OWNER)
    told: list[str] = []

    def ask(_: int) -> int:
        answer = owner.post("orders", order(1), key="k")
        told.append(json.dumps(json.loads(answer.content)))
        return answer.status_code

    assert all_at_once(ask) == [201] * TILLS
    assert len(set(told)) == 1
