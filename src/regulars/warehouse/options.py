"""How a source of orders is to be read where it does not speak for itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from regulars.kernel.errors import OptionError
from regulars.kernel.wording import say
from regulars.warehouse.sources import Source

if TYPE_CHECKING:
    from ibis import BaseBackend

type DateOrder = Literal["dmy", "mdy", "ymd"]
type DecimalSign = Literal[".", ","]

_DATE_ORDERS = ("dmy", "mdy", "ymd")
_DECIMAL_SIGNS = (".", ",")
_WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Everything that a reader may be told; nothing is required.

    Attributes:
        columns: Canonical column to the heading it has here, or to its position counted from 1;
            positions mean that the file has no headings.
        timezone: The zone in which days are counted.
        times_in: The zone of times written without one (default UTC). A bare date is that day in
            ``timezone`` and is never shifted.
        as_of: The last day included; default: the last order's day.
        currency: The currency of amounts that name none, and the one to convert to.
        rates: What one unit of each other currency is worth in ``currency``.
        date_order: The order of day and month in dates such as 03/04/2020.
        decimal: The decimal sign of numbers such as 1.234.
        vat: The percentage of VAT that the amounts include and that is taken off.
        table: The table of a database or the sheet of a workbook.
        encoding: The encoding of a text file that is neither UTF-8 nor UTF-16.
        keep: Further columns to keep for segments.
        burn_in_days: See :class:`~regulars.warehouse.orders.Orders`.
        customers: A table of customers: ``customer_id``, ``joined_at``, segment columns.
        products: A table of products: ``product_id``, ``category``.
        memory_limit: How much memory the engine may take, such as ``2GB``.
        engine: Where answers are computed: a URL (:func:`regulars.warehouse.connecting.connect`)
            or an Ibis backend, whose tables may be named as sources. None: DuckDB in this process.
        now: Today's date; later orders are rejected. None: no check.

    Raises:
        OptionError: A value that cannot be used.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    timezone: str = "UTC"
    times_in: str | None = None
    as_of: date | None = None
    currency: str | None = None
    rates: Mapping[str, Decimal] | None = None
    date_order: DateOrder | None = None
    decimal: DecimalSign | None = None
    vat: Decimal | None = None
    table: str | None = None
    encoding: str | None = None
    keep: tuple[str, ...] = ()
    burn_in_days: int | None = None
    customers: Source | None = None
    products: Source | None = None
    memory_limit: str | None = None
    engine: "str | BaseBackend | None" = None
    now: date | None = None

    def __post_init__(self) -> None:
        for name, zone in (("timezone", self.timezone), ("times_in", self.times_in)):
            if zone is not None:
                _check_zone(name, zone)
        _check_choice("date_order", self.date_order, _DATE_ORDERS)
        _check_choice("decimal", self.decimal, _DECIMAL_SIGNS)
        self._check_figures()
        self._check_encoding()

    def _check_figures(self) -> None:
        if self.vat is not None and not 0 <= self.vat < _WHOLE:
            raise OptionError(
                say("A VAT of {vat} percent cannot be taken off.", vat=self.vat),
                accepted=say("Give a percentage from 0 to 100, for example 21."),
            )
        if self.burn_in_days is not None and self.burn_in_days < 0:
            raise OptionError(
                say("A burn-in of {days} days is not possible.", days=self.burn_in_days),
                accepted=say("Give 0 or more days; 0 says that the data has a beginning."),
            )
        if self.rates and self.currency is None:
            raise OptionError(
                say("Exchange rates were given, but not the currency to convert to."),
                accepted=say("Give the currency too, for example EUR."),
            )
        for code, rate in (self.rates or {}).items():
            if not (rate.is_finite() and rate > 0):
                raise OptionError(
                    say("{rate} is not an exchange rate for {code}.", rate=rate, code=code),
                    accepted=say("A rate is a number above 0."),
                )

    def _check_encoding(self) -> None:
        if self.encoding is None:
            return
        try:
            "".encode(self.encoding)
        except LookupError as error:
            raise OptionError(
                say("The encoding {encoding} is not known.", encoding=self.encoding),
                accepted=say("Give one such as utf-8, windows-1257, windows-1251 or gb18030."),
            ) from error


def _check_zone(name: str, zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise OptionError(
            say("{zone} in {name} is not a known time zone.", zone=zone, name=name),
            accepted=say("Give a name of the IANA list, for example Europe/Vilnius."),
        ) from error


def _check_choice(name: str, value: str | None, choices: tuple[str, ...]) -> None:
    if value is not None and value not in choices:
        raise OptionError(
            say("{value} is not a value of {name}.", value=value, name=name),
            accepted=say("Give one of: {choices}.", choices=", ".join(choices)),
        )
