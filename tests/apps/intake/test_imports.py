"""Imports: whatever the source, the same records, each once."""

import gzip
import io
import json
import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter  # type: ignore[import-untyped]  # it has no types
from pytest_django import DjangoAssertNumQueries

from imports import EUROS, NOW, asked, counts, imported, ndjson, orders, refused, worked
from regulars.apps.intake.handing_back import rejects_as_csv, rejects_as_json
from regulars.apps.intake.operations import start_import, take_source
from regulars.apps.intake.queries import get_run, list_runs
from regulars.apps.intake.rules import Aim, How, Kind, Named, State
from regulars.apps.orders.queries import (
    find_cost,
    find_order,
    find_product,
    find_subscription,
    list_orders,
)
from regulars.apps.people.queries import find_customer
from regulars.kernel.actors import COMMAND
from regulars.kernel.errors import InputError, OptionError
from regulars.warehouse.samples import complete_journey

CSV = """order_id,customer_id,ordered_at,amount,store
1,ann,2026-01-02,10.50,Mill
2,bob,2026-01-03,7,Mill
3,ann,31.02.2026,9,Mill
4,,2026-01-05,x,Mill
"""
LINES = """basket,customer_id,date,sku,qty,amount
b1,ann,2026-01-02T10:00:00Z,milk,2,3.10
b1,ann,2026-01-02T10:00:00Z,bread,1,1.25
b2,bob,2026-07-02T10:00:00Z,milk,0,0
b2,bob,2026-07-02T10:00:00Z,tea,1,4
b1,ann,2026-01-09T10:00:00Z,milk,-1,-1.55
"""

pytestmark = pytest.mark.django_db


def test_a_table_becomes_orders_and_its_bad_rows_are_kept_as_they_stood() -> None:
    run = imported(CSV)
    assert (run.state, counts(run)) == (State.DONE, (4, 2, 2, 0, 0))
    row = find_order("1")
    assert row is not None
    assert (row.customer_id, row.amount, row.currency) == ("ann", Decimal("10.5"), "EUR")
    headings = ("order_id", "customer_id", "ordered_at", "amount", "store")
    assert [(one.line, one.row) for one in refused(run)] == [
        (4, dict(zip(headings, ("3", "ann", "31.02.2026", "9", "Mill"), strict=True))),
        (5, dict(zip(headings, ("4", None, "2026-01-05", "x", "Mill"), strict=True))),
    ]
    assert "This is not a date" in refused(run)[0].reason


def test_lines_become_an_order_and_what_came_back_a_refund() -> None:
    run = imported(LINES, how=How(currency="eur", columns={"order_id": "basket"}))
    assert (run.reason, counts(run)) == (None, (5, 0, 3, 0, 0))
    row = find_order("b1")
    assert row is not None
    assert [(line.line, line.product_id, line.amount) for line in row.lines] == [
        ("1", "milk", Decimal("3.10")),
        ("2", "bread", Decimal("1.25")),
    ]
    assert (row.amount, row.refunded) == (Decimal("4.35"), Decimal("1.55"))
    free = find_order("b2")
    assert free is not None
    assert free.lines[0].quantity == 0


def test_days_and_offsets_are_those_of_the_firms_zone() -> None:
    imported(
        "order_id,ordered_at,amount\n1,2026-01-02,5\n2,2026-07-02 10:00,5\n",
        how=How(currency="EUR", timezone="Europe/Vilnius", times_in="Europe/Vilnius"),
    )
    assert [row.ordered_at.isoformat() for row in list_orders()] == [
        "2026-01-02T00:00:00+02:00",
        "2026-07-02T10:00:00+03:00",
    ]


def test_the_same_file_twice_changes_nothing_and_says_so() -> None:
    first = imported(CSV)
    before = list_orders()
    again = imported(CSV)
    assert (again.same_as, counts(again)) == (first.id, (4, 2, 0, 0, 2))
    assert list_orders() == before


