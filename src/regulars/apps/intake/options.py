"""How a source is to be read, in the library's words."""

from decimal import Decimal, InvalidOperation
from typing import cast

from regulars.apps.intake.rules import How
from regulars.kernel.errors import OptionError
from regulars.kernel.wording import say
from regulars.warehouse.currencies import known_currencies
from regulars.warehouse.options import DateOrder, DecimalSign, Reading

MEMORY = "512MB"
"""What the engine holds in memory; the rest lies on the disk."""


def reading_of(how: How) -> Reading:
    """The library's options.

    Raises:
        OptionError: One cannot be used.
    """
    if how.currency is not None and how.currency.upper() not in known_currencies():
        raise OptionError(
            say("{code} is no currency: give a code of ISO 4217.", code=how.currency)
        )
    return Reading(
        columns=how.columns,
        timezone=how.timezone,
        times_in=how.times_in,
        currency=how.currency,
        date_order=cast("DateOrder | None", how.date_order),
        decimal=cast("DecimalSign | None", how.decimal),
        vat=None if how.vat is None else _percent(how.vat),
        encoding=how.encoding,
        table=how.table,
        memory_limit=MEMORY,
    )


def _percent(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise OptionError(
            say("A VAT of {vat} percent cannot be taken off.", vat=text),
            accepted=say("Give a percentage from 0 to 100, for example 21."),
        ) from error
