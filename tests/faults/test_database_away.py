"""The database goes away under a running platform, and comes back."""

import json
from pathlib import Path

import pytest

from installations import Installation, Postgres, free_port, orders, wait_until

pytestmark = pytest.mark.slow

ORDER = orders(1)[0]
MANY = 20_000


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


def test_an_import_is_ended_once_the_database_that_went_away_in_its_midst_is_back(
    postgres: Postgres, tmp_path: Path
) -> None:
    installation = Installation(tmp_path / "shop", postgres.new_database()).made()
    secret = installation.key()
    told = "".join(json.dumps(order) + "\n" for order in orders(MANY))
    with installation.running("worker") as worker, installation.serving() as server:
        kind = {"Content-Type": "application/x-ndjson", "Authorization": f"Bearer {secret}"}
        begun = server.send("POST", "/api/v1/imports?kind=orders", told.encode(), kind)
        assert begun.status == 202
        wait_until(lambda: bool(installation.rows("SELECT 1 FROM orders_order LIMIT 1")))
        postgres.stop()
        try:
            assert server.get("/readyz").status == 503
        finally:
            postgres.start()
        wait_until(lambda: installation.rows("SELECT state FROM intake_run") == [("done",)])
        assert worker.poll() is None
    assert installation.rows("SELECT created, updated, unchanged FROM intake_run") == [
        (MANY, 0, 0)
    ]
    assert installation.rows("SELECT count(*) FROM orders_order") == [(MANY,)]
    taken = "SELECT sum((data->>'created')::int) FROM journal_entry WHERE verb = 'imported orders'"
    assert installation.rows(taken) == [(MANY,)]


def handled(installation: Installation) -> bool:
    return not installation.rows("SELECT 1 FROM journal_handling WHERE state <> 'done'")
