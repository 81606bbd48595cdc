"""Unsubscribing: by one click of a mail program, by the page, twice, and long afterwards."""

from typing import cast

import pytest
from django.http import HttpResponse
from django.test import Client

from recipients import EMAIL, Somebody, somebody
from regulars.apps.contact.operations.addresses import AddressData, put_addresses
from regulars.apps.contact.queries.consents import list_consent_events, list_consents
from regulars.apps.contact.rules.purposes import Channel, Consent, Purpose
from regulars.apps.contact.tokens import unsubscribe_token
from regulars.apps.people.operations import erase_person, merge_records
from regulars.interfaces.clock import now
from regulars.kernel.actors import COMMAND

pytestmark = pytest.mark.django_db

ALL = {"newsletter-email", "offers-email", "events-email", "offers-phone"}


def one_click(path: str) -> HttpResponse:
    """A POST as mail programs send it: no cookie, no referrer, no origin, checks switched on."""
    kind = "application/x-www-form-urlencoded"
    strict = Client(enforce_csrf_checks=True)
    return cast("HttpResponse", strict.post(path, "List-Unsubscribe=One-Click", content_type=kind))


def promotions(one: Somebody) -> set[str]:
    return {it for it in one.coming() if not it.startswith(("care", "survey"))}


def test_one_click_of_a_mail_program_ends_that_purpose_by_that_way_alone() -> None:
    ona = somebody()
    answer = one_click(ona.unsubscribe())
    assert answer.status_code == 200
    assert "Location" not in answer
    assert promotions(ona) == ALL - {"newsletter-email"}


