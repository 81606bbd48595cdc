"""Every request is told to the log once, by its route, with nothing that is personal."""

import json
import logging
from collections.abc import Iterator

import pytest
from django.db import DatabaseError, OperationalError, connection
from django.http import HttpResponse
from django.test import Client, RequestFactory

from callers import Caller
from regulars.apps.accounts.rules import Role
from regulars.interfaces import outages
from regulars.interfaces.api import orders as orders_api
from regulars.interfaces.requests import HEADER, tell_requests
from regulars.project.logs import lines

pytestmark = pytest.mark.django_db

PERSONAL = {"id": "anna@shop.example", "name": "Anna Schmidt", "language": "de"}


class Lines(logging.Handler):
    """The log as it is written."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.setFormatter(lines(readable=False))
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line."""
        self.told.append(self.format(record))

    def requests(self) -> list[dict[str, object]]:
        """The lines of requests."""
        found = [json.loads(line) for line in self.told]
        return [line for line in found if line["event"] == "request"]


@pytest.fixture
def log() -> Iterator[Lines]:
    handler = Lines()
    root = logging.getLogger()
    root.addHandler(handler)
    yield handler
    root.removeHandler(handler)


def test_a_request_is_told_once_by_its_route_with_who_asked(log: Lines) -> None:
    caller = Caller(Role.OWNER)
    caller.get("customers/c1")
    (line,) = log.requests()
    assert line["route"] == "api/v1/customers/<id>"
    assert (line["method"], line["status"]) == ("GET", 404)
    assert str(line["actor"]).startswith("key:")
    assert isinstance(line["duration_ms"], float)


def test_an_id_of_the_caller_goes_through_and_comes_back(log: Lines) -> None:
    answer = Client(headers={HEADER: "till-7.0001"}).get("/api/v1/orders")
    assert answer[HEADER] == "till-7.0001"
    assert json.loads(answer.content)["request_id"] == "till-7.0001"
    assert [line["request_id"] for line in log.requests()] == ["till-7.0001"]


@pytest.mark.parametrize("bad", ["", "short", "a" * 65, "anna@a.example", "1234567\n8", "…" * 9])
def test_an_id_that_cannot_be_kept_is_replaced(bad: str) -> None:
    request = RequestFactory().get("/nowhere", headers={HEADER: bad})
    answer = tell_requests(lambda _: HttpResponse())(request)
    assert answer[HEADER] != bad
    assert len(answer[HEADER]) == 32


def test_two_requests_have_two_ids() -> None:
    client = Client()
    assert client.get("/healthz")[HEADER] != client.get("/healthz")[HEADER]


def test_no_line_has_what_a_customer_is_called_or_a_secret(log: Lines) -> None:
    caller = Caller(Role.OWNER)
    address = "customers/anna@shop.example"
    caller.put(address, {"name": PERSONAL["name"], "language": "de"})
    caller.put(address, {"name": PERSONAL["name"], "birthday": "Anna"})
    caller.get(f"{address}?search=Anna+Schmidt")
    caller.get("anna@shop.example")
    Client(headers={"Authorization": "Bearer rg_secret"}).get("/api/v1/orders")
    written = "\n".join(log.told)
    assert len(log.requests()) == 5
    for word in ("anna", "Anna", "Schmidt", "rg_"):
        assert word not in written


def test_an_error_is_told_by_its_place_and_not_by_what_it_says(
    log: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: str) -> None:
        raise ZeroDivisionError("Anna Schmidt")

    caller = Caller(Role.OWNER)
    monkeypatch.setattr(orders_api, "find_order", fail)
    caller._client.raise_request_exception = False  # noqa: SLF001 - the answer is looked at
    answer = caller.get("orders/o1")
    assert answer.status_code == 500
    told = json.loads(answer.content)
    (failed,) = [line for line in map(json.loads, log.told) if line["event"] == "request failed"]
    assert failed["error"] == "ZeroDivisionError"
    assert failed["request_id"] == told["request_id"]
    assert any("get_order" in place for place in failed["trace"])
    assert "Anna" not in "\n".join(log.told)


def test_a_lost_connection_is_told_with_when_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: str) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    caller = Caller(Role.OWNER)
    monkeypatch.setattr(orders_api, "find_order", fail)
    caller._client.raise_request_exception = False  # noqa: SLF001 - the answer is looked at
    answer = caller.get("orders/o1")
    assert (answer.status_code, answer["Retry-After"]) == (503, str(outages.RETRY_AFTER))


def test_a_table_that_is_missing_is_a_bug_and_no_outage() -> None:
    with pytest.raises(DatabaseError) as raised, connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM not_there")
    assert outages.status_of(raised.value) == 500
