"""Whoever is limited to some stores sees who bought there, and who bought nowhere yet."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from regulars.apps.orders.operations import take_orders
from regulars.apps.orders.rules import OrderData
from regulars.apps.people.operations import (
    CustomerData,
    merge_records,
    part_records,
    put_customers,
)
from regulars.apps.people.queries import (
    canonical_ids,
    count_people,
    get_customer_card,
    list_merge_suggestions,
    list_people,
    numbers_of,
)
from regulars.apps.people.rules import Birthday
from regulars.kernel.actors import COMMAND
from regulars.kernel.errors import InputError
from soaking import SOAK

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
NORTH, SOUTH = frozenset({"north"}), frozenset({"south"})
BIRTHDAY = Birthday(5, 17, 1980)
PEOPLE = "abcdef"

type Sale = tuple[str, str]
"""A customer's id, a store."""

pytestmark = pytest.mark.django_db


def make(people: Iterable[str], sales: Sequence[Sale]) -> dict[str, int]:
    """Customers of one name, and what they bought; their numbers by their ids."""
    told = [CustomerData(id=id_, name="Ona Simkute", birthday=BIRTHDAY) for id_ in people]
    put_customers(told, actor=COMMAND, now=NOW)
    orders = [
        OrderData(
            id=f"o{place}",
            customer_id=id_,
            ordered_at=NOW,
            currency="EUR",
            amount=Decimal(1),
            store=store,
        )
        for place, (id_, store) in enumerate(sales)
    ]
    take_orders(orders, actor=COMMAND, now=NOW)
    return numbers_of(people)


def merge(numbers: dict[str, int], one: str, into: str) -> None:
    merge_records(numbers[one], numbers[into], actor=COMMAND, now=NOW)


def seen(stores: frozenset[str] | None, search: str = "") -> str:
    """The ids of those who are listed."""
    return "".join(sorted(row.id for row in list_people(stores=stores, search=search)))


def by_definition(
    numbers: dict[str, int], sales: Sequence[Sale], stores: frozenset[str]
) -> dict[str, bool]:
    """Whether each record is seen, looked up record by record."""
    person = canonical_ids(numbers.values())
    bought_in = {
        root: {store for id_, store in sales if person[numbers[id_]] == root}
        for root in person.values()
    }
    return {
        id_: not bought_in[person[number]] or bool(bought_in[person[number]] & stores)
        for id_, number in numbers.items()
    }


def test_buyers_of_his_stores_and_those_who_bought_nowhere_are_seen() -> None:
    make("abcd", [("a", "north"), ("b", "south"), ("c", "north"), ("c", "south")])
    assert seen(NORTH) == "acd"
    assert seen(SOUTH) == "bcd"
    assert seen(NORTH | SOUTH) == seen(None) == "abcd"
    assert seen(frozenset()) == "d"
    assert [count_people(stores=it) for it in (NORTH, None)] == [3, 4]


def test_who_bought_in_a_shop_without_a_name_is_seen_by_nobody_who_is_limited() -> None:
    make("a", [("a", "")])
    assert seen(NORTH) == ""
    assert seen(None) == "a"


def test_any_merged_record_counts_through_a_chain_until_it_is_parted() -> None:
    numbers = make("abc", [("a", "north"), ("b", "south"), ("c", "south")])
    merge(numbers, "a", "b")
    merge(numbers, "b", "c")
    assert seen(NORTH) == "c"
    assert seen(NORTH, search="ona") == "abc"
    assert get_customer_card(numbers["b"], NORTH).number == numbers["c"]
    part_records(numbers["a"], actor=COMMAND, now=NOW)
    assert seen(NORTH, search="ona") == seen(NORTH) == "a"
    with pytest.raises(InputError, match=f"There is no customer {numbers['c']}"):
        get_customer_card(numbers["c"], NORTH)


def test_a_card_of_another_shop_is_refused_as_one_that_is_not_there() -> None:
    numbers = make("a", [("a", "south")])
    with pytest.raises(InputError) as refused:
        get_customer_card(numbers["a"], NORTH)
    with pytest.raises(InputError) as missing:
        get_customer_card(numbers["a"] + 1, NORTH)
    told = str(refused.value).replace(str(numbers["a"]), "N")
    assert told == str(missing.value).replace(str(numbers["a"] + 1), "N")


def test_records_alike_are_suggested_where_both_are_seen() -> None:
    make("abc", [("a", "north"), ("b", "south")])

    def suggested(stores: frozenset[str] | None) -> list[str]:
        found = list_merge_suggestions(stores=stores)
        return [it.first.ids[0][1] + it.second.ids[0][1] for it in found]

    assert suggested(None) == ["ab", "ac", "bc"]
    assert suggested(NORTH) == ["ac"]
    assert suggested(SOUTH) == ["bc"]
    assert suggested(frozenset()) == []


@settings(
    max_examples=20 * SOAK,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    people=st.integers(1, 6).map(lambda n: PEOPLE[:n]),
    sales=st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(["north", "south", ""]))),
    merges=st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)), max_size=6),
    parted=st.lists(st.sampled_from(PEOPLE), max_size=3),
    stores=st.frozensets(st.sampled_from(["north", "south", "west"])),
)
@example("abc", [("a", "north"), ("c", "south")], [("a", "b"), ("b", "c")], [], NORTH)
@example("abc", [("a", "south")], [("a", "b"), ("c", "b")], [], NORTH)
@example("abc", [("a", "north"), ("b", "south")], [("a", "b")], ["a"], NORTH)
def test_every_reading_agrees_with_the_definition(
    people: str,
    sales: list[Sale],
    merges: list[tuple[str, str]],
    parted: list[str],
    stores: frozenset[str],
) -> None:
    with transaction.atomic():
        sales = [sale for sale in sales if sale[0] in people]
        numbers = make(people, sales)
        for one, into in merges:
            person = canonical_ids(numbers.values())
            if {one, into} <= set(people) and person[numbers[one]] != person[numbers[into]]:
                merge(numbers, one, into)
        for one in parted:
            if one in people and canonical_ids([numbers[one]])[numbers[one]] != numbers[one]:
                part_records(numbers[one], actor=COMMAND, now=NOW)
        expected = by_definition(numbers, sales, stores)
        person = canonical_ids(numbers.values())
        everybody = "".join(id_ for id_ in people if expected[id_])
        standing = "".join(it for it in everybody if person[numbers[it]] == numbers[it])
        assert seen(stores, search="ona") == everybody
        assert seen(stores) == standing
        assert count_people(stores=stores) == len(standing)
        for id_, number in numbers.items():
            if expected[id_]:
                assert get_customer_card(number, stores).number == person[number]
            else:
                with pytest.raises(InputError):
                    get_customer_card(number, stores)
        transaction.set_rollback(True)


def test_pages_take_as_many_statements_for_whoever_is_limited() -> None:
    numbers = make(PEOPLE, [(id_, "north") for id_ in PEOPLE])
    merge(numbers, "a", "b")
    counts = []
    for stores in (None, NORTH):
        with CaptureQueriesContext(connection) as statements:
            list_people(stores=stores)
            count_people(stores=stores)
            get_customer_card(numbers["a"], stores)
            list_merge_suggestions(stores=stores)
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_nothing_is_shown_where_nobody_tells_who_bought(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("regulars.apps.people.registry._registered", [])
    with pytest.raises(LookupError, match="Nobody tells where people bought"):
        list_people(stores=NORTH)
    assert list_people() == []
