"""The same orders from every kind of source."""

import gzip
import json
import shutil
import sqlite3
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import ibis
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter  # type: ignore[import-untyped]  # it has no types

from factories import orders_of
from order_files import clock, read_text, reasons, rows_of, write
from regulars.kernel.errors import InputError, OptionError
from regulars.warehouse.opening import name_of
from regulars.warehouse.options import Reading
from regulars.warehouse.reading import as_orders, read_orders

HEADINGS = ("order_id", "customer_id", "ordered_at", "amount", "store")
ROWS = (
    ("o1", "17850", "2024-01-05 10:30:00", "1234.56", "North"),
    ("o2", "17851", "2024-01-06 00:00:00", "0.1", None),
    ("o3", None, "2024-02-29 23:59:59", "7", "South"),
    ("o3", None, "2024-02-29 23:59:59", "-2", "South"),
    ("o4", "17850", "2024-03-01 08:00:00", "3", "North"),
)
EXPECTED = [
    ("o1", "17850", clock("2024-01-05 10:30:00"), date(2024, 1, 5), Decimal("1234.56"), "North"),
    ("o2", "17851", clock("2024-01-06 00:00:00"), date(2024, 1, 6), Decimal("0.1"), None),
    ("o3", None, clock("2024-02-29 23:59:59"), date(2024, 2, 29), Decimal(5), "South"),
    ("o4", "17850", clock("2024-03-01 08:00:00"), date(2024, 3, 1), Decimal(3), "North"),
]


def delimited(folder: Path, separator: str, name: str) -> Path:
    lines = [separator.join(HEADINGS)]
    lines += [separator.join(cell or "" for cell in row) for row in ROWS]
    path = folder / name
    path.write_text("\r\n".join(lines))
    return path


def frame() -> pd.DataFrame:
    table = pd.DataFrame(ROWS, columns=list(HEADINGS))
    table["ordered_at"] = pd.to_datetime(table["ordered_at"])
    table["amount"] = table["amount"].astype(float)
    table["customer_id"] = table["customer_id"].astype(float)  # as pandas does with gaps
    return table


def json_lines(folder: Path) -> Path:
    path = folder / "orders.jsonl"
    rows = [dict(zip(HEADINGS, row, strict=True)) for row in ROWS]
    lines = [json.dumps(row | {"amount": float(str(row["amount"]))}) for row in rows]
    path.write_text("\n".join(lines))
    return path


def workbook(folder: Path) -> Path:
    path = folder / "orders.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Notes")
        sheet = book.add_worksheet("Orders")
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        sheet.write_row(0, 0, HEADINGS)
        for place, (order, customer, at, amount, store) in enumerate(ROWS, 1):
            sheet.write_string(place, 0, order)
            if customer:
                sheet.write_number(place, 1, float(customer))
            sheet.write_datetime(place, 2, datetime.fromisoformat(at), moment)
            sheet.write_number(place, 3, float(amount))
            if store:
                sheet.write_string(place, 4, store)
    return path


def parquet(folder: Path) -> Path:
    path = folder / "orders.parquet"
    table = pa.Table.from_pandas(frame(), preserve_index=False)
    place = table.schema.get_field_index("customer_id")
    ids = pa.array([None if row[1] is None else int(row[1]) for row in ROWS], pa.int64())
    pq.write_table(table.set_column(place, "customer_id", ids), path)
    return path


def gzipped(folder: Path) -> Path:
    path = folder / "orders.csv.gz"
    path.write_bytes(gzip.compress(delimited(folder, ",", "plain.csv").read_bytes()))
    return path


def gzipped_under_another_name(folder: Path) -> Path:
    path = folder / "orders.data"
    path.write_bytes(gzip.compress(workbook(folder).read_bytes()))
    return path


def sqlite(folder: Path) -> str:
    path = folder / "shop.db"
    with sqlite3.connect(path) as base:
        base.execute(
            "CREATE TABLE sales (order_id, customer_id INTEGER, ordered_at, amount, store)"
        )
        base.executemany("INSERT INTO sales VALUES (?, ?, ?, CAST(? AS REAL), ?)", ROWS)
        base.execute("CREATE TABLE other (id)")
    base.close()
    return f"sqlite:///{path}?table=sales"


