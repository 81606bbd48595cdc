"""The console as the staff see it: in a real browser, on a phone and on a desk, light and dark."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from browsers import CHROMIUM, DESK, PHONE, chromium, follow, hindrances, stretched, window
from firm import make_firm
from imports import asked, imported, worked
from regulars.apps.accounts.rules import Role
from regulars.apps.intake.operations import watch_source
from regulars.apps.intake.rules import Aim, How, Kind, Watched
from regulars.apps.orders.queries import list_sales
from regulars.apps.people.operations import (
    CustomerData,
    add_note,
    merge_customers,
    put_customers,
)
from regulars.apps.people.queries import canonical_ids, list_notes, numbers_of
from regulars.apps.people.rules import Birthday
from regulars.interfaces.languages import LANGUAGE_NAMES
from regulars.kernel.actors import COMMAND
from regulars.reports.catalogues import Catalogue
from visitors import NOW, visitor

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


TILL = (
    "Bon,Karte,Kaufdatum,Summe EUR,Filiale\n"
    'B1,K7,01.02.2026,"10,50",Bahnhof\n'
    'B2,,31.02.2026,"49,45",Bahnhof\n'
    "B3,K9,03.02.2026,siehe Bon 2,Marktplatz\n"
)
"""What a till wrote, two rows of it wrong."""
UNDERSTOOD = How(
    currency="EUR",
    columns={
        "order_id": "Bon",
        "customer_id": "Karte",
        "ordered_at": "Kaufdatum",
        "amount": "Summe EUR",
        "store": "Filiale",
    },
)


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, settings: Settings) -> Path:
    settings.DATA_FOLDER = tmp_path
    return tmp_path


def furnish() -> list[str]:
    """Fill the records; the addresses of every page that then has something to show."""
    make_firm(orders=40, customers=12)
    twin = CustomerData(id="twin", name="Šimkutė Ona", birthday=Birthday(5, 17, 1988))
    put_customers([twin], actor=COMMAND, now=NOW)
    put_customers([CustomerData(id="stub")], actor=COMMAND, now=NOW)
    numbers = numbers_of(["C-0002", "C-0011", "twin"])
    ona, other, twin_ = numbers["C-0002"], numbers["C-0011"], numbers["twin"]
    merge_customers("C-0011", "C-0002", actor=COMMAND, now=NOW)
    add_note(ona, "Likes rye bread; does not like to be called.", actor=COMMAND, now=NOW)
    note = list_notes(ona)[0].id
    looked, taken, failed, waits = (
        imported(TILL, how=UNDERSTOOD, aim=Aim.PREVIEW, name="till.csv").id,
        imported(TILL, how=UNDERSTOOD, name="till.csv").id,
        imported("nothing,here\n1,2\n").id,
        asked(TILL),
    )
    url = "postgresql://reader:${REGULARS_SOURCE_TILL}@db.example/shop?table=sales"
    watched = watch_source(Watched(name="till", kind=Kind.ORDERS, url=url), actor=COMMAND, now=NOW)
    return [
        "/",
        "/customers",
        "/customers?search=nobody",
        "/customers/new",
        "/customers/merges",
        f"/customers/{ona}",
        f"/customers/{ona}/edit",
        f"/customers/{ona}/contact-person",
        f"/customers/{ona}/ids/add",
        f"/customers/{ona}/erase",
        f"/customers/{ona}/notes/{note}/remove",
        f"/customers/{ona}/merge?search=ona",
        f"/customers/{ona}/merge/{twin_}",
        f"/customers/{other}/part",
        "/orders",
        "/orders?currency=XYZ",
        "/orders/1",
        "/imports",
        "/imports?state=undone",
        "/imports/new",
        *(f"/imports/{run}" for run in (looked, taken, failed, waits)),
        f"/imports/{taken}/mended",
        f"/imports/{taken}/undo",
        "/imports/sources",
        "/imports/sources/new",
        f"/imports/sources/{watched}/remove",
        "/nothing",
    ]


def test_a_customer_is_found_while_his_name_is_typed(
    browser: Browser, live_server: LiveServer
) -> None:
    make_firm(orders=10, customers=12)
    page = window(browser, live_server.url, visitor(Role.AGENT))
    page.goto("/")
    follow(page, page.get_by_role("link", name="Customers").first)
    page.evaluate("window.stayed = true")
    search = page.get_by_label("Name or id")
    search.press_sequentially("bērz", delay=20)
    expect(page.get_by_role("status")).to_have_text("1 row")
    expect(search).to_be_focused()
    assert page.evaluate("window.stayed")
    assert "search=b%C4%93rz" in page.url
    page.get_by_role("link", name="Jānis Bērziņš").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Jānis Bērziņš")
    page.go_back()
    expect(page.get_by_role("status")).to_have_text("1 row")


def test_a_list_is_sorted_in_its_place(browser: Browser, live_server: LiveServer) -> None:
    make_firm(orders=0, customers=12)
    page = window(browser, live_server.url, visitor(Role.AGENT))
    page.goto("/customers")
    page.evaluate("window.stayed = true")
    page.get_by_role("columnheader", name="Name").get_by_role("link").click()
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Name")
    assert page.evaluate("window.stayed")
    first = page.locator("tbody th a").first
    expect(first).to_contain_text("Екатерина")  # ekaterina
    page.get_by_label("Name or id").fill("o")
    expect(page.get_by_role("status")).not_to_have_text("12 rows")
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Name")


def test_two_records_are_merged_and_parted_again(
    browser: Browser, live_server: LiveServer
) -> None:
    told = [
        CustomerData(id=id_, name=name, birthday=Birthday(5, 17, 1988))
        for id_, name in (("a", "Ona Šimkutė"), ("b", "Ona Simkute"))
    ]
    put_customers(told, actor=COMMAND, now=NOW)
    numbers = numbers_of(["a", "b"])
    page = window(browser, live_server.url, visitor(Role.AGENT), size=PHONE)
    page.goto("/customers")
    page.get_by_role("link", name="Merge duplicates").click()
    page.get_by_role("link", name="Compare").click()
    page.get_by_role("button", name=re.compile("Merge into Ona Šimkutė")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ona Šimkutė")
    expect(page.locator(".told")).to_contain_text("The records are merged.")
    assert canonical_ids([numbers["b"]]) == {numbers["b"]: numbers["a"]}
    page.get_by_role("link", name="Undo the merge").click()
    page.get_by_role("button", name="Undo the merge").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ona Simkute")
    assert canonical_ids([numbers["b"]]) == {numbers["b"]: numbers["b"]}


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_bad_rows_of_a_file_are_mended_and_imported(
    browser: Browser, live_server: LiveServer, tmp_path: Path, *, script: bool
) -> None:
    page = window(browser, live_server.url, visitor(Role.MANAGER), script=script)
    first = tmp_path / "till.csv"
    first.write_text(TILL, encoding="utf-8")
    page.goto("/imports")
    page.get_by_role("link", name="Import a file").first.click()
    send(page, first, script=script)
    for column, heading in UNDERSTOOD.columns.items():
        page.locator(f"[name=column_{column}]").select_option(heading)
    follow(page, page.get_by_role("button", name="Look again"))
    work(page, script=script)
    expect(page.get_by_role("row").filter(has_text="siehe Bon 2").first).to_be_visible()
    follow(page, page.get_by_role("button", name="Import", exact=True))
    work(page, script=script)
    assert [row.id for row in list_sales()] == ["B1"]
    told = rejected(page)
    mended = tmp_path / "mended.csv"
    mended.write_text(
        told.replace("31.02.2026", "28.02.2026").replace("siehe Bon 2", '"12,00"'), "utf-8"
    )
    page.get_by_role("link", name="Send the mended rows").click()
    send(page, mended, script=script)
    expect(page.get_by_text("Rejected rows")).to_have_count(0)
    follow(page, page.get_by_role("button", name="Import", exact=True))
    work(page, script=script)
    assert {row.id for row in list_sales()} == {"B1", "B2", "B3"}
    page.get_by_role("link", name="Undo the import").click()
    follow(page, page.get_by_role("button", name="Undo the import"))
    work(page, script=script)
    expect(page.locator(".badge")).to_have_text("undone")
    assert [row.id for row in list_sales()] == ["B1"]


def send(page: Page, file: Path, *, script: bool) -> None:
    """Send a file and let a worker look at it."""
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("#progress")).to_contain_text("Waiting for a worker.")
    work(page, script=script)


def rejected(page: Page) -> str:
    """The rejected rows as a file hands them out."""
    with page.expect_download() as handed:
        page.get_by_role("link", name="Download the rejected rows").click()
    return handed.value.path().read_text(encoding="utf-8")


def work(page: Page, *, script: bool) -> None:
    """Let a worker do what is asked; the page shows it, by itself where it runs scripts."""
    expect(page.locator("#progress")).to_be_visible()
    assert worked()
    if not script:
        page.get_by_role("link", name="Look again").click()
    expect(page.locator("#progress")).to_have_count(0)


def test_the_language_is_changed_on_any_page_and_stays(
    browser: Browser, live_server: LiveServer
) -> None:
    page = window(browser, live_server.url, visitor(Role.AGENT))
    page.goto("/orders?channel=web")
    for code, name in reversed(list(LANGUAGE_NAMES.items())):
        page.get_by_role("button", name=name).click()
        tag = {"zh-hans": "zh-Hans"}.get(code, code)
        expect(page.locator("html")).to_have_attribute("lang", tag)
        assert page.url.endswith("/orders?channel=web")
    page.get_by_role("button", name="Lietuvių").click()
    page.goto("/customers")
    expect(page.locator("html")).to_have_attribute("lang", "lt")


def test_everything_works_without_a_script(browser: Browser, live_server: LiveServer) -> None:
    make_firm(orders=30, customers=12)
    page = window(browser, live_server.url, visitor(Role.AGENT), size=PHONE, script=False)
    page.goto("/")
    page.get_by_text("Menu").click()
    page.get_by_role("link", name="Orders", exact=True).click()
    page.get_by_label("Sorted by").select_option("-amount")
    follow(page, page.get_by_role("button", name="Search"))
    assert "sort=-amount" in page.url
    follow(page, page.get_by_role("link", name="Next page"))
    assert "after=" in page.url
    page.goto("/customers?search=simk")
    page.get_by_role("link", name="Ona Šimkutė").click()
    page.get_by_label("New note").fill("Likes tea")
    page.get_by_role("button", name="Add the note").click()
    expect(page.locator(".told")).to_have_text("The note is kept.")


def test_a_form_that_is_refused_takes_the_reader_to_what_is_wrong(
    browser: Browser, live_server: LiveServer
) -> None:
    page = window(browser, live_server.url, visitor(Role.AGENT))
    page.goto("/customers/new")
    page.get_by_label("Name").fill("Ona")
    page.get_by_label("Time zone").fill("Mars")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("alert").get_by_role("link", name="Time zone").click()
    expect(page.get_by_label("Time zone")).to_be_focused()
    expect(page.get_by_label("Name")).to_have_value("Ona")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_no_page_has_a_serious_fault_of_accessibility_or_says_anything_to_the_console(
    browser: Browser, live_server: LiveServer, size: tuple[int, int], *, dark: bool
) -> None:
    addresses = furnish()
    page = window(browser, live_server.url, visitor(Role.OWNER), size=size, dark=dark)
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    for address in addresses:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], address
        assert hindrances(page) == {}, address
    assert [text for text in told if "404" not in text] == []


SMALL = """
() => [...document.querySelectorAll(
    'button, input:not([type=hidden]), select, textarea, summary, .lines a, .button, .pager a')]
  .filter(it => it.checkVisibility() && !it.closest('.skip'))
  .map(it => [it.outerHTML.slice(0, 80), it.getBoundingClientRect()])
  .filter(([_, box]) => box.height < 24 || box.width < 24)
  .filter(([text]) => !/type="(checkbox|radio)"/.test(text))
  .map(([text]) => text)
"""


@pytest.mark.parametrize("width", [360, 1280])
def test_words_twice_as_long_break_no_page(
    browser: Browser, live_server: LiveServer, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    addresses = furnish()
    monkeypatch.setattr(Catalogue, "find", stretched)
    page = window(browser, live_server.url, visitor(Role.OWNER), size=(width, 800))
    for address in addresses:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        assert page.evaluate(SMALL) == [], address
        assert outside(page, width) == [], address


def outside(page: Page, width: int) -> list[str]:
    """Words that stand beyond the edge of the window."""
    found: list[str] = page.evaluate(
        """width => [...document.querySelectorAll('main *')]
            .filter(it => it.checkVisibility() && !it.closest('.unseen, .sheet > *'))
            .filter(it => it.getBoundingClientRect().right > width + 1)
            .map(it => it.outerHTML.slice(0, 80))""",
        width,
    )
    return found
