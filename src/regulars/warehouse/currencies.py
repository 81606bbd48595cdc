"""Currencies by their codes and signs, and amounts of several currencies in one."""

from functools import cache

from babel.numbers import list_currencies

_BY_MARK = {
    "€": "EUR",
    "£": "GBP",
    "₽": "RUB",
    "РУБ": "RUB",
    "РУБ.": "RUB",
    "₴": "UAH",
    "ZŁ": "PLN",
    "KČ": "CZK",
    "LT": "LTL",
    "LS": "LVL",
    "元": "CNY",
}


@cache
def known_currencies() -> tuple[str, ...]:
    """The codes of all currencies, past ones included (ISO 4217)."""
    return tuple(sorted(list_currencies()))


def currency_of_mark(mark: str) -> str | None:
    """The currency that a sign stands for; None where it stands for several.

    >>> currency_of_mark("€"), currency_of_mark("USD"), currency_of_mark("$")
    ('EUR', 'USD', None)
    """
    return mark if mark in known_currencies() else _BY_MARK.get(mark)
