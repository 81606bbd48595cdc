"""Browsers for journeys: the system's Chromium, where there is one."""

import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from regulars.reports.catalogues import Catalogue

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    "--no-sandbox",
    "--headless",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PICTURES = os.environ.get("REGULARS_PICTURES", "")
"""A folder to which every page that is looked at is drawn; empty for none."""
WIDTHS = (390, 1280)
PHONE, DESK = (390, 844), (1280, 900)
_GRAVE = {"serious", "critical"}


def hindrances(page: Page) -> Mapping[str, list[str]]:
    """What hinders people seriously on a page, by axe's rule, with the elements."""
    found = Axe().run(page).response["violations"]
    return {
        it["id"]: [node["html"] for node in it["nodes"]] for it in found if it["impact"] in _GRAVE
    }


def follow(page: Page, lead: Locator) -> None:
    """Press what leads to another page, and wait until that one is there.

    A press alone comes back while the answer is still on its way: what is looked at next may be
    the old page, or none, and an address that is opened next cuts the request short.
    """
    with page.expect_navigation():
        lead.click()


def look(page: Page, name: str) -> None:
    """Look at a page light and dark, on a phone and on a desk: nothing hinders, nothing is cut."""
    page.wait_for_load_state()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if PICTURES:
                file = Path(PICTURES) / f"{name}-{width}-{scheme}.png"
                page.screenshot(path=file, full_page=True)
            inside = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            assert inside, f"{name} is wider than {width}"
        assert hindrances(page) == {}, f"{name}, {scheme}"


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser; while it runs, Django may be used beside playwright's own loop."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


def window(
    browser: Browser,
    address: str,
    client: Client,
    *,
    size: tuple[int, int] = DESK,
    dark: bool = False,
    script: bool = True,
) -> Page:
    """A window in which somebody has signed in already.

    Args:
        browser: Whose window.
        address: Of the platform.
        client: Whoever has signed in.
        size: Of the window.
        dark: Whether the person likes it dark.
        script: Whether pages may run scripts.
    """
    context = browser.new_context(
        base_url=address,
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if dark else "light",
        java_script_enabled=script,
    )
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
    return context.new_page()


def stretched(_: Catalogue, text: str, plural: str | None, count: int | None) -> str:
    """A sentence in a language whose every word is twice as long."""
    told = text if plural is None or count == 1 else plural
    return re.sub(r"(?<![{\w])(\w+)(?![}\w])", r"\1\1", told)
