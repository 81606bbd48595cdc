"""What every page of the console shares."""

import pytest
from django.test import Client

from regulars.apps.accounts.rules import Role
from visitors import visitor

pytestmark = pytest.mark.django_db


def test_a_stranger_is_sent_to_the_sign_in() -> None:
    answer = Client().get("/")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in?next=/")


def test_a_page_speaks_the_language_of_its_reader() -> None:
    client = visitor(Role.AGENT)
    assert client.get("/")["Content-Language"] == "en"
    client.post("/language", {"language": "lt", "next": "/"})
    answer = client.get("/")
    assert answer["Content-Language"] == "lt"
    assert '<html lang="lt">' in answer.content.decode()


def test_a_stranger_is_spoken_to_in_a_language_of_his_browser() -> None:
    answer = Client().get("/", headers={"Accept-Language": "de, zh-CN;q=0.8, ru;q=0.5"})
    assert answer["Content-Language"] == "zh-Hans"


def test_the_choice_of_a_language_leads_nowhere_else() -> None:
    answer = Client().post("/language", {"language": "lv", "next": "https://evil.example/"})
    assert answer["Location"] == "/"


def test_somebody_who_has_left_is_a_stranger() -> None:
    from django.contrib.auth import get_user_model  # noqa: PLC0415 - only this test needs it

    client = visitor(Role.OWNER)
    get_user_model().objects.update(is_active=False)
    assert client.get("/").status_code == 302
