"""Records of one person are merged and parted in any order; suggestions say which may be one."""

from datetime import UTC, datetime
from itertools import count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from regulars.apps.journal.queries import list_entries
from regulars.apps.people.operations import (
    CustomerData,
    add_identity,
    dismiss_suggestion,
    ensure_customers,
    merge_customers,
    merge_records,
    part_customers,
    part_records,
    put_customers,
)
from regulars.apps.people.queries import (
    canonical_ids,
    get_customer_card,
    get_number,
    list_merge_suggestions,
    list_people,
    same_person,
)
from regulars.apps.people.rules import Birthday, Reason
from regulars.kernel.actors import COMMAND
from regulars.kernel.errors import InputError, OptionError
from soaking import SOAK

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def put(*told: CustomerData) -> None:
    put_customers(told, actor=COMMAND, now=NOW)


def merge(one: str, into: str) -> None:
    merge_customers(one, into, actor=COMMAND, now=NOW)


def part(one: str) -> None:
    part_customers(one, actor=COMMAND, now=NOW)


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
    numbers = ensure_customers("ab", now=NOW)
    merge("a", "b")
    before = list_entries()
    with pytest.raises(InputError, match="b and a are one person already"):
        merge("b", "a")
    with pytest.raises(InputError, match="are one person already"):
        merge_records(numbers["a"], numbers["b"], actor=COMMAND, now=NOW)
    assert list_entries() == before


def test_who_is_not_known_is_neither_merged_nor_parted() -> None:
    numbers = ensure_customers("a", now=NOW)
    with pytest.raises(InputError, match="Nobody is known by the id z"):
        merge("a", "z")
    with pytest.raises(InputError, match="There is no customer 999"):
        merge_records(numbers["a"], 999, actor=COMMAND, now=NOW)
    with pytest.raises(InputError, match="a was not merged"):
        part("a")
    with pytest.raises(InputError, match="999 was not merged"):
        part_records(999, actor=COMMAND, now=NOW)
    assert list_entries() == []


def test_the_card_shows_every_record_with_who_merged_it() -> None:
    put(CustomerData(id="a", name="Ona"), CustomerData(id="b", name="Ona Šimkutė"))
    merge("a", "b")
    a, b = get_number("a"), get_number("b")
    card = get_customer_card(a)
    (record,) = card.records
    assert (card.number, record.number, record.merged_into) == (b, a, b)
    assert (record.name, record.merged_by) == ("Ona", "command")
    assert [(row.source, row.id, row.number) for row in card.identities] == [
        ("api", "a", a),
        ("api", "b", b),
    ]
    part_records(a, actor=COMMAND, now=NOW)
    assert get_customer_card(a).records == ()


FIRMS = count()
"""The runs of the machine share a database, so each has customers of its own."""


class Merges(RuleBasedStateMachine):
    """Any merges and their undoing, beside an oracle of plain links."""

    ids = st.sampled_from("abcdef")

    def __init__(self) -> None:
        super().__init__()
        firm = next(FIRMS)
        made = ensure_customers([f"{firm}{letter}" for letter in "abcdef"], now=NOW)
        self.numbers = {name[-1]: number for name, number in made.items()}
        self.links: dict[str, str] = {}

    def root(self, one: str) -> str:
        """Who it is, link by link."""
        while one in self.links:
            one = self.links[one]
        return one

    @rule(one=ids, other=ids)
    def merge(self, one: str, other: str) -> None:
        """Merge, or be refused."""
        first, second = self.root(one), self.root(other)
        numbers = self.numbers[one], self.numbers[other]
        if first == second:
            with pytest.raises(InputError):
                merge_records(*numbers, actor=COMMAND, now=NOW)
        else:
            merge_records(*numbers, actor=COMMAND, now=NOW)
            self.links[first] = second

    @rule(one=ids)
    def part(self, one: str) -> None:
        """Part, or be refused."""
        if one in self.links:
            part_records(self.numbers[one], actor=COMMAND, now=NOW)
            del self.links[one]
        else:
            with pytest.raises(InputError):
                part_records(self.numbers[one], actor=COMMAND, now=NOW)

    @invariant()
    def agrees(self) -> None:
        """Everybody is who the oracle says, from both ends."""
        roots = {one: self.root(one) for one in self.numbers}
        assert canonical_ids(self.numbers.values()) == {
            self.numbers[one]: self.numbers[root] for one, root in roots.items()
        }
        for person in set(roots.values()):
            mine = {self.numbers[one] for one, root in roots.items() if root == person}
            assert set(same_person(self.numbers[person])) == mine


