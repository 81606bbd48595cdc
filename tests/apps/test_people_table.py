"""The table of people: searched, narrowed, sorted, paged; and what is written on their cards."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from regulars.apps.accounts.operations import add_staff
from regulars.apps.accounts.rules import Role
from regulars.apps.journal.queries import list_entries
from regulars.apps.people.operations import (
    CustomerData,
    add_identity,
    add_note,
    assign_contact_person,
    change_note,
    ensure_customers,
    put_attribute,
    put_customers,
    remove_attribute,
    remove_identity,
    remove_note,
)
from regulars.apps.people.queries import (
    ANYBODY,
    Only,
    Sort,
    attribute_kinds,
    count_people,
    get_customer_card,
    get_number,
    list_attributes,
    list_customers,
    list_identities,
    list_notes,
    list_people,
)
from regulars.apps.people.rules import AttributeKind, problems_of_attributes
from regulars.kernel.actors import COMMAND, WORKER, Actor, ActorKind
from regulars.kernel.errors import InputError, OptionError

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)

pytestmark = pytest.mark.django_db


def put(*told: CustomerData, now: datetime = NOW) -> None:
    put_customers(told, actor=COMMAND, now=now)


def staff(name: str) -> int:
    """Somebody who works here."""
    return add_staff(f"{name}@example.org", name, Role.AGENT, actor=COMMAND, now=NOW)


@pytest.fixture
def shop() -> None:
    """Four customers, told one an hour."""
    for hour, told in enumerate(
        (
            CustomerData(id="c", name="Žana", language="lv"),
            CustomerData(id="a", name="Ädam", language="en"),
            CustomerData(id="d", name="Boris", language="en-GB"),
        )
    ):
        put(told, now=NOW + timedelta(hours=hour))
    ensure_customers(["b"], now=NOW + timedelta(hours=3))


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(
    ("sort", "ids"),
    [
        (Sort.NAME, "badc"),
        (Sort.NAME_BACK, "cdab"),
        (Sort.MADE, "cadb"),
        (Sort.MADE_BACK, "bdac"),
        (Sort.CHANGED, "cadb"),
        (Sort.CHANGED_BACK, "bdac"),
    ],
)
@pytest.mark.parametrize("limit", [1, 3, 9])
def test_every_order_is_paged_to_its_end(sort: Sort, ids: str, limit: int) -> None:
    seen, after = "", ""
    while page := list_people(sort=sort, after=after, limit=limit):
        seen += "".join(row.id for row in page)
        after = page[-1].cursor
    assert seen == ids


def test_rows_alike_are_paged_one_after_another() -> None:
    put(*(CustomerData(id=f"c{number}", name="Ona") for number in range(5)))
    for sort in Sort:
        seen, after = set(), ""
        while page := list_people(sort=sort, after=after, limit=2):
            seen |= {row.id for row in page}
            after = page[-1].cursor
        assert seen == {f"c{number}" for number in range(5)}


@pytest.mark.usefixtures("shop")
def test_the_table_is_narrowed_by_each_filter() -> None:
    ona = staff("Ona")
    assign_contact_person(get_number("a"), ona, actor=COMMAND, now=LATER)
    assign_contact_person(get_number("b"), None, ona, actor=COMMAND, now=LATER)
    for only, ids in (
        (Only(language="en"), "ad"),
        (Only(language="en-GB"), "d"),
        (Only(contact_person=ona), "ab"),
        (Only(is_stub=True), "b"),
        (Only(is_stub=False, language="lv"), "c"),
        (Only(made_since=NOW + timedelta(hours=2)), "bd"),
        (Only(language="xx"), ""),
    ):
        assert sorted(row.id for row in list_people(only=only)) == sorted(ids)
        assert [row.id for row in list_customers(only=only)] == sorted(ids)
        assert count_people(only=only) == len(ids)


@pytest.mark.usefixtures("shop")
def test_counting_stops_where_it_would_take_long() -> None:
    assert count_people() == 4
    assert count_people(most=2) == 2
    assert count_people(search="zan") == 1


@pytest.mark.usefixtures("shop")
def test_somebody_is_found_by_any_id_of_his_and_by_its_beginning() -> None:
    add_identity(get_number("c"), "card", "LOYAL-4711", actor=COMMAND, now=NOW)
    for search in ("LOYAL-4711", "LOYAL-47", " LOYAL-4711 ", "c"):
        assert [row.id for row in list_people(search=search)] == ["c"]
    assert list_people(search="4711") == []
    assert list_people(search="%") == []
    assert list_people(search="_") == []


def test_a_list_costs_the_same_number_of_queries_at_any_length() -> None:
    put(*(CustomerData(id=f"c{number}", name=f"Ona {number}") for number in range(20)))
    counted = []
    for limit in (1, 20):
        for read in (
            lambda limit=limit: list_people(limit=limit),
            lambda limit=limit: list_people(search="ona", only=Only(is_stub=False), limit=limit),
            lambda limit=limit: list_customers(search="ona", limit=limit),
            lambda limit=limit: list_notes(get_number("c1"), limit=limit),
        ):
            with CaptureQueriesContext(connection) as queries:
                read()
            counted.append(len(queries))
    assert counted == [3, 3, 2, 4] * 2


def test_a_card_costs_the_same_number_of_queries_however_full_it_is() -> None:
    put(CustomerData(id="a"), CustomerData(id="b"))
    counted = []
    for number in (get_number("a"), get_number("b")):
        with CaptureQueriesContext(connection) as queries:
            get_customer_card(number)
        counted.append(len(queries))
        for text in "xyz":
            add_note(get_number("b"), text, actor=COMMAND, now=NOW)
            add_identity(get_number("b"), "till", text, actor=COMMAND, now=NOW)
    assert counted[0] == counted[1]


@pytest.mark.parametrize("cursor", ["x", "1:x", ":", "1"])
def test_a_cursor_of_elsewhere_is_refused(cursor: str) -> None:
    with pytest.raises(OptionError, match="is no place in this table"):
        list_people(sort=Sort.MADE, after=cursor)


def test_an_id_of_another_source_is_added_once_and_removed() -> None:
    numbers = ensure_customers("ab", now=NOW)
    assert add_identity(numbers["a"], "till", "7", actor=COMMAND, now=NOW)
    assert not add_identity(numbers["a"], "till", "7", actor=COMMAND, now=NOW)
    assert [(row.source, row.id) for row in list_identities(numbers["a"])] == [
        ("api", "a"),
        ("till", "7"),
    ]
    with pytest.raises(InputError, match="7 of till is another customer's"):
        add_identity(numbers["b"], "till", "7", actor=COMMAND, now=NOW)
    with pytest.raises(InputError, match="till knows the customer by no id 7"):
        remove_identity(numbers["b"], "till", "7", actor=COMMAND, now=NOW)
    remove_identity(numbers["a"], "till", "7", actor=COMMAND, now=NOW)
    with pytest.raises(InputError, match="a is the last one"):
        remove_identity(numbers["a"], "api", "a", actor=COMMAND, now=NOW)
    assert [entry.verb for entry in list_entries()] == ["removed id", "added id"]


def test_a_customer_of_another_source_is_put_beside_that_of_the_api() -> None:
    put(CustomerData(id="1", name="Ona"))
    put_customers([CustomerData(id="1", name="Jonas")], actor=COMMAND, now=NOW, source="till")
    assert len(list_people()) == 2


def test_a_contact_person_and_a_substitute_are_assigned() -> None:
    number = ensure_customers("a", now=NOW)["a"]
    ona, jonas = staff("Ona"), staff("Jonas")
    assert assign_contact_person(number, ona, jonas, actor=COMMAND, now=LATER)
    assert not assign_contact_person(number, ona, jonas, actor=COMMAND, now=LATER)
    card = get_customer_card(number)
    assert (card.contact_person, card.substitute, card.changed_at) == (ona, jonas, LATER)
    with pytest.raises(InputError, match="cannot be his own substitute"):
        assign_contact_person(number, ona, ona, actor=COMMAND, now=LATER)
    with pytest.raises(InputError, match="Nobody of the staff has the id 999"):
        assign_contact_person(number, 999, actor=COMMAND, now=LATER)
    assert replace(get_customer_card(number)) == card
    assert list_entries(verb="assigned")[0].data["contact_person_id"] == [None, ona]


def test_a_note_is_written_changed_by_its_author_alone_and_removed() -> None:
    number = ensure_customers("a", now=NOW)["a"]
    agent = Actor(ActorKind.STAFF, "3")
    note = add_note(number, " Likes tea. ", actor=agent, now=NOW)
    with pytest.raises(InputError, match="is somebody else's"):
        change_note(note, "Likes coffee.", actor=WORKER, now=LATER)
    assert not change_note(note, "Likes tea.", actor=agent, now=LATER)
    (row,) = list_notes(number)
    assert (row.text, row.author, row.at, row.changed_at) == ("Likes tea.", "staff:3", NOW, None)
    assert change_note(note, "Likes coffee.", actor=agent, now=LATER)
    assert [(row.text, row.changed_at) for row in list_notes(number)] == [("Likes coffee.", LATER)]
    remove_note(note, actor=WORKER, now=LATER)
    assert list_notes(number) == []
    with pytest.raises(InputError, match="There is no note"):
        remove_note(note, actor=WORKER, now=LATER)
    assert [entry.verb for entry in list_entries()] == [
        "removed note",
        "changed note",
        "added note",
    ]
    assert "tea" not in str(list_entries())


@pytest.mark.parametrize("text", ["", "  ", "x" * 10_001])
def test_a_note_without_text_or_end_is_refused(text: str) -> None:
    number = ensure_customers("a", now=NOW)["a"]
    with pytest.raises(InputError, match="A note has 1 to 10,000 characters"):
        add_note(number, text, actor=COMMAND, now=NOW)
    assert list_notes(number) == []


def test_a_declared_attribute_is_checked_and_another_is_not() -> None:
    for name, kind in (
        ("size", AttributeKind.NUMBER),
        ("since", AttributeKind.DATE),
        ("vip", AttributeKind.YES_NO),
        ("tea", AttributeKind.TEXT),
    ):
        assert put_attribute(name, name.title(), kind, actor=COMMAND, now=NOW)
        assert not put_attribute(name, name.title(), kind, actor=COMMAND, now=NOW)
    kinds = attribute_kinds()
    good = {"size": "43.5", "since": "2024-02-29", "vip": True, "tea": "green", "other": 1}
    bad = {"size": True, "since": "2023-02-29", "vip": "yes", "tea": 1}
    assert list(problems_of_attributes(good, kinds)) == []
    assert list(problems_of_attributes(dict.fromkeys(kinds), kinds)) == []
    found = [problem.field for problem in problems_of_attributes(bad, kinds)]
    assert found == [f"attributes.{row.name}" for row in list_attributes()]
    assert remove_attribute("size", actor=COMMAND, now=NOW)
    assert not remove_attribute("size", actor=COMMAND, now=NOW)
    assert "size" not in attribute_kinds()


@pytest.mark.parametrize(
    ("name", "label"), [("", "x"), ("x" * 61, "x"), ("x", " "), ("a\nb", "x")]
)
def test_an_attribute_without_a_name_that_can_be_shown_is_refused(name: str, label: str) -> None:
    with pytest.raises(InputError, match="has 1 to"):
        put_attribute(name, label, AttributeKind.TEXT, actor=COMMAND, now=NOW)
    assert list_attributes() == []


def test_nobody_is_on_the_card_of_nobody() -> None:
    with pytest.raises(InputError, match="There is no customer 7"):
        get_customer_card(7)
    assert list_people(only=ANYBODY) == []
