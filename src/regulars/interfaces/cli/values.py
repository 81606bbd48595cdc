"""Values of options: text from the command line as days, shares, zones and pairs."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Literal, NoReturn

import typer

from regulars.kernel.wording import Message, say

_DAYS = re.compile(r"(\d+)\s*d?", re.IGNORECASE)


def day(text: str) -> date:
    """A day, as 2024-01-31.

    >>> day("2024-01-31")
    datetime.date(2024, 1, 31)
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        _refuse(say("'{text}' is not a day. Write it as 2024-01-31.", text=text))


def share(text: str) -> float:
    """A share of one: 0.6 and 60% are the same.

    >>> share("60%"), share("0.6")
    (0.6, 0.6)
    """
    try:
        value = float(Decimal(text.removesuffix("%").strip()) / (100 if "%" in text else 1))
    except InvalidOperation:
        value = -1.0
    if not 0 <= value <= 1:
        _refuse(say("'{text}' is not a share. Write it as 0.6 or 60%.", text=text))
    return value


def margin(text: str | None) -> float | str | None:
    """A margin: a share of revenue, or ``column`` for what the orders say.

    >>> margin("30%"), margin("column"), margin(None)
    (0.3, 'column', None)
    """
    return text if text is None or text == "column" else share(text)


def days(text: str) -> int:
    """A number of days: 90 and 90d are the same.

    >>> days("90d"), days("0")
    (90, 0)
    """
    if not (match := _DAYS.fullmatch(text.strip())):
        _refuse(say("'{text}' is not a number of days. Write it as 90d.", text=text))
    return int(match[1])


def lookback(text: str) -> int | Literal["ever"]:
    """A number of days, or ``ever``.

    >>> lookback("90d"), lookback("ever")
    (90, 'ever')
    """
    return "ever" if text.strip().lower() == "ever" else days(text)


def ages(text: str) -> tuple[int, ...]:
    """Ages in the order of the numbers: 1,4,13.

    >>> ages("1,4,13")
    (1, 4, 13)
    """
    pieces = [piece.strip() for piece in text.split(",")]
    if not all(piece.isdecimal() for piece in pieces):
        _refuse(say("'{text}' are not ages. Write them as 1,4,13.", text=text))
    return tuple(int(piece) for piece in pieces)


def decimal(text: str) -> Decimal:
    """A number, exactly as it is written.

    >>> decimal("21")
    Decimal('21')
    """
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        _refuse(say("'{text}' is not a number. Write it as 0.92.", text=text))
    return number


def pairs(texts: Iterable[str]) -> dict[str, str]:
    """Names and what they are mapped to, from ``name=value,name=value``, given once or often.

    A value may hold a comma: what follows it belongs to the value unless it has its own ``=``.

    >>> pairs(["customer_id=Kunde,amount=Summe, netto", "ordered_at=Datum"])
    {'customer_id': 'Kunde', 'amount': 'Summe, netto', 'ordered_at': 'Datum'}
    """
    found: list[list[str]] = []
    for text in texts:
        for number, piece in enumerate(text.split(",")):
            name, equals, value = piece.partition("=")
            if equals:
                found.append([name.strip(), value])
            elif number and found:
                found[-1][1] += f",{piece}"
            else:
                _refuse(say("'{text}' maps nothing. Write it as customer_id=Kunde.", text=text))
    return {name: value.strip() for name, value in found}


def rates(texts: Iterable[str]) -> dict[str, Decimal]:
    """Exchange rates by currency, from ``USD=0.92,GBP=1.17``.

    >>> rates(["USD=0.92"])
    {'USD': Decimal('0.92')}
    """
    return {name.upper(): decimal(value) for name, value in pairs(texts).items()}


def _refuse(message: Message) -> NoReturn:
    raise typer.BadParameter(str(message))
