"""How often a caller may ask, and what he is told of it."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from callers import NOW, Caller, secret_of
from regulars.apps.accounts.rules import Role
from regulars.interfaces.api import limits
from regulars.interfaces.buckets import Buckets


@pytest.fixture
def few(settings: Settings) -> Iterator[None]:
    """Three requests a minute of a key, two wrong keys of an address."""
    settings.API_REQUESTS_PER_MINUTE = 3
    settings.API_WRONG_KEYS_PER_MINUTE = 2
    limits.limits.cache_clear()
    yield
    limits.limits.cache_clear()


def test_a_bucket_gives_what_it_holds_and_fills_evenly() -> None:
    buckets = Buckets(per_minute=60)
    told = [buckets.take("a", NOW) for _ in range(61)]
    assert [rate.allowed for rate in told] == [True] * 60 + [False]
    assert (told[0].limit, told[0].remaining, told[0].reset, told[0].wait) == (60, 59, 1, 0)
    assert (told[-1].remaining, told[-1].reset, told[-1].wait) == (0, 60, 1)
    later = buckets.take("a", NOW + timedelta(seconds=10))
    assert (later.allowed, later.remaining) == (True, 9)


def test_a_bucket_never_holds_more_than_its_size() -> None:
    buckets = Buckets(per_minute=2)
    buckets.take("a", NOW)
    assert buckets.take("a", NOW + timedelta(days=7)).remaining == 1


def test_a_clock_that_is_set_back_gives_nothing_and_takes_nothing() -> None:
    buckets = Buckets(per_minute=2)
    buckets.take("a", NOW)
    assert buckets.take("a", NOW - timedelta(hours=1)).remaining == 0
    assert not buckets.take("a", NOW - timedelta(hours=1)).allowed


def test_each_caller_has_a_bucket_of_his_own_and_who_is_long_away_is_forgotten() -> None:
    buckets = Buckets(per_minute=1, most=2)
    assert [buckets.take(caller, NOW).allowed for caller in "abab"] == [True, True, False, False]
    buckets.take("c", NOW)
    assert buckets.take("a", NOW).allowed
    assert not buckets.take("c", NOW).allowed


@pytest.mark.usefixtures("few")
def test_a_key_is_told_what_is_left_then_to_wait_then_let_in_again(owner: Caller) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        answers = [owner.get("orders") for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert [answer["RateLimit-Remaining"] for answer in answers] == ["2", "1", "0", "0"]
        assert [answer["RateLimit-Reset"] for answer in answers] == ["20", "40", "60", "60"]
        assert {answer["RateLimit-Limit"] for answer in answers} == {"3"}
        assert answers[-1]["Retry-After"] == "20"
        assert answers[-1]["Content-Type"] == "application/problem+json"
        assert json.loads(answers[-1].content)["status"] == 429
        assert "Retry-After" not in answers[0]
        clock.shift(20)
        assert owner.get("orders").status_code == 200


@pytest.mark.usefixtures("few")
def test_a_refused_request_counts_too(owner: Caller) -> None:
    with time_machine.travel(NOW, tick=False):
        refused = [owner.post("orders", {}).status_code for _ in range(4)]
    assert refused == [422, 422, 422, 429]


@pytest.mark.usefixtures("few", "db")
def test_wrong_keys_are_counted_by_address_and_hold_up_no_right_one() -> None:
    with time_machine.travel(NOW, tick=False):
        wrong = [
            Client(headers={"Authorization": f"Bearer rg_{guess}"}).get("/api/v1/orders")
            for guess in range(3)
        ]
        assert [answer.status_code for answer in wrong] == [401, 401, 429]
        assert wrong[-1]["Retry-After"] == "30"
        right = Client(headers={"Authorization": f"Bearer {secret_of(Role.OWNER)}"})
        assert right.get("/api/v1/orders").status_code == 200
        elsewhere = Client(headers={"Authorization": "Bearer rg_x"}, REMOTE_ADDR="192.0.2.7")
        assert elsewhere.get("/api/v1/orders").status_code == 401


@pytest.mark.usefixtures("few")
def test_counting_writes_nothing(
    owner: Caller, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    owner.get("costs")  # the day of the key's last use is written once a day
    with django_assert_num_queries(2):  # the key, the list
        owner.get("costs")


def test_without_a_limit_nothing_is_said_of_one(owner: Caller) -> None:
    assert "RateLimit-Limit" not in owner.get("orders")
