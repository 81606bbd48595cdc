"""Answers as files: safe in a spreadsheet, and nothing lost."""

import csv
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from regulars.interfaces.cli.downloads import defused, save_table
from regulars.kernel.errors import OptionError

DEFUSED = re.compile(r"'+[=+\-@\t\r\n]")


def original(cell: str) -> str:
    """What a defused cell was: one apostrophe less."""
    return cell[1:] if DEFUSED.match(cell) else cell


@pytest.mark.parametrize("start", list("=+-@\t\r\n"))
def test_a_text_that_could_run_gets_an_apostrophe(start: str) -> None:
    table = defused(pa.table({"customer_id": [f"{start}cmd"]}))
    assert table["customer_id"].to_pylist() == [f"'{start}cmd"]


def test_other_texts_and_numbers_stay() -> None:
    table = pa.table({"id": ["7", "a=b", "", None, "'tis"], "n": [-1.5, 2.0, None, 0.0, 1.0]})
    assert defused(table).equals(table)


@given(st.lists(st.text()))
def test_every_text_comes_back(texts: list[str]) -> None:
    cells = defused(pa.table({"id": pa.array(texts, pa.string())}))["id"].to_pylist()
    assert [original(cell) for cell in cells] == texts
    assert not [cell for cell in cells if cell[:1] in set("=+-@\t\r\n")]


def test_a_csv_file_holds_the_rows(tmp_path: Path) -> None:
    table = pa.table(
        {
            "customer_id": ["=1+1", 'say "hi", you', None],
            "on": [date(2024, 1, 31), None, date(2024, 2, 1)],
            "amount": [Decimal("-1.50"), Decimal("2.00"), None],
            "trend": [[1, 2], [], None],
        }
    )
    save_table(table, tmp_path / "rows.csv")
    with (tmp_path / "rows.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows == [
        ["customer_id", "on", "amount", "trend"],
        ["'=1+1", "2024-01-31", "-1.50", "[1, 2]"],
        ['say "hi", you', "", "2.00", "[]"],
        ["", "2024-02-01", "", ""],
    ]


def test_a_parquet_file_holds_the_rows_as_they_are(tmp_path: Path) -> None:
    table = pa.table({"customer_id": ["=1+1"], "trend": [[1, 2]]})
    save_table(table, tmp_path / "rows.PARQUET")
    assert parquet.read_table(tmp_path / "rows.PARQUET").equals(table)


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match=r"\.csv or \.parquet"):
        save_table(pa.table({"a": [1]}), tmp_path / "rows.xlsx")
    assert list(tmp_path.iterdir()) == []
