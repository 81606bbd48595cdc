"""The same from Python: paths, tables, answers with typed fields."""

from dataclasses import fields
from datetime import UTC, date, datetime
from pathlib import Path

import ibis
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import regulars
from drawn import drawn_once
from regulars.interfaces.python import ReadingOptions
from regulars.warehouse.sources import Source

ROWS = {
    "kunde": ["ann", "bob", "ann", "cid", "ann"],
    "am": ["2024-01-02", "2024-01-05", "2024-02-01", "2024-02-10", "2024-03-31"],
    "summe": [9.5, 12.0, 8.0, 20.0, 11.25],
}
COLUMNS = {"customer_id": "kunde", "ordered_at": "am", "amount": "summe"}


@pytest.mark.parametrize(
    "table",
    [pa.table(ROWS), pd.DataFrame(ROWS), pl.DataFrame(ROWS), ibis.memtable(pa.table(ROWS))],
    ids=["arrow", "pandas", "polars", "ibis"],
)
def test_a_table_is_read_as_a_file_is(table: Source, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    pd.DataFrame(ROWS).to_csv(path, index=False)
    from_table = regulars.growth(regulars.read_orders(table, columns=COLUMNS))
    from_file = regulars.growth(regulars.read_orders(path, columns=COLUMNS))
    assert from_table
    assert from_file
    assert from_table.records() == from_file.records()


def test_every_reading_option_can_be_given_by_name() -> None:
    assert list(ReadingOptions.__annotations__) == [
        field.name for field in fields(regulars.Reading)
    ]


def test_a_study_reads_by_itself(shop: Path) -> None:
    rate = regulars.retention(shop)
    assert rate
    assert rate.overall.rate is not None
    assert 0 <= rate.overall.rate.low <= rate.overall.rate.value <= rate.overall.rate.high <= 1


def test_an_answer_is_a_table_words_and_a_chart(shop: Path) -> None:
    growth = regulars.growth(shop)
    assert growth
    assert growth.table().num_rows == len(growth.records())
    assert growth.findings()
    assert growth.chart().to_dict()
    assert "<" in growth._repr_html_()


def test_a_report_is_written_with_the_time_it_is_given(shop: Path, tmp_path: Path) -> None:
    at = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
    with drawn_once():
        for name in ("one.html", "two.html"):
            picture = regulars.report(shop, tmp_path / name, title="Corner shop", generated_at=at)
            assert isinstance(picture, regulars.Picture)
    one, two = ((tmp_path / name).read_bytes() for name in ("one.html", "two.html"))
    assert one == two


def test_a_report_refuses_a_name_that_no_browser_opens(shop: Path, tmp_path: Path) -> None:
    with pytest.raises(regulars.OptionError, match=r"ends in \.html"):
        regulars.report(shop, tmp_path / "report.docx")


def test_no_answer_is_false_and_says_why() -> None:
    nobody = pa.table({"ordered_at": [date(2024, 1, 1)], "amount": [5.0]})
    answer = regulars.retention(nobody)
    assert not answer
    assert isinstance(answer, regulars.NotEnoughEvidence)
    assert str(answer.reason)
