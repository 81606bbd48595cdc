"""Cards, notes, suggestions, export, erasure, trail and settings through the API."""

import json
from urllib.parse import quote

import pytest

from callers import NOW, Body, Caller
from regulars.apps.accounts.operations import add_staff
from regulars.apps.accounts.rules import Role
from regulars.kernel.actors import COMMAND


def read(caller: Caller, path: str) -> dict[str, object]:
    """What is there."""
    answer = caller.get(path)
    assert answer.status_code == 200, answer.content
    return dict(json.loads(answer.content))


def items(caller: Caller, path: str) -> list[dict[str, object]]:
    """What is listed there."""
    return list(json.loads(caller.get(path).content)["items"])


def test_ids_of_other_sources_are_added_and_removed(owner: Caller) -> None:
    owner.put("customers/a", {"name": "Ona"})
    told: Body = {"source": "till", "id": "7"}
    assert owner.post("customers/a/identities", told).status_code == 201
    assert owner.post("customers/a/identities", told).status_code == 200
    both = [{"source": "api", "id": "a"}, {"source": "till", "id": "7"}]
    assert items(owner, "customers/a/identities") == both
    assert owner.post("customers/a/identities/remove", told).status_code == 200
    assert owner.post("customers/a/identities/remove", told).status_code == 422
    assert items(owner, "customers/a/identities") == both[:1]
    assert owner.post("customers/z/identities", told).status_code == 404
    bad = owner.post("customers/a/identities", {"source": "t\til", "id": "7"})
    assert json.loads(bad.content)["errors"][0]["field"] == "source"


def test_a_note_is_written_read_changed_and_removed(owner: Caller) -> None:
    owner.put("customers/a", {})
    made = owner.post("customers/a/notes", {"text": "Likes tea."})
    assert made.status_code == 201
    note = json.loads(made.content)
    assert (note["customer_id"], note["author"].partition(":")[0]) == ("a", "key")
    other = Caller(Role.MANAGER)
    assert other.put(f"notes/{note['id']}", {"text": "x"}).status_code == 422
    assert owner.put(f"notes/{note['id']}", {"text": "Likes coffee."}).status_code == 200
    owner.post("customers/a/notes", {"text": "Second."})
    page = read(owner, "customers/a/notes?limit=1")
    assert [row["text"] for row in items(owner, "customers/a/notes?limit=1")] == ["Second."]
    rest = items(owner, f"customers/a/notes?before={page['next']}")
    assert [row["text"] for row in rest] == ["Likes coffee."]
    assert other.post(f"notes/{note['id']}/remove", {}).status_code == 200
    assert owner.put(f"notes/{note['id']}", {"text": "x"}).status_code == 404
    assert len(items(owner, "customers/a/notes")) == 1


def test_somebody_is_said_to_look_after_a_customer(owner: Caller) -> None:
    owner.put("customers/a", {})
    ona = add_staff("ona@example.org", "Ona", Role.AGENT, actor=COMMAND, now=NOW)
    told: Body = {"contact_person": ona, "substitute": None}
    assert owner.put("customers/a/contact-person", told).status_code == 200
    assert read(owner, "customers/a/contact-person") == told
    assert owner.put("customers/a/contact-person", {"contact_person": 999}).status_code == 422
    assert [row["id"] for row in items(owner, f"customers?contact_person={ona}")] == ["a"]


def test_the_list_is_narrowed(owner: Caller) -> None:
    owner.put("customers/a", {"language": "lt"})
    owner.put("customers/b", {"language": "lv"})
    assert [row["id"] for row in items(owner, "customers?language=lv")] == ["b"]
    assert items(owner, "customers?is_stub=true") == []
    assert items(owner, f"customers?made_since={quote('2199-01-01T00:00:00+00:00')}") == []
    assert owner.get("customers?made_since=0001-01-01T00:00:00Z").status_code == 422


def test_a_declared_attribute_is_checked(owner: Caller) -> None:
    declared: Body = {"label": "Shoe size", "kind": "number"}
    assert owner.put("settings/attributes/shoe", declared).status_code == 200
    assert items(owner, "settings/attributes") == [{"name": "shoe", **declared}]  # type: ignore[dict-item]
    bad = owner.put("customers/a", {"attributes": {"shoe": "big"}})
    assert json.loads(bad.content)["errors"][0]["field"] == "attributes.shoe"
    told: Body = {"attributes": {"shoe": "43.5", "other": "big"}}
    assert owner.put("customers/a", told).status_code == 201
    assert owner.post("settings/attributes/shoe/remove", {}).status_code == 200
    assert items(owner, "settings/attributes") == []


