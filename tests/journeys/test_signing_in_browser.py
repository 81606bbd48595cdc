"""Signing in as a person does, in a real browser, on the platform as it is started."""

import hashlib
import hmac
import re
import struct
import time
from base64 import b32decode
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from browsers import ARGUMENTS, CHROMIUM, follow, look
from platforms import Platform

OWNER = "owner@localhost"

pytestmark = [
    pytest.mark.journey,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium was found on PATH"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    with Platform(tmp_path_factory.mktemp("firm")) as started:
        yield started


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context()
    yield context
    context.close()


@pytest.fixture
def told(context: BrowserContext) -> list[str]:
    """What the browser complained of, such as a script that the policy forbids."""
    complaints: list[str] = []
    context.on(
        "console",
        lambda it: complaints.append(it.text) if it.type in {"error", "warning"} else None,
    )
    context.on("weberror", lambda it: complaints.append(str(it.error)))
    return complaints


def counted(secret: str) -> str:
    """The code that an app shows now (RFC 6238)."""
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def member(platform: Platform, name: str, role: str = "owner") -> str:
    """Somebody of the staff; his address."""
    address = f"{name}@shop.example"
    platform.run("staff", "add", address, "--name", name.title(), "--role", role)
    return address


def sign_in(platform: Platform, page: Page, address: str) -> None:
    known = len(platform.letters(address))
    page.goto(platform.address)
    page.get_by_label("E-mail address").first.fill(address)
    page.get_by_role("button", name="Send me a code").click()
    code = re.search(r"^[A-Z]{4}-[A-Z]{4}$", platform.next_letter(address, known), re.MULTILINE)
    assert code
    page.get_by_label("Code").fill(code.group())
    follow(page, page.get_by_role("button", name="Sign in"))


def test_the_first_owner_comes_in_by_the_link_that_up_prints(
    platform: Platform, context: BrowserContext, told: list[str]
) -> None:
    page = context.new_page()
    page.goto(platform.link)
    look(page, "link")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Owner")
    page.goto(platform.link)
    expect(page.get_by_role("heading", level=1)).to_contain_text("of no use any more")
    look(page, "link-over")
    assert [it for it in told if "410" not in it] == []


def test_a_code_from_the_mail_lets_in_and_the_language_changes(
    platform: Platform, context: BrowserContext, told: list[str]
) -> None:
    address = member(platform, "ona")
    page = context.new_page()
    page.goto(platform.address)
    look(page, "sign-in")
    page.get_by_text("Use a password").click()
    look(page, "sign-in-password-open")
    sign_in(platform, page, address)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ona")
    page.get_by_role("button", name="Lietuvių").click()
    expect(page.locator("html")).to_have_attribute("lang", "lt")
    assert told == []


def test_an_app_is_added_and_asked_for_at_the_next_sign_in(
    platform: Platform, context: BrowserContext, told: list[str]
) -> None:
    address = member(platform, "rasa")
    page = context.new_page()
    sign_in(platform, page, address)
    page.goto(f"{platform.address}/me")
    look(page, "me")
    follow(page, page.get_by_role("link", name="Add an app"))
    look(page, "add-app")
    secret = page.locator("#secret").inner_text()
    page.get_by_label("code").fill(counted(secret))
    follow(page, page.get_by_role("button", name="Add the app"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    look(page, "recovery-codes")
    recovery = page.locator(".codes code").first.inner_text()
    page.goto(f"{platform.address}/sign-out")
    look(page, "sign-out")
    follow(page, page.get_by_role("main").get_by_role("button", name="Sign out"))
    sign_in(platform, page, address)
    expect(page.get_by_role("heading", level=1)).to_have_text("One more step")
    look(page, "second-step")
    page.get_by_label("Code").fill(recovery)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Rasa")
    assert told == []


def test_a_passkey_is_added_and_lets_in_alone(
    platform: Platform, context: BrowserContext, told: list[str]
) -> None:
    page = context.new_page()
    devices = context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    sign_in(platform, page, member(platform, "jonas"))
    page.goto(f"{platform.address}/me/passkeys/add")
    look(page, "add-passkey")
    page.get_by_label("It lets me in alone").check()
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    page.goto(f"{platform.address}/sign-out")
    follow(page, page.get_by_role("main").get_by_role("button", name="Sign out"))
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Jonas")
    assert told == []


def test_no_page_before_or_behind_the_sign_in_hinders_anybody(
    platform: Platform, context: BrowserContext, told: list[str]
) -> None:
    page = context.new_page()
    for path in ("sign-in/password", "sign-in/password/done", "sign-in/closed"):
        page.goto(f"{platform.address}/{path}")
        look(page, path.replace("/", "-"))
    member(platform, "agne", "agent")
    sign_in(platform, page, member(platform, "egle"))
    for path in (
        "me/password/first",
        "me/passkeys/add",
        "settings",
        "settings/company",
        "settings/retention",
        "settings/retention/letters",
        "settings/trail",
        "settings/staff",
        "settings/staff/invite",
        "settings/staff/second-step",
        "settings/staff/1",
        "settings/staff/1/name",
        "settings/staff/1/close",
        "settings/staff/1/link",
        "settings/keys",
        "settings/keys/new",
    ):
        page.goto(f"{platform.address}/{path}")
        look(page, path.replace("/", "-"))
    assert told == []


def test_a_form_that_is_wrong_says_so_where_it_is_wrong(
    platform: Platform, context: BrowserContext
) -> None:
    page = context.new_page()
    sign_in(platform, page, member(platform, "ieva"))
    page.goto(f"{platform.address}/settings/staff/invite")
    follow(page, page.get_by_role("button", name="Invite"))
    expect(page.get_by_role("alert")).to_be_visible()
    look(page, "invite-wrong")
    page.get_by_label("E-mail address").fill("new@shop.example")
    page.get_by_label("Name", exact=True).fill("New")
    follow(page, page.get_by_role("button", name="Invite"))
    expect(page.get_by_role("status").first).to_contain_text("New is invited")
    look(page, "staff-invited")
    link = re.search(r"http\S+", platform.next_letter("new@shop.example", 0))
    assert link
    page.goto(f"{platform.address}/sign-out")
    follow(page, page.get_by_role("main").get_by_role("button", name="Sign out"))
    page.goto(link.group())
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("New")


def test_the_sign_in_needs_no_scripts(platform: Platform, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(platform, page, member(platform, "vytas"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Vytas")
    context.close()


def test_a_key_is_shown_once(platform: Platform, context: BrowserContext) -> None:
    page = context.new_page()
    sign_in(platform, page, member(platform, "milda"))
    page.goto(f"{platform.address}/settings/keys/new")
    page.get_by_label("Name of the program").fill("till")
    follow(page, page.get_by_role("button", name="Make the key"))
    secret = page.locator("#secret").inner_text()
    assert secret.startswith("rg_")
    look(page, "new-key")
    page.goto(f"{platform.address}/settings/keys")
    expect(page.get_by_text("till")).to_be_visible()
    assert secret not in page.content()
    look(page, "keys-with-one")
