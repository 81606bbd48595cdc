"""Whole exports of known shops."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from order_files import read_text, reasons, rows_of
from regulars.warehouse.options import Reading

SHOPIFY = """
    Name,Email,Financial Status,Currency,Total,Taxes,Created at,Lineitem quantity,Lineitem name,Lineitem price,Refunded Amount
    #1001,ann@example.com,paid,EUR,36.30,6.30,2024-03-01 10:00:00 +0200,2,Cup,10.00,0.00
    #1001,ann@example.com,,,,,2024-03-01 10:00:00 +0200,1,Plate,10.00,
    #1002,bob@example.com,refunded,EUR,12.10,2.10,2024-03-02 23:30:00 -0500,1,Cup,10.00,12.10
    #1003,cid@example.com,voided,EUR,12.10,2.10,2024-03-03 10:00:00 +0200,1,Cup,10.00,0.00
    #1004,ann@example.com,partially_refunded,EUR,24.20,4.20,2024-03-04 10:00:00 +0200,2,Cup,10.00,12.10
"""  # noqa: E501 the export is that wide


def test_a_shopify_export_is_net_of_tax_and_refunds(tmp_path: Path) -> None:
    orders = read_text(tmp_path, SHOPIFY)
    assert rows_of(orders, "order_id", "customer_id", "ordered_on", "amount") == [
        ("#1001", "ann@example.com", date(2024, 3, 1), Decimal(30)),
        ("#1002", "bob@example.com", date(2024, 3, 3), Decimal(0)),
        ("#1004", "ann@example.com", date(2024, 3, 4), Decimal(10)),
    ]
    assert (orders.currency, orders.quality.amount_basis) == ("EUR", "net")
    assert any("Shopify" in str(note) for note in orders.quality.notes)


def test_a_voided_shopify_order_is_rejected_with_its_status(tmp_path: Path) -> None:
    ((line, column, value, reason),) = reasons(read_text(tmp_path, SHOPIFY))
    assert (line, column, value) == (5, "Financial Status", "voided")
    assert "never became a sale" in reason


def test_lines_of_a_shopify_order_are_worth_price_times_quantity(tmp_path: Path) -> None:
    lines = read_text(tmp_path, SHOPIFY).lines
    assert lines is not None
    rows = lines.order_by("line").to_pyarrow().to_pylist()
    found = [(row["order_id"], row["product_id"], row["amount"]) for row in rows[:2]]
    assert found == [("#1001", "Cup", Decimal(20)), ("#1001", "Plate", Decimal(10))]


def test_a_woocommerce_export_of_lines_is_summed_per_order(tmp_path: Path) -> None:
    text = """
        Order Number,Order Status,Order Date,Email (Billing),Order Total Amount,SKU,Item #,Item Cost,Quantity (- Refund)
        501,Completed,2024-01-05 10:00,ann@example.com,36.30,cup,1,10,2
        501,Completed,2024-01-05 10:00,ann@example.com,36.30,plate,2,10,1
        502,Cancelled,2024-01-06 10:00,bob@example.com,12.10,cup,1,10,1
    """  # noqa: E501 the export is that wide
    orders = read_text(tmp_path, text)
    assert rows_of(orders, "order_id", "customer_id", "amount") == [
        ("501", "ann@example.com", Decimal(30))
    ]
    assert [one[:3] for one in reasons(orders)] == [(4, "Order Status", "Cancelled")]


def test_a_woocommerce_order_export_is_net_of_tax(tmp_path: Path) -> None:
    text = """
        order_number,order_date,status,order_total,tax_total,order_currency,billing_email
        501,2024-01-05 10:00:00,completed,121.00,21.00,EUR,ann@example.com
        502,2024-01-05 10:00:00,pending,121.00,21.00,EUR,ann@example.com
    """
    orders = read_text(tmp_path, text)
    assert rows_of(orders, "amount") == [(Decimal(100),)]
    assert len(reasons(orders)) == 1


def test_a_woocommerce_analytics_export_is_read(tmp_path: Path) -> None:
    text = """
        Date,Order #,N. Revenue,Status,Customer,Customer type,Product(s),Items sold
        2024-01-05 10:00:00,501,100.00,completed,Ann Lee,new,2x Cup,2
    """
    orders = read_text(tmp_path, text)
    assert rows_of(orders, "order_id", "customer_id", "amount") == [
        ("501", "Ann Lee", Decimal(100))
    ]
    assert orders.lines is None


def test_a_prestashop_order_list_is_read_with_its_currency(tmp_path: Path) -> None:
    text = """
        ID;Reference;New client;Delivery;Customer;Total;Payment;Status;Date
        7;XKBKN;1;France;A. LEE;45,00 €;Card;Delivered;2024-01-05 10:00:00
        8;OHSAT;0;France;B. LEE;1 005,50 €;Card;Canceled;2024-01-06 10:00:00
    """
    orders = read_text(tmp_path, text)
    assert rows_of(orders, "order_id", "customer_id", "amount") == [("7", "A. LEE", Decimal(45))]
    assert (orders.currency, orders.quality.amount_basis) == ("EUR", "gross")


def test_a_prestashop_orders_table_is_read_net(tmp_path: Path) -> None:
    text = """
        id_order,reference,id_customer,total_paid,total_paid_tax_excl,date_add,current_state
        7,XKBKN,3,121.000000,100.000000,2024-01-05 10:00:00,5
        8,OHSAT,3,121.000000,100.000000,2024-01-06 10:00:00,6
    """
    orders = read_text(tmp_path, text)
    assert rows_of(orders, "order_id", "amount") == [("7", Decimal(100))]
    assert orders.quality.amount_basis == "net"


def test_the_online_retail_headings_are_read(tmp_path: Path) -> None:
    text = """
        InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
        536365,85123A,HEART,6,12/1/2010 8:26,2.55,17850,United Kingdom
        536365,71053,LANTERN,2,12/1/2010 8:26,3.39,17850,United Kingdom
        C536379,D,Discount,-1,12/13/2010 9:41,27.5,14527,United Kingdom
    """
    orders = read_text(tmp_path, text, Reading(keep=("Country",)))
    assert rows_of(orders, "order_id", "ordered_on", "amount", "Country") == [
        ("536365", date(2010, 12, 1), Decimal("22.08"), "United Kingdom")
    ]
    assert orders.quality.unmatched_refund_amount == Decimal("-27.5")
