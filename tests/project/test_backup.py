"""A backup is whole or not there, and becomes the same installation on either database."""

import json
import secrets
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from zipfile import ZipFile

import pytest

from installations import REGULARS, Installation, empty, free_port, kill, orders, wait_until
from regulars.kernel.errors import InputError
from regulars.project.backup.archive import Manifest, verified

COUNT = 400
ALL = ["sqlite", "postgresql"]
CUSTOMER = {
    "name": "Šimkus 王 \u202e'\"\\",
    "language": "lt",
    "birthday": {"month": 2, "day": 29},
    "attributes": {"z": "ß", "c": True, "d": 10**15, "a": ""},
}

pytestmark = pytest.mark.slow


def fill(shop: Installation) -> Installation:
    """Sell something, leave a gap at the end of the customers' numbers, and upload a file."""
    secret = shop.key()
    with shop.serving() as server:
        told = json.dumps(CUSTOMER).encode()
        headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
        for name in ("c1", "gone"):
            put = server.send("PUT", f"/api/v1/customers/{name}", told, headers)
            assert put.status in {200, 201}, put.body
        assert server.post("/api/v1/orders", orders(COUNT), secret, key="k").status == 200
        refund = {"id": "r1", "refunded_at": "2026-03-01T00:00:00+05:30", "amount": "0.5"}
        assert server.post("/api/v1/orders/o1/refunds", refund, secret).status == 201
    (shop.folder / "uploads" / "till").mkdir(parents=True)
    (shop.folder / "uploads" / "till" / "orders.csv").write_text("id,amount\n1,2\n", "utf-8")
    return shop


def back_up(shop: Installation, file: Path, *words: str) -> Manifest:
    """Back an installation up and read what the file holds."""
    done = shop.run("backup", file, *words)
    assert done.returncode == 0, done.stderr
    return verified(file)


