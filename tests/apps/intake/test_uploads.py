"""Uploads: whole or not there, bounded, and of a kind that is taken."""

import gzip
import resource
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from imports import LARGEST, NOW, asked, imported, ndjson, order, worked
from regulars.apps.intake import tasks
from regulars.apps.intake.operations import forget_files, retry_import, start_import
from regulars.apps.intake.places import run_folder, uploads_folder
from regulars.apps.intake.queries import find_rejects, get_run
from regulars.apps.intake.reading.prepare import Prepared, prepare
from regulars.apps.intake.rules import Aim, How, State
from regulars.apps.intake.uploads import (
    CutOffError,
    NoRoomError,
    TooLargeError,
    forget_parts,
    keep_upload,
    refuse_bomb,
)
from regulars.apps.orders.queries import list_orders
from regulars.kernel.actors import COMMAND
from regulars.kernel.errors import InputError


def kept() -> list[str]:
    return [file.name for file in uploads_folder().iterdir()]


def test_an_upload_is_kept_once_under_its_digest() -> None:
    first = keep_upload([b"a,", b"b\n"], "one.csv", largest=LARGEST, expected=4)
    second = keep_upload([b"a,b\n"], "../../two\x00.csv", largest=LARGEST)
    assert kept() == [first.digest] == [second.digest]
    assert (first.size, second.name) == (4, "two.csv")


def test_a_cut_off_upload_of_100_mb_leaves_nothing() -> None:
    def cut() -> Iterator[bytes]:
        for _ in range(60):
            yield b"x" * 1_000_000

    with pytest.raises(CutOffError, match="60,000,000 bytes came, 100,000,000 were announced"):
        keep_upload(cut(), "big.csv", largest=200_000_000, expected=100_000_000)
    assert kept() == []


def test_a_sender_that_breaks_off_leaves_nothing() -> None:
    def broken() -> Iterator[bytes]:
        yield b"x"
        raise ConnectionResetError("gone")

    with pytest.raises(InputError):
        keep_upload(broken(), "big.csv", largest=LARGEST)
    assert kept() == []


def test_more_than_may_be_sent_is_refused_before_it_is_kept() -> None:
    with pytest.raises(TooLargeError, match="larger than 10 bytes"):
        keep_upload([b"x" * 11], "a.csv", largest=10)
    assert kept() == []


@pytest.fixture
def small_disk() -> Iterator[None]:
    """No file of this process may become larger than 200 kB."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.usefixtures("small_disk")
def test_a_full_disk_refuses_an_upload_and_keeps_nothing() -> None:
    with pytest.raises(NoRoomError, match="Make room"):
        keep_upload([b"x" * 300_000], "a.csv", largest=LARGEST)
    assert kept() == []


@pytest.mark.django_db
def test_a_full_disk_fails_an_import_which_can_be_run_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bad = [order(number, currency="EURO", store="x" * 90) for number in range(2000)]
    number = asked(ndjson(*bad, order(1)), how=How())

    def on_a_small_disk(*told: Any, **more: Any) -> Prepared:  # noqa: ANN401 - whatever it is called with
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, before[1]))
        try:
            return prepare(*told, **more)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)

    monkeypatch.setattr(tasks, "prepare", on_a_small_disk)
    worked()
    run = get_run(number)
    assert (run.state, run.written) == (State.FAILED, False)
    assert "The disk does not take it: File too large" in str(run.reason)
    assert not run_folder(number).exists()
    monkeypatch.setattr(tasks, "prepare", prepare)
    retry_import(number, actor=COMMAND, now=NOW)
    worked()
    run = get_run(number)
    assert (run.state, run.rejected, run.created) == (State.DONE, 2000, 1)


def test_a_database_whose_views_could_read_other_files_is_refused(tmp_path: Path) -> None:
    duckdb.connect(tmp_path / "a.duckdb").close()
    with pytest.raises(InputError, match="not taken from outside"):
        keep_upload([(tmp_path / "a.duckdb").read_bytes()], "a.duckdb", largest=LARGEST)
    assert kept() == []


def test_nothing_at_all_is_refused() -> None:
    with pytest.raises(InputError, match="is empty"):
        keep_upload([], "a.csv", largest=LARGEST)
    assert kept() == []


def test_what_unpacks_to_far_more_is_refused(tmp_path: Path) -> None:
    packed, book = tmp_path / "a.csv.gz", tmp_path / "a.xlsx"
    packed.write_bytes(gzip.compress(b"0" * 70_000_000))
    with zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("sheet.xml", "0" * 70_000_000)
    for file in (packed, book):
        with pytest.raises(InputError, match="unpacks to more than"):
            refuse_bomb(file, 1000)
        refuse_bomb(file, LARGEST)


def test_what_a_killed_upload_left_goes_after_a_day() -> None:
    (uploads_folder() / "1234.part").write_bytes(b"x")
    later = NOW.replace(year=2100)
    assert forget_parts(later - timedelta(days=365 * 90)) == 0
    assert forget_parts(later) == 1
    assert kept() == []


@pytest.mark.django_db
def test_files_of_old_imports_are_forgotten_and_what_became_of_them_stays() -> None:
    run = imported(ndjson(order(1), order(2, currency="?")), how=How())
    assert forget_files(NOW) == 0
    assert kept()
    assert forget_files(NOW.replace(year=2100)) == 2
    assert kept() == []
    assert list(find_rejects(run.id)) == []
    assert (get_run(run.id).created, len(list_orders())) == (1, 1)


@pytest.mark.django_db
def test_files_of_an_import_that_was_only_looked_at_are_forgotten_too() -> None:
    run = imported(ndjson(order(1)), how=How(), aim=Aim.PREVIEW)
    assert run.state is State.READY
    assert forget_files(NOW.replace(year=2100)) == 2
    assert (kept(), run_folder(run.id).exists()) == ([], False)
    start_import(run.id, actor=COMMAND, now=NOW)
    worked()
    assert "is kept no longer. Send it again." in str(get_run(run.id).reason)


@pytest.mark.django_db
def test_an_upload_that_is_kept_no_longer_is_named() -> None:
    number = asked(ndjson(order(1)), how=How())
    for file in uploads_folder().iterdir():
        file.unlink()
    worked()
    assert "is kept no longer. Send it again." in str(get_run(number).reason)
