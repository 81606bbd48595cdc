"""Numbers as people write them."""

from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.warehouse import numbers
from regulars.warehouse.engines import Engine, open_engine


@pytest.fixture(scope="module")
def engine() -> Engine:
    return open_engine()


def read(
    engine: Engine, cells: list[str], sign: numbers.DecimalSign | None
) -> list[Decimal | None]:
    table = engine.store(engine.connection.from_arrow(pa.table({"cell": cells})))
    table, value = numbers.written(table, "cell", sign)
    return table.select(value=value).to_pyarrow()["value"].to_pylist()  # type: ignore[no-any-return]


def seen(engine: Engine, cells: list[str]) -> numbers.Seen:
    table = engine.store(engine.connection.from_arrow(pa.table({"cell": cells})))
    (row,) = table.aggregate(**numbers.survey(table.cell)).to_pyarrow().to_pylist()
    return numbers.Seen(**row)


@pytest.mark.parametrize(
    ("cell", "point", "comma"),
    [
        ("12", "12", "12"),
        ("12.5", "12.5", None),
        ("12,5", None, "12.5"),
        ("1,234.56", "1234.56", None),
        ("1.234,56", None, "1234.56"),
        ("1 234,56", None, "1234.56"),
        ("1\u00a0234,56", None, "1234.56"),
        ("1'234.50", "1234.5", None),
        ("1.234", "1.234", "1234"),
        ("1,234", "1234", "1.234"),
        ("1,234,567", "1234567", None),
        ("0.500", "0.5", None),
        ("-3.10", "-3.1", None),
        ("(3.10)", "-3.1", None),
        ("3.10-", "-3.1", None),
        ("\u22123", "-3", "-3"),
        ("€ 3", "3", "3"),
        ("3 €", "3", "3"),
        ("-€3", "-3", "-3"),
        ("EUR 3", "3", "3"),
        ("3 zł", "3", "3"),
        ("kr. 3", "3", "3"),
        ("+3", "3", "3"),
        (".5", "0.5", None),
        ("12 34", None, None),
        ("1,2,3", None, None),
        ("1e5", None, None),
        ("1_000", None, None),
        ("NaN", None, None),
        ("Infinity", None, None),
        ("12%", None, None),
        ("999999999999999999", None, None),
        ("", None, None),
    ],
)
def test_a_cell_is_read_with_either_decimal_sign(
    engine: Engine, cell: str, point: str | None, comma: str | None
) -> None:
    for sign, expected in ((".", point), (",", comma)):
        value = None if expected is None else Decimal(expected)
        assert read(engine, [cell], sign) == [value]  # type: ignore[arg-type]  # both are signs


def european(amount: Decimal) -> str:
    return f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))


@settings(max_examples=20, deadline=None)
@given(
    amounts=st.lists(
        st.decimals(-(10**9), 10**9, places=2, allow_nan=False), min_size=1, max_size=30
    ),
    sign=st.sampled_from([".", ","]),
)
def test_a_column_of_amounts_tells_its_decimal_sign(
    engine: Engine, amounts: list[Decimal], sign: str
) -> None:
    cells = [european(amount) if sign == "," else f"{amount:,.2f}" for amount in amounts]
    found = seen(engine, cells)
    assert found.sign == sign
    assert not found.guessed
    assert read(engine, cells, found.sign) == amounts
