"""What cannot be done is refused: one calm line, the code that fits, nothing on stdout."""

import json
import re
from pathlib import Path

import pytest

from interfaces.conftest import Run

HEADER = "customer_id,ordered_at,amount\n"
AMBIGUOUS = HEADER + "a,03/04/2020,5\nb,05/06/2020,6\n"
CURRENCIES = "customer_id,ordered_at,amount,currency\na,2024-01-01,5,EUR\nb,2024-01-02,5,USD\n"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "empty"),
        (HEADER, "no rows"),
        ("colour,size\nred,3\n", "colour"),
        (AMBIGUOUS, "--date-order|date_order|day"),
        (CURRENCIES, "EUR.*USD"),
        (HEADER + "a,2999-01-01,5\n", "2999-01-01"),
    ],
    ids=["empty", "header", "columns", "dates", "currencies", "future"],
)
def test_input_that_cannot_be_used_is_refused(
    content: str, says: str, run: Run, tmp_path: Path
) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(content, encoding="utf-8")
    result = run("check", path)
    assert (result.exit_code, result.stdout) == (4, "")
    assert result.stderr.startswith("regulars: ")
    assert len(result.stderr.splitlines()) == 1
    assert re.search(says, result.stderr)


def test_a_missing_file_is_refused_by_name(run: Run, tmp_path: Path) -> None:
    result = run("retention", tmp_path / "nothing.csv", "--json")
    assert (result.exit_code, result.stdout) == (4, "")
    assert "nothing.csv" in result.stderr


@pytest.mark.parametrize(
    "options",
    [
        ("--timezone", "Mars/Olympus"),
        ("--as-of", "31.12.2024"),
        ("--period", "fortnight"),
        ("--burn-in", "soon"),
        ("--rates", "USD=0.9"),
        ("--encoding", "utf-99"),
        ("--columns", "Kunde"),
        ("--lookback", "long"),
        ("--from", "2025-04-01", "--to", "2025-01-01"),
        ("--target", "120%"),
        ("--benchmark-rate", "60%"),
        ("--language", "tlh"),
        ("--out", "answer.xlsx"),
        ("--out", "nowhere/answer.csv"),
        ("--spans", "spans.csv"),
        ("--nonsense",),
    ],
    ids=" ".join,
)
def test_an_option_that_cannot_be_used_is_refused(
    options: tuple[str, ...], run: Run, shop: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("retention", shop, *options)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr
    assert list(tmp_path.iterdir()) == []


def test_retention_needs_orders_or_subscriptions(run: Run) -> None:
    result = run("retention")
    assert result.exit_code == 2
    assert "--spans" in result.stderr


def test_too_little_evidence_is_said_in_words(run: Run, shop: Path) -> None:
    result = run("basket", shop)
    assert (result.exit_code, result.stdout) == (3, "")
    assert "Needed: " in result.stderr


def test_too_little_evidence_is_json_for_programs(run: Run, shop: Path) -> None:
    result = run("basket", shop, "--json")
    answer = json.loads(result.stdout)["not_enough_evidence"]
    assert (result.exit_code, result.stderr) == (3, "")
    assert answer["reason"]
    assert answer["needs"]


def test_too_little_evidence_writes_no_file(run: Run, shop: Path, tmp_path: Path) -> None:
    assert run("basket", shop, "--out", tmp_path / "pairs.csv").exit_code == 3
    assert list(tmp_path.iterdir()) == []
