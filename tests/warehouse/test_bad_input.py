"""Bad input gets a clear error and loses nothing."""

import gzip
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from order_files import read_text, reasons, rows_of, write
from regulars.kernel.errors import InputError
from regulars.warehouse.options import Reading
from regulars.warehouse.reading import read_orders

HEADING = "order_id,customer_id,ordered_at,amount\n"
GOOD = "1,a,2024-01-05,10\n"


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "")
    with pytest.raises(InputError, match=r"orders\.csv is empty"):
        read_orders(path)


def test_a_file_of_blanks_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("\n  \n")
    with pytest.raises(InputError, match="is empty"):
        read_orders(path)


def test_a_heading_without_rows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has a heading but no rows"):
        read_text(tmp_path, HEADING)


def test_unknown_headings_are_named_with_the_way_to_map_them(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        read_text(tmp_path, "foo,bar\n1,2\n")
    assert "foo, bar" in str(refused.value)
    assert "--columns ordered_at=" in str(refused.value)


def test_a_missing_amount_names_the_column(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="recognised as amount"):
        read_text(tmp_path, "order_id,date\n1,2024-01-01\n")


def test_two_headings_for_one_column_are_ambiguous(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="order number, invoice number"):
        read_text(tmp_path, "order number,invoice number,date,amount\n1,1,2024-01-01,5\n")


def test_dates_that_all_read_two_ways_are_refused(tmp_path: Path) -> None:
    text = HEADING + "1,a,03/04/2020,10\n2,a,05/06/2020,10\n"
    with pytest.raises(InputError, match="--date-order dmy"):
        read_text(tmp_path, text)
    orders = read_text(tmp_path, text, Reading(date_order="mdy"))
    assert rows_of(orders, "ordered_on") == [(date(2020, 3, 4),), (date(2020, 5, 6),)]


def test_one_telling_date_tells_the_order_of_all(tmp_path: Path) -> None:
    orders = read_text(tmp_path, HEADING + "1,a,03/04/2020,10\n2,a,13/04/2020,10\n")
    assert rows_of(orders, "ordered_on") == [(date(2020, 4, 3),), (date(2020, 4, 13),)]
    assert any("dmy" in str(note) for note in orders.quality.notes)


def test_mixed_date_formats_reject_the_rows_that_read_two_ways(tmp_path: Path) -> None:
    text = HEADING + "1,a,13/04/2020,1\n2,a,04/13/2020,1\n3,a,03/04/2020,1\n4,a,2020-04-14,1\n"
    orders = read_text(tmp_path, text)
    assert [one[:3] for one in reasons(orders)] == [(4, "ordered_at", "03/04/2020")]
    assert "two ways" in reasons(orders)[0][3]
    assert len(rows_of(orders, "ordered_on")) == 3


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("31/02/2024", "not a date"),
        ("01.02.24", "two digits"),
        ("1700000000", "not a date"),
        ("soon", "not a date"),
        ("1969-12-31", "before 1970"),
        ("2031-01-01", "in the future"),
        ("", "missing"),
    ],
)
def test_a_date_that_cannot_be_used_rejects_its_row(
    tmp_path: Path, value: str, reason: str
) -> None:
    text = HEADING + GOOD + f"2,a,{value},10\n"
    orders = read_text(tmp_path, text, Reading(now=date(2030, 1, 1)))
    ((line, column, shown, why),) = reasons(orders)
    assert (line, column, shown or "") == (3, "ordered_at", value)
    assert reason in why
    assert (orders.quality.rows, orders.quality.accepted) == (2, 1)


@pytest.mark.parametrize("value", ["NaN", "inf", "1e5", "ten", "12 34", "1,2,3", "99999999999999"])
def test_an_amount_that_is_no_number_rejects_its_row(tmp_path: Path, value: str) -> None:
    orders = read_text(tmp_path, HEADING + GOOD + f'2,a,2024-01-06,"{value}"\n')
    ((line, column, _, _),) = reasons(orders)
    assert (line, column) == (3, "amount")


def test_european_numbers_are_read(tmp_path: Path) -> None:
    text = """
        order_id;customer_id;ordered_at;amount
        1;a;2024-01-05;1.234,56
        2;a;2024-01-05;1.234
        3;a;2024-01-05;12,5
        4;a;2024-01-05;(7,50)
        4;a;2024-01-05;10
    """
    assert rows_of(read_text(tmp_path, text), "order_id", "amount") == [
        ("1", Decimal("1234.56")),
        ("2", Decimal(1234)),
        ("3", Decimal("12.5")),
        ("4", Decimal("2.5")),
    ]


