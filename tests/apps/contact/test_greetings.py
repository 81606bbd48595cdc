"""Somebody is greeted by his name as his language bends it."""

import pytest

from regulars.apps.contact.texts.greetings import given_name, greeting
from regulars.apps.contact.texts.languages import choose_language


@pytest.mark.parametrize(
    ("language", "name", "greeted"),
    [
        ("lt", "Jonas Jonaitis", "Jonai"),
        ("lt", "Ona Jonaitienė", "Ona"),
        ("lt", "Rytis", "Ryti"),
        ("lt-LT", "Paulius", "Pauliau"),
        ("lt", "Agnė", "Agne"),
        ("lt", "Stasys", "Stasy"),
        ("lt", "Elijas", "Elijau"),
        ("lt", "Ana-Marija Kudirkaitė", "Ana-Marija"),
        ("lt", "Jonaitis, Jonas", "Jonai"),
        ("lv", "Jānis Bērziņš", "Jāni"),
        ("lv", "Andris", "Andri"),
        ("lv", "Kārlis", "Kārli"),
        ("lv", "Roberts", "Robert"),
        ("lv", "Anna", "Anna"),
        ("ru", "Анна Ивановна Петрова", "Анна"),
        ("zh-hans", "王小明", "王小明"),
        ("zh-hans", "王 小明", "王 小明"),
        ("en", "王小明", "王小明"),
        ("en", "Emily Brown", "Emily"),
        ("fr", "Jean-Luc Picard", "Jean-Luc"),
        ("en", "Dr. House", "Dr. House"),
        ("en", "J. Smith", "J. Smith"),
        ("lt", "UAB „Ąžuolas“", "UAB „Ąžuolas“"),
        ("en", "🎉", "🎉"),
        ("lt", "", "kliente"),
        ("xx", "  ", ""),
    ],
)
def test_a_name_is_bent_as_its_language_does(language: str, name: str, greeted: str) -> None:
    assert greeting(name, language) == greeted


def test_what_staff_wrote_goes_before_every_rule() -> None:
    assert greeting("Jonas Jonaitis", "lt", "pone Jonaiti") == "pone Jonaiti"


def test_a_given_name_without_letters_is_left_whole() -> None:
    assert given_name("{{ 7*7 }} x") == "{{ 7*7 }} x"


@pytest.mark.parametrize(
    ("wanted", "available", "fallback", "chosen"),
    [
        ("lt-LT", ["en", "lt"], "en", "lt"),
        ("zh-cn", ["en", "zh-hans"], "en", "zh-hans"),
        ("zh", ["en", "zh-hans"], "en", "zh-hans"),
        ("pl", ["en", "lt"], "lt", "lt"),
        ("pl", ["ru", "en"], "lt", "en"),
        ("pl", ["ru", "lv"], "lt", "ru"),
        ("", ["ru", "lv"], "lv", "lv"),
        ("pt-BR", ["pt", "pt-BR"], "en", "pt-BR"),
    ],
)
def test_a_language_falls_back_step_by_step(
    wanted: str, available: list[str], fallback: str, chosen: str
) -> None:
    assert choose_language(wanted, available, fallback) == chosen


def test_a_message_in_no_language_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        choose_language("en", [], "en")
