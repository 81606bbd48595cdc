"""Exact figures of records: every cent, each amount with its currency, each time with its zone."""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal, get_currency_precision

from regulars.kernel.wording import Money
from regulars.reports.speech import Speaker

_DIGITS = "#" * 15
_LEAP = 2000


def exact_money(speaker: Speaker, money: Money) -> str:
    """An amount as it is in the books; a report rounds, a record does not.

    >>> from regulars.reports.speech import speaker_of
    >>> english = speaker_of("en")
    >>> exact_money(english, Money(Decimal("1234.5000"), "EUR"))
    '€1,234.50'
    >>> exact_money(english, Money(Decimal("0.0125"), "EUR"))
    '€0.0125'
    """
    if money.currency is None:
        return exact_number(speaker, money.amount)
    coins = Decimal(1).scaleb(-get_currency_precision(money.currency))
    whole = money.amount.quantize(coins)
    if whole == money.amount:
        return format_currency(whole, money.currency, locale=speaker.locale)
    return format_currency(
        money.amount.normalize(),
        money.currency,
        locale=speaker.locale,
        decimal_quantization=False,
    )


def exact_number(speaker: Speaker, number: Decimal | int) -> str:
    """A number with all of its decimals.

    >>> from regulars.reports.speech import speaker_of
    >>> exact_number(speaker_of("en"), Decimal("12345.250"))
    '12,345.25'
    """
    return format_decimal(number, f"#,##0.{_DIGITS}", locale=speaker.locale)


def moment(speaker: Speaker, at: datetime) -> str:
    """A day and a time to the minute, in the zone that the instant bears.

    >>> from datetime import UTC
    >>> from regulars.reports.speech import speaker_of
    >>> moment(speaker_of("lt"), datetime(2026, 11, 22, 14, 5, tzinfo=UTC))
    '2026-11-22 14:05'
    """
    frame = str(speaker.locale.datetime_formats["medium"]).replace("'", "")
    return frame.replace("{1}", format_date(at, "medium", locale=speaker.locale)).replace(
        "{0}", format_time(at, "short", tzinfo=at.tzinfo, locale=speaker.locale)
    )


def offset_of(at: datetime) -> str:
    """How far a time is from UTC, as it is written: ``UTC+02:00``.

    >>> from datetime import UTC
    >>> offset_of(datetime(2026, 11, 22, tzinfo=UTC))
    'UTC'
    """
    text = at.isoformat()[-6:]
    return "UTC" if text in {"+00:00", "-00:00"} else f"UTC{text}"


def day_of_year(speaker: Speaker, month: int, day: int, year: int | None = None) -> str:
    """A birthday, whose year may be unknown.

    >>> from regulars.reports.speech import speaker_of
    >>> day_of_year(speaker_of("en"), 5, 17)
    'May 17'
    """
    if year is not None:
        return speaker.day(date(year, month, day))
    pattern = speaker.locale.datetime_skeletons["MMMMd"].pattern
    return format_date(date(_LEAP, month, day), pattern, locale=speaker.locale)


def language_name(speaker: Speaker, tag: str) -> str:
    """A language as the reader calls it; an unknown tag as it stands.

    >>> from regulars.reports.speech import speaker_of
    >>> language_name(speaker_of("en"), "zh-hans"), language_name(speaker_of("lt"), "ru")
    ('Chinese (Simplified)', 'rusų')
    """
    return _language_name(str(speaker.locale), tag)


@lru_cache(maxsize=1000)
def _language_name(reader: str, tag: str) -> str:
    try:
        return Locale.parse(tag, sep="-").get_display_name(reader) or tag
    except (UnknownLocaleError, ValueError):
        return tag
