"""What holds for every page of recipients: no cookie, nothing followed, no change by a look."""

import re
from collections.abc import Mapping

import pytest
from django.apps import apps
from django.test import Client

from recipients import Somebody, confirm_path, somebody
from regulars.apps.accounts.rules import Role
from regulars.apps.contact.operations.asking import ask_consent
from regulars.apps.contact.operations.consents import ConsentData
from regulars.apps.contact.rules.purposes import Channel, Consent, Purpose
from regulars.apps.firm.operations import put_company
from regulars.apps.firm.rules import Company
from regulars.interfaces.clock import now
from regulars.interfaces.languages import LANGUAGE_NAMES
from regulars.interfaces.pages import often, unsubscribing
from regulars.kernel.actors import COMMAND
from visitors import visitor

pytestmark = pytest.mark.django_db

FORGED = ("/my/unsubscribe/x", "/my/preferences/x", "/my/preferences/x/data", "/my/confirm/x")


def pages_of(one: Somebody) -> list[str]:
    """Every page that a link of hers opens."""
    told = ConsentData(
        customer=one.number,
        purpose=Purpose.EVENTS,
        channel=Channel.PHONE,
        state=Consent.PENDING,
        at=now(),
    )
    event = ask_consent(told, actor=COMMAND, now=now())
    assert event is not None
    return [
        *(one.unsubscribe(purpose) for purpose in Purpose),
        one.unsubscribe(Purpose.OFFERS, Channel.PHONE),
        one.preferences(),
        f"{one.preferences()}/data",
        confirm_path(event),
        one.my_data(),
        f"{one.my_data()}/erase",
    ]


def everything() -> Mapping[str, list[object]]:
    """Every row of every table."""
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values())
        for model in apps.get_models()
    }


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"])
def test_a_scanner_that_follows_every_link_changes_nothing(method: str) -> None:
    """A scanner also follows the links of the pages that it finds."""
    todo, seen = pages_of(somebody()), set[str]()
    before = everything()
    scanner = Client()
    while todo:
        path = todo.pop()
        seen.add(path)
        answer = scanner.generic(method, path)
        assert answer.status_code in {200, 405}, path
        links = re.findall(r'(?:href|action)="([^"]*)"', answer.content.decode())
        here = [path.partition("?")[0] + it if it.startswith("?") else it for it in links]
        todo += [it for it in here if it.startswith("/my/") and it not in seen]
    assert everything() == before
    assert not scanner.cookies
    if method == "GET":
        assert len(seen) > 50


def test_no_page_sets_a_cookie_or_is_kept_found_framed_or_told_to_others() -> None:
    for path in (*pages_of(somebody()), *FORGED, "/my/data/x", "/my/nothing"):
        for answer in (Client().get(path), Client().post(path)):
            assert not answer.cookies, path
            assert "no-store" in answer["Cache-Control"], path
            assert answer["X-Robots-Tag"] == "noindex, nofollow", path
            assert answer["Referrer-Policy"] == "no-referrer", path
            assert answer["X-Frame-Options"] == "DENY", path


def test_a_page_loads_nothing_but_its_own_style() -> None:
    for path in pages_of(somebody()):
        answer = Client().get(path)
        assert answer["Content-Security-Policy"] == (
            "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; "
            "base-uri 'none'; frame-ancestors 'none'"
        )
        page = answer.content.decode()
        assert "<script" not in page
        assert "<img" not in page
        assert "style=" not in page
        assert "http" not in page.replace("http-equiv", "")


def test_a_page_looks_the_same_to_somebody_of_the_staff() -> None:
    ona, staff = somebody(), visitor(Role.OWNER)
    for path in pages_of(ona):
        assert staff.get(path).content == Client().get(path).content


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
def test_a_page_speaks_the_language_of_whom_it_is_for(language: str) -> None:
    ona = somebody(language=language)
    for path in pages_of(ona):
        answer = Client(headers={"Accept-Language": "lv"}).get(path)
        tag = "zh-Hans" if language == "zh-hans" else language
        assert f'<html lang="{tag}">' in answer.content.decode()
        assert answer["Content-Language"] == tag


def test_the_language_asked_for_comes_first_then_hers_the_browsers_and_the_firms() -> None:
    def spoken(one: Somebody, path: str = "", accepted: str = "") -> str:
        headers = {"Accept-Language": accepted}
        return str(Client(headers=headers).get(one.unsubscribe() + path)["Content-Language"])

    put_company(Company(language="ru"), actor=COMMAND, now=now())
    known, other = somebody(language="lt-LT"), somebody("C-2", language="de")
    assert spoken(known, "?lang=lv", "en") == "lv"
    assert spoken(known, "?lang=xx", "en") == "lt"
    assert spoken(other, accepted="fr, zh-TW;q=0.9") == "zh-Hans"
    assert spoken(other, accepted="fr") == "ru"


def test_the_language_that_was_asked_for_stays_with_the_links_of_the_page() -> None:
    page = Client().get(f"{somebody().unsubscribe()}?lang=lv").content.decode()
    assert re.search(r'href="/my/preferences/[^"?]+\?lang=lv"', page)


def test_the_firm_stands_above_and_below() -> None:
    firm = Company(name="Duonos namai", address="Gedimino pr. 9\nVilnius")
    put_company(firm, actor=COMMAND, now=now())
    page = Client().get(somebody().unsubscribe()).content.decode()
    assert "<header>Duonos namai</header>" in page
    assert "Gedimino pr. 9\nVilnius" in page


def test_by_one_link_only_so_many_forms_come_a_minute_and_others_are_not_held_up() -> None:
    ona, jonas = somebody(), somebody("C-2", name="Jonas", email="jonas@example.com")
    codes = [Client().post(ona.unsubscribe()).status_code for _ in range(25)]
    assert codes[:20] == [200] * 20
    assert codes[-1] == 429
    assert Client().get(ona.unsubscribe()).status_code == 200
    assert Client().post(jonas.unsubscribe()).status_code == 200


def test_whoever_tries_links_of_his_own_is_told_to_wait() -> None:
    codes = [Client().post(f"/my/unsubscribe/{it}").status_code for it in range(70)]
    assert codes[:60] == [404] * 60
    assert codes[-1] == 429
    assert Client().post(somebody().unsubscribe()).status_code == 200


def test_the_buckets_hold_what_they_say() -> None:
    assert often.LINKS.take("a", now()).limit == 20
    assert often.STRANGERS.take("a", now()).limit == 60


def test_a_form_that_is_far_too_large_is_refused_calmly() -> None:
    answer = Client().post(somebody().unsubscribe(), {"x": "x" * 6_000_000})
    assert answer.status_code == 413
    assert "Nothing was changed" in answer.content.decode()
    assert "Regulars" not in answer.content.decode()


def test_a_bug_is_a_calm_page_that_tells_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: int) -> None:
        raise RuntimeError("secret of the machine")

    monkeypatch.setattr(unsubscribing, "find_recipient", fail)
    client = Client(raise_request_exception=False, headers={"Accept-Language": "lt"})
    answer = client.get(somebody().unsubscribe())
    page = answer.content.decode()
    assert answer.status_code == 500
    assert "secret" not in page
    assert "Regulars" not in page
    assert '<html lang="lt">' in page


def test_the_log_names_the_page_and_no_link(caplog: pytest.LogCaptureFixture) -> None:
    path = somebody().unsubscribe()
    with caplog.at_level("INFO"):
        Client().get(path)
    assert "my/unsubscribe/<str:token>" in caplog.text
    assert path.rpartition("/")[2] not in caplog.text