def duck(folder: Path) -> str:
    path = folder / "shop.duckdb"
    with duckdb.connect(str(path)) as base:
        base.execute(
            "CREATE TABLE sales (order_id TEXT, customer_id BIGINT, ordered_at TIMESTAMP,"
            " amount DECIMAL(12, 2), store TEXT)"
        )
        base.executemany("INSERT INTO sales VALUES (?, ?, ?, ?, ?)", [list(row) for row in ROWS])
    return f"duckdb:///{path}"


def folder_of_months(folder: Path) -> Path:
    months = folder / "months"
    months.mkdir()
    whole = delimited(folder, ",", "whole.csv").read_text().splitlines()
    (months / "a.csv").write_text("\n".join([whole[0], *whole[1:3]]))
    (months / "b.tsv").write_text("\n".join([whole[0], *whole[3:]]).replace(",", "\t"))
    (months / "notes.md").write_text("not data")
    return months


SOURCES: dict[str, Callable[[Path], object]] = {
    "csv": lambda folder: delimited(folder, ",", "orders.csv"),
    "csv as text path": lambda folder: str(delimited(folder, ",", "orders.csv")),
    "semicolons": lambda folder: delimited(folder, ";", "orders.csv"),
    "tabs": lambda folder: delimited(folder, "\t", "orders.tsv"),
    "bars": lambda folder: delimited(folder, "|", "orders.txt"),
    "gzip": gzipped,
    "gzip under another name": gzipped_under_another_name,
    "json lines": json_lines,
    "excel": workbook,
    "parquet": parquet,
    "folder": folder_of_months,
    "sqlite": sqlite,
    "duckdb": duck,
    "pandas": lambda _: frame(),
    "polars": lambda _: pl.DataFrame(ROWS, schema=list(HEADINGS), orient="row"),
    "arrow": lambda folder: pq.read_table(parquet(folder)),
    "ibis": lambda folder: ibis.memtable(pq.read_table(parquet(folder))),
}


@pytest.mark.parametrize("kind", SOURCES)
def test_every_source_gives_the_same_orders(tmp_path: Path, kind: str) -> None:
    orders = read_orders(SOURCES[kind](tmp_path))  # type: ignore[arg-type]  # each is a source
    found = [
        (order, None if customer is None else str(customer), *rest)
        for order, customer, *rest in rows_of(
            orders, "order_id", "customer_id", "ordered_at", "ordered_on", "amount", "store"
        )
    ]
    assert found == EXPECTED
    quality = orders.quality
    assert (quality.rows, quality.accepted, quality.orders, quality.unidentified) == (5, 5, 4, 2)
    assert (orders.data_from, orders.as_of) == (date(2024, 1, 5), date(2024, 3, 1))


def test_whole_number_ids_of_typed_sources_stay_numbers(tmp_path: Path) -> None:
    assert read_orders(parquet(tmp_path)).purchases.customer_id.type().is_integer()


def test_ids_that_a_data_frame_made_floats_lose_the_point(tmp_path: Path) -> None:
    orders = read_text(tmp_path, "customer_id,date,amount\n17850.0,2024-01-05,1\n,2024-01-05,1\n")
    assert rows_of(orders, "customer_id") == [("17850",), (None,)]


def test_each_reject_remembers_its_file(tmp_path: Path) -> None:
    heading = "order_id,date,amount\n"
    write(tmp_path, heading + "1,2024-01-01,5\n2,soon,5\n", "a.csv")
    write(tmp_path, "order_id,invoice date,amount\n1,2024-01-01,6\n3,2024-01-01,5\n", "b.csv")
    orders = read_orders(tmp_path)
    assert [(one.source, one.line, one.column) for one in orders.quality.rejected] == [
        ("a.csv", 2, "order_id"),
        ("a.csv", 3, "date"),
        ("b.csv", 2, "order_id"),
    ]


def test_a_file_of_a_folder_without_a_needed_column_is_named(tmp_path: Path) -> None:
    write(tmp_path, "date,amount\n2024-01-01,5\n", "a.csv")
    write(tmp_path, "date,colour\n2024-01-01,red\n", "b.csv")
    with pytest.raises(InputError, match=r"b\.csv"):
        read_orders(tmp_path)


