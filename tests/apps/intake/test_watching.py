"""Watched sources: read when they are due, once at a time, without a password in the records."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from imports import EUROS, NOW, counts, worked
from regulars.apps.intake.operations import remove_connection, start_due_reads, watch_source
from regulars.apps.intake.operations.watching import with_secrets
from regulars.apps.intake.queries import get_run, list_connections, list_runs
from regulars.apps.intake.rules import Kind, Watched
from regulars.apps.orders.queries import list_orders
from regulars.kernel.actors import COMMAND
from regulars.kernel.errors import OptionError

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A shop's own database."""
    with closing(sqlite3.connect(tmp_path / "shop.db")) as database:
        database.execute("CREATE TABLE sales (order_id, customer_id, date, amount)")
        database.execute("INSERT INTO sales VALUES ('1', 'ann', '2026-01-02', 5)")
        database.commit()
    return tmp_path / "shop.db"


def watched(shop: Path) -> Watched:
    url = f"sqlite:///{shop}?table=sales"
    return Watched(name="till", kind=Kind.ORDERS, url=url, how=EUROS, minutes=15)


def test_a_source_is_read_at_once_and_then_every_so_often(shop: Path) -> None:
    watch_source(watched(shop), actor=COMMAND, now=NOW)
    assert (start_due_reads(NOW), start_due_reads(NOW)) == (1, 0)
    worked()
    with closing(sqlite3.connect(shop)) as database:
        database.execute("INSERT INTO sales VALUES ('2', 'bob', '2026-01-03', 6)")
        database.commit()
    assert start_due_reads(NOW + timedelta(minutes=14)) == 0
    assert start_due_reads(NOW + timedelta(minutes=15)) == 1
    worked()
    assert [counts(run) for run in list_runs()] == [(2, 0, 1, 0, 1), (1, 0, 1, 0, 0)]
    (connection,) = list_connections()
    assert connection.last is not None
    assert (connection.last.created, connection.due_at) == (1, NOW + timedelta(minutes=30))
    assert len(list_orders()) == 2


def test_a_source_is_not_read_again_while_it_is_read(shop: Path) -> None:
    watch_source(watched(shop), actor=COMMAND, now=NOW)
    assert start_due_reads(NOW) == 1
    assert start_due_reads(NOW + timedelta(hours=1)) == 0


def test_a_source_told_again_is_changed_and_one_removed_is_read_no_more(shop: Path) -> None:
    first = watch_source(watched(shop), actor=COMMAND, now=NOW)
    assert watch_source(watched(shop), actor=COMMAND, now=NOW) == first
    start_due_reads(NOW)
    worked()
    assert remove_connection(first, actor=COMMAND, now=NOW)
    assert not remove_connection(first, actor=COMMAND, now=NOW)
    assert start_due_reads(NOW + timedelta(days=1)) == 0
    assert get_run(list_runs()[0].id).created == 1


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"name": " "}, "needs a name"),
        ({"minutes": 0}, "0 is no number of minutes"),
        ({"url": "mysql://h/shop"}, "kind mysql"),
        ({"url": "postgresql://ann:secret@h/shop"}, "REGULARS_SOURCE_PASSWORD"),
        ({"url": "postgresql://ann@h/shop?password=secret"}, "holds a password"),
    ],
)
def test_what_cannot_be_watched_is_refused(change: dict[str, object], refusal: str) -> None:
    told: dict[str, Any] = {
        "name": "till",
        "kind": Kind.ORDERS,
        "url": "sqlite:///a.db",
        "minutes": 5,
    } | change
    with pytest.raises(OptionError, match=refusal) as refused:
        watch_source(Watched(**told), actor=COMMAND, now=NOW)
    assert "secret" not in str(refused.value)
    assert list_connections() == []


def test_a_password_comes_from_the_environment_of_the_worker_alone() -> None:
    url = "postgresql://ann:${REGULARS_SOURCE_TILL}@h/shop"
    watch_source(
        Watched(name="till", kind=Kind.ORDERS, url=url, minutes=5), actor=COMMAND, now=NOW
    )
    assert with_secrets(url, {"REGULARS_SOURCE_TILL": "x"}) == "postgresql://ann:x@h/shop"
    start_due_reads(NOW)
    worked()
    assert "REGULARS_SOURCE_TILL is not set" in str(list_runs()[0].reason)
