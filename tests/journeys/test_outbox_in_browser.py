"""The outbox as the staff see it: in a real browser, on a phone and on a desk, light and dark."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from browsers import CHROMIUM, chromium, look, window
from outbox import make_outbox
from regulars.apps.accounts.rules import Role
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
