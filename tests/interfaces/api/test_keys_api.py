"""Keys through the API."""

import json

from django.test import Client

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
