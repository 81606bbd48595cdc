"""How a customer is reached and what he agreed to: on his card, and changed by those who may."""

from datetime import timedelta

import pytest
from django.test import Client

from regulars.apps.accounts.operations import change_access
from regulars.apps.accounts.queries import list_staff
from regulars.apps.accounts.rules import Access, Role
from regulars.apps.contact.models import Delivery
from regulars.apps.contact.operations.addresses import AddressData, put_addresses
from regulars.apps.contact.operations.suppressions import suppress_address
from regulars.apps.contact.operations.wordings import put_wording
from regulars.apps.contact.queries.addresses import list_addresses
from regulars.apps.contact.queries.consents import list_consent_events, list_consents
from regulars.apps.contact.rules.purposes import Basis, Channel, Consent, Purpose, Scope
from regulars.apps.people.operations import CustomerData, erase_person, put_customers
from regulars.apps.people.queries import numbers_of
from regulars.interfaces.clock import now
from regulars.kernel.actors import COMMAND
from visitors import NOW, visitor

pytestmark = pytest.mark.django_db
EMAIL = {"channel": "email", "value": "Ona@Example.com"}
YES = {"purpose": "newsletter", "channel": "email", "state": "granted", "basis": "consent"}


@pytest.fixture
def ona() -> int:
    put_customers([CustomerData(id="c1", name="Ona")], actor=COMMAND, now=NOW)
    return numbers_of(["c1"])["c1"]


def reach(number: int, *values: str) -> None:
    told = [AddressData(Channel.EMAIL, value) for value in values]
    put_addresses(number, told, actor=COMMAND, now=NOW)


def page_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def send(client: Client, address: str, told: dict[str, str]) -> str:
    """What is said after a form was sent; the form again where it was refused."""
    return client.post(address, told, follow=True).content.decode()


def values(number: int) -> list[str]:
    return [row.value for row in list_addresses(number)]


@pytest.mark.parametrize("role", [Role.OWNER, Role.MANAGER, Role.AGENT])
def test_an_address_is_added_changed_put_first_and_removed(role: Role, ona: int) -> None:
    client, card = visitor(role), f"/customers/{ona}"
    assert "The address is kept." in send(client, f"{card}/addresses/add", EMAIL)
    send(client, f"{card}/addresses/add", {"channel": "email", "value": "ona@work.lt"})
    assert values(ona) == ["ona@example.com", "ona@work.lt"]
    first, second = list_addresses(ona)
    send(client, f"{card}/addresses/{second.id}/first", {})
    assert values(ona) == ["ona@work.lt", "ona@example.com"]
    changed = {"channel": "email", "value": "ona@home.lt"}
    send(client, f"{card}/addresses/{first.id}", changed)
    assert values(ona) == ["ona@work.lt", "ona@home.lt"]
    asked = page_of(client, f"{card}/addresses/{second.id}/remove")
    assert "Nothing goes to ona@work.lt any more" in asked
    send(client, f"{card}/addresses/{second.id}/remove", {})
    assert values(ona) == ["ona@home.lt"]
    assert "Addresses were changed" in page_of(client, card)


def test_what_is_no_address_is_refused_beside_its_field(ona: int) -> None:
    client = visitor(Role.OWNER)
    answer = send(client, f"/customers/{ona}/addresses/add", EMAIL | {"value": "<b>ona"})
    assert "&lt;b&gt;ona is no address of e-mail: give one such as ona@example.com." in answer
    assert values(ona) == []


def test_an_address_of_somebody_else_is_not_found(ona: int) -> None:
    put_customers([CustomerData(id="c2", name="Jonas")], actor=COMMAND, now=NOW)
    jonas = numbers_of(["c2"])["c2"]
    reach(jonas, "jonas@example.com")
    [row] = list_addresses(jonas)
    client = visitor(Role.OWNER)
    for path in ("", "/first", "/remove"):
        answer = client.post(f"/customers/{ona}/addresses/{row.id}{path}", EMAIL)
        assert answer.status_code == 404
    assert values(jonas) == ["jonas@example.com"]


@pytest.mark.parametrize("role", [Role.ANALYST, Role.AUDITOR])
def test_who_may_not_write_sees_no_forms_and_who_may_not_see_a_mask(role: Role, ona: int) -> None:
    reach(ona, "ona@example.com")
    client = visitor(role)
    card = page_of(client, f"/customers/{ona}")
    assert ("ona@example.com" in card) is (role is Role.AUDITOR)
    assert ("o…@e….com" in card) is (role is Role.ANALYST)
    assert "addresses/add" not in card
    for path in ("addresses/add", "consents/add", f"addresses/{list_addresses(ona)[0].id}"):
        assert client.post(f"/customers/{ona}/{path}", EMAIL | YES).status_code == 403
    sees = client.get(f"/customers/{ona}/consents").status_code == 200
    assert sees is (role is Role.AUDITOR)
    assert list_consents(ona) == []


