"""Customers: made, changed, merged and parted."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.apps.journal.queries import list_entries
from regulars.apps.people.operations import (
    CustomerData,
    ensure_customers,
    merge_customers,
    part_customers,
    put_customers,
)
from regulars.apps.people.queries import (
    canonical_ids,
    find_customer,
    get_number,
    list_customers,
    same_person,
)
from regulars.apps.people.rules import Birthday, searchable
from regulars.kernel.actors import COMMAND
from regulars.kernel.errors import InputError

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)

pytestmark = pytest.mark.django_db


def put(*told: CustomerData, now: datetime = NOW) -> int:
    return put_customers(told, actor=COMMAND, now=now)


def merge(one: str, into: str) -> None:
    merge_customers(one, into, actor=COMMAND, now=NOW)


def part(one: str) -> None:
    part_customers(one, actor=COMMAND, now=NOW)


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
    ],
)
def test_the_search_is_blind_to_accents_and_script(name: str, looked_for: str) -> None:
    put(CustomerData(id="a", name=name), CustomerData(id="b", name="Somebody Else"))
    assert [row.id for row in list_customers(search=looked_for)] == ["a"]


def test_a_page_goes_on_behind_the_cursor() -> None:
    put(*(CustomerData(id=f"c{number}", name="x") for number in range(5)))
    assert [row.id for row in list_customers(after="c1", limit=2)] == ["c2", "c3"]


def test_a_merge_is_read_through_and_undone() -> None:
    ensure_customers(["a", "b"], now=NOW)
    merge("a", "b")
    a, b = get_number("a"), get_number("b")
    assert canonical_ids([a, b]) == {a: b, b: b}
    assert same_person(a) == [b, a]
    part("a")
    assert canonical_ids([a, b]) == {a: a, b: b}


def test_a_chain_of_merges_ends_at_one_person_and_can_be_undone_from_the_middle() -> None:
    numbers = ensure_customers("abc", now=NOW)
    merge("a", "b")
    merge("b", "c")
    assert set(canonical_ids(numbers.values()).values()) == {numbers["c"]}
    part("b")
    assert canonical_ids(numbers.values()) == {
        numbers["a"]: numbers["b"],
        numbers["b"]: numbers["b"],
        numbers["c"]: numbers["c"],
    }


def test_one_person_is_not_merged_with_himself() -> None:
    ensure_customers("ab", now=NOW)
    merge("a", "b")
    with pytest.raises(InputError, match="b and a are one person already"):
        merge("b", "a")


def test_who_is_not_known_is_neither_merged_nor_parted() -> None:
    ensure_customers("a", now=NOW)
    with pytest.raises(InputError, match="Nobody is known by the id z"):
        merge("a", "z")
    with pytest.raises(InputError, match="a was not merged"):
        part("a")


class _People:
    """The oracle: sets of ids, merged as they are told."""

    def __init__(self, ids: str) -> None:
        self.into = {id_: id_ for id_ in ids}

    def root(self, id_: str) -> str:
        """Who it is."""
        while self.into[id_] != id_:
            id_ = self.into[id_]
        return id_


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abcde"), st.sampled_from("abcde-")), max_size=12))
def test_any_merges_and_their_undoing_agree_with_plain_sets(steps: list[tuple[str, str]]) -> None:
    prefix = str(ensure_customers([f"x{len(list_entries())}"], now=NOW))
    ids = {letter: f"{prefix}{letter}" for letter in "abcde"}
    numbers = ensure_customers(ids.values(), now=NOW)
    people = _People("abcde")
    for one, other in steps:
        if other == "-":
            _try_part(people, one, ids)
        else:
            _try_merge(people, one, other, ids)
    expected = {numbers[ids[one]]: numbers[ids[people.root(one)]] for one in "abcde"}
    assert canonical_ids(numbers.values()) == expected


def _try_merge(people: _People, one: str, other: str, ids: dict[str, str]) -> None:
    first, second = people.root(one), people.root(other)
    if first == second:
        with pytest.raises(InputError):
            merge(ids[one], ids[other])
        return
    merge(ids[one], ids[other])
    people.into[first] = second


def _try_part(people: _People, one: str, ids: dict[str, str]) -> None:
    if people.into[one] == one:
        with pytest.raises(InputError):
            part(ids[one])
        return
    part(ids[one])
    people.into[one] = one


@given(st.text(max_size=40))
def test_what_is_searched_for_is_found_in_what_is_kept(name: str) -> None:
    for word in name.split():
        assert searchable(word).split()[:1] == [] or searchable(word).split()[0] in searchable(
            name
        )
