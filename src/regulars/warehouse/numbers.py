"""Numbers as people write them: 1,234.56 and 1.234,56, with currency signs and brackets.

Which sign is the decimal one is told by the whole column: 12,5 and 1.234,56 can be read in one
way only. A number such as 1.234 is read like the others of its column; where none tells, the
point is the decimal sign and the comma parts thousands, and a note says so.
"""

from dataclasses import dataclass
from typing import Literal

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

MONEY = "decimal(18, 6)"
"""The type of every amount: exact, so that sums do not depend on the order of rows."""

_TOO_LARGE = 10**12
_DECIMALS = 6
_WIDE = "decimal(38, 8)"
_PLAIN = r"^-?\d+(?:\.\d{1,2})?$"
_WHOLE = r"^-?\d+$"
_SPACE = "[\\s\u00a0\u2007\u2009\u202f'\u2019]"
_BAD_GROUP = rf"\d{_SPACE}\d{{1,2}}(?:\D|$)|\d{_SPACE}\d{{4}}"
_SIGN = "[-\u2212+]"
_MARK = r"(?:[\p{L}]{1,4}\.?|\p{Sc}|[\p{L}]{1,2}\p{Sc})"
_DRESSED = rf"^\(?{_SIGN}?\(?{_MARK}?{_SIGN}?(\d[\d.,]*|[.,]\d+){_SIGN}?{_MARK}?{_SIGN}?\)?$"
_NEGATIVE = "^\\D*[-\u2212(]|[-\u2212]\\D*$"
_NOT_MARK = "[\\d.,()+\\-\u2212]"

_POINT = (
    r"^\d{1,3}(?:,\d{3})+\.\d+$|^\d{1,3}(?:,\d{3}){2,}$"
    r"|^\d*\.(?:\d{1,2}|\d{4,})$|^(?:0\d*|\d{4,})?\.\d{3}$"
)
_COMMA = (
    r"^\d{1,3}(?:\.\d{3})+,\d+$|^\d{1,3}(?:\.\d{3}){2,}$"
    r"|^\d*,(?:\d{1,2}|\d{4,})$|^(?:0\d*|\d{4,})?,\d{3}$"
)
_EITHER = r"^[1-9]\d{0,2}[.,]\d{3}$"
_WITH_POINT = r"^[1-9]\d{0,2}(?:,\d{3})+(?:\.\d*)?$|^\d*(?:\.\d*)?$"
_WITH_COMMA = r"^[1-9]\d{0,2}(?:\.\d{3})+(?:,\d*)?$|^\d*(?:,\d*)?$"

type DecimalSign = Literal[".", ","]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a column of numbers in text holds, counted.

    Attributes:
        point: Cells that can be read with a decimal point only.
        comma: Cells that can be read with a decimal comma only.
        either: Cells such as 1.234 or 1,234, which can be read in two ways.
    """

    point: int
    comma: int
    either: int

    @property
    def sign(self) -> DecimalSign | None:
        """The decimal sign of the column; None: it uses both."""
        if self.point and self.comma:
            return None
        return "," if self.comma else "."

    @property
    def guessed(self) -> bool:
        """Whether numbers that can be read in two ways had to be read by the rule."""
        return bool(self.either) and not (self.point or self.comma)


def survey(text: ir.StringColumn) -> dict[str, ir.IntegerScalar]:
    """What :class:`Seen` counts, as aggregates of a text column."""
    cell = text.strip()
    plain = cell.re_search(_PLAIN)
    # most columns are plain: only what is not is looked at closely
    body = plain.ifelse(ibis.null("string"), _body(cell))
    return {
        "point": _count(plain.ifelse(cell.contains("."), body.re_search(_POINT))),
        "comma": _count(body.re_search(_COMMA)),
        "either": _count(body.re_search(_EITHER)),
    }


def _count(condition: ir.BooleanValue) -> ir.IntegerScalar:
    return condition.ifelse(1, 0).sum().fill_null(0)


def written(
    table: ir.Table, name: str, sign: DecimalSign | None
) -> tuple[ir.Table, ir.DecimalColumn]:
    """Read a text column of a table; null where a cell is no number or could be two.

    Args:
        table: The table; a column ``name/body`` is added to it.
        name: The column.
        sign: The decimal sign; None: only numbers that can be read in one way are read.
    """
    cell = table[name].strip()
    simple = cell.re_search(_WHOLE if sign == "," else _PLAIN)
    table = table.mutate({f"{name}/body": simple.ifelse(ibis.null("string"), _body(cell))})
    cell, body = table[name].strip(), table[f"{name}/body"]
    amount = _digits(body, sign).try_cast(MONEY)
    return table, ibis.cases(
        (body.isnull(), cell.try_cast(MONEY)),
        (cell.re_search(_NEGATIVE), (-amount).cast(MONEY)),
        else_=amount,
    )


def _digits(body: ir.StringColumn, sign: DecimalSign | None) -> ir.StringColumn:
    """The number as the engine reads it."""
    with_point, with_comma = body.replace(",", ""), body.replace(".", "").replace(",", ".")
    match sign:
        case ".":
            return ibis.cases((body.re_search(_WITH_POINT), with_point))
        case ",":
            return ibis.cases((body.re_search(_WITH_COMMA), with_comma))
        case _:
            return ibis.cases(
                (body.re_search(_EITHER), ibis.null("string")),
                (body.re_search(_WITH_POINT), with_point),
                (body.re_search(_WITH_COMMA), with_comma),
            )


def _body(cell: ir.StringColumn) -> ir.StringColumn:
    """Digits, points and commas of a number, bare of sign and currency; empty: it is none."""
    tight = cell.re_replace(_SPACE, "")
    return cell.re_search(_BAD_GROUP).ifelse("", tight.re_extract(_DRESSED, 1))


def marks(text: ir.StringColumn) -> ir.StringColumn:
    """The currency sign or code that a cell carries; empty where it carries none."""
    bare = text.re_replace(_SPACE, "").re_replace(_NOT_MARK, "").upper()
    return text.re_search(_PLAIN).ifelse("", bare)


def typed(column: ir.NumericColumn) -> ir.DecimalColumn:
    """Read a column of numbers; null where a value is not finite or too large for money."""
    if isinstance(column.type(), dt.Decimal) and str(column.type()).startswith(MONEY):
        return column
    # not every engine has a cast that gives null instead of an error
    small = ibis.cases((column.abs() < _TOO_LARGE, column))
    return rounded(small) if isinstance(column.type(), dt.Floating) else small.try_cast(MONEY)


def rounded(value: ir.FloatingValue) -> ir.DecimalValue:
    """A float as money: to the nearest millionth, on engines that cut it off too."""
    near = value.round(_DECIMALS)
    if ibis.get_backend(value).name == "clickhouse":
        return near.cast("string").try_cast(MONEY)
    return near.try_cast(MONEY)


def times(amount: ir.DecimalValue, factor: ir.DecimalValue) -> ir.DecimalColumn:
    """A product as money, to the nearest millionth, halves away from zero.

    In 64 bits a price of 1,000 times a quantity of 10,000 is too large already: the decimals of
    both are kept until it is rounded.
    """
    product = amount.cast(_WIDE) * factor.cast(_WIDE)
    if ibis.get_backend(amount).name == "clickhouse":
        product = product.round(_DECIMALS)  # a cast there cuts off
    return product.cast(MONEY)


def whole(total: ir.NumericValue) -> ir.IntegerValue:
    """A sum of whole numbers as one of 64 bits: engines make sums wider than Ibis knows."""
    return total.cast("decimal(38, 0)").cast("int64")
