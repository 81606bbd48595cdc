"""Why did she (not) get it, by the API: deliveries, batches, suppressions, how the firm writes."""

import json
from typing import Any

import pytest
from django.test import Client

from callers import Body, Caller
from outbox import a_batch, a_delivery, a_no, an_event, deliveries_of, somebody
from regulars.apps.accounts.rules import Role
from regulars.apps.contact.rules.purposes import Purpose
from regulars.apps.contact.rules.states import EventKind, Reason, State
from regulars.apps.people.operations import merge_customers
from regulars.kernel.actors import COMMAND
from visitors import NOW

pytestmark = pytest.mark.django_db


def got(caller: Caller, path: str) -> Any:  # noqa: ANN401 - JSON of any shape
    answer = caller.get(path)
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)


@pytest.fixture
def manager() -> Caller:
    return Caller(Role.MANAGER)


def test_deliveries_are_read_page_by_page_to_the_end(manager: Caller) -> None:
    numbers = deliveries_of(a_batch(), [somebody(f"c{it}") for it in range(5)])

    for sort, expected in (("id", numbers), ("newest", numbers[::-1])):
        found: list[int] = []
        after = ""
        while True:
            page = got(manager, f"deliveries?limit=2&sort={sort}&after={after}")
            found += [it["id"] for it in page["items"]]
            if page["next"] is None:
                break
            after = page["next"]
        assert found == expected


@pytest.mark.parametrize("after", ["x", "-1", "1" * 30, "1.5", "१"])
def test_a_place_that_is_none_is_refused_by_its_field(manager: Caller, after: str) -> None:
    for path in ("deliveries", "batches", "suppressions"):
        answer = manager.get(f"{path}?after={after}")
        assert answer.status_code == 422
        assert json.loads(answer.content)["errors"][0]["field"] == "after"


def test_deliveries_are_narrowed(manager: Caller) -> None:
    news, care = a_batch(), a_batch("care", purpose=Purpose.CARE, sender="care")
    ona = somebody("c7")
    went = a_delivery(news, ona, State.SENT)
    kept = a_delivery(care, somebody("c8"), State.SKIPPED, Reason.HOLD)

    for query, expected in (
        ("state=sent", [went]),
        ("reason=hold", [kept]),
        ("purpose=care", [kept]),
        ("sender=engagement", [went]),
        (f"batch={care}", [kept]),
        ("channel=phone", []),
        ("customer_id=c7", [went]),
        ("planned_from=2026-11-23T00:00:00Z", []),
        ("planned_before=2026-11-23T00:00:00Z", [went, kept]),
    ):
        page = got(manager, f"deliveries?{query}")
        assert [it["id"] for it in page["items"]] == expected, query
    assert manager.get("deliveries?state=lost").status_code == 422
    assert manager.get("deliveries?customer_id=nobody").status_code == 404


def test_a_customers_deliveries_are_those_of_every_record(manager: Caller) -> None:
    batch = a_batch()
    records = [somebody("c7"), somebody("web-55"), somebody("c8")]
    sent = deliveries_of(batch, records, State.SENT)
    merge_customers("web-55", "c7", actor=COMMAND, now=NOW)

    for id_ in ("c7", "web-55"):
        page = got(manager, f"customers/{id_}/deliveries")
        assert [it["id"] for it in page["items"]] == [sent[1], sent[0]]
        assert {it["customer_id"] for it in page["items"]} == {"c7"}
    assert manager.get("customers/nobody/deliveries").status_code == 404


def test_one_delivery_tells_why_and_what_stood_behind_it(manager: Caller) -> None:
    ona = somebody()
    a_no(ona)
    number = a_delivery(a_batch(), ona, State.SKIPPED, Reason.NO_CONSENT)

    told = got(manager, f"deliveries/{number}")

    assert told["why"] == "Not sent: the customer has not agreed to it, or said no."
    assert told["consent"] == {
        "state": "withdrawn",
        "channel": "email",
        "at": "2026-11-19T12:00:00Z",
    }
    assert told["message"]["subject"] == "Fresh bread, Ona Kazlauskienė"
    assert "we bake **again**" not in told["message"]["text"]
    assert "from Monday" in told["message"]["html"]


def test_one_delivery_tells_what_the_provider_told(manager: Caller) -> None:
    number = a_delivery(a_batch(), somebody(), State.SENT)
    an_event(number, EventKind.BOUNCED, detail="550 no such user")

    told = got(manager, f"deliveries/{number}")

    assert told["became"] == "bounced"
    assert [(it["kind"], it["detail"]) for it in told["events"]] == [
        ("bounced", "550 no such user")
    ]


def test_the_links_of_the_recipient_are_shown_to_nobody(manager: Caller) -> None:
    number = a_delivery(a_batch(), somebody(), State.SENT)

    message = got(manager, f"deliveries/{number}")["message"]

    assert "/my/" not in message["html"] + message["text"]
    assert "https://example.com/unsubscribe" in message["text"]


def test_a_secret_is_not_told(manager: Caller) -> None:
    batch = a_batch(secret=True, purpose=Purpose.SERVICE)
    number = a_delivery(batch, somebody(), State.SENT)

    assert got(manager, f"deliveries/{number}")["message"] is None


