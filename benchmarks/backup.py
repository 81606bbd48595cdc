"""Backup and restore of each database: rows a second, and memory that does not grow with them.

Run it in the environment of the tests: ``.venv/bin/python benchmarks/backup.py``.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg

sys.path.append(str(Path(__file__).parents[1] / "tests"))

from installations import REGULARS, Installation, Postgres

ROWS = (50_000, 500_000)
COLUMNS = "INSERT INTO journal_entry (at, actor, verb, subject, data) SELECT"
SQLITE = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows}) "
    + COLUMNS
    + " '2026-01-02 03:04:05.678', 'key:' || i, 'took orders', 'source:api', '{{\"created\": 1}}'"
    " FROM n"
)
POSTGRESQL = (
    COLUMNS + " now(), 'key:' || i, 'took orders', 'source:api', '{{\"created\": 1}}'"
    " FROM generate_series(1, {rows}) AS i"
)


def fill(shop: Installation, rows: int) -> None:
    """Write so many entries."""
    if shop.url:
        with psycopg.connect(shop.url) as connection:
            connection.execute(POSTGRESQL.format(rows=rows))  # type: ignore[arg-type]  # of ours
        return
    import sqlite3

    records = sqlite3.connect(shop.folder / "records.sqlite3")
    records.execute(SQLITE.format(rows=rows))
    records.commit()
    records.close()


def measured(shop: Installation, rows: int, *words: str) -> str:
    """Seconds by the clock and the most memory of a command."""
    start = time.perf_counter()
    with subprocess.Popen(
        [REGULARS, *words], env=shop.environment, stdout=subprocess.DEVNULL
    ) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(process.returncode)
    seconds = time.perf_counter() - start
    return f"{rows / seconds:8.0f} rows/s  {usage.ru_maxrss / 1024:6.0f} MB"


def main() -> None:
    """Back up and restore installations of two sizes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        postgres = Postgres(folder / "postgresql")
        for kind in ("SQLite", "PostgreSQL"):
            for rows in ROWS:
                url = postgres.new_database() if kind == "PostgreSQL" else ""
                shop = Installation(folder / f"{kind}{rows}", url).made()
                fill(shop, rows)
                file = str(folder / f"{kind}{rows}.zip")
                told = measured(shop, rows, "backup", file)
                print(f"{kind:10s} {rows:7d} backup   {told}", flush=True)
                url = postgres.new_database() if kind == "PostgreSQL" else ""
                other = Installation(folder / f"{kind}{rows}-again", url)
                told = measured(other, rows, "restore", file)
                print(f"{kind:10s} {rows:7d} restore  {told}", flush=True)
        postgres.stop()


if __name__ == "__main__":
    main()
