"""Subscriptions through the API."""

import json

import pytest

from callers import Body, Caller

TOLD: dict[str, Body] = {
    "customer_id": "c1",
    "started_on": "2026-01-01",
    "currency": "EUR",
    "amount": "9.90",
    "every": "month",
}


def test_a_subscription_is_put_ended_and_shown(owner: Caller) -> None:
    assert owner.put("subscriptions/s1", TOLD).status_code == 201
    assert owner.put("subscriptions/s1", TOLD).status_code == 200
    ended = owner.put("subscriptions/s1", TOLD | {"ended_on": "2026-06-30"})
    assert ended.status_code == 200
    shown = json.loads(owner.get("subscriptions/s1").content)
    assert (shown["ended_on"], shown["amount"], shown["customer_id"]) == (
        "2026-06-30",
        "9.90",
        "c1",
    )


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"ended_on": "2025-12-31"}, "ended_on"),
        ({"currency": "?"}, "currency"),
        ({"every": "decade"}, "every"),
        ({"amount": "-1"}, "amount"),
        ({"customer_id": ""}, "customer_id"),
    ],
)
def test_a_bad_field_is_named_and_nothing_is_kept(
    owner: Caller, change: dict[str, Body], field: str
) -> None:
    answer = owner.put("subscriptions/s1", TOLD | change)
    assert answer.status_code == 422
    assert field in [
        error["field"].split(".")[-1] for error in json.loads(answer.content)["errors"]
    ]
    assert owner.get("subscriptions/s1").status_code == 404
