"""Browsers for journeys: the system's Chromium, where there is one."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

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
_GRAVE = {"serious", "critical"}


def hindrances(page: Page) -> Mapping[str, list[str]]:
    """What hinders people seriously on a page, by axe's rule, with the elements."""
    found = Axe().run(page).response["violations"]
    return {
        it["id"]: [node["html"] for node in it["nodes"]] for it in found if it["impact"] in _GRAVE
    }


def look(page: Page, name: str) -> None:
    """Look at a page light and dark, on a phone and on a desk: nothing hinders, nothing is cut."""
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
