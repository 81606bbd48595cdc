"""The database goes away under a running platform, and comes back."""

import json
from pathlib import Path

import pytest

from installations import Installation, Postgres, free_port, orders, wait_until

pytestmark = pytest.mark.slow

ORDER = orders(1)[0]


def test_the_platform_says_so_while_the_database_is_away_and_recovers_by_itself(
    postgres: Postgres, tmp_path: Path
) -> None:
    installation = Installation(tmp_path / "shop", postgres.new_database()).made()
    secret, metrics = installation.key(), free_port()
    with (
        installation.running("worker") as worker,
        installation.serving("--metrics-port", metrics) as server,
    ):
        figures = type(server)(metrics, server.process)
        postgres.stop()
        try:
            refused = server.post("/api/v1/orders", ORDER, secret, key="k")
            alive, ready = server.get("/healthz").status, server.get("/readyz").status
            shown = figures.get("/metrics").body
        finally:
            postgres.start()
        assert refused.status == 503
        assert refused.headers["content-type"] == "application/problem+json"
        assert refused.headers["retry-after"] == "5"
        assert json.loads(refused.body)["request_id"] == refused.headers["x-request-id"]
        assert (alive, ready) == (200, 503)
        assert "regulars_database_up 0.0" in shown
        assert server.post("/api/v1/orders", ORDER, secret, key="k").status == 201
        assert server.get("/readyz").status == 200
        assert "regulars_database_up 1.0" in figures.get("/metrics").body
        assert worker.poll() is None
        wait_until(lambda: handled(installation))


def handled(installation: Installation) -> bool:
    return not installation.rows("SELECT 1 FROM journal_handling WHERE state <> 'done'")
