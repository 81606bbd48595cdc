"""Imports and watched sources on the command line."""

from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from pytest_django import Settings
from typer.testing import CliRunner, Result

from regulars.apps.intake.queries import list_runs
from regulars.apps.orders.queries import list_orders
from regulars.project import importing, watching

CSV = "order_id,date,amount\n1,2026-01-02,5\n2,2026-02-31,6\n"

type Run = Callable[..., Result]

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command line on the test's own database."""
    settings.DATA_FOLDER = tmp_path / "data"
    for module in (importing, watching):
        monkeypatch.setattr(module, "open_installation", lambda _: None)
    app = typer.Typer()
    importing.mount(app)
    app.add_typer(watching.sources)
    (tmp_path / "orders.csv").write_text(CSV, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def run(*words: object) -> Result:
        return CliRunner().invoke(app, [str(word) for word in words])

    return run


def test_a_file_is_imported_and_its_rejected_rows_are_written(run: Run) -> None:
    done = run("import", "orders.csv", "--currency", "EUR", "--rejects", "mend.ndjson")
    assert done.exit_code == 0, done.output
    assert "1 created, 0 updated, 0 unchanged. 1 of 2 rows was rejected." in done.output
    assert '"line": 3' in Path("mend.ndjson").read_text(encoding="utf-8")
    again = run("import", "orders.csv", "--currency", "EUR", "--dry-run")
    assert "was imported before, as" in again.output
    assert "0 created, 0 updated, 1 unchanged" in again.output


def test_the_history_is_listed_and_an_import_undone(run: Run) -> None:
    run("import", "orders.csv", "--currency", "EUR")
    number = list_runs()[0].id
    assert "import done" in run("imports").output
    assert "1 removed, 0 restored, 0 left." in run("undo", number).output
    assert list_orders() == []
    assert run("undo", number + 1).exit_code == 4


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("nothing.csv",), 4, "There is no file nothing.csv"),
        (("orders.csv",), 4, "Give the currency"),
        (("orders.csv", "--kind", "tills"), 2, "tills cannot be imported"),
        (("orders.csv", "--rejects", "a.txt"), 2, "ends in .csv or .ndjson"),
        (("orders.csv", "--currency", "EURO"), 2, "EURO is no currency"),
    ],
)
def test_what_cannot_be_imported_is_refused(
    run: Run, words: tuple[str, ...], code: int, told: str
) -> None:
    done = run("import", *words)
    assert (done.exit_code, told in done.output) == (code, True), done.output


def test_a_password_is_neither_kept_nor_shown(run: Run) -> None:
    url = "postgresql://ann:secret@127.0.0.1:1/shop?table=sales"
    done = run("import", url)
    (kept,) = list_runs()
    assert done.exit_code == 4
    assert "secret" not in done.output + kept.name + str(kept.reason)
    from regulars.apps.intake.models import Run as Row  # noqa: PLC0415 - what is kept of it

    assert "secret" not in Row.objects.get().source


def test_sources_are_added_listed_and_removed(run: Run) -> None:
    url = "postgresql://ann:${REGULARS_SOURCE_TILL}@h/shop?table=sales"
    assert (
        "till is read every 15 minutes." in run("source", "add", "till", url, "--every", 15).output
    )
    assert url in run("source", "list").output
    assert run("source", "remove", "shop").exit_code == 2
    assert run("source", "remove", "till").exit_code == 0
    assert run("source", "list").output == ""
    refused = run("source", "add", "till", "postgresql://ann:secret@h/shop")
    assert refused.exit_code == 2
    assert "secret" not in refused.output
