"""What HTTP asks: methods, kinds and sizes of bodies, headers that carry no surprises."""

import gzip
import json
from typing import cast

import pytest
from django.conf import settings
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client

from callers import Body, secret_of
from regulars.apps.accounts.rules import Role
from regulars.apps.orders.queries import list_orders
from regulars.interfaces.api import orders as orders_api

ORDER: dict[str, Body] = {
    "id": "o1",
    "ordered_at": "2026-01-02T10:00:00+02:00",
    "currency": "EUR",
    "amount": "5",
}


@pytest.fixture
def client(db: None) -> Client:  # noqa: ARG001 - his key is a row
    return Client(headers={"Authorization": f"Bearer {secret_of(Role.OWNER)}"})


def send(client: Client, body: str | bytes, kind: str, **headers: str) -> HttpResponse:
    """Post to the orders."""
    answer = client.generic("POST", "/api/v1/orders", body, content_type=kind, headers=headers)
    return cast("HttpResponse", answer)


def padded(size: int) -> str:
    """A list with an order, as a body of exactly so many bytes."""
    body = json.dumps([ORDER])
    return body + " " * (size - len(body))


def test_a_body_is_taken_up_to_the_limit_and_refused_beyond(client: Client) -> None:
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    assert most == 5 * 1024 * 1024
    over = send(client, padded(most + 1), "application/json")
    assert (over.status_code, over["Content-Type"]) == (413, "application/problem+json")
    assert str(most) in json.loads(over.content)["detail"]
    assert list_orders() == []
    assert send(client, padded(most), "application/json").status_code == 200
    assert [row.id for row in list_orders()] == ["o1"]


def test_five_megabytes_in_one_customer_are_refused_too(client: Client) -> None:
    body = json.dumps({"name": "x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE})
    answer = client.put("/api/v1/customers/c1", body, content_type="application/json")
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
def test_another_kind_of_body_is_refused_by_name(client: Client, kind: str) -> None:
    answer = send(client, json.dumps(ORDER), kind)
    assert (answer.status_code, answer["Content-Type"]) == (415, "application/problem+json")
    assert "application/json" in json.loads(answer.content)["detail"]
    put = client.put("/api/v1/customers/c1", "{}", content_type=kind)
    assert put.status_code == 415


def test_a_compressed_body_is_refused_by_name(client: Client) -> None:
    packed = gzip.compress(json.dumps(ORDER).encode())
    answer = send(client, packed, "application/json", **{"Content-Encoding": "gzip"})
    assert answer.status_code == 415
    assert "gzip" in json.loads(answer.content)["detail"]


def test_the_charset_may_be_said(client: Client) -> None:
    assert send(client, json.dumps(ORDER), "application/json; charset=utf-8").status_code == 201


@pytest.mark.parametrize("body", ["[" * 100_000, '{"a":' * 100_000, '[{"lines":' + "[" * 50_000])
def test_deep_nesting_is_refused(client: Client, body: str) -> None:
    assert send(client, body, "application/json").status_code == 400


def test_what_is_told_twice_in_one_object_is_refused_by_name(client: Client) -> None:
    body = '{"id": "o1", "amount": "5", "amount": "6"}'
    answer = send(client, body, "application/json")
    assert answer.status_code == 400
    assert "'amount' is told twice" in json.loads(answer.content)["detail"]


def test_head_is_get_without_its_body(client: Client) -> None:
    send(client, json.dumps(ORDER), "application/json")
    got, asked = client.get("/api/v1/orders/o1"), client.head("/api/v1/orders/o1")
    assert (asked.status_code, asked.content) == (200, b"")
    assert asked["Content-Length"] == str(len(got.content))
    assert client.head("/api/v1/orders/none").status_code == 404
    assert client.head("/api/v1/orders/o1/refunds").status_code == 405
    assert Client().head("/api/v1/orders").status_code == 401


def test_options_names_the_methods(client: Client) -> None:
    answer = client.options("/api/v1/orders")
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer["Allow"] == "GET, HEAD, OPTIONS, POST"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "orders/o1", "GET, HEAD, OPTIONS"),
        ("PATCH", "customers/c1", "GET, HEAD, OPTIONS, PUT"),
        ("GET", "orders/o1/refunds", "OPTIONS, POST"),
    ],
)
def test_another_method_is_refused_with_those_there_are(
    client: Client, method: str, path: str, allowed: str
) -> None:
    answer = client.generic(method, f"/api/v1/{path}")
    assert (answer.status_code, answer["Allow"]) == (405, allowed)
    assert answer["Content-Type"] == "application/problem+json"
    assert json.loads(answer.content)["status"] == 405


def test_a_body_in_chunks_is_asked_for_its_length(client: Client) -> None:
    answer = send(client, "", "application/json", **{"Transfer-Encoding": "chunked"})
    assert (answer.status_code, answer["Content-Type"]) == (411, "application/problem+json")


@pytest.mark.parametrize("id_", ["a\r\nSet-Cookie: x=1", "a\nb", "a\u2028b", "a\u0085b"])
def test_an_id_with_a_line_break_is_refused_and_reaches_no_header(
    client: Client, id_: str
) -> None:
    answer = send(client, json.dumps(ORDER | {"id": id_}), "application/json")
    assert answer.status_code == 422
    assert not any("x=1" in f"{name}{value}" for name, value in answer.items())
    assert list_orders() == []


@pytest.mark.parametrize("key", ["k\r\nSet-Cookie: x=1", "ключ", "k" * 256, "k\x7f"])
def test_an_idempotency_key_that_no_header_carries_is_refused(client: Client, key: str) -> None:
    answer = send(client, json.dumps(ORDER), "application/json", **{"Idempotency-Key": key})
    assert answer.status_code == 400
    assert not answer.cookies
    assert list_orders() == []


def test_a_database_that_is_away_is_a_problem_that_passes(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(**_: object) -> None:
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr(orders_api, "list_orders", away)
    client.raise_request_exception = False
    answer = client.get("/api/v1/orders")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert answer["Content-Type"] == "application/problem+json"
    assert "closed" not in answer.content.decode()
