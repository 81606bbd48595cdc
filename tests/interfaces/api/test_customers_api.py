"""Customers through the API."""

import json
from urllib.parse import quote

import pytest

from callers import Body, Caller


def test_a_customer_is_put_and_shown(owner: Caller) -> None:
    told: Body = {"name": "Jonas Šimkus", "birthday": {"month": 2, "day": 29}}
    assert owner.put("customers/a%201", told).status_code == 201
    shown = json.loads(owner.get("customers/a%201").content)
    assert (shown["id"], shown["name"]) == ("a 1", "Jonas Šimkus")
    assert shown["birthday"] == {"month": 2, "day": 29, "year": None}
    assert owner.put("customers/a%201", told).status_code == 200


def test_he_is_found_without_accents(owner: Caller) -> None:
    owner.put("customers/a", {"name": "Jonas Šimkus"})
    owner.put("customers/b", {"name": "Иванов"})
    for text, id_ in (("simkus", "a"), ("ivanov", "b")):
        found = json.loads(owner.get(f"customers?search={quote(text)}").content)
        assert [row["id"] for row in found["items"]] == [id_]


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"name": "x" * 301}, "name"),
        ({"birthday": {"month": 2, "day": 30}}, "birthday"),
        ({"shoe": 43}, "shoe"),
        ({"name": None}, "name"),
        ({"language": "Lithuanian"}, "language"),
        ({"time_zone": "Vilnius"}, "time_zone"),
        ({"greetings": {"?": "Jonai"}}, "greetings.?"),
        ({"greetings": {"lt": " "}}, "greetings.lt"),
    ],
)
def test_a_bad_field_is_named(owner: Caller, told: Body, field: str) -> None:
    answer = owner.put("customers/a", told)
    assert answer.status_code == 422
    (error,) = json.loads(answer.content)["errors"]
    assert field in error["field"]
    assert owner.get("customers/a").status_code == 404


def test_greetings_stay_until_others_are_told(owner: Caller) -> None:
    owner.put("customers/a", {"name": "Jonas", "greetings": {"lt": "pone Jonai"}})
    owner.put("customers/a", {"name": "Jonas Jonaitis"})
    assert json.loads(owner.get("customers/a").content)["greetings"] == {"lt": "pone Jonai"}
    owner.put("customers/a", {"name": "Jonas Jonaitis", "greetings": {}})
    assert json.loads(owner.get("customers/a").content)["greetings"] == {}


def test_records_of_one_person_are_merged_and_parted(owner: Caller) -> None:
    owner.put("customers/a", {})
    owner.put("customers/b", {})
    assert json.loads(owner.post("customers/a/merge", {"into": "b"}).content)["merged"]
    assert owner.post("customers/a/merge", {"into": "b"}).status_code == 422
    assert not json.loads(owner.post("customers/a/part", {}).content)["merged"]


def test_pages_follow_one_another_to_the_end(owner: Caller) -> None:
    for id_ in "abcde":
        owner.put(f"customers/{id_}", {})
    seen: list[str] = []
    after: str | None = ""
    while after is not None:
        page = json.loads(owner.get(f"customers?limit=2&after={after}").content)
        seen += [row["id"] for row in page["items"]]
        after = page["next"]
    assert seen == list("abcde")