def test_records_alike_are_merged_or_kept_apart(owner: Caller) -> None:
    for id_ in "abc":
        owner.put(f"customers/{id_}", {"name": "Ona", "birthday": {"month": 2, "day": 29}})
    page = read(owner, "merge-suggestions?limit=1")
    (found,) = items(owner, "merge-suggestions?limit=1")
    assert found["reasons"] == ["name and birthday"]
    assert len(items(owner, f"merge-suggestions?after={page['next']}")) == 2
    a, b, c = sorted(
        {row[side]["number"] for row in items(owner, "merge-suggestions") for side in SIDES}  # type: ignore[index]
    )
    pair: Body = {"first": a, "second": b}
    assert owner.post("merge-suggestions/dismiss", pair).status_code == 200
    assert owner.post("merge-suggestions/merge", {"first": a, "second": c}).status_code == 200
    assert items(owner, "merge-suggestions") == []
    assert read(owner, "customers/c")["merged"] is True
    assert owner.get("merge-suggestions?after=x").status_code == 422


SIDES = ("first", "second")


def test_everything_known_of_a_customer_is_given_out(owner: Caller) -> None:
    owner.put("customers/a", {"name": "Jonas Šimkus"})
    owner.post("customers/a/notes", {"text": "Likes tea."})
    answer = owner.get("customers/a/export")
    assert "attachment" in answer["Content-Disposition"]
    told = json.loads(answer.content)
    assert told["apps"]["people"]["people.Note"][0]["text"] == "Likes tea."
    assert "Jonas Šimkus" in answer.content.decode()
    assert owner.get("customers/z/export").status_code == 404


def test_a_customer_is_forgotten_and_a_retry_is_told_the_same(owner: Caller) -> None:
    owner.put("customers/a", {"name": "Ona"}, key="k")
    first = owner.post("customers/a/erase", {}, key="e")
    assert first.status_code == 200
    assert owner.post("customers/a/erase", {}, key="e").content == first.content
    assert owner.post("customers/a/erase", {}).status_code == 404
    assert owner.get("customers/a").status_code == 404
    again = owner.put("customers/a", {"name": "Ona"}, key="k")
    assert again.status_code == 410
    assert "Ona" not in again.content.decode()
    assert owner.get("customers/a").status_code == 404


def test_the_trail_says_who_saw_a_customer_once_an_hour(owner: Caller) -> None:
    owner.put("customers/a", {})
    number = items(owner, "trail?verb=made")[0]["subject"]
    for path in ("customers/a", "customers/a", "customers/a/notes", "customers/a/identities"):
        owner.get(path)
    # a test that begins just before the hour sees it turn
    assert len(items(owner, f"trail?subject={number}&verb=saw")) in {1, 2}
    owner.get("customers?search=secret")
    assert "secret" not in owner.get("trail").content.decode()
    assert len(items(owner, "trail?subject=customers")) in {1, 2}


def test_the_trail_is_paged_to_its_end(owner: Caller) -> None:
    for id_ in "abcde":
        owner.put(f"customers/{id_}", {})
    seen: list[int] = []
    before = ""
    while True:
        page = json.loads(owner.get(f"trail?verb=made&limit=2{before}").content)
        seen += [row["id"] for row in page["items"]]
        if page["next"] is None:
            break
        before = f"&before={page['next']}"
    assert len(seen) == 5
    assert seen == sorted(seen, reverse=True)


def test_the_firm_says_who_it_is(owner: Caller) -> None:
    told: Body = {
        "name": "Corner",
        "address": "",
        "currency": "EUR",
        "time_zone": "Europe/Riga",
        "language": "lv",
        "week_start": "monday",
    }
    assert owner.put("settings/company", told).status_code == 200
    assert read(owner, "settings/company") == told
    assert isinstance(told, dict)
    bad = owner.put("settings/company", told | {"currency": "euro"})
    assert json.loads(bad.content)["errors"][0]["field"] == "currency"
    assert read(owner, "settings/company") == told


def test_a_period_is_tried_then_set(owner: Caller) -> None:
    assert read(owner, "settings/retention/trail/count?days=90") == {"count": 0}
    assert owner.put("settings/retention/trail", {"days": 365}).status_code == 200
    (trail,) = [row for row in items(owner, "settings/retention") if row["kind"] == "trail"]
    assert (trail["days"], trail["fewest_days"]) == (365, 90)
    assert owner.put("settings/retention/trail", {"days": 5}).status_code == 422
    assert owner.put("settings/retention/shoes", {"days": 500}).status_code == 404


@pytest.mark.parametrize("role", [Role.ANALYST, Role.AGENT, Role.AUDITOR])
def test_only_those_who_answer_for_it_export_and_erase(owner: Caller, role: Role) -> None:
    owner.put("customers/a", {"name": "Ona"})
    caller = Caller(role)
    assert caller.get("customers/a/export").status_code == 403
    assert caller.post("customers/a/erase", {}).status_code == 403
    assert read(owner, "customers/a")["name"] == "Ona"
