"""Imports in the console: looked at, corrected, taken in, mended, taken back."""

import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from imports import EUROS, imported, ndjson, order, worked
from regulars.apps.accounts.rules import Role
from regulars.apps.intake.operations import start_import, watch_source
from regulars.apps.intake.queries import get_run, list_connections, list_runs
from regulars.apps.intake.rules import Aim, How, Kind, State, Watched
from regulars.apps.orders.queries import count_sales
from regulars.kernel.actors import COMMAND
from visitors import NOW, visitor

pytestmark = pytest.mark.django_db
EVIL = "<img src=x onerror=alert(1)>"
SHOP = (
    "Bon,Karte,Kaufdatum,Summe EUR\n"
    "B1,k1,01.02.2026,10.50\n"
    f"B2,{EVIL},31.02.2026,11.50\n"
    "B3,k2,03.02.2026,12.50\n"
)
CHOSEN = {
    "column_order_id": "Bon",
    "column_customer_id": "Karte",
    "column_ordered_at": "Kaufdatum",
    "column_amount": "Summe EUR",
    "currency": "EUR",
}


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, settings: Settings) -> Path:
    settings.DATA_FOLDER = tmp_path
    return tmp_path


@pytest.fixture
def manager() -> Client:
    return visitor(Role.MANAGER)


