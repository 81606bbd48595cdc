"""The name by which somebody is greeted, as his language bends it."""

import re
from collections.abc import Callable, Mapping

_NOBODY: Mapping[str, str] = {
    "en": "customer",
    "lt": "kliente",
    "lv": "klient",
    "ru": "уважаемый клиент",
    "zh": "顾客",
}
"""How somebody without a name is greeted."""

_NAME = re.compile(r"[^\W\d_]+(?:[-'’ʼ][^\W\d_]+)*\.?", re.UNICODE)  # noqa: RUF001 - apostrophes of names


def greeting(name: str, language: str, override: str = "") -> str:
    """The name with which somebody is greeted.

    Args:
        name: As it is written in the records: given name first, or ``Family, Given``.
        language: Of the text.
        override: What staff wrote on the customer for this language; it goes before all.

    >>> (
    ...     greeting("Jonas Jonaitis", "lt"),
    ...     greeting("Kārlis Ozols", "lv"),
    ...     greeting("李小龙", "zh-hans"),
    ... )
    ('Jonai', 'Kārli', '李小龙')
    >>> greeting("", "en"), greeting("Mary Ann", "en", "Mary Ann")
    ('customer', 'Mary Ann')
    """
    code = language.lower().replace("_", "-").partition("-")[0]
    if override.strip():
        return override.strip()
    if not name.strip():
        return _NOBODY.get(code, "")
    if code == "zh" or _is_chinese(name):
        return " ".join(name.split())
    given = given_name(name)
    bend = _VOCATIVES.get(code)
    return "-".join(map(bend, given.split("-"))) if bend else given


def given_name(name: str) -> str:
    """The given name of a full one; the whole where that cannot be told.

    >>> given_name("Jonas Jonaitis"), given_name("Kalniņa, Anna"), given_name("UAB „Ąžuolas“")
    ('Jonas', 'Anna', 'UAB „Ąžuolas“')
    """
    words = " ".join(name.split())
    family, comma, given = words.partition(", ")
    first = (given if comma and family else words).split(" ")[0]
    is_name = _NAME.fullmatch(first) and not (len(first) > 1 and first.isupper() and " " in words)
    return first if is_name and not first.endswith(".") else words


def _is_chinese(name: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in name)


def _bent(endings: Mapping[str, str]) -> Callable[[str], str]:
    longest = sorted(endings, key=len, reverse=True)

    def bend(name: str) -> str:
        for ending in longest:
            if len(name) > len(ending) and name.endswith(ending):
                return name.removesuffix(ending) + endings[ending]
        return name

    return bend


_VOCATIVES: Mapping[str, Callable[[str], str]] = {
    # Names of men; of those of women only -ė changes.
    "lt": _bent(
        {"as": "ai", "jas": "jau", "is": "i", "ys": "y", "us": "au", "ius": "iau", "ė": "e"}
    ),
    # Names of men lose their -s or -š; those of women stay.
    "lv": _bent({"s": "", "š": "", "is": "i", "us": "u"}),
}