def test_generated_order_ids_of_several_files_do_not_meet(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        write(tmp_path, "date,amount\n2024-01-01,5\n", name)
    assert read_orders(tmp_path).quality.orders == 2


def test_files_of_several_kinds_in_a_folder_go_together(tmp_path: Path) -> None:
    write(tmp_path, 'order_id,date,amount\n1,05.01.2024,"1,5"\n2,31.01.2024,2\n', "a.csv")
    pq.write_table(
        pa.table({"order_id": [7], "date": [date(2024, 2, 1)], "amount": [2.5]}),
        tmp_path / "b.parquet",
    )
    orders = read_orders(tmp_path)
    assert reasons(orders) == []
    assert orders.quality.revenue == 6
    assert orders.as_of == date(2024, 2, 1)


def test_a_line_of_json_that_is_no_object_is_rejected(tmp_path: Path) -> None:
    text = (
        '{"date": "2024-01-01", "amount": 1e2}\n[1]\n{"date": \n\n{"amount": "5", "date": null}\n'
    )
    orders = read_orders(write(tmp_path, text, "orders.jsonl"))
    assert [one[:2] for one in reasons(orders)] == [(3, None), (4, None), (6, "date")]
    assert orders.quality.revenue == 100


def test_a_sheet_can_be_named_and_a_wrong_name_lists_the_sheets(tmp_path: Path) -> None:
    path = workbook(tmp_path)
    assert read_orders(path, Reading(table="Orders")).quality.orders == 4
    with pytest.raises(OptionError, match="Notes, Orders"):
        read_orders(path, Reading(table="Sales"))


def test_a_damaged_workbook_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path)
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(InputError, match="not a whole Excel"):
        read_orders(path)


def test_a_database_with_several_tables_lists_them(tmp_path: Path) -> None:
    url = sqlite(tmp_path).partition("?")[0]
    with pytest.raises(InputError, match="other, sales"):
        read_orders(url)
    with pytest.raises(InputError, match="no table nothing"):
        read_orders(url, Reading(table="nothing"))
    assert read_orders(url, Reading(table="sales")).quality.orders == 4


def test_a_database_file_is_known_by_its_content(tmp_path: Path) -> None:
    sqlite(tmp_path)
    path = shutil.copy(tmp_path / "shop.db", tmp_path / "shop.bin")
    assert read_orders(path, Reading(table="sales")).quality.orders == 4


def test_an_unknown_kind_of_database_is_refused() -> None:
    with pytest.raises(InputError, match="oracle"):
        read_orders("oracle://db/shop?table=orders")


def test_a_database_that_does_not_answer_is_refused_without_its_password() -> None:
    url = "postgresql://ann:secret@localhost:1/shop?table=orders"
    with pytest.raises(InputError) as refused:
        read_orders(url)
    assert "secret" not in str(refused.value)
    assert "secret" not in name_of(url)


def test_a_quoted_heading_and_a_line_break_in_a_cell_are_read(tmp_path: Path) -> None:
    text = (
        '"Order ID","Customer","Date","Amount"\n1,"Ann\nLee",2024-01-05,"1,000.50"\n2,b,soon,1\n'
    )
    orders = read_text(tmp_path, text)
    assert rows_of(orders, "customer_id", "amount") == [("Ann\nLee", Decimal("1000.5"))]
    assert [one[0] for one in reasons(orders)] == [3]


def test_blank_lines_count_as_lines_and_are_no_records(tmp_path: Path) -> None:
    orders = read_text(tmp_path, "date,amount\n\n2024-01-05,1\n\n,\nsoon,1\n")
    assert orders.quality.rows == 2
    assert [one[0] for one in reasons(orders)] == [6]


def test_orders_are_passed_on_as_they_are() -> None:
    orders = orders_of([("a", date(2024, 1, 1), 5)])
    assert as_orders(orders) is orders


def test_a_bare_source_is_read_with_nothing_told(tmp_path: Path) -> None:
    assert as_orders(parquet(tmp_path)).quality.orders == 4


def test_progress_goes_from_nothing_to_all(tmp_path: Path) -> None:
    told: list[float | None] = []
    read_orders(parquet(tmp_path), progress=lambda _, share=None: told.append(share))
    assert (told[0], told[-1]) == (0.0, 1.0)
