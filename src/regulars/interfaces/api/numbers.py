"""Amounts in the API: text, so that no float comes between."""

from decimal import Decimal

_CENTS = 2


def plain(amount: Decimal) -> str:
    """An amount as text: two decimal places, more where they say something.

    >>> plain(Decimal("12.5000")), plain(Decimal("0.1250")), plain(Decimal("3"))
    ('12.50', '0.125', '3.00')
    """
    bare = amount.normalize()
    places = max(_CENTS, -int(bare.as_tuple().exponent))
    return f"{bare:.{places}f}"
