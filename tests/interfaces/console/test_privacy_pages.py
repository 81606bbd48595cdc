"""Everything known of a customer is given out or forgotten, and ids come and go."""

import json
from urllib.parse import urlencode

import pytest

from regulars.apps.accounts.rules import Role
from regulars.apps.journal.queries import list_entries
from regulars.apps.people.operations import CustomerData, put_customers
from regulars.apps.people.queries import get_customer_card, list_people, numbers_of
from regulars.kernel.actors import COMMAND
from visitors import NOW, visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def ona() -> int:
    """A customer with an id of the shop."""
    put_customers([CustomerData(id="c1", name="Ona Šimkutė")], actor=COMMAND, now=NOW)
    return numbers_of(["c1"])["c1"]


def test_everything_known_is_given_out_as_a_file_and_that_is_written_down(ona: int) -> None:
    answer = visitor(Role.OWNER).get(f"/customers/{ona}/export")
    assert answer["Content-Disposition"] == f'attachment; filename="customer-{ona}.json"'
    assert "Ona Šimkutė" in answer.content.decode()
    assert json.loads(answer.content)["customer"] == ona
    assert "exported" in [it.verb for it in list_entries(subject=f"customer:{ona}")]


def test_a_customer_is_erased_once_it_was_asked(ona: int) -> None:
    client = visitor(Role.OWNER)
    asked = client.get(f"/customers/{ona}/erase").content.decode()
    assert "Erase Ona Šimkutė?" in asked
    assert get_customer_card(ona).name == "Ona Šimkutė"
    answer = client.post(f"/customers/{ona}/erase", follow=True)
    assert answer.redirect_chain == [("/customers", 302)]
    assert get_customer_card(ona).erased_at is not None
    assert list_people() == []
    again = client.post(f"/customers/{ona}/erase", follow=True).content.decode()
    assert 'class="told error"' in again


def test_only_who_may_is_offered_to_give_out_or_to_forget(ona: int) -> None:
    owner = visitor(Role.OWNER).get(f"/customers/{ona}").content.decode()
    agent = visitor(Role.AGENT).get(f"/customers/{ona}").content.decode()
    assert f"/customers/{ona}/erase" in owner
    assert f"/customers/{ona}/erase" not in agent
    assert visitor(Role.AGENT).post(f"/customers/{ona}/erase").status_code == 403
    assert get_customer_card(ona).erased_at is None


def test_an_id_of_another_source_is_added_and_removed(ona: int) -> None:
    client = visitor(Role.AGENT)
    told = {"source": "loyalty card", "id": "L 1&2"}
    client.post(f"/customers/{ona}/ids/add", told)
    assert [(it.source, it.id) for it in get_customer_card(ona).identities] == [
        ("api", "c1"),
        ("loyalty card", "L 1&2"),
    ]
    address = f"/customers/{ona}/ids/remove?{urlencode(told)}"
    assert address.replace("&", "&amp;").replace("+", "%20") in client.get(
        f"/customers/{ona}"
    ).content.decode().replace("+", "%20")
    assert "Remove the id L 1&amp;2?" in client.get(address).content.decode()
    client.post(address)
    assert [it.id for it in get_customer_card(ona).identities] == ["c1"]


def test_the_last_id_stays_and_anothers_is_refused_beside_its_field(ona: int) -> None:
    put_customers([CustomerData(id="c2", name="Jānis")], actor=COMMAND, now=NOW)
    client = visitor(Role.AGENT)
    last = client.post(f"/customers/{ona}/ids/remove?source=api&id=c1", follow=True)
    assert "is the last one that the customer has" in last.content.decode()
    refused = client.post(f"/customers/{ona}/ids/add", {"source": "api", "id": "c2"})
    assert "another customer" in refused.content.decode()
    assert 'id="id_id_error"' in refused.content.decode()
    assert client.get(f"/customers/{ona}/ids/remove?source=api&id=c2").status_code == 404
    assert [it.id for it in get_customer_card(ona).identities] == ["c1"]
