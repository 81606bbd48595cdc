"""The languages of pages, and which of them somebody's browser asks for."""

from collections.abc import Mapping

from django.utils.translation.trans_real import parse_accept_lang_header

LANGUAGE_NAMES: Mapping[str, str] = {
    "en": "English",
    "lt": "Lietuvių",
    "lv": "Latviešu",
    "ru": "Русский",
    "zh-hans": "简体中文",
}
"""The languages that pages are in, each in its own."""
_CHINESE = "zh-hans"


def language_of(tag: str) -> str | None:
    """The language of ours that a tag names; None for another.

    >>> language_of("lt-LT"), language_of("zh-CN"), language_of("de")
    ('lt', 'zh-hans', None)
    """
    first = tag.lower().partition("-")[0]
    code = _CHINESE if first == "zh" else first
    return code if code in LANGUAGE_NAMES else None


def language_of_browser(accepted: str) -> str | None:
    """The first of ours that a browser asks for; None where it asks for others.

    Args:
        accepted: Its ``Accept-Language``.

    >>> language_of_browser("de, lv;q=0.8, ru;q=0.9")
    'ru'
    """
    known = (language_of(tag) for tag, _ in parse_accept_lang_header(accepted))
    return next((code for code in known if code is not None), None)
