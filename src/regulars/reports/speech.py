"""Messages said in the reader's language, with numbers, money and dates as he writes them."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from babel import Locale
from babel.dates import format_date, format_datetime, format_interval
from babel.numbers import (
    format_compact_decimal,
    format_currency,
    format_decimal,
    format_percent,
    get_currency_symbol,
)

from regulars.kernel.errors import OptionError
from regulars.kernel.periods import Period, Span
from regulars.kernel.wording import Message, Money, PeriodName, Share, Value, say
from regulars.reports.catalogues import LANGUAGES, Catalogue, read_catalogue

_WHOLE: Final = 1000  # from here on decimals only make a number harder to read
_WHOLE_MONEY: Final = 100  # and cents a sum


@dataclass(frozen=True, slots=True)
class Speaker:
    r"""Says messages in one language.

    >>> from regulars.kernel.wording import say
    >>> speaker_of("en").say(say("{share} of {n} customers", share=Share(0.4217), n=1234))
    '42.2% of 1,234 customers'
    >>> speaker_of("lt").value(Share(0.4217)).replace("\xa0", " ")
    '42,2 %'
    """

    language: str
    locale: Locale
    catalogue: Catalogue = field(repr=False)
    currency: str | None = None

    @property
    def locale_tag(self) -> str:
        """The language as HTML names it: ``zh-Hans``."""
        return str(self.locale).replace("_", "-")

    def say(self, message: Message | str) -> str:
        """The message in this language; a bare text is taken as it stands."""
        if isinstance(message, str):
            return message
        count = message.values.get("n") if message.plural is not None else None
        template = self.catalogue.find(
            message.text, message.plural, count if isinstance(count, int) else None
        )
        return template.format_map({key: self.value(it) for key, it in message.values.items()})

    def value(self, value: Value) -> str:
        """One value as this language writes it."""
        match value:
            case Message():
                return self.say(value)
            case date() | Span() | PeriodName():
                return self.when(value)
            case str():
                return value
            case _:
                return self._figure(value)

    def when(self, value: date | Span | PeriodName) -> str:
        """A moment, a day, a span of days or a calendar period."""
        match value:
            case Span():
                return self.days(value)
            case PeriodName():
                return self.period(value.start, value.period)
            case datetime():
                return format_datetime(value, "medium", locale=self.locale)
            case _:
                return self.day(value)

    def _figure(self, value: Share | Money | float | Decimal) -> str:
        match value:
            case Share():
                return self.percent(value.value, 0 if _whole(value.value) else 1)
            case Money():
                return self.money(value.amount, value.currency)
            case int():
                return format_decimal(value, locale=self.locale)
            case _:
                return self.number(float(value))

    def number(self, value: float, digits: int = 2) -> str:
        """A number with at most ``digits`` decimals; large ones without any."""
        digits = 0 if abs(value) >= _WHOLE else digits
        pattern = "#,##0." + "#" * digits if digits else "#,##0"
        return format_decimal(value, pattern, locale=self.locale)

    def decimal(self, value: float) -> str:
        """A number with always two decimals, for columns that line up."""
        return format_decimal(value, "#,##0.00", locale=self.locale)

    def percent(self, share: float, digits: int = 1) -> str:
        """A share of one as a percentage."""
        pattern = self.locale.percent_formats[None].pattern
        return format_percent(
            share, pattern.replace("#,##0", "#,##0." + "0" * digits) if digits else pattern,
            locale=self.locale,
        )  # fmt: skip

    def points(self, difference: float, digits: int = 1) -> str:
        """A difference of two shares in percentage points, without its sign.

        >>> speaker_of("en").points(-0.021)
        '2.1'
        """
        return format_decimal(abs(difference) * 100, "#,##0." + "0" * digits, locale=self.locale)

    def money(self, amount: Decimal | float, currency: str | None = None) -> str:
        """An amount with its currency; sums of a hundred and more without cents."""
        code = currency or self.currency
        cents = abs(float(amount)) < _WHOLE_MONEY
        if code is None:
            return format_decimal(amount, "#,##0.00" if cents else "#,##0", locale=self.locale)
        pattern = self.locale.currency_formats["standard"].pattern
        return format_currency(
            amount, code, pattern if cents else pattern.replace(".00", ""), locale=self.locale,
            currency_digits=False,
        )  # fmt: skip

    def signed_money(self, amount: float) -> str:
        """An amount with its sign, a plus as well.

        >>> speaker_of("en", currency="EUR").signed_money(3.5)
        '+€3.50'
        """
        return f"{'+' if amount > 0 else ''}{self.money(amount)}"

    def short(self, amount: float) -> str:
        """A number for an axis: ``12K``; the caption names its unit."""
        return format_compact_decimal(amount, locale=self.locale, fraction_digits=1)

    def in_currency(self, currency: str) -> "Speaker":
        """The same speaker with another currency beside amounts that name none."""
        return replace(self, currency=currency)

    @property
    def currency_sign(self) -> str | None:
        """The sign of the currency, None where the data names no currency."""
        return get_currency_symbol(self.currency, self.locale) if self.currency else None

    def day(self, day: date) -> str:
        """A day in words."""
        return format_date(day, "medium", locale=self.locale)

    def days(self, span: Span) -> str:
        """The first and the last day of a span.

        >>> speaker_of("lv").days(Span(date(2017, 12, 25), date(2018, 1, 1)))
        '2017. gada 25.\N{EN DASH}31. dec.'
        """
        last = span.end - timedelta(days=1)
        if last == span.start:
            return self.day(last)
        return format_interval(span.start, last, "yMMMd", locale=self.locale)

    def period(self, start: date, period: Period, *, short: bool = False) -> str:
        """The name of a calendar period: ``December 2017``, ``Q4 2017``, ``2017``.

        >>> speaker_of("en").period(date(2017, 12, 1), Period.MONTH)
        'December 2017'
        >>> speaker_of("en").period(date(2017, 10, 1), Period.QUARTER)
        'Q4 2017'
        """
        match period:
            case Period.YEAR:
                return format_date(start, "y", locale=self.locale)
            case Period.QUARTER:
                return self._skeleton("yQQQ", start)
            case Period.MONTH:
                return self._skeleton("yMMM" if short else "yMMMM", start)
            case Period.WEEK if not short:
                return self.days(period.span(period.number(start)))
            case Period.WEEK | Period.DAY:
                return self._skeleton("yMMMd", start)

    def _skeleton(self, skeleton: str, day: date) -> str:
        pattern = self.locale.datetime_skeletons[skeleton].pattern
        return format_date(day, pattern, locale=self.locale)

    def listed(self, texts: Iterable[str]) -> str:
        """Texts one after the other, with commas."""
        return ", ".join(texts)


def _whole(share: float) -> bool:
    return math.isclose(share * 100, round(share * 100), abs_tol=1e-9)


def speaker_of(language: str = "en", *, currency: str | None = None) -> Speaker:
    """The speaker of a language.

    Args:
        language: ``en``, ``lt``, ``lv``, ``ru`` or ``zh-hans``.
        currency: ISO 4217 code that stands beside amounts which name none.

    Raises:
        OptionError: There is no catalogue of this language.
    """
    code = language.lower().replace("_", "-")
    if code not in LANGUAGES:
        raise OptionError(
            say("The language {language} is not known.", language=language),
            accepted=say("Choose one of {languages}.", languages=", ".join(LANGUAGES)),
        )
    locale = Locale.parse(LANGUAGES[code])
    return Speaker(code, locale, read_catalogue(code), currency)
