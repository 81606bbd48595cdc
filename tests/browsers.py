"""The system's browser, driven against the platform as a person sees it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright

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
PHONE, DESK = (390, 844), (1280, 900)


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
