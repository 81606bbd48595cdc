"""Addresses and consents through the API."""

import json

import pytest

from callers import Body, Caller
from regulars.apps.accounts.rules import Role
from regulars.apps.contact.models import Delivery
from regulars.apps.contact.operations.asking import confirm_consent
from regulars.apps.contact.queries.consents import list_consent_events
from regulars.apps.people.queries import get_number
from regulars.interfaces.clock import now
from regulars.kernel.actors import COMMAND

EMAIL: Body = {"channel": "email", "value": "Ona@Example.com"}
PHONE: Body = {"channel": "phone", "value": "+370 612 34567"}


@pytest.fixture(autouse=True)
def ona(owner: Caller) -> None:
    owner.put("customers/ona", {"name": "Ona"})


def read(caller: Caller, path: str) -> dict[str, list[dict[str, object]]]:
    answer = caller.get(path)
    assert answer.status_code == 200
    told: dict[str, list[dict[str, object]]] = json.loads(answer.content)
    return told


def reach(owner: Caller, *items: Body, id_: str = "ona") -> int:
    return owner.put(f"customers/{id_}/addresses", {"items": list(items)}).status_code


def say(owner: Caller, told: dict[str, Body], purpose: str = "newsletter") -> tuple[int, str]:
    answer = owner.put(f"customers/ona/consents/{purpose}", told)
    return answer.status_code, json.loads(answer.content).get("state", "")


def fields(owner: Caller, path: str, told: Body) -> list[str]:
    answer = owner.put(path, told)
    assert answer.status_code == 422
    return [error["field"] for error in json.loads(answer.content)["errors"]]


def test_addresses_are_put_as_they_are_written_to(owner: Caller) -> None:
    assert reach(owner, EMAIL, PHONE) == 200
    items = read(owner, "customers/ona/addresses")["items"]
    assert [(row["channel"], row["value"]) for row in items] == [
        ("email", "ona@example.com"),
        ("phone", "+37061234567"),
    ]
    assert reach(owner, PHONE) == 200
    assert len(read(owner, "customers/ona/addresses")["items"]) == 1


def test_the_addresses_of_a_merged_record_are_the_persons(owner: Caller) -> None:
    owner.put("customers/web", {})
    reach(owner, EMAIL, id_="web")
    owner.post("customers/web/merge", {"into": "ona"})
    assert len(read(owner, "customers/ona/addresses")["items"]) == 1


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"items": [EMAIL, {"channel": "email", "value": "ona"}]}, "items.1.value"),
        ({"items": [{"channel": "phone", "value": "612"}]}, "items.0.value"),
        ({"items": [{"channel": "fax", "value": "612"}]}, "items.0.channel"),
        ({"items": [{"channel": "email", "value": ""}]}, "items.0.value"),
        ({"items": [EMAIL] * 61}, "items"),
        ({}, "items"),
    ],
)
def test_a_wrong_address_is_named_and_nothing_changes(
    owner: Caller, told: Body, field: str
) -> None:
    reach(owner, EMAIL)
    assert fields(owner, "customers/ona/addresses", told) == [field]
    assert len(read(owner, "customers/ona/addresses")["items"]) == 1


def test_who_is_not_known_has_neither_addresses_nor_consents(owner: Caller) -> None:
    assert owner.get("customers/nobody/addresses").status_code == 404
    assert reach(owner, EMAIL, id_="nobody") == 404
    assert owner.get("customers/nobody/consents").status_code == 404