def test_numbers_that_none_of_their_column_explains_follow_the_rule_with_a_note(
    tmp_path: Path,
) -> None:
    text = HEADING + "1,a,2024-01-05,1.234\n"
    orders = read_text(tmp_path, text)
    assert rows_of(orders, "amount") == [(Decimal("1.234"),)]
    assert any("two ways" in str(note) for note in orders.quality.notes)
    told = read_text(tmp_path, text, Reading(decimal=","))
    assert rows_of(told, "amount") == [(Decimal(1234),)]
    assert not told.quality.notes


def test_a_column_with_both_decimal_signs_rejects_what_reads_two_ways(tmp_path: Path) -> None:
    text = HEADING + '1,a,2024-01-05,"12,50"\n2,a,2024-01-05,12.50\n3,a,2024-01-05,1.234\n'
    orders = read_text(tmp_path, text)
    assert [one[:3] for one in reasons(orders)] == [(4, "amount", "1.234")]
    assert rows_of(orders, "amount") == [(Decimal("12.5"),), (Decimal("12.5"),)]


def test_several_currencies_are_refused_without_rates(tmp_path: Path) -> None:
    text = (
        "order_id,date,amount,currency\n1,2024-01-05,10,EUR\n2,2024-01-05,10,usd\n"
        "3,2024-01-05,10,XX1\n"
    )
    with pytest.raises(InputError, match="EUR, USD"):
        read_text(tmp_path, text)
    reading = Reading(currency="EUR", rates={"USD": Decimal("0.5")})
    orders = read_text(tmp_path, text, reading)
    assert (orders.quality.revenue, orders.currency) == (Decimal(15), "EUR")
    assert [one[:3] for one in reasons(orders)] == [(4, "currency", "XX1")]
    with pytest.raises(InputError, match="from USD to EUR"):
        read_text(tmp_path, text, Reading(currency="EUR"))


def test_currency_signs_tell_the_currency_and_two_are_refused(tmp_path: Path) -> None:
    orders = read_text(tmp_path, HEADING + "1,a,2024-01-05,€ 10\n2,a,2024-01-05,12.5\n")
    assert (orders.currency, orders.quality.revenue) == ("EUR", Decimal("22.5"))
    with pytest.raises(InputError, match="several currencies"):
        read_text(tmp_path, HEADING + "1,a,2024-01-05,€10\n2,a,2024-01-05,£12\n")


def test_a_zero_amount_is_a_purchase(tmp_path: Path) -> None:
    orders = read_text(tmp_path, HEADING + "1,a,2024-01-05,0\n")
    assert (orders.quality.orders, orders.quality.zero_orders) == (1, 1)


def test_without_a_customer_column_every_receipt_is_unidentified(tmp_path: Path) -> None:
    orders = read_text(tmp_path, "order_id,date,amount\n1,2024-01-05,10\n2,2024-01-06,10\n")
    quality = orders.quality
    assert (quality.accepted, quality.unidentified, quality.unidentified_orders) == (2, 2, 2)
    assert (quality.revenue, quality.identified_revenue) == (Decimal(20), Decimal(0))
    assert not quality.rejected


def test_a_receipt_without_a_customer_is_counted_not_rejected(tmp_path: Path) -> None:
    text = HEADING + GOOD + "2,,2024-01-05,5\n3,NULL,2024-01-05,5\n4, ,2024-01-05,5\n"
    quality = read_text(tmp_path, text).quality
    assert (quality.accepted, quality.unidentified) == (4, 3)
    assert (quality.identified_revenue, quality.revenue) == (Decimal(10), Decimal(25))


