"""What shops tell in any order and in any zone: nothing is lost, nothing is made up."""

import json
from datetime import datetime
from decimal import Decimal

import pytest

from callers import Body, Caller
from regulars.apps.orders.queries import find_order

ORDER: dict[str, Body] = {
    "id": "o1",
    "customer_id": "c1",
    "ordered_at": "2026-01-02T10:00:00+02:00",
    "currency": "EUR",
    "amount": "10",
}


def shown(owner: Caller, path: str) -> dict[str, Body]:
    """What the platform says of something."""
    answer = owner.get(path)
    assert answer.status_code == 200, answer.content
    told: dict[str, Body] = json.loads(answer.content)
    return told


def refund(id_: str, amount: str) -> dict[str, Body]:
    """A refund of that much."""
    return {"id": id_, "refunded_at": "2026-01-03T10:00:00+02:00", "amount": amount}


def test_a_refund_of_more_than_the_order_is_kept_as_told_and_the_order_stops_at_its_amount(
    owner: Caller,
) -> None:
    owner.post("orders", ORDER)
    told = json.loads(owner.post("orders/o1/refunds", refund("r1", "25")).content)
    assert told["amount"] == "25.00"
    order = shown(owner, "orders/o1")
    assert (order["amount"], order["refunded"]) == ("10.00", "10.00")
    assert order["refunds"] == [told]


def test_refunds_that_exceed_the_order_together_stop_at_its_amount_too(owner: Caller) -> None:
    owner.post("orders", ORDER)
    owner.post("orders/o1/refunds", [refund("r1", "6"), refund("r2", "3")])
    assert shown(owner, "orders/o1")["refunded"] == "9.00"
    owner.post("orders/o1/refunds", refund("r2", "6"))
    assert shown(owner, "orders/o1")["refunded"] == "10.00"
    owner.post("orders", ORDER | {"amount": "20"})
    assert shown(owner, "orders/o1")["refunded"] == "12.00"


def test_a_refund_that_comes_before_its_order_waits_for_it(owner: Caller) -> None:
    assert owner.post("orders/o1/refunds", refund("r1", "4")).status_code == 201
    assert owner.get("orders/o1").status_code == 404
    assert shown(owner, "refunds/r1")["order_id"] == "o1"
    owner.post("orders", ORDER)
    assert shown(owner, "orders/o1")["refunded"] == "4.00"


def test_a_customer_who_comes_after_his_order_is_no_stub_any_more(owner: Caller) -> None:
    owner.post("orders", ORDER)
    stub = shown(owner, "customers/c1")
    assert (stub["is_stub"], stub["name"]) == (True, "")
    owner.put("customers/c1", {"name": "Ona"})
    person = shown(owner, "customers/c1")
    assert (person["is_stub"], person["name"], person["made_at"]) == (
        False,
        "Ona",
        stub["made_at"],
    )
    owner.post("orders", ORDER | {"id": "o2"})
    assert shown(owner, "customers/c1")["is_stub"] is False
    assert shown(owner, "orders/o2")["customer_id"] == "c1"


@pytest.mark.parametrize(
    "told",
    [
        "2026-03-29T02:59:59+02:00",  # Vilnius: the last second before summer time
        "2026-03-29T04:00:00+03:00",  # and the next one
        "2026-10-25T03:30:00+03:00",  # the hour that comes twice: the first time
        "2026-10-25T03:30:00+02:00",  # and the second
        "2026-01-01T00:30:00+14:00",  # Kiritimati, where the year begins
        "2025-12-31T23:30:00-12:00",  # where it ends
        "2026-01-01T00:30:00-14:00",
        "2026-06-30T23:45:00+05:45",  # Nepal
        "2026-07-01T00:00:00-03:30",  # Newfoundland
        "2026-07-01T00:00:00Z",
        "2026-07-01T00:00:00.123456+02:00",
    ],
)
def test_a_time_is_kept_with_its_offset_and_is_the_same_moment(owner: Caller, told: str) -> None:
    assert owner.post("orders", ORDER | {"ordered_at": told}).status_code == 201
    kept = str(shown(owner, "orders/o1")["ordered_at"])
    moment = datetime.fromisoformat(kept)
    assert moment == datetime.fromisoformat(told)
    assert moment.utcoffset() == datetime.fromisoformat(told).utcoffset()
    row = find_order("o1")
    assert row is not None
    assert row.ordered_at.date() == datetime.fromisoformat(told).date()


def test_an_hour_that_comes_twice_is_two_moments(owner: Caller) -> None:
    owner.post("orders", ORDER | {"ordered_at": "2026-10-25T03:30:00+02:00"})
    owner.post("orders", ORDER | {"id": "o2", "ordered_at": "2026-10-25T03:30:00+03:00"})
    newest = json.loads(owner.get("orders?sort=newest").content)["items"]
    assert [row["id"] for row in newest] == ["o1", "o2"]


@pytest.mark.parametrize("offset", ["+14:01", "-14:01", "+15:00", "+02:00:30", "+99:00", ""])
def test_an_offset_that_no_shop_has_is_refused(owner: Caller, offset: str) -> None:
    answer = owner.post("orders", ORDER | {"ordered_at": f"2026-01-02T10:00:00{offset}"})
    assert answer.status_code == 422
    assert [it["field"] for it in json.loads(answer.content)["errors"]] == ["ordered_at"]


@pytest.mark.parametrize("code", ["EURO", "eur", "XXL", "", "€", "E R"])
def test_an_unknown_currency_is_refused_with_what_would_be_taken(owner: Caller, code: str) -> None:
    answer = owner.post("orders", ORDER | {"currency": code})
    (error,) = json.loads(answer.content)["errors"]
    assert (answer.status_code, error["field"]) == (422, "currency")
    assert "ISO 4217" in error["message"]
    assert owner.get("orders/o1").status_code == 404
    assert owner.get("customers/c1").status_code == 404


def test_several_currencies_stand_beside_each_other(owner: Caller) -> None:
    amounts: dict[str, str] = {"EUR": "10", "JPY": "1000", "KWD": "1.2345", "CNY": "0.01"}
    orders: list[Body] = [
        ORDER | {"id": code, "currency": code, "amount": amount}
        for code, amount in amounts.items()
    ]
    owner.post("orders", orders)
    told = json.loads(owner.get("orders?customer_id=c1").content)["items"]
    assert {row["currency"]: Decimal(row["amount"]) for row in told} == {
        code: Decimal(amount) for code, amount in amounts.items()
    }


@pytest.mark.parametrize(
    "amount", ["0.1", "0.3", "1e2", "99999999999.9999", "99999999999999", "1234567890123.45"]
)
def test_an_amount_comes_back_to_the_last_digit(owner: Caller, amount: str) -> None:
    body = json.dumps(ORDER).replace('"10"', amount)
    assert owner.post("orders", body).status_code == 201
    assert Decimal(str(shown(owner, "orders/o1")["amount"])) == Decimal(amount)


@pytest.mark.parametrize("amount", ["99999999999999.9999", "123456789012.3456", "1e14"])
def test_an_amount_that_would_lose_a_digit_is_refused(owner: Caller, amount: str) -> None:
    answer = owner.post("orders", ORDER | {"amount": amount})
    assert answer.status_code == 422
    assert [it["field"] for it in json.loads(answer.content)["errors"]] == ["amount"]
