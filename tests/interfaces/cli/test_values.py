"""Values of options are read as people write them, and refused with what would be accepted."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st

from regulars.interfaces.cli import values


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (values.day, "2024-02-29", date(2024, 2, 29)),
        (values.share, "60%", 0.6),
        (values.share, "60 %", 0.6),
        (values.share, "0.6", 0.6),
        (values.share, "0", 0.0),
        (values.share, "1", 1.0),
        (values.days, "90d", 90),
        (values.days, "90 D", 90),
        (values.days, "0", 0),
        (values.lookback, "Ever", "ever"),
        (values.lookback, "30", 30),
        (values.decimal, " 21 ", Decimal(21)),
        (values.ages, "1, 4,13", (1, 4, 13)),
    ],
)
def test_a_value_is_read(read: Callable[[str], object], text: str, value: object) -> None:
    assert read(text) == value


@pytest.mark.parametrize(
    ("read", "text", "accepted"),
    [
        (values.day, "2023-02-29", "2024-01-31"),
        (values.day, "31.01.2024", "2024-01-31"),
        (values.share, "120%", "60%"),
        (values.share, "-0.1", "60%"),
        (values.share, "NaN", "60%"),
        (values.share, "most", "60%"),
        (values.days, "-3", "90d"),
        (values.days, "3w", "90d"),
        (values.lookback, "never", "90d"),
        (values.decimal, "1e", "0.92"),
        (values.decimal, "inf", "0.92"),
        (values.ages, "1,,2", "1,4,13"),
        (values.ages, "1,b", "1,4,13"),
    ],
)
def test_a_value_is_refused_with_what_would_do(
    read: Callable[[str], object], text: str, accepted: str
) -> None:
    with pytest.raises(typer.BadParameter) as refused:
        read(text)
    assert text in refused.value.message
    assert accepted in refused.value.message


def test_rates_are_by_currency() -> None:
    assert values.rates(["usd=0.92,GBP=1.17"]) == {"USD": Decimal("0.92"), "GBP": Decimal("1.17")}


def test_a_heading_may_hold_a_comma() -> None:
    assert values.pairs(["amount=Summe, netto,customer_id=Kunde"]) == {
        "amount": "Summe, netto",
        "customer_id": "Kunde",
    }


def test_a_heading_may_hold_an_equals_sign() -> None:
    assert values.pairs(["amount=a=b"]) == {"amount": "a=b"}


def test_a_mapping_of_nothing_is_refused() -> None:
    with pytest.raises(typer.BadParameter, match="Write it as customer_id=Kunde"):
        values.pairs(["Kunde"])


WORD = st.text("abc_ .ü", min_size=1).map(str.strip).filter(bool)


@given(st.dictionaries(WORD, WORD))
def test_pairs_come_back_however_they_are_split(mapping: dict[str, str]) -> None:
    texts = [f"{name}={value}" for name, value in mapping.items()]
    assert values.pairs(texts) == mapping
    assert values.pairs([",".join(texts)] if texts else []) == mapping
