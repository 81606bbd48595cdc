"""The report as its reader sees it: in a real browser, at several widths, light and dark."""

import itertools
import shutil
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

from pictures import picture, unanswered
from regulars.reports.page import render_report

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
MADE_AT = datetime(2024, 7, 15, 9, 30)  # noqa: DTZ001 - the page only prints it

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium was found on PATH"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@cache
def page_in(language: str) -> str:
    return render_report(picture(), language=language, generated_at=MADE_AT)


@pytest.fixture(scope="module", params=["en", "lt", "zh-hans"])
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / f"{request.param}.html"
    path.write_text(page_in(request.param), encoding="utf-8")
    return path


def opened(browser: Browser, report: Path, width: int = 1280, scheme: str = "light") -> Page:
    page = browser.new_page(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    page.goto(report.as_uri())
    return page


def test_the_page_opens_from_disk_without_network_script_or_error(
    browser: Browser, report: Path
) -> None:
    told: list[str] = []
    asked: list[str] = []
    page = browser.new_page()
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.abort()

    page.route(lambda url: not url.startswith(("file:", "data:")), refuse)
    page.goto(report.as_uri())
    page.wait_for_load_state("networkidle")
    page.close()
    assert told == []
    assert asked == []


def test_the_page_names_its_language(browser: Browser, report: Path) -> None:
    page = opened(browser, report)
    expected = {"en": "en", "lt": "lt", "zh-hans": "zh-Hans"}[report.stem]
    assert page.evaluate("document.documentElement.lang") == expected
    page.close()


@pytest.mark.parametrize("width", [360, 390, 768, 1280])
def test_the_page_never_scrolls_sideways(browser: Browser, report: Path, width: int) -> None:
    page = opened(browser, report, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_every_picture_has_a_name_and_one_version_of_it_is_seen(
    browser: Browser, report: Path, width: int
) -> None:
    page = opened(browser, report, width)
    pictures = page.locator("figure svg[role=img]:visible")
    assert pictures.count() == 19
    for index in range(pictures.count()):
        name = pictures.nth(index).evaluate(
            "svg => svg.getAttribute('aria-label') || svg.querySelector('title').textContent"
        )
        assert name.strip()
    page.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_the_words_in_a_chart_are_large_enough_to_read(
    browser: Browser, report: Path, width: int
) -> None:
    page = opened(browser, report, width)
    smallest = page.evaluate(
        """() => Math.min(...[...document.querySelectorAll('.drawing svg text')]
            .filter(text => text.checkVisibility())
            .map(text => parseFloat(getComputedStyle(text).fontSize)
                * text.ownerSVGElement.getBoundingClientRect().width
                / text.ownerSVGElement.viewBox.baseVal.width))"""
    )
    assert smallest >= 10
    page.close()


def test_no_word_of_a_chart_is_cut_off(browser: Browser, report: Path) -> None:
    page = opened(browser, report)
    cut = page.evaluate(
        """() => [...document.querySelectorAll('.drawing svg text')]
            .filter(text => text.checkVisibility())
            .filter(text => {
                const box = text.getBoundingClientRect();
                const frame = text.ownerSVGElement.getBoundingClientRect();
                return box.left < frame.left - 1 || box.right > frame.right + 1;
            }).map(text => text.textContent)"""
    )
    assert cut == []
    page.close()


def test_tables_open_and_close_by_keyboard(browser: Browser, report: Path) -> None:
    page = opened(browser, report)
    first = page.locator("details").first
    assert not first.locator("table").is_visible()
    first.locator("summary").focus()
    page.keyboard.press("Enter")
    assert first.locator("table").is_visible()
    page.keyboard.press("Enter")
    assert not first.locator("table").is_visible()
    page.close()


CONTRAST = """
() => {
  const parse = text => {
    const found = text.match(/[\\d.]+/g).map(Number);
    return {rgb: found.slice(0, 3), alpha: found.length > 3 ? found[3] : 1};
  };
  const light = rgb => {
    const [r, g, b] = rgb.map(value => value / 255)
      .map(value => value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const paper = light(parse(getComputedStyle(document.body).backgroundColor).rgb);
  const ratio = ink => (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
  const texts = [...document.querySelectorAll(
    'p, li, a, h1, h2, h3, th, td, dt, dd, summary, figcaption, .drawing svg text')];
  return Math.min(...texts.filter(text => text.checkVisibility()).map(text => {
    const style = getComputedStyle(text);
    const shade = text.namespaceURI.endsWith('svg') ? style.fill : style.color;
    return ratio(light(parse(shade).rgb));
  }));
}
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_stands_out_from_the_paper(browser: Browser, report: Path, scheme: str) -> None:
    page = opened(browser, report, scheme=scheme)
    assert page.evaluate(CONTRAST) >= 4.5
    page.close()


def test_light_and_dark_are_different_papers(browser: Browser, report: Path) -> None:
    papers = set()
    for scheme in ("light", "dark"):
        page = opened(browser, report, scheme=scheme)
        papers.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        page.close()
    assert len(papers) == 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_figures_in_the_heat_map_can_be_read_on_the_darkest_cell(
    browser: Browser, report: Path, scheme: str
) -> None:
    page = opened(browser, report, scheme=scheme)
    ratio = page.evaluate(
        """() => {
          const style = getComputedStyle(document.documentElement);
          const rgb = name => style.getPropertyValue(name).trim().slice(1).match(/../g)
            .map(pair => parseInt(pair, 16));
          const light = shade => {
            const [r, g, b] = shade.map(value => value / 255)
              .map(value => value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
          };
          const paper = rgb('--paper');
          const cell = light(rgb('--heat').map((value, i) => 0.66 * value + 0.34 * paper[i]));
          const ink = light(rgb('--ink'));
          return (Math.max(ink, cell) + 0.05) / (Math.min(ink, cell) + 0.05);
        }"""
    )
    assert ratio >= 4.5
    page.close()


def test_controls_are_large_enough_to_touch(browser: Browser, report: Path) -> None:
    page = opened(browser, report, 360)
    heights = page.locator("summary:visible").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect().height)"
    )
    links = page.locator(".contents a").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect().height)"
    )
    assert min(heights + links) >= 24
    page.close()


def test_headings_go_down_one_level_at_a_time(browser: Browser, report: Path) -> None:
    page = opened(browser, report)
    levels = page.locator("h1, h2, h3").evaluate_all("all => all.map(one => +one.tagName[1])")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    page.close()


def test_the_page_prints(browser: Browser, report: Path) -> None:
    page = opened(browser, report, scheme="dark")
    printed = page.pdf(format="A4", print_background=True)
    assert printed.startswith(b"%PDF")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.locator("details").first.is_visible()
    page.close()


def test_a_page_without_answers_is_whole_too(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "empty.html"
    path.write_text(render_report(unanswered(), generated_at=MADE_AT), encoding="utf-8")
    page = opened(browser, path, 360)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.locator("h1").inner_text() == "There is only one customer."
    page.close()
