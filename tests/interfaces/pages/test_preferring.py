"""The preference centre: what comes, by what way, in which language; and everything stopped."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from recipients import EMAIL, PHONE, Somebody, somebody
from regulars.apps.contact.models import Suppression, Wording
from regulars.apps.contact.operations.addresses import AddressData, put_addresses
from regulars.apps.contact.operations.consents import ConsentData, record_consents
from regulars.apps.contact.operations.policy import put_policy
from regulars.apps.contact.queries.consents import ConsentRow, list_consent_events
from regulars.apps.contact.queries.policy import get_policy
from regulars.apps.contact.rules.purposes import Channel, Consent, Purpose
from regulars.apps.journal.queries import list_entries
from regulars.apps.people.operations import erase_person
from regulars.apps.people.queries import get_customer_card
from regulars.interfaces.clock import now
from regulars.kernel.actors import COMMAND

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 2, 1, 12, tzinfo=UTC)


def boxes(page: str) -> list[str]:
    """The boxes that the page shows."""
    return [part.split('"')[0] for part in page.split('name="shown" value="')[1:]]


def ticked(page: str) -> set[str]:
    """Those that are ticked."""
    parts = page.split('name="yes" value="')[1:]
    return {part.split('"')[0] for part in parts if part.split(">")[0].endswith("checked")}


def save(one: Somebody, *yes: str, language: str = "", path: str = "") -> str:
    """Send the form with these boxes ticked and no other; return the page."""
    path = path or one.preferences()
    shown = boxes(Client().get(path).content.decode())
    told = {"do": "save", "shown": shown, "yes": yes, "language": language}
    return Client().post(path, told).content.decode()


def last(one: Somebody) -> ConsentRow:
    return list_consent_events(one.number)[0]


def suppress(one: Somebody, scope: str, reason: str, channel: Channel = Channel.EMAIL) -> None:
    Suppression.objects.create(
        key=one.key(channel), channel=channel, scope=scope, reason=reason, at=NOW, by="worker"
    )


def test_the_page_shows_each_purpose_and_way_as_it_stands() -> None:
    ona = somebody()
    page = Client().get(ona.preferences()).content.decode()
    assert len(boxes(page)) == 10
    assert ticked(page) == ona.coming()
    assert EMAIL not in page
    assert PHONE not in page


def test_saved_is_what_was_ticked_and_nothing_else() -> None:
    ona = somebody()
    page = save(ona, "offers-email", "care-email")
    assert "Saved." in page
    assert ona.coming() == {"offers-email", "care-email"}
    assert ticked(page) == ona.coming()


def test_saved_again_as_it_stands_nothing_is_written() -> None:
    ona = somebody()
    save(ona, "offers-email")
    events = len(list_consent_events(ona.number))
    save(ona, "offers-email")
    assert len(list_consent_events(ona.number)) == events


def test_a_form_that_shows_nothing_changes_nothing() -> None:
    ona = somebody()
    before = ona.coming()
    Client().post(ona.preferences())
    Client().post(ona.preferences(), {"do": "save", "yes": "newsletter-email", "shown": "x"})
    assert ona.coming() == before


def test_a_yes_is_kept_with_what_was_read_in_which_language_and_by_which_link() -> None:
    ona = somebody(granted=False)
    save(ona, "newsletter-email", path=f"{ona.preferences()}?lang=lt")
    assert "newsletter-email" in ona.coming()
    said = next(it for it in list_consent_events(ona.number) if it.state is Consent.GRANTED)
    assert (said.wording, said.language, said.actor) == (
        "built in 1",
        "lt",
        f"customer:{ona.number}",
    )
    assert said.proof["link_sent_to"] == ona.key()[:16]
    assert said.proof["words"]


def test_the_firms_own_words_are_shown_and_kept_by_their_version() -> None:
    ona = somebody(granted=False)
    for language, text in (("en", "Bread news, monthly."), ("lt", "Duonos naujienos.")):
        Wording.objects.create(
            purpose="newsletter", version="2026-02", language=language, text=text, made_at=NOW
        )
    page = Client().get(ona.preferences()).content.decode()
    assert "Bread news, monthly." in page
    assert "version 2026-02" in page
    assert "Duonos naujienos." in Client().get(f"{ona.preferences()}?lang=lt").content.decode()
    assert "Bread news" not in Client().get(f"{ona.preferences()}?lang=ru").content.decode()
    save(ona, "newsletter-email")
    said = next(it for it in list_consent_events(ona.number) if it.state is Consent.GRANTED)
    assert (said.wording, said.proof["words"]) == ("2026-02", "Bread news, monthly.")


def test_a_yes_for_another_address_than_that_of_the_link_waits_for_its_word() -> None:
    ona = somebody(granted=False)
    page = save(ona, "offers-email", "offers-phone")
    assert "waits until you follow the link" in page
    assert "offers-email" in ona.coming()
    assert "offers-phone" not in ona.coming()
    assert "Waits until you follow the link that was sent there." in page


def test_a_yes_for_another_address_that_was_proved_before_counts_at_once() -> None:
    ona = somebody(granted=False)
    proved = [AddressData(Channel.PHONE, PHONE, verified=True)]
    put_addresses(ona.number, proved, actor=COMMAND, now=NOW, complete=False)
    save(ona, "offers-phone")
    assert "offers-phone" in ona.coming()


def test_by_a_link_that_went_elsewhere_no_address_is_proved() -> None:
    ona = somebody(granted=False)
    proved = [AddressData(Channel.PHONE, PHONE, verified=True)]
    put_addresses(ona.number, proved, actor=COMMAND, now=NOW, complete=False)
    save(ona, "offers-phone", "offers-email", path=ona.preferences("0" * 64))
    assert ona.coming().isdisjoint({"offers-phone", "offers-email"})


def test_what_waits_can_be_taken_back() -> None:
    ona = somebody(granted=False)
    save(ona, "offers-phone")
    page = save(ona)
    assert "Waits until" not in page
    assert last(ona).state is Consent.WITHDRAWN


def test_where_the_firm_asks_for_no_confirmation_a_yes_counts_at_once() -> None:
    put_policy(replace(get_policy(), double_opt_in=False), actor=COMMAND, now=NOW)
    ona = somebody(granted=False)
    save(ona, "offers-phone")
    assert "offers-phone" in ona.coming()


def test_an_address_from_which_things_came_back_is_shown_and_not_offered() -> None:
    ona = somebody()
    suppress(ona, "all", "hard bounce")
    page = Client().get(ona.preferences()).content.decode()
    assert "What we sent there came back" in page
    assert all(box.endswith("-phone") for box in boxes(page))
    Client().post(ona.preferences(), {"shown": "offers-email", "yes": "offers-email"})
    assert "offers-email" not in ona.coming()


def test_after_a_complaint_a_yes_waits_until_it_is_confirmed() -> None:
    ona = somebody()
    suppress(ona, "promotion", "complaint")
    assert ona.coming().isdisjoint({"newsletter-email", "offers-email"})
    save(ona, "newsletter-email")
    assert "newsletter-email" not in ona.coming()
    assert last(ona).state is Consent.PENDING


def test_everything_stops_by_one_button() -> None:
    ona = somebody()
    page = Client().post(ona.preferences(), {"do": "everything"}).content.decode()
    assert ona.coming() == {"care-email", "care-phone"}
    assert "Stop all news" not in page


def test_the_language_of_messages_is_chosen_and_the_trail_says_who_did() -> None:
    ona = somebody()
    page = save(ona, *ona.coming(), language="lv")
    assert get_customer_card(ona.number).language == "lv"
    assert 'lang="lv"' in page
    line = list_entries(subject=f"customer:{ona.number}", limit=1)[0]
    assert (line.actor, line.verb, line.data["language"]) == (
        f"customer:{ona.number}",
        "changed",
        ["", "lv"],
    )


@pytest.mark.parametrize("language", ["", "xx", "<script>"])
def test_a_language_that_is_none_of_ours_changes_nothing(language: str) -> None:
    ona = somebody(language="de")
    page = save(ona, language=language)
    assert get_customer_card(ona.number).language == "de"
    assert '<option value="de" selected>de</option>' in page


def test_a_forged_link_changes_nothing() -> None:
    ona = somebody()
    before = ona.coming()
    path = ona.preferences()[:-1]
    assert Client().get(path).status_code == 404
    assert Client().post(path, {"do": "everything"}).status_code == 404
    assert ona.coming() == before


def test_after_an_erasure_nothing_is_known() -> None:
    ona = somebody()
    path = ona.preferences()
    erase_person(ona.number, actor=COMMAND, now=now())
    for answer in (Client().get(path), Client().post(path, {"do": "everything"})):
        assert answer.status_code == 200
        assert "Nothing is known of you here" in answer.content.decode()


def test_somebody_without_an_address_is_told_that_nothing_can_come() -> None:
    page = Client().get(somebody(email="", phone="").preferences("")).content.decode()
    assert "No address is known at which you can be reached" in page


def test_a_yes_stands_behind_what_a_clock_that_is_ahead_wrote() -> None:
    ona = somebody(granted=False)
    ahead = ConsentData(
        customer=ona.number,
        purpose=Purpose.NEWSLETTER,
        channel=Channel.EMAIL,
        state=Consent.WITHDRAWN,
        at=now() + timedelta(minutes=10),
    )
    record_consents([ahead], actor=COMMAND, now=now())
    save(ona, "newsletter-email")
    assert "newsletter-email" in ona.coming()
