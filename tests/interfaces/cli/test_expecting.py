"""Forecasts and the budget as the command line gives them: the published figures."""

import json
from pathlib import Path

import pytest

from datasets import cdnow_sample
from interfaces.conftest import Run

BUDGET = (
    "budget",
    *("--acquisition-spend", 5, "--acquisition-rate", "20%", "--acquisition-ceiling", "40%"),
    *("--retention-spend", 10, "--retention-rate", "40%", "--retention-ceiling", "70%"),
    *("--margin", 50, "--discount", "20%"),
)


@pytest.mark.parametrize(
    ("model", "parameters", "log_likelihood", "mae", "rmse"),
    [
        ("bg-nbd", {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}, -9582.4, 0.7855, 1.608),
        (
            "pareto-nbd",
            {"r": 0.553, "alpha": 10.578, "s": 0.606, "beta": 11.669},
            -9595.0,
            0.7545,
            1.603,
        ),
    ],
)
def test_the_published_figures_come_through_the_command_line(
    run: Run,
    model: str,
    parameters: dict[str, float],
    log_likelihood: float,
    mae: float,
    rmse: float,
) -> None:
    result = run(
        *("forecast", cdnow_sample(), "--columns", "customer_id=2,ordered_at=3,amount=5"),
        *("--model", model, "--calibrate-to", "1997-09-30", "--holdout-to", "1998-06-30"),
        *("--unit", "week", "--json"),
    )
    answer = json.loads(result.stdout)
    found = {name: round(value, 3) for name, value in answer["parameters"].items()}
    assert (answer["model"], answer["unit"], answer["customers"]) == (model, "week", 2357)
    assert found == parameters
    assert round(answer["log_likelihood"], 1) == log_likelihood
    held = answer["holdout"]
    assert (held["from"], held["to"]) == ("1997-10-01", "1998-06-30")
    assert (round(held["mae"], 4), round(held["rmse"], 3)) == (mae, rmse)
    assert held["actual_total"] == 1882


def test_the_best_budget_comes_through_the_command_line(run: Run) -> None:
    answer = json.loads(run(*BUDGET, "--json").stdout)
    assert round(answer["retention"]["spend"], 4) == 15.8652
    assert round(answer["acquisition"]["spend"], 6) == 9.211461
    assert round(answer["clv"], 6) == 64.665074
    assert round(answer["customer_equity"], 6) == 9.441093


def test_a_budget_says_that_only_marginal_cost_matters(run: Run) -> None:
    assert "marginal cost matters" in run(*BUDGET).stdout


def test_a_budget_without_the_firms_figures_is_refused(run: Run) -> None:
    result = run("budget", "--margin", 50, "--json")
    assert result.exit_code == 3
    assert len(json.loads(result.stdout)["not_enough_evidence"]["needs"]) == 3


def test_a_rate_above_its_ceiling_is_refused(run: Run) -> None:
    words = [30 if word == "20%" else word for word in BUDGET[:7]]
    result = run(*words, *BUDGET[7:], "--acquisition-rate", "50%")
    assert result.exit_code == 2


def test_too_little_to_forecast_from_is_said(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("customer_id,ordered_at,amount\na,2024-01-01,5\nb,2024-03-01,5\n")
    for command in ("forecast", "value", "at-risk"):
        result = run(command, path, "--json")
        assert result.exit_code == 3
        assert "not_enough_evidence" in json.loads(result.stdout)


def test_customers_are_told_apart_by_a_column_through_the_command_line(
    run: Run, tmp_path: Path
) -> None:
    shop = tmp_path / "shop.csv"
    run("simulate", "--customers", 1000, "--seed", 5, "--out", shop)
    shown = run("forecast", shop, "--by", "channel").stdout
    assert "online beside shop: customers buy" in " ".join(shown.split())
    answer = json.loads(run("forecast", shop, "--by", "channel", "--json").stdout)
    assert [it["group"] for it in answer["groups"]["groups"]] == ["shop", "online"]
    refused = run("forecast", shop, "--by", "town")
    assert refused.exit_code == 2
    assert "channel" in refused.stderr
