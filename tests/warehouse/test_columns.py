"""Columns by name, by position and by the user's word; amounts net or gross."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from order_files import read_text, rows_of, write
from regulars.kernel.errors import InputError, OptionError
from regulars.warehouse import aliases
from regulars.warehouse.headings import normal
from regulars.warehouse.options import Reading
from regulars.warehouse.reading import read_orders


@pytest.mark.parametrize(
    "heading",
    [
        "Užsakymo nr.,Kliento kodas,Užsakymo data,Suma",
        "Pasūtījuma numurs,Klienta kods,Pasūtījuma datums,Summa",
        "Номер заказа,Код клиента,Дата заказа,Сумма",
        "订单号,客户编号,下单时间,金额",
        "BASKET_ID,household key,Transaction Timestamp,SALES_VALUE",
        "orderId,customerId,orderedAt,amount",
    ],
)
def test_headings_are_known_in_five_languages(tmp_path: Path, heading: str) -> None:
    orders = read_text(tmp_path, f"{heading}\n1,a,2024-01-05,10\n")
    assert rows_of(orders, "order_id", "customer_id", "ordered_on", "amount") == [
        ("1", "a", date(2024, 1, 5), Decimal(10))
    ]
    assert list(orders.quality.columns.values()) == heading.split(",")


@pytest.mark.parametrize("table", [aliases.ORDERS, aliases.SPANS, aliases.CUSTOMERS])
def test_no_heading_stands_for_two_columns(table: dict[str, aliases.Ranks]) -> None:
    owners: dict[str, set[str]] = {}
    for column, ranks in table.items():
        for heading in (heading for rank in ranks for heading in rank):
            owners.setdefault(normal(heading), set()).add(column)
    assert {name: found for name, found in owners.items() if len(found) > 1} == {}


def test_the_users_mapping_wins_over_a_known_heading(tmp_path: Path) -> None:
    text = "date,amount,Kunde Nr,customer_id,paid\n2024-01-05,10,k1,c1,12\n"
    reading = Reading(columns={"customer_id": "Kunde Nr", "amount": "PAID"})
    orders = read_text(tmp_path, text, reading)
    assert rows_of(orders, "customer_id", "amount") == [("k1", Decimal(12))]
    assert orders.quality.ignored == ("amount", "customer_id")


def test_a_mapping_to_a_heading_that_is_not_there_lists_the_headings(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="It has: date, amount"):
        read_text(tmp_path, "date,amount\n2024-01-05,1\n", Reading(columns={"amount": "Summe"}))


def test_a_mapping_of_an_unknown_column_lists_the_columns(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="Map one of: order_id, customer_id"):
        read_text(tmp_path, "date,amount\n2024-01-05,1\n", Reading(columns={"colour": "date"}))


def test_positions_read_a_file_without_headings(tmp_path: Path) -> None:
    reading = Reading(columns={"customer_id": "1", "ordered_at": "2", "amount": "4"})
    orders = read_text(tmp_path, "00001 19970101 1 11.77\n00002 soon 5 12.00\n", reading)
    assert rows_of(orders, "customer_id", "amount") == [("00001", Decimal("11.77"))]
    assert [(one.line, one.column) for one in orders.quality.rejected] == [(2, "2")]


def test_positions_pass_a_heading_that_is_there(tmp_path: Path) -> None:
    reading = Reading(columns={"ordered_at": "2", "amount": "1"})
    orders = read_text(tmp_path, "what,when\n5,2024-01-05\n6,soon\n", reading)
    assert orders.quality.orders == 1
    assert [(one.line, one.column) for one in orders.quality.rejected] == [(3, "when")]


def test_a_position_beyond_the_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="It has 2 columns"):
        read_text(tmp_path, "5,2024-01-05\n", Reading(columns={"ordered_at": "2", "amount": "9"}))


def test_price_times_quantity_is_the_amount_where_there_is_none(tmp_path: Path) -> None:
    orders = read_text(tmp_path, "date,unit price,qty\n2024-01-05,2.55,6\n")
    assert rows_of(orders, "amount") == [(Decimal("15.3"),)]


def test_refunds_of_their_own_column_are_taken_off(tmp_path: Path) -> None:
    text = "date,amount,refunded\n2024-01-05,10,4\n2024-01-06,10,-10\n2024-01-07,10,\n"
    assert rows_of(read_text(tmp_path, text), "amount") == [
        (Decimal(0),),
        (Decimal(10),),
        (Decimal(6),),
    ]


def test_tax_is_taken_off_a_total_but_not_off_an_amount(tmp_path: Path) -> None:
    total = read_text(tmp_path, "date,total,tax\n2024-01-05,121,21\n")
    assert (total.quality.revenue, total.quality.amount_basis) == (Decimal(100), "net")
    amount = read_text(tmp_path, "date,amount,tax\n2024-01-05,121,21\n")
    assert (amount.quality.revenue, amount.quality.amount_basis) == (Decimal(121), "as given")
    told = read_text(
        tmp_path, "date,amount,tax\n2024-01-05,121,21\n", Reading(columns={"tax": "tax"})
    )
    assert (told.quality.revenue, told.quality.amount_basis) == (Decimal(100), "net")


def test_vat_is_taken_off_by_its_percentage(tmp_path: Path) -> None:
    text = "date,gross amount\n2024-01-05,121\n"
    assert read_text(tmp_path, text).quality.amount_basis == "gross"
    net = read_text(tmp_path, text, Reading(vat=Decimal(21)))
    assert (net.quality.revenue, net.quality.amount_basis) == (Decimal(100), "net")


def test_the_net_amount_is_preferred_to_the_total(tmp_path: Path) -> None:
    orders = read_text(tmp_path, "date,total,net amount\n2024-01-05,121,100\n")
    assert (orders.quality.revenue, orders.quality.amount_basis) == (Decimal(100), "net")


def test_columns_are_kept_for_segments_by_the_name_asked_for(tmp_path: Path) -> None:
    text = "date,amount,City,channel\n2024-01-05,1,Riga,web\n"
    orders = read_text(tmp_path, text, Reading(keep=("city", "channel")))
    assert rows_of(orders, "city", "channel") == [("Riga", "web")]
    with pytest.raises(OptionError, match="no column called age"):
        read_text(tmp_path, text, Reading(keep=("age",)))


def test_products_give_lines_their_category(tmp_path: Path) -> None:
    products = write(tmp_path, "product_id,category\n1,tea\n2,coffee\n", "products.csv")
    text = "order_id,date,amount,product_id\n1,2024-01-05,5,1\n1,2024-01-05,6,3\n"
    orders = read_text(tmp_path, text, Reading(products=products))
    assert orders.lines is not None
    rows = orders.lines.order_by("product_id").to_pyarrow().to_pylist()
    assert [(row["product_id"], row["category"]) for row in rows] == [("1", "tea"), ("3", None)]


def test_customers_bring_their_columns_and_the_day_they_joined(tmp_path: Path) -> None:
    text = "Customer ID,Member since,City\n7.0,31.12.2020,Riga\n8.0,,Kaunas\n8.0,,Vilnius\n"
    customers = write(tmp_path, text, "customers.csv")
    orders = read_text(
        tmp_path, "date,amount,customer\n2024-01-05,5,7\n", Reading(customers=customers)
    )
    assert orders.customers is not None
    rows = orders.customers.order_by("customer_id").to_pyarrow().to_pylist()
    assert rows == [
        {"customer_id": "7", "joined_at": date(2020, 12, 31), "City": "Riga"},
        {"customer_id": "8", "joined_at": None, "City": "Kaunas"},
    ]
    known = orders.purchases.inner_join(orders.customers, "customer_id").to_pyarrow()
    assert known.num_rows == 1


def test_a_customer_who_joined_on_no_day_is_refused(tmp_path: Path) -> None:
    customers = write(tmp_path, "customer_id,joined_at\na,2020-01-01\nb,soon\n", "customers.csv")
    with pytest.raises(InputError, match="Line 3 of the customers: soon"):
        read_text(tmp_path, "date,amount\n2024-01-05,5\n", Reading(customers=customers))


def test_a_memory_limit_is_obeyed_or_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "date,amount\n2024-01-05,5\n")
    assert read_orders(path, Reading(memory_limit="200MB")).quality.orders == 1
    with pytest.raises(OptionError, match="memory limit"):
        read_orders(path, Reading(memory_limit="a lot"))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"timezone": "Europe/Atlantis"}, "time zone"),
        ({"times_in": "../etc"}, "time zone"),
        ({"date_order": "ydm"}, "date_order"),
        ({"decimal": ";"}, "decimal"),
        ({"vat": Decimal(100)}, "VAT"),
        ({"burn_in_days": -1}, "burn-in"),
        ({"rates": {"USD": Decimal(1)}}, "currency to convert to"),
        ({"currency": "EUR", "rates": {"USD": Decimal(0)}}, "exchange rate"),
        ({"encoding": "latin-99"}, "encoding"),
    ],
)
def test_an_option_that_cannot_be_used_is_refused(
    options: dict[str, object], message: str
) -> None:
    with pytest.raises(OptionError, match=message):
        Reading(**options)  # type: ignore[arg-type]  # wrong on purpose
