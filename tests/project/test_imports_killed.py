"""Imports whose process is killed: the next worker ends them, nothing twice and nothing lost.

On SQLite, or on PostgreSQL where the tests run on it.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from imports import ndjson, orders

ORDERS = 25
WORKER = """
import os, signal, sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from regulars.project.opening import open_installation

data, point, minutes, file = sys.argv[1:]
open_installation(Path(data))
from django.core.management import call_command
from regulars.apps.intake import tasks
from regulars.apps.intake.operations import take_source
from regulars.apps.intake.reading import bodies
from regulars.apps.intake.rules import Aim, How, Kind
from regulars.apps.intake.uploads import keep_upload
from regulars.interfaces.api.import_rows import BODIES
from regulars.kernel.actors import COMMAND

def killed(function, call, *, before):
    calls = []
    def act(*told, **more):
        calls.append(told)
        if before and len(calls) == call:
            os.kill(os.getpid(), signal.SIGKILL)
        done = function(*told, **more)
        if len(calls) == call:
            os.kill(os.getpid(), signal.SIGKILL)
        return done
    return act

bodies.BATCH = 10
now = datetime.now(UTC) + timedelta(minutes=int(minutes))
match point:
    case "migrate":
        call_command("migrate", verbosity=0)
    case "reading":
        tasks.prepare = killed(tasks.prepare, 1, before=False)
    case "settling":
        tasks._settle = killed(tasks._settle, 1, before=False)
    case "writing":
        tasks._import = killed(tasks._import, 2, before=False)
    case "between":
        tasks.write_batch = killed(tasks.write_batch, 2, before=False)
    case "ending":
        tasks.end_run = killed(tasks.end_run, 1, before=True)
if file:
    upload = keep_upload([Path(file).read_bytes()], "orders.ndjson", largest=10**9)
    take_source(upload.named, Kind.ORDERS, How(), aim=Aim.IMPORT, actor=COMMAND, now=now)
worker = tasks.new_worker()
while tasks.run_due_imports(worker, now, BODIES):
    pass
"""

RESULT = """
import json, sys
from pathlib import Path
from regulars.project.opening import open_installation

open_installation(Path(sys.argv[1]))
from regulars.apps.intake.queries import list_runs
from regulars.apps.orders.queries import list_orders
from regulars.apps.people.queries import list_customers

print(json.dumps({
    "runs": [[run.state, run.read, run.created, run.updated, run.unchanged]
             for run in list_runs()],
    "orders": sorted(row.id for row in list_orders(limit=500)),
    "lines": sum(len(row.lines) for row in list_orders(limit=500)),
    "customers": len(list_customers(limit=500)),
}))
"""


@pytest.fixture
def surroundings() -> Iterator[dict[str, str]]:
    """The environment of an installation of its own."""
    plain = {name: text for name, text in os.environ.items() if "REGULARS" not in name}
    url = os.environ.get("REGULARS_DATABASE_URL")
    if not url:
        yield plain
        return
    import psycopg  # noqa: PLC0415 - only on PostgreSQL

    name = f"killed_{uuid4().hex}"
    with closing(psycopg.connect(url, autocommit=True)) as server:
        server.execute(f"CREATE DATABASE {name}")
        yield plain | {
            "REGULARS_DATABASE_URL": url.replace("/postgres?", f"/{name}?"),
            "REGULARS_SECRET_KEY": os.environ["REGULARS_SECRET_KEY"],
        }
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def worker(
    surroundings: dict[str, str], data: Path, point: str = "", minutes: int = 0, file: str = ""
) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - the script stands above
        [sys.executable, "-c", WORKER, str(data), point, str(minutes), file],
        env=surroundings,
        text=True,
    )


def result(surroundings: dict[str, str], data: Path) -> dict[str, Any]:
    told = subprocess.run(  # noqa: S603 - the script stands above
        [sys.executable, "-c", RESULT, str(data)],
        env=surroundings,
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(told.stdout)
    return found


@pytest.mark.slow
def test_an_import_killed_at_any_point_is_ended_by_workers_whose_clocks_differ(
    tmp_path: Path, surroundings: dict[str, str]
) -> None:
    file = tmp_path / "orders.ndjson"
    file.write_bytes(ndjson(*orders(ORDERS)))
    assert worker(surroundings, tmp_path, "migrate").wait() == 0
    for point in ("reading", "settling", "writing", "between", "ending"):
        assert worker(surroundings, tmp_path, point, file=str(file)).wait() == -9, point
    # both find every run: one clock is ten minutes ahead of the lease's end, one twenty
    both = [worker(surroundings, tmp_path, "", minutes) for minutes in (10, 20)]
    assert [one.wait() for one in both] == [0, 0]
    assert worker(surroundings, tmp_path, "", 40).wait() == 0
    found = result(surroundings, tmp_path)
    assert found["orders"] == sorted(f"o{number}" for number in range(ORDERS))
    assert (found["lines"], found["customers"]) == (ORDERS, 3)
    runs = found["runs"]
    assert [run[:2] for run in runs] == [["done", ORDERS]] * 5
    assert sum(run[2] for run in runs) == ORDERS
    assert {sum(run[2:]) for run in runs} == {ORDERS}
    left = sorted(place.name for place in (tmp_path / "imports").iterdir())
    assert left == [*(f"run-{number}" for number in range(1, 6)), "uploads"]


@pytest.mark.slow
def test_the_same_file_imported_by_several_at_once_is_in_once(
    tmp_path: Path, surroundings: dict[str, str]
) -> None:
    file = tmp_path / "orders.ndjson"
    file.write_bytes(ndjson(*orders(ORDERS)))
    assert worker(surroundings, tmp_path, "migrate").wait() == 0
    several = [worker(surroundings, tmp_path, file=str(file)) for _ in range(3)]
    assert [one.wait() for one in several] == [0] * 3
    found = result(surroundings, tmp_path)
    assert found["orders"] == sorted(f"o{number}" for number in range(ORDERS))
    runs = found["runs"]
    assert sum(run[2] for run in runs) == ORDERS
    assert {sum(run[2:]) for run in runs} == {ORDERS}