@pytest.fixture(scope="session")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The backup of a shop on SQLite, for all tests."""
    place = tmp_path_factory.mktemp("shop")
    back_up(fill(Installation(place / "shop").made()), place / "shop.zip")
    return place / "shop.zip"


@pytest.fixture
def kept(first: Path, tmp_path: Path) -> Path:
    """A copy of it for one test."""
    return Path(shutil.copy(first, tmp_path))


@pytest.mark.parametrize("kind", ALL)
def test_a_backup_of_an_earlier_version_becomes_an_installation_of_this_one(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    earlier = empty(kind, tmp_path / "earlier", request)
    earlier.folder.mkdir()
    script = Path(__file__).with_name("migrating.py")
    made = subprocess.run(  # noqa: S603 - the script lies beside
        [sys.executable, script, "orders.0003_lists"],
        env=earlier.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr[-3000:]
    counts = json.loads(made.stdout)
    back_up(earlier, tmp_path / "earlier.zip")
    now = empty(kind, tmp_path / "now", request)
    done = now.run("restore", tmp_path / "earlier.zip")
    assert done.returncode == 0, done.stderr
    assert counts["orders_order"] > 0
    for table in ("orders_order", "people_customer", "journal_entry"):
        found = now.rows(f"SELECT count(*) FROM {table}")  # noqa: S608 - names from above
        assert found == [(counts[table],)]
    last = "SELECT 1 FROM django_migrations WHERE app = 'orders' AND name LIKE '0004%'"
    assert (earlier.rows(last), now.rows(last)) == ([], [(1,)])
    assert now.run("up", "--exit-when-ready", "--port", free_port()).returncode == 0


@pytest.mark.parametrize("to", ALL)
def test_a_backup_becomes_the_same_records_on_either_database(
    installation: Installation, to: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    fill(installation)
    first = back_up(installation, tmp_path / "first.zip")
    other = empty(to, tmp_path / "other", request)
    done = other.run("restore", tmp_path / "first.zip")
    assert done.returncode == 0, done.stderr
    again = back_up(other, tmp_path / "again.zip")
    assert (again.tables, again.files) == (first.tables, first.files)
    assert {table.name: table.rows for table in again.tables}["orders_order"] == COUNT
    assert (other.folder / "uploads/till/orders.csv").read_text("utf-8") == "id,amount\n1,2\n"
    with other.serving() as server:
        secret = other.key()
        headers = {"Authorization": f"Bearer {secret}"}
        shown = server.get("/api/v1/customers/c1", headers).json()
        assert (shown["name"], shown["attributes"]) == (
            CUSTOMER["name"],
            CUSTOMER["attributes"],
        )
        assert server.post("/api/v1/orders", orders(COUNT + 5), secret).status == 200
    assert other.rows("SELECT count(*) FROM orders_order") == [(COUNT + 5,)]


@pytest.mark.parametrize("to", ALL)
def test_a_number_that_was_given_out_does_not_come_back(
    installation: Installation, to: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    installation.key()
    installation.key()
    execute(installation, "DELETE FROM accounts_apikey WHERE id = 2")
    back_up(installation, tmp_path / "first.zip")
    other = empty(to, tmp_path / "other", request)
    other.run("restore", tmp_path / "first.zip")
    other.key()
    assert other.rows("SELECT id FROM accounts_apikey ORDER BY id") == [(1,), (3,)]


def test_a_backup_taken_while_the_shop_sells_is_of_one_instant(
    installation: Installation, tmp_path: Path
) -> None:
    secret = installation.key()
    with installation.serving() as server, ThreadPoolExecutor(1) as pool:
        sold = pool.submit(
            lambda: [
                server.post("/api/v1/orders", orders(40)[n : n + 1], secret).status
                for n in range(40)
            ]
        )
        wait_until(lambda: bool(installation.rows("SELECT 1 FROM orders_order LIMIT 1")))
        told = back_up(installation, tmp_path / "shop.zip")
        assert sold.result() == [200] * 40
    rows = {table.name: table.rows for table in told.tables}
    assert rows["orders_line"] == 2 * rows["orders_order"] > 0
    assert rows["journal_event"] == rows["orders_order"]


def damaged(file: Path, change: Callable[[bytes], bytes]) -> Path:
    file.write_bytes(change(file.read_bytes()))
    return file


def test_a_damaged_backup_is_refused_wherever_the_damage_is(kept: Path) -> None:
    whole = kept.read_bytes()
    before = verified(kept)
    for place in range(0, len(whole), max(1, len(whole) // 150)):
        kept.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        try:
            # dates and rights of a member say nothing of what is in it
            assert verified(kept) == before
        except InputError as error:
            assert "is damaged or was cut off" in str(error)  # noqa: PT017 - one of the two
    end = len(whole) - 22  # of the members; here their list is said to begin elsewhere
    for offset in (0, 1, 2**31, 2**32 - 2):
        kept.write_bytes(whole[: end + 16] + offset.to_bytes(4, "little") + whole[end + 20 :])
        with pytest.raises(InputError, match="is damaged or was cut off"):
            verified(kept)
    for length in range(0, len(whole), max(1, len(whole) // 60)):
        kept.write_bytes(whole[:length])
        with pytest.raises(InputError, match="is damaged or was cut off"):
            verified(kept)


@pytest.mark.parametrize("to", ALL)
def test_a_damaged_backup_changes_nothing(
    kept: Path, to: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    damaged(kept, lambda whole: whole[: len(whole) // 2])
    other = empty(to, tmp_path / "other", request)
    done = other.run("restore", kept)
    assert done.returncode == 4
    assert "is damaged or was cut off. Nothing was changed" in done.stderr
    assert not tables(other)
    assert not (other.folder / "uploads").exists()


def rewritten(file: Path, change: Mapping[str, object]) -> None:
    """Tell something else in the list of a backup."""
    with ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    told = json.loads(members["manifest.json"]) | change
    members["manifest.json"] = json.dumps(told).encode()
    with ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


@pytest.mark.parametrize(
    "change",
    [
        {"regulars": "99.0"},
        {"format": 2},
        {"migrations": [["orders", "9999_of_the_future"]]},
    ],
)
def test_a_backup_of_a_later_version_is_refused(
    kept: Path, tmp_path: Path, change: Mapping[str, object]
) -> None:
    rewritten(kept, change)
    other = Installation(tmp_path / "other")
    done = other.run("restore", kept)
    assert done.returncode == 4
    assert "This backup was made by Regulars" in done.stderr
    assert not rows_of_sqlite(other, "SELECT name FROM sqlite_master")


def test_an_installation_that_is_not_empty_is_left_as_it_is(
    installation: Installation, kept: Path
) -> None:
    installation.key()
    before = installation.rows("SELECT digest FROM accounts_apikey")
    done = installation.run("restore", kept)
    assert done.returncode == 4
    assert "The database is not empty. Nothing was changed." in done.stderr
    assert installation.rows("SELECT digest FROM accounts_apikey") == before


@pytest.mark.parametrize("to", ALL)
@pytest.mark.parametrize("moment", ["begun", "loading"])
def test_a_restore_that_was_killed_is_done_again_from_the_start(
    kept: Path, to: str, moment: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    other = empty(to, tmp_path / "other", request)
    other.folder.mkdir()
    with other.running("restore", kept) as restoring:
        wait_until(lambda: begun(other))
        if moment == "loading":
            wait_until(lambda: loading(other))
        kill(restoring)
    assert restoring.returncode == -9
    refused = other.run("up", "--exit-when-ready")
    assert refused.returncode == 4
    assert "A backup was not restored to the end. Run regulars restore again." in refused.stderr
    done = other.run("restore", kept)
    assert done.returncode == 0, done.stderr
    assert back_up(other, tmp_path / "again.zip").tables == verified(kept).tables


def begun(shop: Installation) -> bool:
    return "regulars_restoring" in tables(shop)


def loading(shop: Installation) -> bool:
    return "orders_order" in tables(shop) and shop.is_writing()


def tables(shop: Installation) -> set[object]:
    if shop.url:
        query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        return {name for (name,) in shop.rows(query)}
    return {name for (name,) in rows_of_sqlite(shop, "SELECT name FROM sqlite_master")}


def rows_of_sqlite(shop: Installation, query: str) -> list[tuple[object, ...]]:
    file = shop.folder / "records.sqlite3"
    return shop.rows(query) if file.exists() else []


def execute(shop: Installation, statement: str) -> None:
    if shop.url:
        shop.rows(f"{statement} RETURNING id")
        return
    records = sqlite3.connect(shop.folder / "records.sqlite3")
    records.execute(statement)
    records.commit()
    records.close()


def test_the_secret_is_kept_only_where_it_is_asked_for(tmp_path: Path) -> None:
    shop = Installation(tmp_path / "shop").made()
    without = back_up(shop, tmp_path / "without.zip")
    assert [file.name for file in without.files] == []
    back_up(shop, tmp_path / "with.zip", "--with-secret")
    assert (tmp_path / "with.zip").stat().st_mode & 0o077 == 0
    other = Installation(tmp_path / "other")
    assert other.run("restore", tmp_path / "with.zip").returncode == 0
    secret = (shop.folder / "secret.key").read_bytes()
    assert (other.folder / "secret.key").read_bytes() == secret


def test_a_full_disk_leaves_no_half_backup(tmp_path: Path) -> None:
    shop = Installation(tmp_path / "shop").made()
    (shop.folder / "photo").write_bytes(secrets.token_bytes(1_000_000))
    file = tmp_path / "there" / "shop.zip"
    file.parent.mkdir()
    file.write_text("yesterday's")
    small = f"ulimit -f 64; exec {REGULARS} backup {file}"
    done = subprocess.run(  # noqa: S603 - our own command
        ["/bin/bash", "-c", small],
        env=shop.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 4
    assert "cannot be written: File too large" in done.stderr
    assert [path.read_text() for path in file.parent.iterdir()] == ["yesterday's"]


def test_a_backup_is_not_put_into_the_folder_that_it_holds(tmp_path: Path) -> None:
    shop = Installation(tmp_path / "shop").made()
    done = shop.run("backup", shop.folder / "shop.zip")
    assert done.returncode == 4
    assert "is within the data folder" in done.stderr


def test_whoever_was_erased_since_is_erased_again(installation: Installation) -> None:
    file = installation.folder.parent / "shop.zip"
    headers = {"Authorization": f"Bearer {installation.key()}", "Content-Type": "application/json"}
    with installation.serving() as server:
        for name in ("anna", "bert"):
            told = json.dumps({"name": name}).encode()
            server.send("PUT", f"/api/v1/customers/{name}", told, headers)
        back_up(installation, file)
        assert server.send("POST", "/api/v1/customers/anna/erase", b"{}", headers).status == 200
    other = Installation(installation.folder.parent / "other")
    other.folder.mkdir()
    shutil.copy(installation.folder / "erased.ids", other.folder)
    assert other.run("restore", file).returncode == 0
    assert other.rows("SELECT name FROM people_customer ORDER BY id") == [("",), ("bert",)]
