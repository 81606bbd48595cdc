"""Running commands, and a small shop to run them on."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from regulars.interfaces.cli.app import library_app
from regulars.studies.simulation import simulate

type Run = Callable[..., Result]


CONTRACTS = {
    question: frozenset(fields.split())
    for question, fields in {
        "retention": "from to lookback_days start active new resurrected retained churned "
        "rate low high confidence",
        "growth": "period active new retained resurrected churned revenue revenue_new "
        "revenue_expansion revenue_contraction revenue_resurrected revenue_churned",
        "cohorts": "cohort age customers active retention revenue",
        "rfm": "customer_id frequency recency age monetary r f m segment",
        "concentration": "customers revenue gini top_share customers_for_80_percent",
        "forecast": "model unit customers parameters standard_errors log_likelihood holdout",
        "value": "customer_id p_alive expected_purchases expected_spend value value_low "
        "value_high reason",
        "at-risk": "customer_id p_alive expected_loss reason",
        "check": "rows accepted unidentified rejected columns",
    }.items()
}
"""The fields that the JSON of each question has, whatever else it has."""


@pytest.fixture(scope="session")
def run() -> Run:
    """Runs a command line in this process: ``run("check", path)``."""
    app, runner = library_app(), CliRunner()

    def run(*words: object) -> Result:
        return runner.invoke(
            app, [str(word) for word in words], catch_exceptions=False, prog_name="regulars"
        )

    return run


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two years of 120 simulated customers, as a CSV file."""
    path = tmp_path_factory.mktemp("shop") / "orders.csv"
    simulate(120, seed=7).write(path)
    return path
