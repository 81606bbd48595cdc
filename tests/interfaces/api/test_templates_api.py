"""Templates by the API: put by name, in languages, refused with the line."""

import json

import pytest

from callers import Body, Caller
from regulars.apps.accounts.rules import Role

pytestmark = pytest.mark.django_db

HELLO = {"subject": "Hello", "body": "Hello, {{ customer.greeting }}"}


def told(**texts: Body) -> Body:
    return {"purpose": "offers", "texts": texts}


def test_a_template_is_put_by_its_name_and_put_again() -> None:
    caller = Caller(Role.MANAGER)
    assert caller.put("templates/welcome", told(en=HELLO)).status_code == 201
    answer = caller.put("templates/welcome", told(lt=HELLO))
    assert answer.status_code == 200
    row = json.loads(answer.content)
    assert {tag: it["version"] for tag, it in row["texts"].items()} == {"en": 1, "lt": 1}
    assert json.loads(caller.get("templates").content)["items"] == [row]
    assert json.loads(caller.post("templates/welcome/remove", {}).content) == {"removed": True}
    assert caller.get("templates/welcome").status_code == 404
    assert json.loads(caller.post("templates/welcome/remove", {}).content) == {"removed": False}


def test_a_broken_text_is_refused_with_its_field_and_line_and_nothing_is_kept() -> None:
    caller = Caller(Role.MANAGER)
    broken = {"subject": "s", "body": "one\n{% if %}"}
    answer = caller.put("templates/welcome", told(en=HELLO, lt=broken))
    assert answer.status_code == 422
    [error] = json.loads(answer.content)["errors"]
    assert error["field"] == "texts.lt.body"
    assert "line 2" in error["message"]
    assert caller.get("templates/welcome").status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        told(en={"subject": "a\nb", "body": "x"}),
        told(en={"subject": "", "body": "x"}),
        {"purpose": "nothing"},
        {"purpose": "care", "texts": {"?": HELLO}},
    ],
)
def test_what_is_no_template_is_refused(body: Body) -> None:
    assert Caller(Role.MANAGER).put("templates/welcome", body).status_code == 422
