"""Every address of a customer, for the owner, a colleague of his shop, and one of another."""

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest
from django.urls import get_resolver

from doors import DOORS, routes
from firm import STORES
from regulars.apps.accounts.rules import Role
from regulars.apps.contact.operations.addresses import AddressData, put_addresses
from regulars.apps.contact.queries.addresses import list_addresses
from regulars.apps.contact.rules.purposes import Channel
from regulars.apps.journal.queries import list_entries
from regulars.apps.orders.operations import take_orders
from regulars.apps.orders.rules import OrderData
from regulars.apps.people.operations import (
    CustomerData,
    add_note,
    merge_records,
    put_customers,
)
from regulars.apps.people.queries import get_customer_card, list_notes, numbers_of
from regulars.apps.people.rules import Birthday
from regulars.kernel.actors import COMMAND, Actor, ActorKind
from visitors import NOW, visitor

pytestmark = pytest.mark.django_db
HERE, THERE = frozenset({STORES[0]}), frozenset({STORES[1]})
LISTS = {"customers", "customers/new", "customers/merges"}
BIRTHDAY = Birthday(5, 17, 1980)
SECRET = "Ona Slaptoji"  # noqa: S105 - a name
SALE = OrderData(
    id="order",
    customer_id="ona",
    ordered_at=NOW,
    currency="EUR",
    amount=Decimal(1),
    store=STORES[0],
)


def make() -> dict[str, int]:
    """Two alike who bought in one shop, one of them with a record merged into hers and a note."""
    told = [CustomerData(id=id_, name=SECRET, birthday=BIRTHDAY) for id_ in ("ona", "twin", "old")]
    put_customers(told, actor=COMMAND, now=NOW)
    orders = [replace(SALE, id=f"order-{id_}", customer_id=id_) for id_ in ("ona", "twin")]
    take_orders(orders, actor=COMMAND, now=NOW)
    numbers = numbers_of(["ona", "twin", "old"])
    merge_records(numbers["old"], numbers["ona"], actor=COMMAND, now=NOW)
    reached = AddressData(Channel.EMAIL, "ona@slaptoji.example")
    put_addresses(numbers["ona"], [reached], actor=COMMAND, now=NOW)
    return numbers


def address(route: str, numbers: Mapping[str, int], note: int) -> str:
    """The address of the route for what there is."""
    number = numbers["old"] if route.endswith("/part") else numbers["ona"]
    filled = route.replace("<int:number>", str(number)).replace("<int:note>", str(note))
    filled = filled.replace("<int:other>", str(numbers["twin"]))
    filled = filled.replace("<int:address>", str(list_addresses(number)[0].id))
    return "/" + (f"{filled}?source=api&id=ona" if route.endswith("ids/remove") else filled)


OF_ONE = sorted(
    (route, method)
    for route, door in DOORS.items()
    if route.startswith("customers") and route not in LISTS
    for method in door.only
)


def test_the_addresses_below_are_all_there_are() -> None:
    ours = {route for route in routes(get_resolver()) if route.startswith("customers")}
    assert ours == {route for route, _ in OF_ONE} | LISTS


@pytest.mark.parametrize(("route", "method"), OF_ONE)
@pytest.mark.parametrize(
    ("stores", "found"),
    [(None, True), (HERE, True), (HERE | THERE, True), (THERE, False), (frozenset(), False)],
)
def test_a_customer_is_there_for_his_shop_alone(
    route: str,
    method: str,
    stores: frozenset[str] | None,
    found: bool,  # noqa: FBT001 - what is expected
) -> None:
    numbers = make()
    client = visitor(Role.OWNER, stores)
    me = int(client.session["_auth_user_id"])
    writer = Actor(ActorKind.STAFF, str(me))
    note = add_note(numbers["ona"], "Rye bread", actor=writer, now=NOW)
    card, notes = get_customer_card(numbers["ona"]), list_notes(numbers["ona"])
    reached = list_addresses(numbers["ona"])
    trail = len(list_entries(limit=1000))
    answer = client.generic(method, address(route, numbers, note))
    assert (answer.status_code == 404) is not found
    assert answer.status_code < 500
    if not found:
        assert SECRET not in answer.content.decode()
        assert get_customer_card(numbers["ona"]) == card
        assert list_notes(numbers["ona"]) == notes
        assert list_addresses(numbers["ona"]) == reached
        assert len(list_entries(limit=1000)) == trail


def text_of(path: str, stores: frozenset[str] | None) -> str:
    answer = visitor(Role.AGENT, stores).get(path)
    assert answer.status_code == 200
    return b"".join(answer).decode()


@pytest.mark.parametrize(
    "path",
    ["/customers", "/customers?search=slaptoji", "/customers?as=csv", "/customers/merges"],
)
@pytest.mark.parametrize(("stores", "found"), [(None, True), (HERE, True), (THERE, False)])
def test_lists_and_downloads_hold_those_of_the_readers_shops(
    path: str,
    stores: frozenset[str] | None,
    found: bool,  # noqa: FBT001 - what is expected
) -> None:
    make()
    assert (SECRET in text_of(path, stores)) is found


@pytest.mark.parametrize(("stores", "n"), [(None, 3), (HERE, 3), (THERE, 1)])
def test_the_overview_counts_those_of_the_readers_shops(
    stores: frozenset[str] | None, n: int
) -> None:
    make()
    put_customers([CustomerData(id="new", name="Rasa Nauja")], actor=COMMAND, now=NOW)
    text = " ".join(re.sub(r"<[^>]+>", " ", text_of("/", stores)).split())
    assert f"{n} customer" in text


@pytest.mark.parametrize(("stores", "offered"), [(None, True), (HERE, True), (THERE, False)])
def test_a_merge_is_offered_with_those_of_the_readers_shops(
    stores: frozenset[str] | None,
    offered: bool,  # noqa: FBT001 - what is expected
) -> None:
    numbers = make()
    put_customers([CustomerData(id="new", name="Rasa Nauja")], actor=COMMAND, now=NOW)
    new, client = numbers_of(["new"])["new"], visitor(Role.AGENT, stores)
    page = client.get(f"/customers/{new}/merge?search=slaptoji").content.decode()
    assert (f"/merge/{numbers['twin']}" in page) is offered
    beside = client.get(f"/customers/{new}/merge/{numbers['twin']}")
    assert (beside.status_code == 200) is offered
    apart = client.post(f"/customers/{new}/apart/{numbers['twin']}")
    assert (apart.status_code == 302) is offered


def test_who_parts_a_record_out_of_his_sight_comes_to_the_list() -> None:
    numbers = make()
    put_customers([CustomerData(id="new", name="Rasa Nauja")], actor=COMMAND, now=NOW)
    new = numbers_of(["new"])["new"]
    merge_records(numbers["twin"], new, actor=COMMAND, now=NOW)
    sales = [replace(SALE, id="order-new", customer_id="new", store=STORES[1])]
    take_orders(sales, actor=COMMAND, now=NOW)
    client = visitor(Role.AGENT, THERE)
    assert client.post(f"/customers/{numbers['twin']}/part")["Location"] == "/customers"
    assert client.get(f"/customers/{numbers['twin']}").status_code == 404
    assert client.get(f"/customers/{new}").status_code == 200