def test_rows_without_ids_are_known_again_by_what_they_say() -> None:
    text = "customer_id,date,amount\nann,2026-01-02,5\nann,2026-01-02,5\nbob,2026-01-03,6\n"
    assert counts(imported(text)) == (3, 0, 3, 0, 0)
    longer = imported(text + "cid,2026-01-04,7\n")
    assert counts(longer) == (4, 0, 1, 0, 3)


def test_several_currencies_are_kept_apart() -> None:
    imported("order_id,date,amount,currency\n1,2026-01-02,5,EUR\n2,2026-01-02,5,usd\n", how=How())
    assert [row.currency for row in list_orders()] == ["EUR", "USD"]


def test_amounts_of_no_currency_are_refused_as_a_whole() -> None:
    run = imported(CSV, how=How())
    assert (run.state, run.written) == (State.FAILED, False)
    assert "Give the currency" in str(run.reason)
    assert list_orders() == []


def test_what_came_back_beyond_what_was_paid_is_refused_with_its_row() -> None:
    # on one row the order would be worth less than nothing
    run = imported("order_id,date,amount,refunded\n1,2026-01-02,5,9\n2,2026-01-02,5,-5\n")
    assert [row.line for row in refused(run)] == [2]
    assert "-4" in refused(run)[0].reason
    assert [(row.id, row.amount) for row in list_orders()] == [("2", Decimal(0))]


def test_a_malformed_cell_in_any_column_costs_its_order_alone() -> None:
    good = {
        "order_id": "1",
        "customer_id": "ann",
        "date": "2026-01-02",
        "product_id": "milk",
        "line": "1",
        "quantity": "2",
        "amount": "3.50",
        "currency": "EUR",
        "store": "Mill",
        "channel": "web",
        "category": "dairy",
    }
    malformed = [
        ("order_id", "x" * 201),
        ("order_id", "a\u200bb"),
        ("customer_id", "y" * 201),
        ("store", "z" * 101),
        ("channel", "z" * 101),
        ("category", "z" * 201),
        ("product_id", "p" * 201),
        ("line", "l" * 61),
        ("quantity", "-2"),
        ("currency", "EURO"),
        ("date", "31.02.2026"),
        ("amount", "1.2.3"),
    ]
    bad = [
        good | {"order_id": f"bad{place}", heading: value}
        for place, (heading, value) in enumerate(malformed)
    ]
    run = imported("\n".join(";".join(row) for row in (good, *(r.values() for r in (good, *bad)))))
    assert (run.reason, counts(run)) == (None, (13, 12, 1, 0, 0))
    for row, (heading, value) in zip(refused(run), malformed, strict=True):
        assert row.row is not None
        assert row.row[heading] == value
        assert row.reason


def test_a_preview_writes_nothing_and_an_import_goes_on_from_it() -> None:
    run = imported(CSV, aim=Aim.PREVIEW)
    assert (run.state, run.read, run.rejected, run.written) == (State.READY, 4, 2, False)
    assert run.findings.columns["order_id"] == "order_id"
    assert run.findings.rows[0]["customer_id"] == "ann"
    assert list_orders() == []
    start_import(run.id, actor=COMMAND, now=NOW)
    worked()
    assert counts(get_run(run.id)) == (4, 2, 2, 0, 0)


def test_a_preview_shows_what_there_is_where_columns_are_missing() -> None:
    run = imported("Bon,Wann,Wieviel\n1,2026-01-02,5\n", aim=Aim.PREVIEW)
    assert run.state is State.READY
    assert "ordered_at" in str(run.findings.problem)
    assert list(run.findings.headings) == ["Bon", "Wann", "Wieviel"]
    assert "ordered_at" in run.findings.known
    mapped = How(
        currency="EUR", columns={"order_id": "Bon", "ordered_at": "Wann", "amount": "Wieviel"}
    )
    start_import(run.id, actor=COMMAND, now=NOW, how=mapped)
    worked()
    done = get_run(run.id)
    assert (done.state, done.findings.problem, counts(done)) == (State.DONE, None, (1, 0, 1, 0, 0))


