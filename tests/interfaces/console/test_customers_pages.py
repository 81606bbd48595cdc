"""Customers: found, read, changed, noted, by those who may."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from firm import STORES, make_firm
from regulars.apps.accounts.rules import Role
from regulars.apps.journal.queries import list_entries
from regulars.apps.people.operations import (
    CustomerData,
    add_identity,
    add_note,
    erase_person,
    put_attribute,
    put_customers,
)
from regulars.apps.people.queries import (
    find_customer,
    get_customer_card,
    list_notes,
    list_people,
    numbers_of,
)
from regulars.apps.people.rules import AttributeKind, Birthday
from regulars.kernel.actors import COMMAND
from visitors import NOW, visitor

pytestmark = pytest.mark.django_db
WRITERS = (Role.OWNER, Role.MANAGER, Role.AGENT)
READERS = (Role.ANALYST, Role.AUDITOR)


def number_of(id_: str) -> int:
    return numbers_of([id_])[id_]


def add(name: str, id_: str = "c1", **told: object) -> int:
    customer = CustomerData(id=id_, name=name, **told)  # type: ignore[arg-type]
    put_customers([customer], actor=COMMAND, now=NOW)
    return number_of(id_)


def page_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def form_of(client: Client, address: str) -> dict[str, str]:
    """What a browser would send of a form that nobody touched."""
    text = page_of(client, address)
    text = text[text.index('class="form"') :]
    found = {
        name: value.replace("&#x27;", "'").replace("&quot;", '"')
        for name, value in re.findall(r'<input [^>]*name="([^"]+)"(?: value="([^"]*)")?', text)
    }
    for name, inside in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', text, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', inside)
        found[name] = chosen[1] if chosen else ""
    areas = re.findall(r'<textarea name="([^"]+)".*?>\n(.*?)</textarea>', text, re.DOTALL)
    return found | dict(areas)


@pytest.mark.parametrize(
    ("search", "name"),
    [
        ("simkute", "Ona Šimkutė"),
        ("ivanov", "Иван Иванов"),
        ("иванов", "Иван Иванов"),
        ("王", "王小明"),
        ("小明", "王小明"),
        ("berzins", "Jānis Bērziņš"),
    ],
)
def test_a_customer_is_found_blind_to_accents_and_script(search: str, name: str) -> None:
    make_firm(orders=0, customers=12)
    text = page_of(visitor(Role.AGENT), f"/customers?search={search}")
    assert f">{name}</a>" in text
    assert "Eleanor" not in text


@pytest.mark.parametrize(
    ("path", "roles"),
    [("/customers", WRITERS + READERS), ("/customers/{}", WRITERS + READERS)]
    + [("/customers/new", WRITERS), ("/customers/merges", WRITERS)]
    + [(f"/customers/{{}}/{page}", WRITERS) for page in ("edit", "contact-person", "merge")],
)
def test_pages_open_for_those_who_may_alone(path: str, roles: tuple[Role, ...]) -> None:
    address = path.format(add("Ona"))
    stranger = Client().get(address)
    assert (stranger.status_code, stranger["Location"]) == (302, f"/sign-in?next={address}")
    for role in Role:
        expected = 200 if role in roles else 403
        assert visitor(role).get(address).status_code == expected, role


@pytest.mark.parametrize("role", READERS)
def test_who_may_not_write_is_offered_no_button_and_refused(role: Role) -> None:
    number, client = add("Ona"), visitor(role)
    text = page_of(client, f"/customers/{number}")
    assert "/edit" not in text
    assert "Add the note" not in text
    for path in ("edit", "contact-person", "notes", "apart/1", "part", "merge/1"):
        assert client.post(f"/customers/{number}/{path}").status_code == 403


def test_looking_at_a_card_is_written_down_once_an_hour() -> None:
    number, client = add("Ona"), visitor(Role.AGENT)
    for _ in range(3):
        page_of(client, f"/customers/{number}")
    seen = [it for it in list_entries(subject=f"customer:{number}") if it.verb == "saw"]
    assert len(seen) == 1
    assert seen[0].actor.startswith("staff:")


def test_the_history_is_told_newest_first_page_by_page_without_loss() -> None:
    make_firm(orders=70, customers=1)
    number, client = number_of("C-0000"), visitor(Role.AGENT)
    add_note(number, "Likes rye bread", actor=COMMAND, now=NOW)
    told: list[str] = []
    times: list[str] = []
    there: str | None = f"/customers/{number}"
    while there:
        text = page_of(client, there)
        part = text[text.index('id="history"') :]
        told += re.findall(r'class="what">(?:<a href="[^"]*">|<span>)([^<]+)', part)
        found = re.search(r'href="(/customers/\d+\?older=[^"]+)"', part)
        there = found and found[1]
        times += re.findall(r'<time datetime="([^"]+)"', part)
    orders = [it for it in told if it.startswith("Order ")]
    assert len(orders) == len(set(orders)) >= 55
    assert len([it for it in told if it.startswith("Refund of")]) >= 6
    assert told.count("Note") == 1
    assert told.count("The record was made") == 1


def test_the_history_of_many_things_at_one_instant_loses_none() -> None:
    number, client = add("Ona"), visitor(Role.AGENT)
    for n in range(45):
        add_note(number, f"note-{n:02}", actor=COMMAND, now=NOW)
    seen: list[str] = []
    there: str | None = f"/customers/{number}"
    while there:
        part = page_of(client, there).partition('id="history"')[2]
        seen += re.findall(r'class="text">(note-\d\d)', part)
        found = re.search(r'href="(/customers/\d+\?older=[^"]+)"', part)
        there = found and found[1]
    assert seen == [f"note-{n:02}" for n in reversed(range(45))]


def test_a_card_takes_as_many_statements_for_many_orders_as_for_few() -> None:
    client, counts = visitor(Role.AGENT), []
    for orders in (5, 60):
        make_firm(orders=orders, customers=1)
        address = f"/customers/{number_of('C-0000')}"
        client.get(address)
        with CaptureQueriesContext(connection) as statements:
            client.get(address)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 34


def test_the_history_shows_the_orders_of_the_readers_stores_alone() -> None:
    make_firm(orders=40, customers=1)
    address = f"/customers/{number_of('C-0000')}"
    text = page_of(visitor(Role.AGENT, frozenset({STORES[2]})), address)
    assert STORES[2] in text
    assert STORES[0] not in text


def test_who_may_not_see_contacts_sees_no_address_note_or_attribute() -> None:
    number = add("Ona", attributes={"phone": "+370 600 00000"})
    add_identity(number, "loyalty card", "ona@pastas.example", actor=COMMAND, now=NOW)
    add_note(number, "Call +370 600 11111", actor=COMMAND, now=NOW)
    secrets = ("ona@pastas.example", "600 00000", "600 11111")
    analyst = page_of(visitor(Role.ANALYST), f"/customers/{number}")
    agent = page_of(visitor(Role.AGENT), f"/customers/{number}")
    assert [secret in analyst for secret in secrets] == [False] * 3
    assert [secret in agent for secret in secrets] == [True] * 3
    assert "not shown to your role" in analyst


def test_what_an_edit_tells_is_kept_and_what_it_leaves_alone_stays() -> None:
    number = add(
        "Ona", birthday=Birthday(5, 17), attributes={"size": 43, "vip": True, "city": "Vilnius"}
    )
    client = visitor(Role.AGENT)
    told = form_of(client, f"/customers/{number}/edit") | {"name": "Ona Šimkutė", "language": "lt"}
    answer = client.post(f"/customers/{number}/edit", told, follow=True)
    assert answer.redirect_chain == [(f"/customers/{number}", 302)]
    assert "The customer is kept." in answer.content.decode()
    card = get_customer_card(number)
    assert (card.name, card.language, card.birthday) == ("Ona Šimkutė", "lt", Birthday(5, 17))
    assert card.attributes == {"size": 43, "vip": True, "city": "Vilnius"}


def test_a_greeting_is_written_by_hand_and_shown_on_the_card() -> None:
    number, client = add("Jonas"), visitor(Role.AGENT)
    address = f"/customers/{number}/edit"
    told = form_of(client, address) | {"greetings": "lt: pone Jonai\nlv: Jon"}
    assert "pone Jonai" in client.post(address, told, follow=True).content.decode()
    assert get_customer_card(number).greetings == {"lt": "pone Jonai", "lv": "Jon"}
    client.post(address, form_of(client, address) | {"name": "Jonas J."})
    assert get_customer_card(number).greetings == {"lt": "pone Jonai", "lv": "Jon"}
    wrong = form_of(client, address) | {"greetings": "Lithuanian: Jonai"}
    refused = client.post(address, wrong)
    assert 'id="id_greetings_error"' in refused.content.decode()


def test_declared_attributes_have_fields_of_their_kind() -> None:
    put_attribute("shoe", "Shoe size", AttributeKind.NUMBER, actor=COMMAND, now=NOW)
    put_attribute("since", "Member since", AttributeKind.DATE, actor=COMMAND, now=NOW)
    put_attribute("vip", "VIP", AttributeKind.YES_NO, actor=COMMAND, now=NOW)
    number, client = add("Ona", attributes={"other": "x"}), visitor(Role.AGENT)
    address = f"/customers/{number}/edit"
    fields = {"Member since": "2020-02-29", "Shoe size": "43.5", "VIP": "False"}
    text = page_of(client, address)
    names = {it: re.search(rf'<label for="id_(attribute-\d)">{it}', text) for it in fields}
    told = {found[1]: fields[it] for it, found in names.items() if found}
    assert len(told) == 3
    client.post(address, form_of(client, address) | told)
    kept = get_customer_card(number).attributes
    assert kept == {"since": "2020-02-29", "shoe": "43.5", "vip": False, "other": "x"}


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"time_zone": "Mars/Base"}, "time_zone", "Mars/Base is no time zone"),
        ({"birth_day": "31", "birth_month": "2"}, "birth_day", "The calendar has no such day."),
        ({"birth_day": "12"}, "birth_day", "The calendar has no such day."),
        ({"birth_year": "12"}, "birth_year", "greater than or equal to 1880"),
        ({"name": "x" * 301}, "name", "at most 300 characters"),
        ({"language": "klingon"}, "language", "klingon is not one of the available choices"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field_and_stays_in_it(
    wrong: dict[str, str], field: str, sentence: str
) -> None:
    number, client = add("Ona"), visitor(Role.AGENT)
    told = form_of(client, f"/customers/{number}/edit") | {"name": "Ona Nova"} | wrong
    text = client.post(f"/customers/{number}/edit", told).content.decode()
    error = text[text.index(f'id="id_{field}_error"') :].partition("</p>")[0]
    assert sentence in error
    assert 'role="alert"' in text
    assert f'href="#id_{field}"' in text
    assert 'aria-invalid="true"' in text
    for name, value in (told | wrong).items():
        if name in {"name", "time_zone", "birth_day", "birth_year"} and value:
            assert f'value="{value}"' in text
    assert get_customer_card(number).name == "Ona"


def test_a_change_of_somebody_else_meanwhile_is_not_overwritten() -> None:
    number, client = add("Ona"), visitor(Role.AGENT)
    told = form_of(client, f"/customers/{number}/edit")
    later = NOW + timedelta(minutes=1)
    put_customers([CustomerData(id="c1", name="Ona Nova")], actor=COMMAND, now=later)
    text = client.post(f"/customers/{number}/edit", told | {"name": "Ana"}).content.decode()
    assert "Somebody else changed this customer meanwhile." in text
    assert get_customer_card(number).name == "Ona Nova"


def test_a_customer_is_added_by_hand_with_the_shops_id_or_without() -> None:
    client = visitor(Role.AGENT)
    empty = form_of(client, "/customers/new")
    client.post("/customers/new", empty | {"name": "Ona", "id": "till-7"})
    client.post("/customers/new", empty | {"name": "Jānis"})
    known = find_customer("till-7")
    assert known is not None
    assert known.name == "Ona"
    assert {row.name for row in list_people()} == {"Ona", "Jānis"}


def test_a_customer_who_is_known_already_is_not_added_over_himself() -> None:
    add("Ona", "till-7")
    client = visitor(Role.AGENT)
    told = form_of(client, "/customers/new") | {"name": "Jānis", "id": "till-7"}
    text = client.post("/customers/new", told).content.decode()
    assert "till-7 is another customer&#x27;s id." in text or "is another customer" in text
    assert 'value="Jānis"' in text
    assert [row.name for row in list_people()] == ["Ona"]


def test_nobody_is_added_who_could_not_be_found_again() -> None:
    client = visitor(Role.AGENT)
    text = client.post("/customers/new", form_of(client, "/customers/new")).content.decode()
    assert "cannot be found again" in text
    assert list_people() == []


def test_a_note_is_added_changed_by_its_author_and_removed_once_it_was_asked() -> None:
    number, agent, owner = add("Ona"), visitor(Role.AGENT), visitor(Role.OWNER)
    agent.post(f"/customers/{number}/notes", {"text": "Likes tea"})
    (note,) = list_notes(number)
    place = f"/customers/{number}/notes/{note.id}"
    refused = owner.post(place, {"text": "Hates tea"}).content.decode()
    assert "somebody else" in refused
    assert "Hates tea" in refused
    agent.post(place, {"text": "Likes green tea"})
    assert [it.text for it in list_notes(number)] == ["Likes green tea"]
    assert "Likes green tea" in page_of(owner, f"{place}/remove")
    assert len(list_notes(number)) == 1
    owner.post(f"{place}/remove")
    assert list_notes(number) == []


def test_an_empty_note_is_refused_on_its_own_page() -> None:
    number = add("Ona")
    text = visitor(Role.AGENT).post(f"/customers/{number}/notes", {"text": " "}).content.decode()
    assert "This field is required." in text
    assert list_notes(number) == []


def test_a_contact_person_is_one_of_the_staff_and_not_his_own_substitute() -> None:
    number, client = add("Ona"), visitor(Role.AGENT)
    address = f"/customers/{number}/contact-person"
    me = client.session["_auth_user_id"]
    refused = client.post(address, {"contact_person": me, "substitute": me}).content.decode()
    assert "cannot be his own substitute" in refused
    assert client.post(address, {"contact_person": "999"}).status_code == 200
    assert get_customer_card(number).contact_person is None
    client.post(address, {"contact_person": me, "substitute": ""})
    assert get_customer_card(number).contact_person == int(me)
    assert "An agent" in page_of(client, f"/customers/{number}")
    assert "An agent" in page_of(client, f"/customers?contact={me}")


@pytest.mark.parametrize("evil", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
def test_what_customers_and_staff_write_is_never_run(evil: str) -> None:
    number = add(evil, id_=evil, attributes={evil: evil})
    add_note(number, evil, actor=COMMAND, now=NOW)
    client = visitor(Role.OWNER)
    note = list_notes(number)[0].id
    for path in (
        f"/customers?search={evil}",
        "/customers?sort=name",
        f"/customers/{number}",
        f"/customers/{number}/edit",
        f"/customers/{number}/merge?search={evil}",
        f"/customers/{number}/notes/{note}/remove",
        f"/orders?id={evil}&since={evil}",
    ):
        text = page_of(client, path)
        assert "<script>alert" not in text
        assert "<img src=x" not in text
    assert "&lt;" in page_of(client, f"/customers/{number}")


def test_somebody_who_was_erased_is_said_to_be_and_cannot_be_changed() -> None:
    number, client = add("Ona"), visitor(Role.OWNER)
    erase_person(number, actor=COMMAND, now=NOW)
    text = page_of(client, f"/customers/{number}")
    assert "was erased" in text
    assert "Ona" not in text
    assert f"/customers/{number}/edit" not in text
