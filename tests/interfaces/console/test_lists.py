"""What every list does: it sorts, narrows, pages and is downloaded, on the server alone."""

import csv
import re
from collections.abc import Iterator

import pytest
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext

from firm import make_firm
from regulars.apps.accounts.rules import Role
from regulars.apps.journal.queries import list_entries
from regulars.apps.people.operations import CustomerData, put_customers
from regulars.kernel.actors import COMMAND
from visitors import NOW, visitor

pytestmark = pytest.mark.django_db
LISTS = ("/orders", "/customers")


def page_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def ids_on(text: str) -> list[str]:
    return re.findall(r"\b[AC]-\d{4,6}\b", text[text.index("<tbody") : text.index("</tbody>")])


def saved(answer: HttpResponseBase) -> list[dict[str, str]]:
    text = b"".join(answer).decode("utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


def link(text: str, relation: str) -> str | None:
    found = re.search(rf'rel="{relation}" href="([^"]+)"', text)
    return found and found[1].replace("&amp;", "&")


def pages(client: Client, address: str, relation: str) -> Iterator[tuple[str, list[str]]]:
    there: str | None = address
    while there:
        text = page_of(client, there)
        yield there, ids_on(text)
        there = link(text, relation)


@pytest.mark.parametrize(
    "address",
    [
        *(f"/orders?sort={sort}" for sort in ("ordered_at", "-ordered_at", "amount", "-amount")),
        *(f"/customers?sort={sort}" for sort in ("name", "-name", "made", "-made", "-changed")),
    ],
)
def test_pages_forwards_and_back_hold_every_row_once_in_the_order_of_the_download(
    address: str,
) -> None:
    make_firm(orders=60, customers=60)
    client = visitor(Role.OWNER)
    forwards = list(pages(client, address, "next"))
    backwards = list(pages(client, forwards[-1][0], "prev"))
    rows = saved(client.get(f"{address}&as=csv"))
    assert [len(ids) for _, ids in forwards] == [25, 25, 10]
    assert [ids for _, ids in backwards] == [ids for _, ids in reversed(forwards)]
    assert [id_ for _, ids in forwards for id_ in ids] == [row["id"] for row in rows]


def test_a_list_is_sorted_by_its_headings_and_says_so() -> None:
    make_firm(orders=5)
    client = visitor(Role.AGENT)
    text = page_of(client, "/orders")
    assert text.count('aria-sort="descending"') == 1
    assert text.count('aria-sort="none"') == 1
    assert 'id="orders-by-amount" href="/orders?sort=-amount"' in text
    assert 'id="orders-by-ordered_at" href="/orders?sort=ordered_at"' in text


def test_amounts_are_sorted_within_their_currency() -> None:
    make_firm(orders=40)
    rows = saved(visitor(Role.OWNER).get("/orders?sort=amount&as=csv"))
    told = [(row["currency"], float(row["amount"])) for row in rows]
    assert told == sorted(told)
    assert {currency for currency, _ in told} == {"EUR", "GBP"}


def test_filters_narrow_the_page_its_count_and_the_download_alike() -> None:
    make_firm(orders=60)
    client = visitor(Role.OWNER)
    address = "/orders?channel=web&currency=EUR&least=100&since=2026-03-01&until=2026-10-31"
    rows = saved(client.get(f"{address}&as=csv"))
    assert rows
    for row in rows:
        assert (row["channel"], row["currency"]) == ("web", "EUR")
        assert float(row["amount"]) >= 100
        assert "2026-03-01" <= row["ordered_at"][:10] <= "2026-11-01"
    assert f"{len(rows)} row" in page_of(client, address)


def test_a_filter_that_cannot_be_read_is_said_and_leaves_nothing_out() -> None:
    make_firm(orders=3)
    text = page_of(visitor(Role.OWNER), "/orders?since=yesterday&store=Nowhere")
    assert "Enter a valid date." in text
    assert "3 rows" in text


def test_an_order_that_is_none_leaves_the_list_in_its_own() -> None:
    make_firm(orders=3)
    client = visitor(Role.OWNER)
    assert ids_on(page_of(client, "/orders?sort=secret")) == ids_on(page_of(client, "/orders"))


@pytest.mark.parametrize("address", [f"{path}?after=x" for path in LISTS])
def test_a_place_that_is_none_is_not_found(address: str) -> None:
    assert visitor(Role.OWNER).get(address).status_code == 404


@pytest.mark.parametrize("path", LISTS)
def test_a_list_takes_as_many_statements_for_fifty_rows_as_for_five(path: str) -> None:
    client = visitor(Role.OWNER)
    counts = []
    for size in (5, 60):
        make_firm(orders=size, customers=size)
        client.get(path)
        with CaptureQueriesContext(connection) as statements:
            client.get(f"{path}?rows=50")
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 16


@pytest.mark.parametrize("path", LISTS)
def test_a_script_gets_the_list_alone_at_the_same_address(path: str) -> None:
    make_firm(orders=5, customers=5)
    client = visitor(Role.OWNER)
    part = client.get(path, headers={"HX-Request": "true", "HX-Target": path[1:]})
    text = part.content.decode()
    assert text.lstrip().startswith(f'<section class="listing" id="{path[1:]}"')
    assert "<html" not in text
    assert ids_on(text) == ids_on(page_of(client, path))
    assert "HX-Target" in part["Vary"]


@pytest.mark.parametrize("path", LISTS)
def test_an_empty_list_says_what_to_do_next(path: str) -> None:
    assert 'class="empty"' in page_of(visitor(Role.OWNER), path)


def test_a_list_that_a_filter_emptied_offers_to_take_the_filter_away() -> None:
    make_firm(orders=1)
    text = page_of(visitor(Role.OWNER), "/customers?search=nobody+of+that+name")
    assert "Nothing fits" in text
    assert '<a href="/customers">Clear the filters</a>' in text


def test_no_spreadsheet_runs_what_a_customer_calls_himself() -> None:
    names = ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1", "Ona"]
    told = [CustomerData(id=f"={n}", name=name) for n, name in enumerate(names)]
    put_customers(told, actor=COMMAND, now=NOW)
    rows = saved(visitor(Role.OWNER).get("/customers?as=csv"))
    assert sorted(row["name"] for row in rows) == sorted(
        ["'=HYPERLINK(1)", "'+1", "'-1", "'@SUM(A1)", "'\t=1", "Ona"]
    )
    assert all(row["id"].startswith("'=") for row in rows)


def test_a_download_is_written_down_without_what_was_looked_for() -> None:
    client = visitor(Role.AUDITOR)
    b"".join(client.get("/customers?search=Ona&as=csv"))
    entry = list_entries(subject="customers")[0]
    assert (entry.verb, entry.data) == ("downloaded", {"by": ["search"]})


def test_amounts_and_times_are_saved_for_machines() -> None:
    make_firm(orders=1)
    row = saved(visitor(Role.OWNER).get("/orders?as=csv"))[0]
    assert re.fullmatch(r"\d+\.\d{4}", row["amount"])
    assert row["currency"] in {"EUR", "GBP"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0[02]:00", row["ordered_at"])
    assert row["refunded_currency"] == row["currency"]
