"""Filters of a text: money, numbers, dates and plural forms as its language writes them."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal, format_percent
from liquid import RenderContext
from liquid.exceptions import FilterArgumentError
from liquid.filter import with_context
from liquid.undefined import is_undefined

type Filter = Callable[..., object]
type Style = Literal["short", "medium", "long", "full"]

_STYLES: Mapping[str, Style] = {it: it for it in ("short", "medium", "long", "full")}
_TRIED = (*range(201), 1000)
"""Counts by which it is found what plural forms of a language whole numbers take."""


@cache
def locale_of(language: str) -> Locale:
    """How a language writes; English for one that nobody knows.

    >>> str(locale_of("zh-hans")), str(locale_of("lt-LT")), str(locale_of("xx"))
    ('zh_Hans', 'lt_LT', 'en')
    """
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        short = language.partition("-")[0]
        return locale_of(short) if short != language else Locale("en")


@cache
def plural_forms(language: str) -> tuple[str, ...]:
    """The plural forms that whole numbers take in a language.

    >>> plural_forms("pl"), plural_forms("en"), plural_forms("zh-hans")
    (('few', 'many', 'one'), ('one', 'other'), ('other',))
    """
    rule = locale_of(language).plural_form
    return tuple(sorted({rule(n) for n in _TRIED}))


def filters_of(language: str) -> dict[str, Filter]:
    """The filters that speak a language, by the name by which a text calls them."""
    locale = locale_of(language)
    return {
        "money": _money(locale),
        "number": _number(locale),
        "percent": _percent(locale),
        "date": _date(locale),
        "time": _time(locale),
        "plural": _plural(locale),
    }


def _missing(value: object) -> bool:
    return value is None or value == "" or is_undefined(value)


def _figure(value: object, name: str) -> Decimal:
    try:
        figure = Decimal(str(value))
    except InvalidOperation:
        figure = Decimal("NaN")
    if not figure.is_finite():
        raise FilterArgumentError(f"{name}: {value} is no number", token=None)
    return figure


def _told(context: RenderContext, name: str) -> str:
    """What the customer, or else the firm, is said to have."""
    for who in ("customer", "firm"):
        them = context.globals.get(who)
        if isinstance(them, Mapping) and isinstance(them.get(name), str) and them[name]:
            return str(them[name])
    return ""


def _money(locale: Locale) -> Filter:
    @with_context
    def money(value: object, currency: object = None, *, context: RenderContext) -> object:
        told = value if isinstance(value, Mapping) else {"amount": value, "currency": currency}
        amount, currency = told.get("amount"), told.get("currency")
        if _missing(amount):
            return amount
        code = _told(context, "currency") if _missing(currency) else str(currency)
        if not (len(code) == 3 and code.isalpha()):  # noqa: PLR2004 - ISO 4217
            raise FilterArgumentError(f"money: {code!r} is no currency", token=None)
        return _written(_figure(amount, "money"), code.upper(), locale)

    return money


@lru_cache(maxsize=4096)
def _written(amount: Decimal, currency: str, locale: Locale) -> str:
    """An amount; mail and plain text, and many people, are told the same ones."""
    return format_currency(amount, currency, locale=locale)


def _number(locale: Locale) -> Filter:
    def number(value: object, digits: object = None) -> object:
        if _missing(value):
            return value
        if digits is None:
            return format_decimal(_figure(value, "number"), locale=locale)
        most = int(_figure(digits, "number"))
        if not 0 <= most <= 9:  # noqa: PLR2004 - nobody reads more
            raise FilterArgumentError(f"number: {most} digits are too many", token=None)
        pattern = "#,##0." + "0" * most if most else "#,##0"
        return format_decimal(_figure(value, "number"), pattern, locale=locale)

    return number


def _percent(locale: Locale) -> Filter:
    def percent(value: object) -> object:
        if _missing(value):
            return value
        return format_percent(_figure(value, "percent"), locale=locale)

    return percent


def _moment(value: object, name: str, context: RenderContext) -> date:
    """A day, or an instant by the clock of whom the text goes to."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value) if len(value) > 10 else date.fromisoformat(value)  # noqa: PLR2004 - 2026-11-23
        except ValueError:
            value = None
    if not isinstance(value, date):
        raise FilterArgumentError(f"{name}: give a date such as 2026-11-23", token=None)
    if isinstance(value, datetime) and value.tzinfo:
        return value.astimezone(_zone(_told(context, "time_zone"), value))
    return value


def _zone(name: str, moment: datetime) -> tzinfo | None:
    try:
        return ZoneInfo(name) if name else moment.tzinfo
    except (ZoneInfoNotFoundError, ValueError):
        return moment.tzinfo


def _style(style: object, name: str) -> Style:
    if str(style) not in _STYLES:
        raise FilterArgumentError(f"{name}: give one of {', '.join(_STYLES)}", token=None)
    return _STYLES[str(style)]


def _date(locale: Locale) -> Filter:
    @with_context
    def day(value: object, style: object = "long", *, context: RenderContext) -> object:
        if _missing(value):
            return value
        return format_date(_moment(value, "date", context), _style(style, "date"), locale=locale)

    return day


def _time(locale: Locale) -> Filter:
    @with_context
    def time(value: object, style: object = "short", *, context: RenderContext) -> object:
        if _missing(value):
            return value
        moment = _moment(value, "time", context)
        if not isinstance(moment, datetime):
            raise FilterArgumentError("time: this is a day, not a moment", token=None)
        return format_time(moment.time(), _style(style, "time"), locale=locale)

    return time


def _plural(locale: Locale) -> Filter:
    def plural(value: object, **forms: object) -> object:
        if _missing(value):
            return value
        count = _figure(value, "plural")
        form = forms.get(locale.plural_form(count), forms.get("other"))
        if form is None:
            form = next(reversed(forms.values()), "")
        return str(form).replace("#", format_decimal(count, locale=locale))

    return plural