def test_a_trial_counts_what_would_be_done_and_does_nothing() -> None:
    imported(CSV)
    more = CSV.replace("10.50", "11") + "5,eve,2026-01-06,1,Mill\n"
    run = imported(more, aim=Aim.TRIAL)
    assert (run.state, counts(run)) == (State.DONE, (5, 2, 1, 1, 1))
    assert find_customer("eve") is None
    assert len(list_orders()) == 2
    start_import(run.id, actor=COMMAND, now=NOW)
    worked()
    assert counts(get_run(run.id)) == (5, 2, 1, 1, 1)
    assert len(list_orders()) == 3


@pytest.mark.parametrize("form", ["csv", "json"])
def test_rejected_rows_are_mended_and_sent_again(form: str) -> None:
    run = imported(CSV)
    write = rejects_as_csv if form == "csv" else rejects_as_json
    mended = "".join(write(run.id)).replace("31.02.2026", "2026-02-03").replace("x,", "8,")
    again = imported(mended.replace('"x"', '"8"'), name=f"mended.{form}")
    assert (again.reason, counts(again)) == (None, (2, 0, 2, 0, 0))
    assert [row.id for row in list_orders()] == ["1", "2", "3", "4"]


def test_a_broken_row_is_handed_back_as_text() -> None:
    run = imported(CSV + "6,ann,2026-01-02,5,Mill,more,and more\n")
    assert refused(run)[-1].text == "6,ann,2026-01-02,5,Mill,more,and more"
    assert "6,ann" in "".join(rejects_as_csv(run.id))


def test_a_download_runs_no_formula() -> None:
    run = imported("order_id,date,amount\n=1+1,x,5\n2,2026-01-02,-x\n3,2026-01-02,5\n")
    text = "".join(rejects_as_csv(run.id))
    assert "'=1+1" in text
    assert "'-x" in text


def test_a_workbook_a_gzip_a_parquet_file_and_a_database_say_the_same(tmp_path: Path) -> None:
    rows = [("order_id", "customer_id", "date", "amount"), ("1", "ann", "2026-01-02", "5")]
    book = io.BytesIO()
    with xlsxwriter.Workbook(book) as workbook:
        sheet = workbook.add_worksheet()
        for place, row in enumerate(rows):
            sheet.write_row(place, 0, row)
    text = "\n".join(",".join(row) for row in rows).encode()
    with closing(sqlite3.connect(tmp_path / "shop.db")) as database:
        database.execute("CREATE TABLE sales (order_id, customer_id, date, amount)")
        database.execute("INSERT INTO sales VALUES (?, ?, ?, ?)", rows[1])
        database.commit()
    contents = [text, book.getvalue(), gzip.compress(text), (tmp_path / "shop.db").read_bytes()]
    found = [counts(imported(content)) for content in contents]
    assert found == [(1, 0, 1, 0, 0), *[(1, 0, 0, 0, 1)] * 3]


def test_a_table_of_a_database_is_imported_by_its_address(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "shop.db")) as database:
        database.execute("CREATE TABLE sales (order_id, customer_id, date, amount)")
        database.execute(
            "INSERT INTO sales VALUES ('1', 'ann', '2026-01-02', 5), (2, 'b', '?', 1)"
        )
        database.commit()
    url = f"sqlite:///{tmp_path}/shop.db?table=sales"
    number = take_source(
        Named(url, "shop"), Kind.ORDERS, EUROS, aim=Aim.IMPORT, actor=COMMAND, now=NOW
    )
    worked()
    run = get_run(number)
    assert (run.reason, counts(run)) == (None, (2, 1, 1, 0, 0))