def test_a_text_that_cannot_be_filled_says_so(manager: Caller) -> None:
    content = {"en": {"subject": "{{ 1 | divided_by: 0 }}", "body": "x"}}
    number = a_delivery(a_batch(content=content), somebody(), State.FAILED, Reason.NO_TEXT)

    assert "cannot be filled" in got(manager, f"deliveries/{number}")["message"]["trouble"]


def test_an_address_is_masked_for_a_key_that_may_not_see_contacts() -> None:
    number = a_delivery(a_batch(), somebody(), State.FAILED, detail="<ona@shop.example>: unknown")
    told = {"name": "report", "role": "manager", "scopes": ["deliveries:read"]}
    secret = json.loads(Caller(Role.OWNER).post("keys", told).content)["secret"]
    narrow = Client(headers={"Authorization": f"Bearer {secret}"})
    wide = Caller(Role.MANAGER)

    for path in ("deliveries", "customers/c7/deliveries", f"deliveries/{number}"):
        hidden = narrow.get(f"/api/v1/{path}")
        assert hidden.status_code == 200
        assert b"ona@" not in hidden.content
        assert b"ona@shop.example" in wide.get(path).content


def test_a_delivery_is_cancelled_while_it_waits_and_stays_as_it_is_later(manager: Caller) -> None:
    batch = a_batch()
    waits, went = (a_delivery(batch, somebody(it), state) for it, state in _TWO)

    told = json.loads(manager.post(f"deliveries/{waits}/cancel", {}).content)
    assert (told["state"], told["reason"]) == ("skipped", "cancelled")
    told = json.loads(manager.post(f"deliveries/{went}/cancel", {}).content)
    assert told["state"] == "sent"
    assert manager.post("deliveries/999/cancel", {}).status_code == 404


_TWO = (("c1", State.PLANNED), ("c2", State.SENT))


def test_a_batch_is_paused_goes_on_and_is_stopped(manager: Caller) -> None:
    batch = a_batch()
    deliveries_of(batch, [somebody("c1"), somebody("c2")])

    paused = json.loads(manager.post(f"batches/{batch}/pause", {}).content)
    assert paused["paused_at"] is not None
    going = json.loads(manager.post(f"batches/{batch}/resume", {}).content)
    assert going["paused_at"] is None
    stopped = json.loads(manager.post(f"batches/{batch}/stop", {}).content)
    assert stopped["counts"] == [{"state": "skipped", "reason": "cancelled", "count": 2}]
    assert manager.post(f"batches/{batch}/pause", {}).status_code == 422
    assert got(manager, f"batches/{batch}") == stopped
    assert got(manager, "batches?sort=newest&sender=engagement")["items"][0]["id"] == batch
    for change in ("pause", "resume", "stop"):
        assert manager.post(f"batches/999/{change}", {}).status_code == 404
    assert manager.get("batches/999").status_code == 404


ADDRESS = {"channel": "email", "address": "Ona@Shop.Example", "scope": "promotion"}


def test_an_address_is_suppressed_found_and_lifted(manager: Caller) -> None:
    assert manager.post("suppressions", ADDRESS).status_code == 201
    assert manager.post("suppressions", ADDRESS).status_code == 200

    asked = {"channel": "email", "address": "ona@shop.example"}
    found = json.loads(manager.post("suppressions/find", asked).content)
    [row] = found["items"]
    assert (row["scope"], row["reason"], row["lifted_at"]) == ("promotion", "manual", None)
    assert got(manager, f"suppressions?key={found['key']}&in_force=true")["items"] == [row]

    lifted = manager.post(f"suppressions/{row['id']}/lift", {"reason": "She asked."})
    assert json.loads(lifted.content)["lifted_at"] is not None
    assert got(manager, "suppressions?in_force=true")["items"] == []
    assert manager.post("suppressions/999/lift", {"reason": "She asked."}).status_code == 404


def test_what_is_no_address_is_refused_by_its_field(manager: Caller) -> None:
    for path, body in (("suppressions", ADDRESS), ("suppressions/find", {"channel": "email"})):
        answer = manager.post(path, body | {"address": "nobody"})
        assert answer.status_code == 422
        assert json.loads(answer.content)["errors"][0]["field"] == "address"


def test_how_the_firm_writes_is_put_whole_and_read_back() -> None:
    owner = Caller(Role.OWNER)
    before = got(owner, "settings/messages")
    told = before | {"ask_days": 30, "throttles": {"gmail.com": 100}}

    assert json.loads(owner.put("settings/messages", told).content) == told
    assert got(owner, "settings/messages") == told
    assert json.loads(owner.put("settings/messages", {}).content) == before


def test_a_policy_that_cannot_hold_is_refused_by_its_fields() -> None:
    owner = Caller(Role.OWNER)
    wrong: dict[str, Body] = {
        "reply_to": "x",
        "country": "lt",
        "ask_days": -1,
        "throttles": {"gmail": 0},
    }

    answer = owner.put("settings/messages", wrong)

    assert answer.status_code == 422
    fields = {it["field"] for it in json.loads(answer.content)["errors"]}
    assert fields == set(wrong)