def test_whoever_was_granted_it_sees_contacts_beside_his_role(ona: int) -> None:
    reach(ona, "ona@example.com")
    client = visitor(Role.ANALYST)
    analyst = next(it for it in list_staff() if it.role is Role.ANALYST)
    change_access(analyst.id, Access(Role.ANALYST, sees_contacts=True), actor=COMMAND, now=NOW)
    assert "ona@example.com" in page_of(client, f"/customers/{ona}")


def test_the_card_says_what_is_held_back_from_an_address(ona: int) -> None:
    reach(ona, "ona@example.com")
    suppress_address(Channel.EMAIL, "ona@example.com", Scope.ALL, actor=COMMAND, now=NOW)
    card = page_of(visitor(Role.OWNER), f"/customers/{ona}")
    assert "Nothing goes there: by hand." in card


def test_a_yes_is_written_down_with_its_day_its_words_and_what_shows_it(ona: int) -> None:
    put_wording(Purpose.NEWSLETTER, "2026-1", "lt", "Sutinku.", actor=COMMAND, now=NOW)
    client, card = visitor(Role.AGENT), f"/customers/{ona}"
    told = YES | {"on": "2026-03-09", "wording": "0", "proof": "form 12 <i>"}
    assert "It is written down." in send(client, f"{card}/consents/add", told)
    assert "That was known already." in send(client, f"{card}/consents/add", told)
    [row] = list_consents(ona)
    assert (row.state, row.wording, row.language) == (Consent.GRANTED, "2026-1", "lt")
    assert (row.proof, row.at.isoformat()) == (
        {"note": "form 12 <i>"},
        "2026-03-09T00:00:00+00:00",
    )
    ledger = page_of(client, f"{card}/consents")
    assert "form 12 &lt;i&gt;" in ledger
    assert "2026-1 · lt" in ledger
    assert "said yes" in page_of(client, card)


def test_a_no_of_today_counts_at_once(ona: int) -> None:
    client, address = visitor(Role.OWNER), f"/customers/{ona}/consents/add"
    send(client, address, YES)
    send(client, address, YES | {"state": "withdrawn", "on": now().date().isoformat()})
    send(client, address, YES | {"state": "objected", "purpose": "survey"})
    assert [row.state for row in list_consents(ona)] == [Consent.OBJECTED, Consent.WITHDRAWN]
    assert [row.basis for row in list_consents(ona)] == [Basis.CONSENT] * 2


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"on": (now() + timedelta(days=3)).date().isoformat()}, "no time at which anybody"),
        ({"state": "pending", "on": "2026-03-09"}, "Who is asked is asked now"),
        ({"state": "pending"}, "no address of the kind email"),
        ({"purpose": "offers", "wording": "0"}, "about something else"),
        ({"purpose": "service"}, "service"),
    ],
)
def test_what_cannot_have_been_said_is_refused(told: dict[str, str], said: str, ona: int) -> None:
    put_wording(Purpose.NEWSLETTER, "2026-1", "lt", "Sutinku.", actor=COMMAND, now=NOW)
    answer = send(visitor(Role.OWNER), f"/customers/{ona}/consents/add", YES | told)
    assert "This could not be saved yet" in answer
    assert said in answer
    assert list_consent_events(ona) == []


def test_whoever_is_to_confirm_is_sent_a_link(ona: int) -> None:
    reach(ona, "ona@example.com")
    send(visitor(Role.OWNER), f"/customers/{ona}/consents/add", YES | {"state": "pending"})
    assert Delivery.objects.filter(customer=ona).count() == 1
    assert [row.state for row in list_consents(ona)] == [Consent.PENDING]


def test_nothing_is_written_of_whoever_was_erased(ona: int) -> None:
    erase_person(ona, actor=COMMAND, now=NOW)
    client = visitor(Role.OWNER)
    assert "addresses/add" not in page_of(client, f"/customers/{ona}")
    for path, told in (("addresses/add", EMAIL), ("consents/add", YES)):
        assert "was erased" in send(client, f"/customers/{ona}/{path}", told)
    assert (values(ona), list_consents(ona)) == ([], [])
