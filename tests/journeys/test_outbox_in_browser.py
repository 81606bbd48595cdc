"""The outbox as the staff see it: in a real browser, on a phone and on a desk, light and dark."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from browsers import CHROMIUM, PHONE, chromium, follow, look, window
from outbox import a_batch, deliveries_of, make_outbox, somebody
from regulars.apps.accounts.rules import Role
from regulars.apps.contact.queries.policy import get_policy
from visitors import visitor

pytestmark = [
    pytest.mark.journey,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium was found on PATH"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def test_every_page_of_the_outbox_hinders_nobody(
    browser: Browser, live_server: LiveServer
) -> None:
    page = window(browser, live_server.url, visitor(Role.OWNER))
    for place, address in enumerate(make_outbox()):
        page.goto(address)
        name = re.sub(r"[^a-z]+", "-", address.partition("?")[0]).strip("-")
        look(page, f"outbox-{place:02}-{name}")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_mailing_is_paused_and_stopped_and_its_messages_say_so(
    browser: Browser, live_server: LiveServer, *, script: bool
) -> None:
    deliveries_of(a_batch(), [somebody("c1", "Ona Kazlauskienė"), somebody("c2", "Jonas")])
    page = window(browser, live_server.url, visitor(Role.MANAGER), size=PHONE, script=script)
    page.goto("/outbox")
    page.get_by_role("link", name="Batches").click()
    page.get_by_role("link", name="The newsletter of November").click()
    page.get_by_role("button", name="Pause").click()
    expect(page.locator(".told")).to_have_text("The batch is paused.")
    page.get_by_role("button", name="Go on").click()
    expect(page.locator(".told")).to_have_text("The batch goes on.")
    page.get_by_role("link", name="Stop").click()
    page.get_by_role("button", name="Stop the batch").click()
    expect(page.locator(".told")).to_have_text("The batch is stopped.")
    page.get_by_role("link", name="not sent").click()
    expect(page.get_by_role("status")).to_have_text("2 rows")
    page.get_by_role("link", name="The newsletter of November").first.click()
    expect(page.locator(".lead")).to_have_text("Not sent: it was cancelled.")


def test_a_list_is_narrowed_in_its_place(browser: Browser, live_server: LiveServer) -> None:
    make_outbox()
    page = window(browser, live_server.url, visitor(Role.AGENT))
    page.goto("/outbox")
    page.evaluate("window.stayed = true")
    page.get_by_label("State").select_option("failed")
    expect(page.locator("#outbox").get_by_role("status")).to_have_text("1 row")
    assert page.evaluate("window.stayed")
    assert "state=failed" in page.url


def test_an_address_is_looked_up_and_stands_in_no_address_of_a_page(
    browser: Browser, live_server: LiveServer
) -> None:
    make_outbox()
    page = window(browser, live_server.url, visitor(Role.AGENT))
    page.goto("/outbox/suppression")
    page.get_by_label("E-mail address or telephone number").fill("All@shop.example")
    follow(page, page.get_by_role("button", name="Look it up"))
    expect(page.get_by_role("status")).to_have_text("1 row")
    assert "shop.example" not in page.url


def test_how_we_write_is_changed_in_a_browser(browser: Browser, live_server: LiveServer) -> None:
    page = window(browser, live_server.url, visitor(Role.OWNER), size=PHONE)
    page.goto("/settings")
    page.get_by_role("link", name="How we write").click()
    page.get_by_label("Quiet from").fill("20:30")
    page.get_by_label("Mails a minute to a provider").fill("gmail.com 100")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".told")).to_have_text("Saved.")
    assert get_policy().throttles == {"gmail.com": 100}
    assert f"{get_policy().quiet_from:%H:%M}" == "20:30"
