"""Amounts in one currency, net of VAT and of refunds."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from regulars.kernel.errors import InputError
from regulars.kernel.wording import Message, say
from regulars.warehouse import aliases
from regulars.warehouse.currencies import currency_of_mark
from regulars.warehouse.headings import normal
from regulars.warehouse.numbers import MONEY, marks, rounded, times
from regulars.warehouse.options import Reading
from regulars.warehouse.parsing import known_text
from regulars.warehouse.records import Records

_NET = frozenset(map(normal, aliases.NET))
_GROSS = frozenset(map(normal, aliases.GROSS))
_SURELY_GROSS = frozenset(map(normal, aliases.SURELY_GROSS))
_WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True)
class Money:
    """The currency of a source.

    Attributes:
        currency: The one currency, where it is known before the orders are settled.
        rates: What one unit of each other currency is worth in it.
        notes: What a careful reader should know.
    """

    currency: str | None
    rates: Mapping[str, Decimal]
    notes: tuple[Message, ...] = ()


type Basis = str


def takes_tax(records: Records, reading: Reading) -> bool:
    """Whether the tax column is part of the amounts and is to be taken off."""
    if "tax" not in records.columns or "tax" in reading.columns:
        return "tax" in records.columns
    shop = next((found.shop for found in records.found if found.shop), None)
    heading = normal(records.columns.get("amount", ""))
    return (shop is not None and shop.gross) or heading in _GROSS


def basis_of(records: Records, reading: Reading) -> Basis:
    """Whether the amounts are net of VAT as far as the source and the user say."""
    heading = normal(records.columns.get("amount", ""))
    if reading.vat is not None or takes_tax(records, reading) or heading in _NET:
        return "net"
    shop = next((found.shop for found in records.found if found.shop), None)
    if heading in _SURELY_GROSS or (shop is not None and shop.gross):
        return "gross"
    return "as given"


def net_amount(
    judged: ir.Table, raw: ir.DecimalColumn, records: Records, reading: Reading
) -> ir.DecimalColumn:
    """What an order or line is worth: less its refund, less the tax in what remains.

    ``(amount - refunded) * (amount - tax) / amount``, or ``(amount - refunded) / (1 + vat)``: a
    refund includes its share of the tax, so a fully refunded order is worth nothing.
    """
    zero = ibis.literal(Decimal(0), MONEY)
    kept = raw
    if "refunded" in judged.columns:
        # exports write refunds as positive or as negative numbers
        kept = (raw - judged.read_refunded.abs().fill_null(zero)).cast(MONEY)
    if takes_tax(records, reading):
        tax = judged.read_tax.fill_null(zero)
        part = rounded(
            kept.cast("float64") * (raw - tax).cast("float64") / raw.cast("float64").nullif(0)
        )
        return ibis.cases(
            (kept == raw, (raw - tax).cast(MONEY)), (raw == 0, kept), else_=part
        ).cast(MONEY)
    if reading.vat is not None:
        share = float(1 + reading.vat / _WHOLE)
        return rounded(kept.cast("float64") / share)
    return kept


def convert(amount: ir.DecimalColumn, judged: ir.Table, money: Money) -> ir.DecimalColumn:
    """Amounts in the currency asked for."""
    if not money.rates:
        return amount
    code = known_text(judged.currency).upper()
    worth = [
        (code == other, times(amount, ibis.literal(rate, "decimal(18, 8)")))
        for other, rate in money.rates.items()
    ]
    return ibis.cases(*worth, else_=amount)


def currency_of(base: ir.Table, reading: Reading) -> Money:
    """The currency that the user or the signs beside the amounts tell.

    Raises:
        InputError: There are several and no rates, or one has no rate.
    """
    if "currency" in base.columns:
        return _from_column(base, reading)
    if "amount" not in base.columns or not isinstance(base.amount.type(), dt.String):
        return Money(reading.currency, {})
    return _from_marks(base, reading)


def _from_column(base: ir.Table, reading: Reading) -> Money:
    if reading.currency is None:
        return Money(None, {})  # known when the orders are settled
    target = reading.currency.upper()
    rates = {code.upper(): rate for code, rate in (reading.rates or {}).items()}
    codes = _distinct(known_text(base.currency).upper())
    missing = [code for code in codes if currency_of_mark(code) == code and code != target]
    missing = [code for code in missing if code not in rates]
    if missing:
        raise InputError(
            say(
                "There is no exchange rate from {codes} to {currency}.",
                codes=", ".join(missing),
                currency=target,
            ),
            accepted=say("Give the rate of each currency, for example USD=0.92."),
        )
    used = {code: rate for code, rate in rates.items() if code in codes and code != target}
    return Money(target, used)


def _from_marks(base: ir.Table, reading: Reading) -> Money:
    found = [mark for mark in _distinct(marks(base.amount)) if mark]
    known = [currency_of_mark(mark.rstrip(".")) for mark in found]
    codes = sorted({code for code in known if code is not None})
    if len(codes) > 1:
        raise several_currencies(codes)
    if reading.currency is not None or not codes:
        return Money(reading.currency, {})
    note = say("The currency {currency} was told by the sign beside amounts.", currency=codes[0])
    return Money(codes[0], {}, (note,))


def _distinct(column: ir.StringColumn) -> list[str]:
    table = column.name("code").as_table().distinct().limit(1000)
    return sorted(code for code in table.to_pyarrow()["code"].to_pylist() if code is not None)


def several_currencies(codes: list[str]) -> InputError:
    """The refusal of amounts that cannot be added."""
    return InputError(
        say("The amounts are in several currencies: {codes}.", codes=", ".join(codes)),
        accepted=say("Give the currency to convert to and the rates, for example USD=0.92."),
    )
