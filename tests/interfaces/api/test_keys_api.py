"""Keys through the API."""

import json

from django.test import Client
from pytest_django import DjangoAssertNumQueries

from callers import Caller


def test_a_new_key_opens_the_door_until_it_is_ended(owner: Caller) -> None:
    made = json.loads(owner.post("keys", {"name": "till", "role": "agent"}).content)
    till = Client(headers={"Authorization": f"Bearer {made['secret']}"})
    assert till.get("/api/v1/customers").status_code == 200
    ended = json.loads(owner.post(f"keys/{made['id']}/revoke", {}).content)
    assert ended["revoked_at"] is not None
    assert till.get("/api/v1/customers").status_code == 401


def test_a_secret_is_shown_once(owner: Caller) -> None:
    made = json.loads(owner.post("keys", {"name": "till", "role": "agent"}).content)
    listed = owner.get("keys").content.decode()
    assert made["secret"] not in listed
    assert made["hint"] in listed


def test_a_key_that_would_have_ended_already_is_refused(owner: Caller) -> None:
    told = {"name": "till", "role": "agent", "expires_at": "2020-01-01T00:00:00Z"}
    assert owner.post("keys", told).status_code == 422
    assert len(json.loads(owner.get("keys").content)["items"]) == 1


def test_a_key_that_is_not_there_cannot_be_ended(owner: Caller) -> None:
    assert owner.post("keys/999/revoke", {}).status_code == 404


def test_a_scoped_key_may_do_what_its_scopes_say_and_nothing_else(owner: Caller) -> None:
    told = {"name": "till", "role": "manager", "scopes": ["orders:write"]}
    made = json.loads(owner.post("keys", told).content)
    assert made["scopes"] == ["orders:write"]
    till = Client(headers={"Authorization": f"Bearer {made['secret']}"})
    sent = till.post("/api/v1/orders", "[]", content_type="application/json")
    assert sent.status_code == 200
    refused = till.get("/api/v1/orders")
    assert refused.status_code == 403
    assert "orders:write, not for orders:read" in json.loads(refused.content)["detail"]
    listed = json.loads(owner.get("keys").content)["items"]
    assert [row["scopes"] for row in listed] == [["orders:write"], None]


def test_scopes_that_the_role_lacks_are_refused_with_those_it_has(owner: Caller) -> None:
    told = {"name": "till", "role": "analyst", "scopes": ["orders:read", "settings:write"]}
    answer = owner.post("keys", told)
    assert answer.status_code == 422
    detail = json.loads(answer.content)["detail"]
    assert "analyst has no scope settings:write" in detail
    assert "customers:read, orders:read" in detail
    assert owner.post("keys", told | {"scopes": []}).status_code == 422
    assert owner.post("keys", told | {"scopes": ["orders:burn"]}).status_code == 422
    assert len(json.loads(owner.get("keys").content)["items"]) == 1


def test_the_day_of_the_last_use_is_written_once_a_day(
    owner: Caller, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    owner.get("keys")
    with django_assert_num_queries(2):  # the key, the list
        owner.get("keys")