def test_a_very_large_field_is_read_or_rejected_with_its_row(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(HEADING + GOOD + f"2,a,2024-01-06,{'9' * 10_000_000}\n3,a,2024-01-07,1\n")
    orders = read_orders(path)
    ((line, column, value, _),) = reasons(orders)
    assert (line, column, len(value or "")) == (3, "amount", 200)
    assert orders.quality.orders == 2


def test_a_record_of_the_wrong_width_is_rejected_with_its_line(tmp_path: Path) -> None:
    text = HEADING + GOOD + "2,a,2024-01-06,12,50\n\n3,a\n4,a,2024-01-08,5,\n"
    orders = read_text(tmp_path, text)
    assert [one[:3] for one in reasons(orders)] == [
        (3, None, "2,a,2024-01-06,12,50"),
        (5, None, "3,a"),
    ]
    assert orders.quality.orders == 2


def test_a_quotation_mark_that_is_never_closed_is_refused_with_its_record(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="record 3"):
        read_text(tmp_path, HEADING + GOOD + '2,"a,2024-01-06,1\n3,a,2024-01-06,1\n')


def test_quotation_marks_that_make_no_sense_reject_their_row(tmp_path: Path) -> None:
    orders = read_text(tmp_path, HEADING + GOOD + '2,"a"b,2024-01-06,1\n3,a,2024-01-06,1\n')
    assert [one[0] for one in reasons(orders)] == [3]
    assert orders.quality.orders == 2


def test_another_encoding_is_refused_with_its_byte_until_it_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, HEADING + "1,Živilė,2024-01-05,10\n", encoding="windows-1257")
    with pytest.raises(InputError, match=r"byte 41 .*--encoding"):
        read_orders(path)
    orders = read_orders(path, Reading(encoding="windows-1257"))
    assert rows_of(orders, "customer_id") == [("Živilė",)]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_is_read_with_and_without_its_mark(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path, HEADING + "1,Živilė 客户,2024-01-05,10\n", encoding=encoding)
    assert rows_of(read_orders(path), "order_id", "customer_id") == [("1", "Živilė 客户")]


def test_a_truncated_gzip_is_refused(tmp_path: Path) -> None:
    whole = gzip.compress((HEADING + GOOD * 1000).encode())
    path = tmp_path / "orders.csv.gz"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match="cut short"):
        read_orders(path)


def test_a_truncated_parquet_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "orders.parquet"
    pq.write_table(pa.table({"date": [date(2024, 1, 1)], "amount": [1.0]}), path)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(InputError, match="not a whole Parquet"):
        read_orders(path)


def test_text_in_a_parquet_amount_rejects_its_rows(tmp_path: Path) -> None:
    path = tmp_path / "orders.parquet"
    table = pa.table({"date": [date(2024, 1, 1)] * 2, "amount": ["12.5", "a lot"]})
    pq.write_table(table, path)
    assert [one[:3] for one in reasons(read_orders(path))] == [(3, "amount", "a lot")]


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("amount", [[1.0]]),
        ("amount", [{"net": 1.0}]),
        ("amount", [True]),
        ("customer_id", [["a"]]),
        ("date", [True]),
    ],
)
def test_a_parquet_column_of_a_wrong_type_is_refused(
    tmp_path: Path, column: str, values: list[object]
) -> None:
    cells: dict[str, object] = {"date": [date(2024, 1, 1)], "amount": [1.0], "customer_id": ["a"]}
    path = tmp_path / "orders.parquet"
    pq.write_table(pa.table(cells | {column: values}), path)
    with pytest.raises(InputError, match=f"The column {column} holds"):
        read_orders(path)


def test_formulas_in_ids_stay_data(tmp_path: Path) -> None:
    orders = read_text(tmp_path, HEADING + "=1+1,@SUM(A1),2024-01-05,10\n")
    assert rows_of(orders, "order_id", "customer_id") == [("=1+1", "@SUM(A1)")]


def test_one_customer_with_one_order_is_read(tmp_path: Path) -> None:
    orders = read_text(tmp_path, HEADING + GOOD)
    assert orders.data_from == orders.as_of == date(2024, 1, 5)


def test_when_all_rows_are_rejected_the_first_reasons_are_told(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        read_text(tmp_path, HEADING + "1,a,never,10\n2,a,2024-01-05,much\n")
    assert "None of the 2 rows" in str(refused.value)
    assert "Line 2" in str(refused.value)
    assert "much" in str(refused.value)


def test_rejects_come_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = HEADING + "1,a,2024-01-05,10\n1,b,2024-01-05,10\n2,a,soon,1\n3,a,2024-01-05,1\n"
    orders = read_text(tmp_path, text)
    assert [one[0] for one in reasons(orders)] == [2, 3, 4]


def test_a_missing_order_id_rejects_its_row(tmp_path: Path) -> None:
    orders = read_text(tmp_path, HEADING + GOOD + ",a,2024-01-05,10\n")
    assert [one[:2] for one in reasons(orders)] == [(3, "order_id")]


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There is no file"):
        read_orders(tmp_path / "nothing.csv")


def test_a_folder_without_data_is_refused(tmp_path: Path) -> None:
    (tmp_path / "readme.md").write_text("hello")
    with pytest.raises(InputError, match="has no data files"):
        read_orders(tmp_path)
