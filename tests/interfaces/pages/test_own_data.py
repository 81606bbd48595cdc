"""My data: asked for by one link, opened by another that goes to the known address."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from recipients import EMAIL, Somebody, somebody
from regulars.apps.contact.models import Batch, Delivery
from regulars.apps.contact.tokens import read_my_data
from regulars.apps.journal.queries import list_entries
from regulars.apps.people.operations import erase_person, merge_records
from regulars.apps.people.queries import get_customer_card
from regulars.interfaces.clock import now
from regulars.kernel.actors import COMMAND
from regulars.reports.catalogues import LANGUAGES

pytestmark = pytest.mark.django_db


def trail(one: Somebody) -> list[tuple[str, str]]:
    return [(it.actor, it.verb) for it in list_entries(subject=f"customer:{one.number}")]


def test_asked_for_a_link_is_sent_to_the_known_address_and_shown_to_nobody() -> None:
    ona = somebody()
    ask = f"{ona.preferences()}/data"
    assert "o…@e….com" in Client().get(ask).content.decode()
    assert not Delivery.objects.exists()
    page = Client().post(ask, {"by": "email"}).content.decode()
    assert "A link is on its way to you" in page
    assert "/my/data/" not in page
    delivery = Delivery.objects.get()
    assert (delivery.customer_id, delivery.purpose) == (ona.number, "service")
    assert (delivery.batch.channels, delivery.batch.secret) == (["email"], True)
    assert delivery.values is not None
    link = delivery.values["link"]
    assert read_my_data(link.rpartition("/")[2], now()) == ona.number


def test_the_letter_is_written_in_every_language_with_the_link_in_it() -> None:
    ona = somebody()
    Client().post(f"{ona.preferences()}/data", {"by": "phone"})
    content = Batch.objects.get().content
    assert content.keys() == LANGUAGES.keys()
    for text in content.values():
        assert "]({{ link }})" in text["body"]
        assert "{{ link }}" in text["short"]
        assert text["subject"]


def test_asked_again_within_the_hour_no_second_link_is_sent() -> None:
    ona = somebody()
    ask = f"{ona.preferences()}/data"
    Client().post(ask, {"by": "email"})
    page = Client().post(ask, {"by": "email"}).content.decode()
    assert Delivery.objects.count() == 1
    assert "was sent to you within this hour" in page


@pytest.mark.parametrize("by", ["", "post", "carrier pigeon"])
def test_a_way_that_is_none_sends_nothing(by: str) -> None:
    Client().post(f"{somebody().preferences()}/data", {"by": by})
    assert not Delivery.objects.exists()


def test_where_no_address_is_known_the_firm_itself_is_to_be_asked() -> None:
    ask = f"{somebody(email='', phone='').preferences('')}/data"
    assert "Ask the firm itself" in Client().get(ask).content.decode()


def test_the_file_has_everything_of_every_record_and_the_trail_says_who_took_it() -> None:
    ona = somebody()
    twin = somebody("C-2", name="Ona Simkute", email="o.s@example.com")
    merge_records(twin.number, ona.number, actor=COMMAND, now=now())
    assert "Download my data" in Client().get(ona.my_data()).content.decode()
    answer = Client(enforce_csrf_checks=True).post(ona.my_data())
    assert answer["Content-Disposition"] == 'attachment; filename="my-data.json"'
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    customers = json.loads(answer.content)["apps"]["people"]["people.Customer"]
    assert {it["name"] for it in customers} == {"Ona Šimkutė", "Ona Simkute"}
    assert trail(ona)[0] == (f"customer:{ona.number}", "exported")


def test_a_look_at_the_page_takes_nothing_and_is_no_export() -> None:
    ona = somebody()
    Client().get(ona.my_data())
    assert "exported" not in {verb for _, verb in trail(ona)}


def test_an_erasure_is_asked_about_once_more_and_then_done_at_once() -> None:
    ona = somebody()
    erase = f"{ona.my_data()}/erase"
    assert "This cannot be undone" in Client().get(erase).content.decode()
    assert get_customer_card(ona.number).name == "Ona Šimkutė"
    page = Client(enforce_csrf_checks=True).post(erase).content.decode()
    assert "Everything about you is erased" in page
    card = get_customer_card(ona.number)
    assert (card.name, card.erased_at is None) == ("", False)
    assert trail(ona)[0] == (f"customer:{ona.number}", "erased")


def test_erased_twice_is_erased_once() -> None:
    ona = somebody()
    erase = f"{ona.my_data()}/erase"
    Client().post(erase)
    entries = len(trail(ona))
    assert "Nothing is known of you here" in Client().post(erase).content.decode()
    assert "Nothing is known of you here" in Client().post(ona.my_data()).content.decode()
    assert len(trail(ona)) == entries


@pytest.mark.parametrize("end", ["", "/erase"])
def test_after_a_day_the_link_is_over(end: str) -> None:
    ona = somebody()
    path = ona.my_data(timedelta(days=1, minutes=1)) + end
    for answer in (Client().get(path), Client().post(path)):
        assert answer.status_code == 410
        assert "This link is over" in answer.content.decode()
    assert get_customer_card(ona.number).erased_at is None
    assert trail(ona)[0][1] != "exported"


def test_a_look_at_the_page_makes_the_link_live_no_longer() -> None:
    ona = somebody()
    page = Client().get(path := ona.my_data(timedelta(hours=23))).content.decode()
    links = [part.split('"')[0] for part in page.split('href="/my/data/')[1:]]
    assert links == [f"{path.rpartition('/')[2]}/erase"]


@pytest.mark.parametrize("end", ["", "/erase"])
def test_a_link_of_preferences_opens_no_data(end: str) -> None:
    ona = somebody()
    token = ona.preferences().rpartition("/")[2]
    for forged in (token, ona.my_data().rpartition("/")[2][:-1], "x"):
        answer = Client().post(f"/my/data/{forged}{end}")
        assert answer.status_code == 410
        assert EMAIL not in answer.content.decode()
    assert get_customer_card(ona.number).erased_at is None


def test_after_an_erasure_no_link_is_sent() -> None:
    ona = somebody()
    ask = f"{ona.preferences()}/data"
    erase_person(ona.number, actor=COMMAND, now=now())
    assert "Nothing is known" in Client().post(ask, {"by": "email"}).content.decode()
    assert not Delivery.objects.exists()
