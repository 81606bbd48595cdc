"""Customers: made, changed, found by their names."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.apps.journal.queries import list_entries
from regulars.apps.people.operations import (
    CustomerData,
    ensure_customers,
    put_customers,
)
from regulars.apps.people.queries import find_customer, list_customers
from regulars.apps.people.rules import (
    LONGEST_NAME,
    LONGEST_WORD,
    Birthday,
    name_key,
    name_words,
    search_words,
    searchable,
)
from regulars.kernel.actors import COMMAND

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)

pytestmark = pytest.mark.django_db


def put(*told: CustomerData, now: datetime = NOW) -> int:
    return put_customers(told, actor=COMMAND, now=now)


def test_a_customer_is_found_by_the_callers_id() -> None:
    assert put(CustomerData(id="a", name="Ona", birthday=Birthday(2, 29))) == 1
    row = find_customer("a")
    assert row is not None
    assert (row.name, row.birthday, row.is_stub) == ("Ona", Birthday(2, 29), False)
    assert find_customer("A") is None


def test_the_same_again_changes_nothing() -> None:
    put(CustomerData(id="a", name="Ona"))
    before = find_customer("a")
    assert put(CustomerData(id="a", name="Ona"), now=LATER) == 0
    assert find_customer("a") == before
    assert len(list_entries()) == 1


def test_of_two_with_one_id_the_last_holds() -> None:
    assert put(CustomerData(id="a", name="Ona"), CustomerData(id="a", name="Ieva")) == 1
    row = find_customer("a")
    assert row is not None
    assert row.name == "Ieva"


def test_whoever_an_order_names_first_is_a_stub_until_he_is_told() -> None:
    numbers = ensure_customers(["a", "b", "a"], now=NOW)
    assert ensure_customers(["b", "a"], now=LATER) == numbers
    stub = find_customer("a")
    assert stub is not None
    assert stub.is_stub
    assert put(CustomerData(id="a", name="Ona")) == 0
    told = find_customer("a")
    assert told is not None
    assert (told.number, told.is_stub) == (stub.number, False)


@pytest.mark.parametrize(
    ("name", "looked_for"),
    [
        ("Jonas Šimkus", "simkus"),
        ("Иванов Пётр", "ivanov"),
        ("Иванов Пётр", "Иванов"),
        ("王小明", "王"),
        ("Jonas Šimkus", "SIMK jon"),
        ("Ivanov Petr", "Иван"),
        ("Žana", "Жана"),
        ("王小明", "小明"),
        ("Łukasz Groß", "lukasz gross"),
        ("O'Neill", "neil"),
    ],
)
def test_the_search_is_blind_to_accents_and_script(name: str, looked_for: str) -> None:
    put(CustomerData(id="a", name=name), CustomerData(id="b", name="Somebody Else"))
    assert [row.id for row in list_customers(search=looked_for)] == ["a"]


def test_a_page_goes_on_behind_the_cursor() -> None:
    put(*(CustomerData(id=f"c{number}", name="x") for number in range(5)))
    assert [row.id for row in list_customers(after="c1", limit=2)] == ["c2", "c3"]


@given(st.text(max_size=40))
def test_a_name_is_found_by_each_of_its_words(name: str) -> None:
    for word in search_words(name):
        assert any(kept.startswith(word) for kept in name_words(name))


@given(st.text(max_size=300))
def test_what_is_kept_of_a_name_fits(name: str) -> None:
    assert len(searchable(name)) <= LONGEST_NAME
    assert len(name_key(name)) <= LONGEST_NAME
    assert all(len(word) <= LONGEST_WORD for word in name_words(name))


def test_at_any_length_a_name_is_kept() -> None:
    put(CustomerData(id="a", name="ﷺ" * 300), CustomerData(id="b", name="Щ" * 300))
    assert len(list_customers()) == 2


def test_a_greeting_that_staff_wrote_outlives_what_a_shop_tells() -> None:
    put(CustomerData(id="a", name="Jonas", greetings={"lt": "pone Jonai"}))
    put(CustomerData(id="a", name="Jonas J."), now=LATER)
    row = find_customer("a")
    assert row is not None
    assert (row.name, row.greetings) == ("Jonas J.", {"lt": "pone Jonai"})
    put(CustomerData(id="a", name="Jonas J.", greetings={}), now=LATER)
    row = find_customer("a")
    assert row is not None
    assert row.greetings == {}
