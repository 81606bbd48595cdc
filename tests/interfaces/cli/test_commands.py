"""Each command asks its study, and its JSON keeps the published contract."""

import csv
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from interfaces.conftest import CONTRACTS, Run
from regulars.interfaces.cli.app import COMMANDS

QUESTIONS = [
    "check", "retention", "curve", "cohorts", "growth", "consistency", "spend", "repeat", "rfm",
    "concentration", "forecast", "value", "at-risk",
]  # fmt: skip


@pytest.mark.parametrize("command", CONTRACTS)
def test_the_json_of_a_question_keeps_its_contract(command: str, run: Run, shop: Path) -> None:
    result = run(command, shop, "--json")
    answer = json.loads(result.stdout)
    first = answer[0] if isinstance(answer, list) else answer
    assert result.exit_code == 0
    assert CONTRACTS[command] <= first.keys()


@pytest.mark.parametrize("command", QUESTIONS)
def test_a_question_is_answered_in_words_where_no_program_asks(
    command: str, run: Run, shop: Path
) -> None:
    result = run(command, shop)
    assert (result.exit_code, result.stderr) == (0, "")
    assert len(result.stdout.splitlines()) > 2
    assert "\x1b" not in result.stdout


@pytest.mark.parametrize("command", QUESTIONS)
def test_a_questions_rows_become_a_file(
    command: str, run: Run, shop: Path, tmp_path: Path
) -> None:
    out = tmp_path / "rows.parquet"
    result = run(command, shop, "--out", out)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == f"Wrote {out}.\n"
    pq.read_table(out)


def test_a_csv_file_has_a_row_a_customer(run: Run, shop: Path, tmp_path: Path) -> None:
    assert run("rfm", shop, "--out", tmp_path / "rfm.csv").exit_code == 0
    with (tmp_path / "rfm.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len({row["customer_id"] for row in rows}) == 120


def test_json_and_a_file_can_be_had_at_once(run: Run, shop: Path, tmp_path: Path) -> None:
    result = run("growth", shop, "--json", "--out", tmp_path / "growth.csv")
    assert json.loads(result.stdout)[0]["complete"] is True
    assert (tmp_path / "growth.csv").exists()


def test_a_formula_in_a_customers_id_cannot_run(run: Run, tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(
        "customer_id,ordered_at,amount\n=1+1,2024-01-01,5\n=1+1,2024-02-01,5\nb,2024-02-03,5\n"
    )
    assert run("rfm", tmp_path / "orders.csv", "--out", tmp_path / "rfm.csv").exit_code == 0
    assert '"\'=1+1"' in (tmp_path / "rfm.csv").read_text(encoding="utf-8")
    answer = json.loads(run("rfm", tmp_path / "orders.csv", "--json").stdout)
    assert "=1+1" in {row["customer_id"] for row in answer}


def test_the_period_and_look_back_are_taken(run: Run, shop: Path) -> None:
    window = ("--from", "2025-01-01", "--to", "2025-04-01")
    asked = run("retention", shop, *window, "--lookback", "ever", "--json")
    answer = json.loads(asked.stdout)
    assert (answer["from"], answer["to"]) == ("2025-01-01", "2025-04-01")
    assert answer["lookback_days"] is None
    asked = run("retention", shop, *window, "--lookback", "30d", "--json")
    assert json.loads(asked.stdout)["lookback_days"] == 30


def test_a_rate_is_split_and_compared(run: Run, shop: Path) -> None:
    rate = ("--benchmark-rate", "55%", "--benchmark-source", "A chamber of commerce")
    origin = ("--benchmark-date", "2024-06-01", "--benchmark-country", "LT")
    goals = ("--target", "60%", *rate, *origin)
    result = run("retention", shop, "--by", "store", *goals, "--json")
    answer = json.loads(result.stdout)
    assert {row["segment"] for row in answer["segments"]} >= {"Store 1", "(none)"}
    compared = {row["kind"]: row["value"] for row in answer["comparisons"]}
    assert (compared["target"], compared["benchmark"]) == (0.6, 0.55)


def test_subscriptions_take_the_place_of_orders(run: Run, tmp_path: Path) -> None:
    spans = tmp_path / "spans.csv"
    spans.write_text(
        "customer_id,started_on,ended_on\na,2024-01-01,\nb,2024-01-01,2024-02-10\nc,2024-02-05,\n"
    )
    words = ("retention", "--spans", spans, "--from", "2024-02-01", "--to", "2024-03-01")
    result = run(*words, "--as-of", "2024-03-31", "--json")
    answer = json.loads(result.stdout)
    assert answer["basis"] == "spans"
    assert (answer["start"], answer["retained"], answer["new"]) == (2, 1, 1)


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("curve", ("--kind", "unbounded", "--unit", "week")),
        ("curve", ("--kind", "bracket", "--brackets", "1,3,6")),
        ("curve", ("--unit", "24h")),
        ("cohorts", ("--period", "quarter")),
        ("growth", ("--period", "week")),
        ("consistency", ("--window", "45d")),
        ("spend", ("--against", "previous")),
        ("repeat", ("--purchases", "3", "--gap", "30d")),
        ("forecast", ("--model", "mbg-nbd", "--calibrate-to", "2025-03-31", "--unit", "day")),
        ("forecast", ("--holdout-to", "2025-10-31", "--horizon", "8", "--corrected")),
        ("value", ("--margin", "30%", "--horizon", "180d", "--discount", "8%")),
        ("at-risk", ("--limit", "5", "--threshold", "60%", "--given-up", "5%")),
        ("check", ("--as-of", "2025-06-30", "--timezone", "Europe/Vilnius", "--burn-in", "0")),
    ],
)
def test_options_of_a_question_are_taken(
    command: str, options: tuple[str, ...], run: Run, shop: Path
) -> None:
    result = run(command, shop, *options, "--json")
    assert result.exit_code == 0
    json.loads(result.stdout)


