"""A form carries no more than whoever sends it may send, and nothing of it is kept."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http.response import HttpResponseBase
from django.test import Client
from pytest_django import Settings

from regulars.apps.accounts.rules import Role
from regulars.apps.intake.queries import list_runs
from visitors import visitor

MEGABYTE = 1024 * 1024

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def held(settings: Settings, tmp_path: Path) -> Path:
    """Where files of forms lie while they are read."""
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    settings.LARGEST_UPLOAD = 7 * MEGABYTE
    return tmp_path


def send(client: Client, path: str, megabytes: int) -> HttpResponseBase:
    client.get("/", follow=True)  # a form's token: without it nothing is read at all
    client.handler.enforce_csrf_checks = True
    file = SimpleUploadedFile("orders.csv", b"x" * megabytes * MEGABYTE)
    return client.post(path, {"file": file, "kind": "orders"})


@pytest.mark.parametrize("path", ["/sign-in/code", "/imports/new"])
def test_a_stranger_sends_no_file_anywhere(path: str, held: Path) -> None:
    answer = send(Client(), path, 6)
    assert answer.status_code == 413
    assert not list(held.iterdir())


def test_staff_who_may_not_import_send_no_file_either(held: Path) -> None:
    assert send(visitor(Role.AUDITOR), "/imports/new", 6).status_code == 413
    assert not list(held.iterdir())


def test_whoever_may_import_sends_as_much_as_is_taken() -> None:
    client = visitor(Role.MANAGER)
    file = SimpleUploadedFile("orders.csv", b"a,b\n" * (6 * MEGABYTE // 4))
    answer = client.post("/imports/new", {"file": file, "kind": "orders", "currency": "EUR"})
    assert answer.status_code == 302
    assert [run.size for run in list_runs()] == [6 * MEGABYTE]
    assert send(client, "/imports/new", 9).status_code == 413
    assert len(list_runs()) == 1


def test_the_page_says_where_files_are_sent() -> None:
    answer = send(Client(headers={"Accept-Language": "lt"}), "/sign-in/code", 6)
    assert "importo puslapyje" in answer.content.decode()  # type: ignore[attr-defined]


def test_a_program_is_told_as_a_program() -> None:
    file = SimpleUploadedFile("orders.csv", b"x" * 6 * MEGABYTE)
    answer = Client().post("/api/v1/orders", {"file": file})
    assert answer.status_code in {401, 413, 415}
    assert answer["Content-Type"] == "application/problem+json"
