"""Imports through the API."""

import io
import json
from pathlib import Path
from typing import Any, cast

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client
from pytest_django import Settings

from callers import Caller, secret_of
from imports import ndjson, order, orders, worked
from regulars.apps.accounts.rules import Role
from regulars.apps.orders.queries import list_orders

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _data_folder(tmp_path: Path, settings: Settings) -> None:
    settings.DATA_FOLDER = tmp_path


@pytest.fixture
def bearer() -> Client:
    return Client(headers={"Authorization": f"Bearer {secret_of(Role.OWNER)}"})


def send(bearer: Client, body: bytes, query: str = "kind=orders", key: str = "") -> HttpResponse:
    headers = {"Idempotency-Key": key} if key else {}
    answer = bearer.generic(
        "POST",
        f"/api/v1/imports?{query}",
        body,
        content_type="application/x-ndjson",
        headers=headers,
    )
    return cast("HttpResponse", answer)


def told(answer: HttpResponse) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(answer.content)
    return found


def test_a_stream_is_kept_and_imported_by_the_worker(bearer: Client) -> None:
    answer = send(bearer, ndjson(*orders(5), order(9, currency="EURO")))
    assert answer.status_code == 202
    first = told(answer)
    assert (first["state"], first["read"]) == ("waiting", 0)
    worked()
    shown = told(cast("HttpResponse", bearer.get(f"/api/v1/imports/{first['id']}")))
    assert (shown["state"], shown["read"], shown["rejected"], shown["created"]) == (
        "done",
        6,
        1,
        5,
    )
    rejects = cast("StreamingHttpResponse", bearer.get(f"/api/v1/imports/{first['id']}/rejects"))
    assert rejects["Content-Type"] == "application/x-ndjson"
    (row,) = [json.loads(line) for line in rejects.getvalue().splitlines()]
    assert (row["line"], row["row"]["id"], row["errors"][0]["field"]) == (6, "o9", "currency")


def test_a_table_is_read_as_its_options_say(bearer: Client) -> None:
    body = b"Bon;Wann;Wieviel\n1;02.01.2026;1,50\n"
    columns = "columns=order_id=Bon&columns=ordered_at=Wann&columns=amount=Wieviel"
    answer = send(bearer, body, f"kind=orders&currency=EUR&date_order=dmy&{columns}")
    assert answer.status_code == 202
    worked()
    assert [(row.id, str(row.amount)) for row in list_orders()] == [("1", "1.5000")]


def test_a_dry_run_does_nothing_until_it_is_started(bearer: Client) -> None:
    number = told(send(bearer, ndjson(*orders(3)), "kind=orders&dry_run=true"))["id"]
    worked()
    shown = told(cast("HttpResponse", bearer.get(f"/api/v1/imports/{number}")))
    assert (shown["aim"], shown["state"], shown["created"]) == ("trial", "done", 3)
    assert list_orders() == []
    assert bearer.post(f"/api/v1/imports/{number}/start").status_code == 200
    worked()
    assert len(list_orders()) == 3


def test_an_import_is_undone(bearer: Client) -> None:
    number = told(send(bearer, ndjson(*orders(3))))["id"]
    assert bearer.post(f"/api/v1/imports/{number}/undo").status_code == 422
    worked()
    assert bearer.post(f"/api/v1/imports/{number}/undo").status_code == 200
    worked()
    shown = told(cast("HttpResponse", bearer.get(f"/api/v1/imports/{number}")))
    assert (shown["state"], list_orders()) == ("undone", [])
    assert shown["undone"]["removed"] >= 3


def test_a_retry_with_its_key_starts_no_second_import(bearer: Client) -> None:
    first = send(bearer, ndjson(*orders(3)), key="k")
    again = send(bearer, ndjson(*orders(3)), key="k")
    assert (again.status_code, again.content) == (202, first.content)
    assert send(bearer, ndjson(*orders(4)), key="k").status_code == 409
    assert len(told(cast("HttpResponse", bearer.get("/api/v1/imports")))["items"]) == 1


def test_the_same_file_again_says_so(bearer: Client) -> None:
    first = told(send(bearer, ndjson(*orders(3))))
    worked()
    assert told(send(bearer, ndjson(*orders(3))))["same_as"] == first["id"]


def test_a_list_is_shown_a_page_at_a_time(bearer: Client) -> None:
    numbers = [told(send(bearer, ndjson(order(place))))["id"] for place in range(3)]
    page = told(cast("HttpResponse", bearer.get("/api/v1/imports?limit=2")))
    assert page["next"] == numbers[1]
    last = told(cast("HttpResponse", bearer.get(f"/api/v1/imports?before={page['next']}")))
    assert [row["id"] for row in last["items"]] == [numbers[0]]


def test_more_than_may_be_sent_is_413_and_less_than_announced_is_400(
    bearer: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.LARGEST_UPLOAD = 100
    answer = send(bearer, b"x" * 101)
    assert answer.status_code == 413
    assert "larger than 100 bytes" in answer.content.decode()
    short: dict[str, Any] = {"wsgi.input": io.BytesIO(b"x" * 10), "CONTENT_LENGTH": "50"}
    cut = bearer.generic("POST", "/api/v1/imports?kind=orders", b"", **short)
    assert cut.status_code == 400
    assert list((tmp_path / "imports" / "uploads").iterdir()) == []


@pytest.mark.parametrize(
    ("query", "body", "status"),
    [
        ("", b"{}", 422),
        ("kind=tills", b"{}", 422),
        ("kind=orders", b"", 422),
        ("kind=orders&timezone=Mars/Olympus", b"{}", 422),
        ("kind=orders&columns=order_id", b"{}", 422),
    ],
)
def test_what_cannot_be_imported_is_refused_at_once(
    bearer: Client, query: str, body: bytes, status: int
) -> None:
    answer = send(bearer, body, query)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"


def test_an_import_that_is_not_there_is_404() -> None:
    owner = Caller(Role.OWNER)
    assert owner.get("imports/7").status_code == 404
    for act in ("undo", "retry", "start"):
        assert owner.post(f"imports/7/{act}", {}).status_code == 404