def test_baskets_are_found_where_orders_have_lines(run: Run, tmp_path: Path) -> None:
    words = ("simulate", "--customers", 80, "--seed", 3, "--lines")
    assert run(*words, "--out", tmp_path / "lines.parquet").exit_code == 0
    result = run("basket", tmp_path / "lines.parquet", "--level", "product", "--min-orders", 5)
    assert result.exit_code == 0
    answer = run("basket", tmp_path / "lines.parquet", "--json").stdout
    json.loads(answer)


def test_columns_are_mapped_by_heading_and_by_place(run: Run, tmp_path: Path) -> None:
    rows = "x;2024-01-01;5,50\nx;2024-02-01;6,00\ny;2024-02-03;7,25\n"
    (tmp_path / "a.csv").write_text("wer;wann;wieviel\n" + rows)
    (tmp_path / "b.csv").write_text(rows)
    named = "customer_id=wer,ordered_at=wann,amount=wieviel"
    by_name = run("check", tmp_path / "a.csv", "--columns", named, "--json")
    placed = "customer_id=1,ordered_at=2,amount=3"
    by_place = run("check", tmp_path / "b.csv", "--columns", placed, "--json")
    assert json.loads(by_name.stdout)["accepted"] == json.loads(by_place.stdout)["accepted"] == 3


def test_an_answer_is_given_in_the_readers_language(run: Run, shop: Path) -> None:
    english = run("retention", shop).stdout
    lithuanian = run("retention", shop, "--language", "lt").stdout
    assert "%" in lithuanian
    assert english != lithuanian


def test_every_command_explains_itself(run: Run) -> None:
    for commands in COMMANDS.values():
        for command in commands:
            result = run(command.__name__.replace("_", "-"), "--help")
            assert result.exit_code == 0
            assert "Usage" in result.stdout


def test_the_version_is_printed(run: Run) -> None:
    result = run("--version")
    assert (result.exit_code, result.stdout) == (0, "0.1.0\n")
