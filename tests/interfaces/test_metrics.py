"""Figures are served on a port of their own."""

from collections.abc import Iterator
from urllib.request import urlopen

import pytest
from django.db import DatabaseError
from django.test import Client

from callers import NOW, Caller
from installations import free_port
from regulars.apps.accounts.rules import Role
from regulars.interfaces.metrics import REGISTRY, Reading, Readings, serve_metrics

pytestmark = pytest.mark.django_db


@pytest.fixture
def port() -> Iterator[int]:
    chosen = free_port()
    stop = serve_metrics("127.0.0.1", chosen, readings=())
    yield chosen
    stop()


def shown(port: int) -> str:
    with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as answer:
        return str(answer.read().decode())


def test_the_public_port_does_not_have_them() -> None:
    assert Client().get("/metrics").status_code == 404


def counted(method: str, route: str, status: int) -> float:
    labels = {"method": method, "route": route, "status": str(status)}
    return REGISTRY.get_sample_value("regulars_requests_total", labels) or 0


def test_requests_are_counted_by_route_method_and_status(port: int) -> None:
    caller = Caller(Role.OWNER)
    before = counted("GET", "api/v1/orders/<id>", 404)
    for name in ("o1", "o2"):
        caller.get(f"orders/{name}")
    assert counted("GET", "api/v1/orders/<id>", 404) == before + 2
    assert 'regulars_request_seconds_bucket{le="0.005",method="GET"' in shown(port)
    assert "regulars_database_up 1.0" in shown(port)


def test_what_strangers_make_up_makes_no_new_figures() -> None:
    before = counted("OTHER", "", 404)
    for word in ("ANNA", "BERT"):
        Client().generic(word, f"/nowhere/{word}")
    assert counted("OTHER", "", 404) == before + 2


def test_a_request_does_not_write_to_the_database_for_its_figures(
    django_assert_num_queries: pytest.FixtureRequest,
) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]  # pytest-django's
        Client().get("/healthz")


def test_a_database_that_is_away_is_a_figure_too() -> None:
    def fail(_: object) -> float:
        raise DatabaseError("away")

    broken = Readings([Reading("regulars_waiting", "Waiting.", fail)], lambda: NOW)
    told = {metric.name: metric.samples[0].value for metric in broken.collect()}
    assert told == {"regulars_database_up": 0}
    works = Readings([Reading("regulars_waiting", "Waiting.", lambda _: 3)], lambda: NOW)
    told = {metric.name: metric.samples[0].value for metric in works.collect()}
    assert told == {"regulars_database_up": 1, "regulars_waiting": 3}