def test_a_yes_and_a_no_are_written_down_and_the_last_counts(owner: Caller) -> None:
    early: dict[str, Body] = {"state": "granted", "at": "2026-01-02T12:00:00+02:00"}
    late: dict[str, Body] = {"state": "withdrawn", "at": "2026-02-02T12:00:00+02:00"}
    assert say(owner, late) == (201, "withdrawn")
    assert say(owner, early) == (201, "withdrawn")
    assert say(owner, early) == (200, "withdrawn")
    told = read(owner, "customers/ona/consents")
    assert [row["state"] for row in told["history"]] == ["withdrawn", "granted"]
    assert [row["state"] for row in told["items"]] == ["withdrawn"]
    assert say(owner, {"state": "granted", "proof": {"form": "web", "page": 3}}) == (
        201,
        "granted",
    )
    assert say(owner, {"state": "granted"}) == (200, "granted")
    assert read(owner, "customers/ona/consents")["items"][0]["proof"] == {"form": "web", "page": 3}


def test_a_yes_that_is_to_be_confirmed_counts_afterwards(owner: Caller) -> None:
    asked: dict[str, Body] = {"state": "granted", "confirm": True}
    assert owner.put("customers/ona/consents/offers", asked).status_code == 422
    reach(owner, EMAIL)
    assert say(owner, asked) == (201, "pending")
    assert say(owner, asked) == (200, "pending")
    delivery = Delivery.objects.select_related("batch").get()
    number = get_number("ona")
    [event] = list_consent_events(number)
    assert (delivery.customer_id, delivery.batch.secret) == (number, True)
    assert set(delivery.batch.content) == {"en", "lt", "lv", "ru", "zh-hans"}
    assert "/confirm/" in str(delivery.batch.values["confirm"])
    confirm_consent(event.id, proof={}, actor=COMMAND, now=now())
    assert say(owner, asked) == (200, "granted")


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"state": "perhaps"}, "state"),
        ({"state": "granted", "at": "2199-01-01T00:00:00Z"}, "at"),
        ({"state": "granted", "at": "2026-01-01"}, "at"),
        ({"state": "granted", "channel": "pigeon"}, "channel"),
        ({"state": "granted", "basis": "hope"}, "basis"),
        ({"state": "granted", "address": "ona"}, "address"),
        ({"state": "granted", "language": "Lithuanian"}, "language"),
        ({"state": "granted", "proof": {"form": "x" * 1001}}, "proof.form"),
        ({"state": "withdrawn", "confirm": True}, "confirm"),
        ({"state": "pending", "at": "2026-01-02T12:00:00+02:00"}, "at"),
    ],
)
def test_what_cannot_have_been_said_is_named(owner: Caller, told: Body, field: str) -> None:
    named = fields(owner, "customers/ona/consents/offers", told)[0]
    assert named.startswith(field)
    assert read(owner, "customers/ona/consents")["history"] == []


def test_nobody_says_anything_of_service_or_of_what_is_no_purpose(owner: Caller) -> None:
    assert fields(owner, "customers/ona/consents/service", {"state": "granted"}) == ["purpose"]
    assert owner.put("customers/ona/consents/spam", {"state": "granted"}).status_code == 422


def test_a_wording_is_kept_and_never_changed(owner: Caller) -> None:
    told: dict[str, Body] = {"version": "v1", "language": "lt", "text": "Sutinku.\nTikrai."}
    assert owner.put("wordings/newsletter", told).status_code == 201
    assert owner.put("wordings/newsletter", told).status_code == 200
    assert owner.put("wordings/newsletter", told | {"text": "Kitaip."}).status_code == 422
    assert fields(owner, "wordings/newsletter", told | {"language": "?"}) == ["language"]
    assert [row["text"] for row in read(owner, "wordings?purpose=newsletter")["items"]] == [
        "Sutinku.\nTikrai."
    ]
    assert read(owner, "wordings?purpose=offers")["items"] == []


def test_who_may_not_see_contacts_is_told_neither_address_nor_consent(owner: Caller) -> None:
    reach(owner, EMAIL)
    analyst = Caller(Role.ANALYST)
    for path in ("addresses", "consents"):
        answer = analyst.get(f"customers/ona/{path}")
        assert answer.status_code == 403
        assert b"example.com" not in answer.content
    assert Caller(Role.AGENT).get("customers/ona/addresses").status_code == 200
