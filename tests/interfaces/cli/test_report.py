"""The report: one HTML file, and its answers for programs."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from drawn import drawn_once
from interfaces.conftest import Run
from regulars.warehouse.samples import cdnow_sample

PARTS = [
    "retention", "growth", "cohorts", "curve", "consistency", "spend", "repeat", "rfm",
    "concentration", "basket",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _drawn_once() -> Iterator[None]:
    with drawn_once():
        yield


def test_a_report_is_written_and_said_where(run: Run, shop: Path, tmp_path: Path) -> None:
    out, answers = tmp_path / "picture.html", tmp_path / "picture.json"
    result = run("report", shop, "--out", out, "--json", answers, "--title", "Corner shop")
    assert result.exit_code == 0
    assert result.stderr == f"Wrote {answers}.\nThe report is in {out}.\n"
    assert "customers" in result.stdout
    assert "Corner shop" in out.read_text(encoding="utf-8")
    assert set(PARTS) <= set(json.loads(answers.read_text(encoding="utf-8")))
    assert len(list(tmp_path.iterdir())) == 2


def test_a_report_for_programs_prints_json_alone(run: Run, shop: Path, tmp_path: Path) -> None:
    result = run("report", shop, "--out", tmp_path / "picture.html", "--json", "-")
    assert set(PARTS) <= set(json.loads(result.stdout))


def test_a_report_is_called_so_by_default(
    run: Run, shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("report", shop, "--language", "lt").exit_code == 0
    assert '<html lang="lt"' in (tmp_path / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "rows",
    ["a,2024-01-01,5\n", "a,2024-01-01,5\nb,2024-02-01,6\n", ",2024-01-01,5\n,2024-02-01,6\n"],
    ids=["one customer", "one order each", "nobody known"],
)
def test_a_report_of_almost_nothing_says_so(rows: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text("customer_id,ordered_at,amount\n" + rows)
    result = run("report", tmp_path / "orders.csv", "--out", tmp_path / "report.html")
    assert result.exit_code == 0
    assert (tmp_path / "report.html").exists()


@pytest.mark.parametrize(
    ("option", "value"),
    [("--out", "report.pdf"), ("--out", "nowhere/report.html"), ("--benchmark-country", "LT")],
)
def test_a_report_that_cannot_be_written_is_refused(
    option: str, value: str, run: Run, shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("report", shop, option, value).exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_the_demo_refuses_a_file_in_place_of_its_folder(run: Run, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("", encoding="utf-8")
    result = run("demo", "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert "Name a folder" in result.stderr


def test_the_published_sample_is_read_by_the_places_of_its_columns(run: Run) -> None:
    places = ("--columns", "customer_id=1,ordered_at=3,amount=5")
    answer = json.loads(run("check", cdnow_sample(), *places, "--json").stdout)
    assert (answer["rows"], answer["unidentified"], answer["rejected"]) == (6919, 0, [])
