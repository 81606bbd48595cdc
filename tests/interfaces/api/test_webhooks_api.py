"""Webhooks through the API."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.http import HttpResponse
from pytest_django import Settings

from callers import Caller
from receivers import Receiver, receiving
from regulars.apps.journal.webhooks.dispatching import Dispatcher

ADDRESS = "https://erp.shop.example/regulars"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def told(answer: HttpResponse, status: int = 200) -> Any:  # noqa: ANN401 - JSON
    assert answer.status_code == status, answer.content
    return json.loads(answer.content)


def made(owner: Caller, **more: Any) -> Any:  # noqa: ANN401 - JSON
    return told(owner.post("webhooks", {"address": ADDRESS, **more}), 201)


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    settings.PRIVATE_WEBHOOKS = True
    with receiving() as one:
        yield one


def work() -> None:
    """What the worker's loop does, until nothing is due."""
    sender = Dispatcher(lambda: datetime.now(UTC), time.monotonic, lambda: 0.5, private=True)  # noqa: TID251 - the edge
    while sender.step() or sender.under_way:
        if sender.under_way:
            sender.wait(5)
    sender.close()


def test_a_secret_is_shown_once(owner: Caller) -> None:
    secret = made(owner)["secret"]
    assert secret.startswith("whsec_")
    assert secret not in owner.get("webhooks").content.decode()
    assert secret not in owner.get("trail").content.decode()


def test_the_list_says_what_events_there_are(owner: Caller) -> None:
    made(owner, events=["order.taken"])
    listed = told(owner.get("webhooks"))
    assert [it["events"] for it in listed["items"]] == [["order.taken"]]
    names = {it["name"] for it in listed["events"]}
    assert {"customer.changed", "customer.merged", "customer.erased", "order.taken"} <= names


@pytest.mark.parametrize(
    ("body", "field", "message"),
    [
        ({"address": "http://erp.shop.example/"}, "address", "https://"),
        ({"address": "https://10.0.0.1/"}, "address", "public internet"),
        ({"address": "nowhere"}, "address", "is no address"),
        ({"address": ADDRESS, "events": ["order.stolen"]}, "events", "give one of"),
        ({"address": ADDRESS, "colour": "red"}, "colour", "not permitted"),
    ],
)
def test_what_cannot_be_used_is_refused_by_its_field(
    owner: Caller, body: dict[str, str], field: str, message: str
) -> None:
    [error] = told(owner.post("webhooks", body), 422)["errors"]
    assert error["field"] == field
    assert message in error["message"]


def test_a_customer_is_told_of_by_every_id_and_by_number(
    owner: Caller, receiver: Receiver
) -> None:
    secret = made(owner, address=receiver.address)["secret"]
    owner.put("customers/c7", {"name": "Ona"})
    owner.post("customers/c7/identities", {"source": "till", "id": "card-1"})
    receiver.heard.clear()
    owner.put("customers/c7", {"name": "Ona Kazlauskienė"})
    work()
    heard = receiver.heard[-1]
    assert heard.is_signed_by(secret)
    assert heard.told["type"] == "customer.changed"
    ids = [{"source": "api", "id": "c7"}, {"source": "till", "id": "card-1"}]
    assert heard.told["data"] == {"customer": {"number": heard.customer, "ids": ids}}
    assert "Ona" not in heard.body.decode()


def test_orders_are_told_customer_by_customer(owner: Caller, receiver: Receiver) -> None:
    made(owner, address=receiver.address, events=["order.taken", "refund.taken"])
    moment = "2026-11-22T10:00:00+02:00"
    rows = [("1", "a"), ("2", "b"), ("3", "a"), ("4", None)]
    orders = [
        {"id": id_, "ordered_at": moment, "currency": "EUR", "amount": "3"}
        | ({"customer_id": customer} if customer else {})
        for id_, customer in rows
    ]
    told(owner.post("orders", orders))
    refund = {"id": "r1", "refunded_at": moment, "amount": "1"}
    told(owner.post("orders/2/refunds", refund), 201)
    work()
    heard = [it.told for it in receiver.heard]
    taken = sorted(
        (
            [known["id"] for known in (it["data"]["customer"] or {"ids": []})["ids"]],
            it["data"]["orders"],
        )
        for it in heard
        if it["type"] == "order.taken"
    )
    assert taken == [([], ["4"]), (["a"], ["1", "3"]), (["b"], ["2"])]
    [back] = [it["data"] for it in heard if it["type"] == "refund.taken"]
    assert back["refunds"] == [{"id": "r1", "order_id": "2"}]
    assert [it["id"] for it in back["customer"]["ids"]] == ["b"]


