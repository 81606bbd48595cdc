"""Two records of one person: suggested, compared, merged, parted."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from firm import make_firm
from regulars.apps.accounts.rules import Role
from regulars.apps.people.operations import CustomerData, merge_customers, put_customers
from regulars.apps.people.queries import (
    canonical_ids,
    get_customer_card,
    list_merge_suggestions,
    numbers_of,
)
from regulars.apps.people.rules import Birthday
from regulars.kernel.actors import COMMAND
from visitors import NOW, visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair() -> tuple[int, int]:
    """Two records of one name and birthday."""
    told = [
        CustomerData(id=id_, name=name, birthday=Birthday(5, 17, 1988))
        for id_, name in (("a", "Ona Šimkutė"), ("b", "Ona Simkute"))
    ]
    put_customers(told, actor=COMMAND, now=NOW)
    numbers = numbers_of(["a", "b"])
    return numbers["a"], numbers["b"]


def test_records_alike_are_suggested_with_the_reason(pair: tuple[int, int]) -> None:
    text = visitor(Role.AGENT).get("/customers/merges").content.decode()
    assert "Ona Šimkutė" in text
    assert "Ona Simkute" in text
    assert "The same name and the same birthday." in text
    assert f'href="/customers/{pair[0]}/merge/{pair[1]}"' in text


def test_two_people_are_not_suggested_again(pair: tuple[int, int]) -> None:
    client = visitor(Role.AGENT)
    answer = client.post(f"/customers/{pair[0]}/apart/{pair[1]}", follow=True)
    assert answer.redirect_chain == [("/customers/merges", 302)]
    assert "No duplicates found" in answer.content.decode()
    assert list_merge_suggestions() == []


def test_suggestions_take_as_many_statements_for_many_as_for_few() -> None:
    client, counts = visitor(Role.AGENT), []
    for n in (2, 15):
        told = [
            CustomerData(id=f"{n}-{copy}-{it}", name=f"Ona {it}", birthday=Birthday(5, 17))
            for it in range(n)
            for copy in range(2)
        ]
        put_customers(told, actor=COMMAND, now=NOW)
        client.get("/customers/merges")
        with CaptureQueriesContext(connection) as statements:
            client.get("/customers/merges")
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_a_record_to_merge_with_is_looked_for_and_never_the_record_itself(
    pair: tuple[int, int],
) -> None:
    client = visitor(Role.AGENT)
    text = client.get(f"/customers/{pair[0]}/merge?search=simk").content.decode()
    assert f'href="/customers/{pair[0]}/merge/{pair[1]}"' in text
    assert f'href="/customers/{pair[0]}/merge/{pair[0]}"' not in text
    assert (
        "Nobody else fits"
        in client.get(f"/customers/{pair[0]}/merge?search=nobody").content.decode()
    )


@pytest.mark.parametrize("kept", [0, 1])
def test_the_chosen_record_stands_for_the_person_and_the_merge_can_be_undone(
    pair: tuple[int, int], kept: int
) -> None:
    client = visitor(Role.AGENT)
    stays, goes = pair[kept], pair[1 - kept]
    merged = client.post(
        f"/customers/{pair[0]}/merge/{pair[1]}", {"keep": str(stays)}, follow=True
    )
    assert merged.redirect_chain == [(f"/customers/{stays}", 302)]
    assert "The records are merged." in merged.content.decode()
    assert canonical_ids(pair) == dict.fromkeys(pair, stays)
    assert client.get(f"/customers/{goes}")["Location"] == f"/customers/{stays}"
    asked = client.get(f"/customers/{goes}/part").content.decode()
    assert "Undo the merge?" in asked
    assert canonical_ids(pair) == dict.fromkeys(pair, stays)
    parted = client.post(f"/customers/{goes}/part", follow=True)
    assert parted.redirect_chain == [(f"/customers/{goes}", 302)]
    assert canonical_ids(pair) == {number: number for number in pair}


@pytest.mark.parametrize("keep", ["", "999", "x"])
def test_a_merge_into_neither_is_refused(pair: tuple[int, int], keep: str) -> None:
    address = f"/customers/{pair[0]}/merge/{pair[1]}"
    answer = visitor(Role.AGENT).post(address, {"keep": keep}, follow=True)
    assert answer.redirect_chain == [(address, 302)]
    assert "Choose the record that stands for the person." in answer.content.decode()
    assert canonical_ids(pair) == {number: number for number in pair}


def test_what_is_merged_already_or_into_nobody_is_not_found(pair: tuple[int, int]) -> None:
    client = visitor(Role.AGENT)
    assert client.get(f"/customers/{pair[0]}/part").status_code == 404
    assert client.get(f"/customers/{pair[0]}/merge/{pair[0]}").status_code == 404
    merge_customers("b", "a", actor=COMMAND, now=NOW)
    assert client.get(f"/customers/{pair[0]}/merge/{pair[1]}").status_code == 404


def test_a_merged_persons_card_holds_the_orders_of_both_records() -> None:
    make_firm(orders=40, customers=2)
    numbers = numbers_of(["C-0000", "C-0001"])
    merge_customers("C-0001", "C-0000", actor=COMMAND, now=NOW)
    text = visitor(Role.AGENT).get(f"/customers/{numbers['C-0000']}").content.decode()
    assert "Merged with another record" in text
    assert len(get_customer_card(numbers["C-0000"]).records) == 1
    assert "C-0001" in text
