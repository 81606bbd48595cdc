"""Text for people: an English template with its values, translatable later.

A lower floor knows what it has to say, not in which language. It says it as a :class:`Message`:
the English template is the key of the catalogues, the values stay values until somebody who knows
the reader's language formats them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import override

from regulars.kernel.periods import Period, Span


@dataclass(frozen=True, slots=True, order=True)
class Share:
    """A share of one, shown to people as a percentage.

    >>> str(Share(0.4217))
    '42.2%'
    """

    value: float

    @override
    def __str__(self) -> str:
        return f"{self.value:.1%}"


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount of money with its currency (ISO 4217), or without one where the data names none.

    >>> str(Money(Decimal("1234.5"), "EUR"))
    'EUR 1,234.50'
    """

    amount: Decimal
    currency: str | None = None

    @override
    def __str__(self) -> str:
        figure = f"{self.amount:,.2f}"
        return f"{self.currency} {figure}" if self.currency else figure


@dataclass(frozen=True, slots=True, order=True)
class PeriodName:
    """A calendar period by its first day, for people: the month December 2017.

    >>> str(PeriodName(date(2017, 12, 1), Period.MONTH))
    'month from 2017-12-01'
    """

    start: date
    period: Period

    @override
    def __str__(self) -> str:
        return f"{self.period} from {self.start.isoformat()}"


type Value = (
    str | int | float | date | datetime | Decimal | Share | Money | PeriodName | Span | Message
)


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence for people: English template, its values, and a plural form where it counts.

    >>> str(say("Line {line} has no {column}.", line=3, column="customer_id"))
    'Line 3 has no customer_id.'
    >>> str(say_count("{n} row was rejected.", "{n} rows were rejected.", n=2))
    '2 rows were rejected.'
    """

    text: str
    values: Mapping[str, Value] = field(default_factory=dict)
    plural: str | None = None

    @property
    def template(self) -> str:
        """The English template that fits the count."""
        return self.plural if self.plural is not None and self.values["n"] != 1 else self.text

    @override
    def __str__(self) -> str:
        return self.template.format_map({key: plain(value) for key, value in self.values.items()})


def plain(value: Value) -> str:
    """A value as English text, for logs, terminals and programs.

    >>> plain(12345), plain(0.25), plain(date(2024, 1, 31))
    ('12,345', '0.25', '2024-01-31')
    """
    match value:
        case int():
            return f"{value:,}"
        case float():
            return f"{value:,.4g}"
        case date():
            return value.isoformat()
        case _:
            return str(value)


def say(text: str, /, **values: Value) -> Message:
    """Say a sentence; the catalogues are collected from the calls of this function."""
    return Message(text, values)


def say_count(one: str, many: str, /, *, n: int, **values: Value) -> Message:
    """Say a sentence that counts something; ``n`` chooses the plural form of each language."""
    return Message(one, {"n": n, **values}, many)