@pytest.mark.slow
def test_any_merges_and_their_undoing_agree_with_plain_links() -> None:
    run_state_machine_as_test(
        Merges, settings=settings(max_examples=5 * SOAK, stateful_step_count=15, deadline=None)
    )


DAY = Birthday(2, 29, 2000)


def suggested() -> list[tuple[str, str, tuple[Reason, ...]]]:
    """What is suggested, by the ids of the records."""
    return [
        (found.first.ids[0][1], found.second.ids[0][1], found.reasons)
        for found in list_merge_suggestions()
    ]


def test_the_same_name_and_birthday_is_suggested_in_whatever_script_and_order() -> None:
    put(
        CustomerData(id="a", name="Ivan Šimkus", birthday=DAY),
        CustomerData(id="b", name="ŠIMKUS, Иван", birthday=Birthday(2, 29)),
        CustomerData(id="c", name="Ivan Simkus", birthday=Birthday(2, 29, 1996)),
        CustomerData(id="d", name="Ivan Simkus"),
        CustomerData(id="e", name="", birthday=DAY),
        CustomerData(id="f", name="", birthday=DAY),
    )
    by_name = (Reason.NAME_AND_BIRTHDAY,)
    assert suggested() == [("a", "b", by_name), ("b", "c", by_name)]


def test_the_same_long_id_in_two_sources_is_suggested_where_the_names_allow_it() -> None:
    put(CustomerData(id="a", name="Ona"), CustomerData(id="b"), CustomerData(id="c", name="Jonas"))
    for id_, source in (("a", "shop"), ("b", "till"), ("c", "card")):
        for shared in ("ona@example.org", "1234567"):
            add_identity(get_number(id_), source, shared, actor=COMMAND, now=NOW)
    assert suggested() == [("a", "b", (Reason.SAME_ID,)), ("b", "c", (Reason.SAME_ID,))]
    assert str(Reason.SAME_ID.told) == "The same id in two sources, and no two names."


def test_both_reasons_are_told_together() -> None:
    put(*(CustomerData(id=id_, name="Ona", birthday=DAY) for id_ in "ab"))
    for id_, source in (("a", "shop"), ("b", "till")):
        add_identity(get_number(id_), source, "ona@example.org", actor=COMMAND, now=NOW)
    assert suggested() == [("a", "b", (Reason.NAME_AND_BIRTHDAY, Reason.SAME_ID))]


def test_a_dismissed_suggestion_does_not_come_back() -> None:
    put(*(CustomerData(id=id_, name="Ona", birthday=DAY) for id_ in "ab"))
    a, b = get_number("a"), get_number("b")
    assert dismiss_suggestion(b, a, actor=COMMAND, now=NOW)
    assert not dismiss_suggestion(a, b, actor=COMMAND, now=NOW)
    assert suggested() == []
    assert len(list_entries(verb="kept apart")) == 1
    with pytest.raises(InputError, match="always one with itself"):
        dismiss_suggestion(a, a, actor=COMMAND, now=NOW)
    with pytest.raises(InputError, match="There is no customer 999"):
        dismiss_suggestion(a, 999, actor=COMMAND, now=NOW)


def test_what_is_merged_is_not_suggested_until_it_is_parted() -> None:
    put(*(CustomerData(id=id_, name="Ona", birthday=DAY) for id_ in "ab"))
    merge("a", "b")
    assert suggested() == []
    part("a")
    assert [pair[:2] for pair in suggested()] == [("a", "b")]


def test_suggestions_are_paged_at_the_same_number_of_queries() -> None:
    put(*(CustomerData(id=f"c{number}", name="Ona", birthday=DAY) for number in range(6)))
    whole = list_merge_suggestions()
    assert len(whole) == 15
    pages, after = [], ""
    while page := list_merge_suggestions(after=after, limit=4):
        pages += page
        after = page[-1].cursor
    assert pages == whole
    with CaptureQueriesContext(connection) as queries:
        list_merge_suggestions()
    assert len(queries) == 3
    with pytest.raises(OptionError, match="x is no place in this list"):
        list_merge_suggestions(after="x")


def test_merged_records_are_listed_only_where_somebody_searches() -> None:
    put(CustomerData(id="a", name="Ona Old"), CustomerData(id="b", name="Ona New"))
    merge("a", "b")
    assert [row.id for row in list_people()] == ["b"]
    (found,) = list_people(search="old")
    assert (found.id, found.merged_into) == ("a", get_number("b"))