def file(text: str | bytes, name: str = "till.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text)


def send(client: Client, path: str, **told: object) -> str:
    """The page that comes after a form."""
    answer = client.post(path, told, follow=True)
    assert answer.status_code == 200, path
    return str(answer.content.decode())


def shown(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def looked_at(client: Client, text: str = SHOP, kind: Kind = Kind.ORDERS) -> int:
    """The number of a file that was sent and that a worker has looked at."""
    send(client, "/imports/new", kind=kind, file=file(text), currency="EUR")
    worked()
    return list_runs()[0].id


def taken_in(client: Client) -> int:
    """The number of an import that is done, with one row rejected."""
    number = looked_at(client)
    send(client, f"/imports/{number}/start", do="import", **CHOSEN)
    worked()
    return number


def test_a_file_is_looked_at_before_anything_is_taken_in(manager: Client) -> None:
    number = looked_at(manager)
    text = shown(manager, f"/imports/{number}")
    assert (get_run(number).state, count_sales()) == (State.READY, 0)
    for words in ("to be checked", "The first rows", "Kaufdatum", "03.02.2026", "Look again"):
        assert words in text, words


def test_columns_that_nobody_recognises_are_chosen_and_looked_at_again(manager: Client) -> None:
    number = looked_at(manager)
    assert "no column" in shown(manager, f"/imports/{number}").lower()
    send(manager, f"/imports/{number}/start", do="look", **CHOSEN)
    worked()
    run = get_run(number)
    assert (run.state, run.read, run.rejected, count_sales()) == (State.READY, 3, 1, 0)
    text = shown(manager, f"/imports/{number}")
    assert "Rejected rows" in text
    assert '<option value="Bon" selected>' in text


def test_looking_again_without_a_change_writes_nothing(manager: Client) -> None:
    number = looked_at(manager)
    for _ in range(3):
        send(manager, f"/imports/{number}/start", do="look", **CHOSEN)
        worked()
    assert (get_run(number).state, count_sales()) == (State.READY, 0)


def test_what_was_looked_at_is_taken_in_with_its_counts(manager: Client) -> None:
    number = taken_in(manager)
    text = shown(manager, f"/imports/{number}")
    run = get_run(number)
    assert (run.state, run.created, run.rejected) == (State.DONE, 2, 1)
    assert count_sales() == 2
    assert "Undo the import" in text
    assert "Kaufdatum" in text


def test_what_was_recognised_and_left_is_not_read_twice(manager: Client) -> None:
    number = looked_at(manager, "order_id,customer_id,ordered_at,amount\n1,a,2026-01-02,3\n")
    how = get_run(number).how
    told = {
        f"column_{name}": heading for name, heading in get_run(number).findings.columns.items()
    }
    send(manager, f"/imports/{number}/start", do="import", currency="EUR", **told)
    assert get_run(number).how == how
    assert get_run(number).share is not None


def test_rejected_rows_are_handed_out_mended_and_taken_in(manager: Client) -> None:
    number = taken_in(manager)
    answer = manager.get(f"/imports/{number}/rejects")
    mend = b"".join(answer).decode()
    assert "rejected_because" in mend
    send(
        manager,
        f"/imports/{number}/mended",
        file=file(mend.replace("31.02.2026", "28.02.2026")),
    )
    worked()
    mended = list_runs()[0]
    assert (mended.id, mended.state, mended.read, mended.rejected) == (
        number + 1,
        State.READY,
        1,
        0,
    )
    start_import(mended.id, actor=COMMAND, now=NOW)
    worked()
    assert count_sales() == 3


def test_mended_rows_are_read_without_the_encoding_and_the_sheet_of_the_source(
    manager: Client,
) -> None:
    how = How(currency="EUR", encoding="cp1257")
    run = imported("order_id,ordered_at,amount\nĄ,x,1\n".encode("cp1257"), how=how)
    send(manager, f"/imports/{run.id}/mended", file=file("order_id,ordered_at,amount\nĄ,x,1\n"))
    assert list_runs()[0].how == EUROS


def test_rejected_lines_of_json_are_handed_out_as_such(manager: Client) -> None:
    run = imported(ndjson(order(1), order(2, ordered_at="never")), name="a.ndjson")
    answer = manager.get(f"/imports/{run.id}/rejects")
    assert answer["Content-Type"] == "application/x-ndjson"
    assert b'"row": {' in b"".join(answer)


def test_lines_of_json_are_taken_in_without_columns_to_choose(manager: Client) -> None:
    send(manager, "/imports/new", kind="orders", file=file(ndjson(order(1)), "a.ndjson"))
    worked()
    number = list_runs()[0].id
    send(manager, f"/imports/{number}/start", do="import")
    worked()
    assert get_run(number).created == 1


def test_an_import_is_taken_back_once_it_was_asked(manager: Client) -> None:
    number = taken_in(manager)
    assert "Undo the import of till.csv?" in shown(manager, f"/imports/{number}/undo")
    assert get_run(number).state is State.DONE
    send(manager, f"/imports/{number}/undo")
    worked()
    assert (get_run(number).state, count_sales()) == (State.UNDONE, 0)
    assert "0 restored" in shown(manager, f"/imports/{number}")


def test_one_that_failed_says_why_and_is_tried_again(manager: Client) -> None:
    run = imported("nothing,here\n1,2\n")
    assert run.state is State.FAILED
    text = shown(manager, f"/imports/{run.id}")
    assert "Try again" in text
    assert "Its headings are: nothing, here" in text
    send(manager, f"/imports/{run.id}/retry")
    assert get_run(run.id).state is State.WAITING


def test_what_cannot_be_done_is_said_on_the_page_of_the_import(manager: Client) -> None:
    number = taken_in(manager)
    assert "Give the number of one that failed." in send(manager, f"/imports/{number}/retry")
    refused = send(manager, f"/imports/{number}/start", do="import", **CHOSEN)
    assert "Give the number of one that was looked at or tried." in refused


def test_progress_is_asked_for_until_it_is_over(manager: Client) -> None:
    send(manager, "/imports/new", kind="orders", file=file(SHOP), currency="EUR")
    number = list_runs()[0].id
    assert 'hx-trigger="every 2s"' in shown(manager, f"/imports/{number}")
    asks = {"HX-Request": "true", "HX-Target": "progress"}
    answer = manager.get(f"/imports/{number}", headers=asks)
    assert "<html" not in answer.content.decode()
    assert "HX-Refresh" not in answer
    worked()
    assert manager.get(f"/imports/{number}", headers=asks)["HX-Refresh"] == "true"
    assert "hx-trigger" not in shown(manager, f"/imports/{number}")


def test_nothing_of_a_file_becomes_part_of_the_page(manager: Client) -> None:
    text = SHOP.replace("Karte", EVIL)
    send(manager, "/imports/new", kind="orders", file=file(text, f"{EVIL}.csv"), currency="EUR")
    worked()
    number = list_runs()[0].id
    chosen = CHOSEN | {"column_customer_id": EVIL}
    pages = [shown(manager, f"/imports/{number}"), shown(manager, "/imports")]
    send(manager, f"/imports/{number}/start", do="import", **chosen)
    worked()
    pages += [shown(manager, f"/imports/{number}"), shown(manager, f"/imports/{number}/undo")]
    for page in pages:
        assert "&lt;img" in page
        assert "<img src=x" not in page


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"kind": "orders"}, "This field is required."),
        ({"kind": "weather", "file": "a"}, "weather is not one of the available choices."),
        ({"kind": "orders", "file": "a", "currency": "XXQ"}, "XXQ is no currency"),
        ({"kind": "orders", "file": ""}, "The submitted file is empty."),
    ],
)
def test_a_file_that_cannot_be_asked_for_is_refused_in_the_form(
    manager: Client, told: dict[str, str], said: str
) -> None:
    sent = {name: file(text) if name == "file" else text for name, text in told.items()}
    assert said in send(manager, "/imports/new", **sent)
    assert list_runs() == []