def test_products_costs_and_subscriptions_are_told(owner: Caller, receiver: Receiver) -> None:
    made(
        owner,
        address=receiver.address,
        events=["product.changed", "cost.changed", "subscription.changed"],
    )
    owner.put("products/milk", {"name": "Milk"})
    span = {"from_on": "2026-11-01", "to_on": "2026-11-30"}
    owner.put("costs/leaflets", {"kind": "keep", "currency": "EUR", "amount": "3", **span})
    price = {"currency": "EUR", "amount": "5", "every": "week"}
    body = {"customer_id": "a", "plan": "milk", "started_on": "2026-11-01", **price}
    told(owner.put("subscriptions/s1", body), 201)
    work()
    heard = {it.told["type"]: it.told["data"] for it in receiver.heard}
    assert heard["product.changed"] == {"products": ["milk"]}
    assert heard["cost.changed"] == {"costs": ["leaflets"]}
    assert heard["subscription.changed"]["subscriptions"] == ["s1"]


def test_a_merge_and_its_end_name_both_records(owner: Caller, receiver: Receiver) -> None:
    for id_ in ("a", "b"):
        owner.put(f"customers/{id_}", {"name": "Ona"})
    made(owner, address=receiver.address, events=["customer.merged", "customer.parted"])
    owner.post("customers/b/merge", {"into": "a"})
    owner.post("customers/b/part", {})
    work()
    merged, parted = (it.told for it in receiver.heard)
    assert (merged["type"], parted["type"]) == ("customer.merged", "customer.parted")
    for it in (merged, parted):
        assert it["data"]["customer"]["ids"] == [{"source": "api", "id": "b"}]
        assert it["data"]["canonical"]["ids"] == [{"source": "api", "id": "a"}]


def test_who_was_erased_is_told_by_number_alone(owner: Caller, receiver: Receiver) -> None:
    owner.put("customers/a", {"name": "Ona"})
    made(owner, address=receiver.address)
    owner.put("customers/a", {"name": "Ona K."})
    told(owner.post("customers/a/erase", {}))
    work()
    last = receiver.heard[-1]
    assert last.told["type"] == "customer.erased"
    assert last.told["data"] == {"customer": {"number": last.customer, "ids": []}}


def test_a_test_is_seen_among_the_deliveries(owner: Caller, receiver: Receiver) -> None:
    id_ = made(owner, address=receiver.address)["id"]
    number = told(owner.post(f"webhooks/{id_}/test", {}))["delivery"]
    assert told(owner.get(f"webhooks/{id_}"))["waiting"] == 1
    work()
    [row] = told(owner.get(f"webhooks/{id_}/deliveries?state=done"))["items"]
    assert (row["id"], row["event"], row["status"]) == (number, "webhook.test", 200)
    assert told(owner.get(f"webhooks/{id_}/deliveries?state=waiting"))["items"] == []


def test_deliveries_come_by_the_page(owner: Caller) -> None:
    id_ = made(owner)["id"]
    for _ in range(5):
        owner.post(f"webhooks/{id_}/test", {})
    seen, before = [], ""
    while True:
        page = told(owner.get(f"webhooks/{id_}/deliveries?limit=2{before}"))
        seen += [row["id"] for row in page["items"]]
        if page["next"] is None:
            break
        before = f"&before={page['next']}"
    assert len(seen) == 5
    assert seen == sorted(seen, reverse=True)


def test_a_webhook_is_changed_paused_rotated_replayed_and_removed(owner: Caller) -> None:
    first = made(owner)
    at = f"webhooks/{first['id']}"
    changed = told(owner.put(at, {"address": ADDRESS, "events": ["order.taken"]}))
    assert changed["events"] == ["order.taken"]
    assert told(owner.post(f"{at}/pause", {}))["paused"] == "staff"
    assert told(owner.post(f"{at}/resume", {}))["paused"] is None
    rotated = told(owner.post(f"{at}/rotate", {"overlap_hours": 2}))
    assert rotated["secret"] != first["secret"]
    assert len(rotated["secrets_until"]) == 2
    assert told(owner.post(f"{at}/replay", {"failed": True})) == {"count": 0}
    assert told(owner.post(f"{at}/remove", {})) == {"removed": True}
    assert told(owner.post(f"{at}/remove", {})) == {"removed": False}
    assert owner.get(at).status_code == 404


def test_a_replay_that_does_not_say_of_what_is_refused(owner: Caller) -> None:
    id_ = made(owner)["id"]
    assert "sent again" in told(owner.post(f"webhooks/{id_}/replay", {}), 422)["detail"]
    assert told(owner.post(f"webhooks/{id_}/replay", {"delivery": 999}), 422)


@pytest.mark.parametrize("hours", [-1, 721])
def test_an_overlap_without_end_is_refused(owner: Caller, hours: int) -> None:
    id_ = made(owner)["id"]
    assert owner.post(f"webhooks/{id_}/rotate", {"overlap_hours": hours}).status_code == 422


def test_there_are_so_many_webhooks_and_no_more(owner: Caller) -> None:
    for _ in range(50):
        made(owner)
    assert "50 webhooks" in told(owner.post("webhooks", {"address": ADDRESS}), 422)["detail"]