def test_one_click_may_come_as_a_form_of_parts() -> None:
    ona = somebody()
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(ona.unsubscribe(), {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert promotions(ona) == ALL - {"newsletter-email"}


def test_what_was_done_is_kept_with_how_it_was_done() -> None:
    ona = somebody()
    one_click(ona.unsubscribe())
    last = list_consent_events(ona.number)[0]
    assert (last.state, last.purpose, last.channel) == (
        Consent.WITHDRAWN,
        Purpose.NEWSLETTER,
        Channel.EMAIL,
    )
    assert last.actor == f"customer:{ona.number}"
    assert last.proof == {
        "page": "unsubscribe",
        "by": "one click",
        "address_key": ona.key()[:16],
    }


def test_unsubscribed_twice_is_unsubscribed_once() -> None:
    ona = somebody()
    one_click(ona.unsubscribe())
    events = len(list_consent_events(ona.number))
    assert one_click(ona.unsubscribe()).status_code == 200
    assert len(list_consent_events(ona.number)) == events


def test_the_page_says_what_comes_to_whom_without_telling_the_address() -> None:
    page = Client().get(somebody().unsubscribe()).content.decode()
    assert "Newsletter" in page
    assert "o…@e….com" in page
    assert EMAIL not in page
    assert "Ona" not in page


def test_the_second_button_ends_everything_but_what_belongs_to_orders() -> None:
    ona = somebody()
    Client().post(ona.unsubscribe(), {"do": "everything"})
    assert ona.coming() == {"care-email", "care-phone"}


def test_out_of_help_after_a_purchase_one_comes_by_a_link_of_its_own() -> None:
    ona = somebody()
    one_click(ona.unsubscribe(Purpose.CARE))
    assert "care-email" not in ona.coming()
    assert promotions(ona) == ALL


def test_who_unsubscribed_by_mistake_takes_it_back_with_proof_of_what_was_read() -> None:
    ona = somebody()
    page = Client().post(ona.unsubscribe(), {"do": "everything"}).content.decode()
    again = [part.split('"')[0] for part in page.split('name="pair" value="')[1:]]
    assert set(again) == ALL | {"survey-email", "survey-phone"}
    Client().post(ona.unsubscribe(), {"do": "again", "pair": ["newsletter-email"]})
    assert promotions(ona) == {"newsletter-email"}
    said = next(it for it in list_consents(ona.number) if it.purpose is Purpose.NEWSLETTER)
    assert said.wording == "built in 1"
    assert said.language == "en"
    assert said.proof["words"] == "We write to you now and then about what is new."
    assert said.proof["page"] == "unsubscribe"


def test_after_unsubscribing_the_same_link_says_so_and_offers_to_come_back() -> None:
    ona = somebody()
    one_click(ona.unsubscribe())
    page = Client().get(ona.unsubscribe()).content.decode()
    assert "This does not come to you" in page
    assert "Subscribe again" in page


@pytest.mark.parametrize("changed", [False, True], ids=["cut", "changed"])
def test_a_link_that_was_cut_or_changed_does_nothing_and_says_so_calmly(*, changed: bool) -> None:
    ona = somebody()
    whole, other = ona.unsubscribe(), "y" if ona.unsubscribe().endswith("x") else "x"
    path = whole[:-1] + (other if changed else "")
    for answer in (one_click(path), Client().get(path)):
        assert answer.status_code == 404
        assert "This link does not work" in answer.content.decode()
    assert promotions(ona) == ALL


def test_a_link_of_another_kind_or_of_another_person_is_forged() -> None:
    ona, jonas = somebody(), somebody("C-2", name="Jonas", email="jonas@example.com", phone="")
    mine = ona.unsubscribe().rpartition("/")[2]
    theirs = f"{jonas.number}-{mine.partition('-')[2]}"
    preference = ona.preferences().rpartition("/")[2]
    for token in (theirs, preference, "x" * 5000, "%00", "1-ne-.", "…"):
        assert one_click(f"/my/unsubscribe/{token}").status_code in {400, 404}
    assert promotions(ona) == ALL
    assert "newsletter-email" in jonas.coming()


def test_a_link_to_a_record_that_was_merged_works_for_the_person() -> None:
    ona = somebody()
    twin = somebody("C-2", name="Ona Simkute", phone="")
    old = ona.unsubscribe()
    merge_records(ona.number, twin.number, actor=COMMAND, now=now())
    assert promotions(twin) == ALL
    one_click(old)
    assert promotions(twin) == ALL - {"newsletter-email"}
    last = list_consent_events(twin.number)[0]
    assert (last.customer, last.actor) == (ona.number, f"customer:{twin.number}")


def test_an_old_link_of_an_address_that_was_left_works_and_tells_nothing_of_the_new_one() -> None:
    ona = somebody()
    old = ona.unsubscribe()
    new = [AddressData(Channel.EMAIL, "zuzana@elsewhere.lt")]
    put_addresses(ona.number, new, actor=COMMAND, now=now())
    page = Client().get(old).content.decode()
    assert "z…@e….lt" not in page
    assert "By e-mail" in page
    one_click(old)
    assert "newsletter-email" not in ona.coming()


def test_by_an_old_link_nobody_subscribes_the_new_address_without_its_word() -> None:
    ona = somebody()
    old = ona.unsubscribe()
    new = [AddressData(Channel.EMAIL, "zuzana@elsewhere.lt")]
    put_addresses(ona.number, new, actor=COMMAND, now=now())
    one_click(old)
    page = Client().post(old, {"do": "again", "pair": "newsletter-email"}).content.decode()
    assert "One more step" in page
    assert "newsletter-email" not in ona.coming()
    assert list_consent_events(ona.number)[0].state is Consent.PENDING


def test_after_an_erasure_a_link_says_that_nothing_is_known() -> None:
    ona = somebody()
    path = ona.unsubscribe()
    erase_person(ona.number, actor=COMMAND, now=now())
    for answer in (Client().get(path), one_click(path), Client().post(path, {"do": "again"})):
        assert answer.status_code == 200
        assert "Nothing is known of you here" in answer.content.decode()
    assert all(it.actor == "command" for it in list_consent_events(ona.number))


def test_a_link_to_nobody_says_that_nothing_is_known() -> None:
    token = unsubscribe_token(987_654, Purpose.OFFERS, Channel.EMAIL, "0" * 64)
    assert "Nothing is known" in one_click(f"/my/unsubscribe/{token}").content.decode()


def test_a_link_of_a_message_about_an_order_ends_all_that_may_be_ended() -> None:
    ona = somebody()
    one_click(ona.unsubscribe(Purpose.SERVICE))
    assert promotions(ona) == set()