def test_a_file_that_changed_since_it_was_named_is_not_imported(tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(CSV, encoding="utf-8")
    told = Named(str(file), file.name, digest="0" * 64)
    number = take_source(told, Kind.ORDERS, EUROS, aim=Aim.IMPORT, actor=COMMAND, now=NOW)
    worked()
    assert "not what it was" in str(get_run(number).reason)


def test_customers_keep_the_columns_of_the_firm() -> None:
    text = (
        "customer_id,name,language,birthday,tier,points\n"
        "ann,Ann Šimkus,lt,1990-05-17,gold,12\n"
        "bob,Bob,xx-??,--02-29,silver,3\n"
        "cid,Cid,,30.02.1991,silver,3\n"
    )
    run = imported(text, Kind.CUSTOMERS, How())
    assert (run.reason, counts(run)[:3]) == (None, (3, 2, 1))
    row = find_customer("ann")
    assert row is not None
    assert (row.name, row.attributes) == ("Ann Šimkus", {"tier": "gold", "points": "12"})
    assert row.birthday is not None
    assert (row.birthday.year, row.birthday.month, row.birthday.day) == (1990, 5, 17)
    assert [one.faults[0].field for one in refused(run)] == ["language", "birthday"]
    again = imported(text, Kind.CUSTOMERS, How())
    assert counts(again) == (3, 2, 0, 0, 1)


def test_products_refunds_subscriptions_and_costs_are_read_too() -> None:
    imported("sku,name,category\nmilk,Milk,dairy\n,No id,x\n", Kind.PRODUCTS, How())
    imported("id,order number,date,amount\nr1,1,23.02.2026,1.5\n", Kind.REFUNDS)
    imported(CSV)
    imported(
        "contract,client_id,from,to,price,interval\ns1,ann,2026-01-01,,9.99,monthly\n",
        Kind.SUBSCRIPTIONS,
    )
    imported(
        "id,kind,from,to,amount,currency\nk1,Acquire,2026-01-01,2026-01-31,900,eur\n",
        Kind.COSTS,
        How(),
    )
    assert [(run.kind.value, run.reason) for run in list_runs() if run.reason] == []
    product, order = find_product("milk"), find_order("1")
    subscription, cost = find_subscription("s1"), find_cost("k1")
    assert product is not None
    assert order is not None
    assert subscription is not None
    assert cost is not None
    assert (product.category, order.refunded) == ("dairy", Decimal("1.5"))
    assert (subscription.every.value, subscription.currency) == ("month", "EUR")
    assert (cost.kind.value, cost.currency) == ("acquire", "EUR")


def test_an_option_that_cannot_be_used_is_refused_at_once() -> None:
    with pytest.raises(OptionError, match="Mars/Olympus"):
        asked(CSV, how=How(timezone="Mars/Olympus"))
    with pytest.raises(OptionError, match="EURO is no currency"):
        asked(CSV, how=How(currency="EURO"))


def test_what_is_no_table_fails_with_its_reason() -> None:
    run = imported(bytes(range(256)) * 40)
    assert run.state is State.FAILED
    assert run.reason is not None


def test_an_import_that_is_not_there_is_named() -> None:
    with pytest.raises(InputError, match="There is no import 7"):
        get_run(7)


def test_a_list_costs_the_same_number_of_queries_at_any_length(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(3):
        asked(CSV)
    with django_assert_num_queries(2):
        list_runs(limit=1)
    with django_assert_num_queries(2):
        list_runs(limit=3)


@pytest.mark.slow
def test_a_year_of_a_grocer_is_imported_as_the_library_reads_it(tmp_path: Path) -> None:
    import pyarrow.parquet as pq  # noqa: PLC0415 - here alone

    file = tmp_path / "some.parquet"
    table = pq.read_table(complete_journey()).slice(0, 40_000)
    pq.write_table(table, file)
    run = imported(file, how=How(currency="USD"))
    assert (run.reason, run.read, run.rejected) == (None, 40_000, 0)
    baskets = set(table["basket_id"].to_pylist())
    assert run.created == len(baskets)
    told = sum(Decimal(str(round(value, 2))) for value in table["sales_value"].to_pylist())
    rows = list_orders(limit=100_000)
    assert sum(row.amount for row in rows) == told
    assert sum(len(row.lines) for row in rows) == 40_000


def test_bodies_of_the_api_become_orders() -> None:
    run = imported(ndjson(*orders(7)), how=How(), name="orders.ndjson")
    assert (run.reason, counts(run)) == (None, (7, 0, 7, 0, 0))
    assert json.loads(ndjson(*orders(1)))["id"] == list_orders()[0].id
