"""POST /api/v1/orders with 1,000 orders a call against an import of the same rows.

The platform runs as ``regulars up`` runs it; one caller sends call after call. Both sides run on
an empty installation of the same database. Rows are orders and lines together, seconds are by the
clock.
"""

import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from importing import counted
from measuring import Cost, apart, show
from platform_rows import DATABASES, batches, columns, installation, lines

AT_ONCE = 1000
TO_REACH = 1 / 3
_CALL = "from regulars.project.cli import main; main()"


def measured(size: str = "100k") -> dict[str, Cost]:
    """The cost of both sides on both databases."""
    costs: dict[str, Cost] = {}
    script = str(Path(__file__).with_name("importing.py"))
    for database in DATABASES:
        with installation(database):
            costs[f"{database}, import"] = apart(script, "ours", size)
        with installation(database) as data:
            costs[f"{database}, api"] = _sent(data, list(_bodies(size)))
    return costs


def _bodies(size: str) -> Iterator[bytes]:
    told: list[dict[str, Any]] = []
    for table in batches(lines(size)):
        told += _orders(*columns(table))
        while len(told) >= AT_ONCE:
            yield json.dumps(told[:AT_ONCE]).encode()
            told = told[AT_ONCE:]
    yield json.dumps(told).encode()


def _orders(
    orders: dict[str, list[Any]], of_them: dict[str, list[Any]]
) -> Iterator[dict[str, Any]]:
    found: dict[str, list[dict[str, Any]]] = {id_: [] for id_ in orders["id"]}
    names = ("line", "product_id", "category", "quantity", "amount")
    for id_, *row in zip(of_them["order_id"], *(of_them[name] for name in names), strict=True):
        found[id_].append(dict(zip(names, map(str, row), strict=True)))
    names = ("id", "customer_id", "ordered_at", "currency", "amount", "channel", "store")
    for row in zip(*(orders[name] for name in names), strict=True):
        order = dict(zip(names, map(str, row), strict=True))
        yield order | {"lines": found[order["id"]]}


def _sent(data: Path, bodies: list[bytes]) -> Cost:
    with _platform(data) as (port, key):
        start = time.perf_counter()
        for body in bodies:
            _post(port, key, body)
        wall = time.perf_counter() - start
    return Cost(cpu=wall, wall=wall, peak=0.0)


@contextmanager
def _platform(data: Path) -> Iterator[tuple[int, str]]:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port = int(bound.getsockname()[1])
    command = [sys.executable, "-c", _CALL]
    up = [*command, "up", "--data", str(data), "--port", str(port)]
    with subprocess.Popen(up, stdout=subprocess.PIPE, text=True) as platform:
        assert platform.stdout is not None  # noqa: S101 - it is a pipe
        while not platform.stdout.readline().startswith("http://"):
            pass
        words = ["key", "create", "--data", str(data), "--name", "bench", "--role", "manager"]
        made = subprocess.run([*command, *words], stdout=subprocess.PIPE, text=True, check=True)
        try:
            yield port, made.stdout.strip()
        finally:
            platform.terminate()


def _post(port: int, key: str, body: bytes) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    connection.request("POST", "/api/v1/orders", body, headers)
    answer = connection.getresponse()
    told = json.loads(answer.read())
    statuses = {row["status"] for row in told["results"]}
    if answer.status != http.HTTPStatus.OK or statuses != {"created"}:
        raise SystemExit(str(told)[:2000])


def main() -> None:
    """Print both sides and their ratio."""
    size = (sys.argv[1:] or ["100k"])[0]
    costs, rows = measured(size), counted(size)
    for name, cost in costs.items():
        show(name, cost)
    for database in DATABASES:
        api, run = costs[f"{database}, api"], costs[f"{database}, import"]
        print(
            f"{database}: {rows / api.wall:,.0f} rows a second by the API, {rows / run.wall:,.0f} "
            f"by an import, ratio {run.wall / api.wall:.2f} (to reach: {TO_REACH:.2f})"
        )


if __name__ == "__main__":
    main()
