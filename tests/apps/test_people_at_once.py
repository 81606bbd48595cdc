"""Several people work on the same customers at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections

from regulars.apps.firm.operations import apply_retention, set_retention
from regulars.apps.journal.operations import record
from regulars.apps.journal.queries import list_entries
from regulars.apps.people.operations import (
    CustomerData,
    ensure_customers,
    erase_person,
    merge_records,
    part_records,
    put_customers,
)
from regulars.apps.people.queries import (
    canonical_ids,
    find_customer,
    get_customer_card,
    list_erasures,
    same_person,
)
from regulars.kernel.actors import COMMAND
from regulars.kernel.errors import InputError

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HANDS = 6

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def all_at_once(act: Callable[[int], None]) -> None:
    """Let each of several threads do its part."""

    def alone(hand: int) -> None:
        try:
            act(hand)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(HANDS) as pool:
        list(pool.map(alone, range(HANDS)))


def test_merges_at_the_same_moment_never_close_a_circle() -> None:
    numbers = sorted(ensure_customers("abcdef", now=NOW).values())

    def merge(hand: int) -> None:
        for step in range(6):
            one, other = numbers[hand], numbers[(hand + step + 1) % HANDS]
            with suppress(InputError):
                merge_records(one, other, actor=COMMAND, now=NOW)
            with suppress(InputError):
                part_records(numbers[(hand * step) % HANDS], actor=COMMAND, now=NOW)

    all_at_once(merge)
    canonical = canonical_ids(numbers)
    for number in numbers:
        assert number in same_person(canonical[number])


def test_whoever_is_erased_while_he_is_told_of_is_somebody_new() -> None:
    number = ensure_customers("a", now=NOW)["a"]

    def act(hand: int) -> None:
        if hand == HANDS // 2:
            erase_person(number, actor=COMMAND, now=NOW)
        else:
            put_customers([CustomerData(id="a", name=f"Ona {hand}")], actor=COMMAND, now=NOW)

    all_at_once(act)
    assert get_customer_card(number).name == ""
    told = find_customer("a")
    assert told is None or told.number != number


def test_a_person_is_erased_once_however_many_ask() -> None:
    number = ensure_customers("a", now=NOW)["a"]
    refused: list[int] = []

    def erase(hand: int) -> None:
        try:
            erase_person(number, actor=COMMAND, now=NOW)
        except InputError:
            refused.append(hand)

    all_at_once(erase)
    assert len(refused) == HANDS - 1
    assert len(list_erasures()) == len(list_entries(verb="erased")) == 1


def test_two_workers_let_the_same_go_once() -> None:
    for day in range(20):
        record(COMMAND, "saw", "customer:1", NOW - timedelta(days=400 + day))
    set_retention("trail", 365, actor=COMMAND, now=NOW)

    def apply(_: int) -> None:
        apply_retention(NOW)

    all_at_once(apply)
    applied = list_entries(verb="applied retention")
    assert [entry.data["count"] for entry in applied] == [20]
    assert list_entries(verb="saw") == []
