"""Recipients' pages as customers see them: in a real browser, small and large, light and dark."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from browsers import CHROMIUM, chromium, follow, look, stretched
from recipients import Somebody, confirm_path, somebody
from regulars.apps.contact.models import Suppression
from regulars.apps.contact.operations.asking import ask_consent
from regulars.apps.contact.operations.consents import ConsentData
from regulars.apps.contact.operations.wordings import put_wording
from regulars.apps.contact.queries.addresses import list_addresses
from regulars.apps.contact.rules.purposes import Channel, Consent, Purpose
from regulars.apps.firm.operations import put_company
from regulars.apps.firm.rules import Company
from regulars.apps.people.queries import get_customer_card
from regulars.interfaces.clock import now
from regulars.interfaces.languages import LANGUAGE_NAMES
from regulars.kernel.actors import COMMAND
from regulars.reports.catalogues import Catalogue

pytestmark = [
    pytest.mark.journey,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium was found on PATH"),
]
FIRM = Company(name="Duonos namai", address="UAB Duonos namai\nGedimino pr. 9, Vilnius")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, settings: Settings) -> None:
    settings.DATA_FOLDER = tmp_path


@pytest.fixture
def page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A window; what its console complains of fails the test."""
    put_company(FIRM, actor=COMMAND, now=now())
    context = browser.new_context(base_url=live_server.url)
    complaints: list[str] = []
    context.on("console", lambda it: complaints.append(it.text))
    page = context.new_page()
    yield page
    context.close()
    assert [it for it in complaints if "status of 4" not in it] == []


def asked(one: Somebody, purpose: Purpose, channel: Channel) -> str:
    told = ConsentData(
        customer=one.number,
        purpose=purpose,
        channel=channel,
        state=Consent.PENDING,
        at=now(),
        wording="2026-02",
        language="en",
    )
    event = ask_consent(told, actor=COMMAND, now=now())
    assert event is not None
    return confirm_path(event)


def test_every_page_is_looked_at_and_hinders_nobody(page: Page) -> None:
    words = "News of the bakery, at most once a week. You can stop it at any time."
    put_wording(Purpose.NEWSLETTER, "2026-02", "en", words, actor=COMMAND, now=now())
    ona, jonas = somebody(), somebody("C-2", name="Jonas", granted=False)
    nobody = somebody("C-3", email="", phone="")
    for name, path in {
        "unsubscribe": ona.unsubscribe(),
        "preferences": ona.preferences(),
        "ask-my-data": f"{ona.preferences()}/data",
        "my-data": ona.my_data(),
        "erase": f"{ona.my_data()}/erase",
        "confirm": asked(jonas, Purpose.NEWSLETTER, Channel.EMAIL),
        "not-subscribed": jonas.unsubscribe(Purpose.OFFERS),
        "no-address": nobody.preferences(""),
        "no-address-for-data": f"{nobody.preferences('')}/data",
        "cut": "/my/unsubscribe/x",
        "over": ona.my_data(timedelta(days=2)),
        "wrong": "/my/nothing",
    }.items():
        page.goto(path)
        look(page, f"my-{name}")


def test_what_follows_a_press_is_looked_at_too(page: Page) -> None:
    ona, jonas = somebody(), somebody("C-2", name="Jonas", granted=False)
    key = next(it.key for it in list_addresses(jonas.number) if it.channel is Channel.PHONE)
    page.goto(ona.unsubscribe())
    follow(page, page.get_by_role("button", name="Stop all news"))
    look(page, "my-unsubscribed")
    follow(page, page.get_by_role("button", name="Subscribe again"))
    look(page, "my-again")
    page.goto(jonas.preferences())
    for box in page.get_by_role("checkbox").all():
        box.check()
    follow(page, page.get_by_role("button", name="Save"))
    look(page, "my-saved")
    Suppression.objects.create(
        key=key, channel="phone", scope="all", reason="hard bounce", at=now(), by="worker"
    )
    page.reload()
    look(page, "my-came-back")
    page.goto(f"{ona.preferences()}/data")
    follow(page, page.get_by_role("button", name="By e-mail"))
    look(page, "my-link-sent")
    page.goto(asked(jonas, Purpose.SURVEY, Channel.EMAIL))
    follow(page, page.get_by_role("button", name="Yes, I want this"))
    look(page, "my-confirmed")
    page.goto(f"{ona.my_data()}/erase")
    follow(page, page.get_by_role("button", name="Erase everything about me"))
    look(page, "my-erased")
    page.goto(ona.my_data())
    look(page, "my-nobody")


@pytest.mark.parametrize("width", [320, 1280])
def test_words_twice_as_long_break_no_page(
    page: Page, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setattr(Catalogue, "find", stretched)
    ona = somebody()
    page.set_viewport_size({"width": width, "height": 800})
    for path in (
        ona.unsubscribe(),
        ona.preferences(),
        f"{ona.preferences()}/data",
        ona.my_data(),
        f"{ona.my_data()}/erase",
        "/my/unsubscribe/x",
    ):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
def test_the_main_pages_are_looked_at_in_every_language(page: Page, language: str) -> None:
    put_company(replace(FIRM, language=language), actor=COMMAND, now=now())
    ona = somebody(language=language)
    for name, path in {
        "unsubscribe": ona.unsubscribe(),
        "preferences": ona.preferences(),
        "erase": f"{ona.my_data()}/erase",
    }.items():
        page.goto(path)
        look(page, f"my-{name}-{language}")


def test_a_customer_goes_all_the_way_without_a_script(
    browser: Browser, live_server: LiveServer
) -> None:
    ona = somebody()
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(ona.unsubscribe())
    follow(page, page.get_by_role("button", name="Unsubscribe", exact=True))
    expect(page.get_by_role("heading", name="You are unsubscribed")).to_be_visible()
    assert "newsletter-email" not in ona.coming()
    follow(page, page.get_by_role("button", name="Subscribe again"))
    assert "newsletter-email" in ona.coming()
    page.get_by_role("link", name="Choose what comes to you").click()
    page.get_by_role("link", name="Lietuvių").click()
    expect(page.locator("html")).to_have_attribute("lang", "lt")
    page.goto(ona.preferences())
    page.get_by_role("group", name="Offers").get_by_label("By text").uncheck()
    page.get_by_label("Write to me in").select_option("lt")
    follow(page, page.locator("button[value=save]"))
    assert "offers-phone" not in ona.coming()
    assert get_customer_card(ona.number).language == "lt"
    page.goto(f"{ona.my_data()}?lang=en")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download my data").click()
    told = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    assert told["apps"]["people"]["people.Customer"][0]["name"] == "Ona Šimkutė"
    follow(page, page.get_by_role("link", name="Erase my data"))
    follow(page, page.get_by_role("button", name="Erase everything about me"))
    expect(page.get_by_role("heading", name="Everything about you is erased")).to_be_visible()
    assert context.cookies() == []
    context.close()