def test_a_file_that_is_too_large_is_refused_in_the_form(
    manager: Client, settings: Settings
) -> None:
    settings.LARGEST_UPLOAD = 10
    text = send(manager, "/imports/new", kind="orders", file=file(SHOP))
    assert "The file is larger than 10 bytes." in text
    assert list_runs() == []


def test_a_heading_that_is_not_in_the_file_is_refused_in_the_form(manager: Client) -> None:
    number = looked_at(manager)
    chosen = CHOSEN | {"column_amount": "Elsewhere"}
    text = send(manager, f"/imports/{number}/start", do="import", **chosen)
    assert "Elsewhere is not one of the available choices." in text
    assert get_run(number).state is State.READY


def test_the_list_is_narrowed_and_read_from_both_ends(manager: Client) -> None:
    for kind in (Kind.ORDERS, Kind.CUSTOMERS, Kind.ORDERS):
        imported("customer_id,ordered_at,amount\na,2026-01-01,1\n", kind=kind)
    assert "2 rows" in shown(manager, "/imports?kind=orders")
    assert "1 row" in shown(manager, "/imports?kind=customers&state=done")
    assert "Nothing fits" in shown(manager, "/imports?state=failed")
    rows = [
        re.findall(r'href="/imports/(\d+)"', shown(manager, f"/imports?sort={sort}"))
        for sort in ("-asked_at", "asked_at")
    ]
    assert rows[0] == rows[1][::-1]
    assert len(rows[0]) == 3
    assert manager.get("/imports?after=x").status_code == 404


def test_pages_take_as_many_statements_for_thirty_imports_as_for_three(manager: Client) -> None:
    counts = []
    for size in (3, 27):
        for number in range(size):
            name = f"{size}-{number}"
            imported(f"customer_id\n{name}\n", kind=Kind.CUSTOMERS, aim=Aim.PREVIEW, name=name)
            watched = Watched(name=name, kind=Kind.ORDERS, url="postgresql://h/d?table=t")
            watch_source(watched, actor=COMMAND, now=NOW)
        manager.get("/imports")
        with CaptureQueriesContext(connection) as statements:
            manager.get("/imports?rows=50")
            manager.get("/imports/sources")
            manager.get("/imports/1")
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_whoever_reads_alone_sees_no_way_to_write(manager: Client) -> None:
    number = taken_in(manager)
    text = shown(visitor(Role.AUDITOR), f"/imports/{number}")
    assert "Download the rejected rows" in text
    for words in ("Undo the import", "Send the mended rows", "Import a file"):
        assert words not in text


def test_a_database_is_watched_paused_and_removed() -> None:
    owner = visitor(Role.OWNER)
    url = "postgresql://reader:${REGULARS_SOURCE_TILL}@db.example/shop?table=sales"
    told = {"name": "till", "kind": "orders", "url": url, "minutes": "15", "currency": "EUR"}
    text = send(owner, "/imports/sources/new", **told)
    assert "every 15 minutes" in text
    row = list_connections()[0]
    assert (row.url, row.is_active, row.how.currency) == (url, True, "EUR")
    assert "till is watched already." in send(owner, "/imports/sources/new", **told)
    assert "paused" in send(owner, f"/imports/sources/{row.id}/pause")
    assert not list_connections()[0].is_active
    send(owner, f"/imports/sources/{row.id}/pause")
    assert list_connections()[0].is_active
    assert "Watch till no longer?" in shown(owner, f"/imports/sources/{row.id}/remove")
    send(owner, f"/imports/sources/{row.id}/remove")
    assert list_connections() == []


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://a:secret@h/d?table=t", "The URL holds a password"),
        ("sqlite:////etc/regulars.db?table=t", "Give a URL that begins with postgresql."),
        ("postgresql://a:secret@[h/d", "Give a URL that begins with postgresql."),
    ],
)
def test_an_address_that_is_refused_is_said_and_its_password_never_shown(
    url: str, said: str
) -> None:
    told = {"name": "till", "kind": "orders", "url": url, "minutes": "15"}
    text = send(visitor(Role.OWNER), "/imports/sources/new", **told)
    assert said in text
    assert "secret@" not in text
    assert list_connections() == []


def test_who_may_import_but_not_change_the_settings_names_no_database(manager: Client) -> None:
    assert manager.get("/imports/sources/new").status_code == 403
    assert "Watch a database" not in shown(manager, "/imports/sources")
