"""Draw the pictures of the README from a real report: ``python docs/pictures/draw.py REPORT``.

Needs Chromium on the PATH, as the tests of the report do.
"""

import shutil
import sys
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, sync_playwright

HERE = Path(__file__).parent
ARGUMENTS = ["--no-sandbox", "--headless", "--disable-gpu", "--no-first-run"]


def draw(
    browser: Browser,
    report: Path,
    name: str,
    size: tuple[int, int],
    scheme: Literal["light", "dark"],
) -> None:
    """Save the first screen of a report."""
    width, height = size
    page = browser.new_page(
        viewport={"width": width, "height": height}, color_scheme=scheme, device_scale_factor=1
    )
    page.goto(report.resolve().as_uri())
    page.screenshot(path=HERE / f"report-{name}.png")
    page.close()


def main() -> None:
    """Draw the report named on the command line, wide and narrow, light and dark."""
    report = Path(sys.argv[1])
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=ARGUMENTS
        )
        draw(browser, report, "light", (1080, 800), "light")
        draw(browser, report, "dark", (1080, 800), "dark")
        draw(browser, report, "phone", (390, 780), "light")
        browser.close()


if __name__ == "__main__":
    main()
