"""A refresh after 1 % new orders against a full run: CPU seconds, peak memory and the ratio.

    python benchmarks/refresh.py [FOLDER] [CUSTOMERS]

A million simulated customers make about ten million orders. The first 99 % of them in time are
put into a store; then the last 1 % comes. Both sides end with the same answers: retention, growth,
cohorts, RFM and repeat purchases. Each side runs in a process of its own; the start of Python and
its imports, the same for both, are left out. The first build of the store is shown beside.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

import regulars
from regulars.studies.refresh import refresh
from regulars.studies.simulation import simulate

STUDIES = ("retention", "growth", "cohorts", "rfm", "repeat")
TO_REACH = 0.1


def main() -> None:
    """Make the data where it is missing, run both sides and print them."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.gettempdir())
    customers = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000  # noqa: PLR2004 - the second
    data = _data(folder, customers)
    full = _run("full", data)
    first = _run("build", data)
    news = _run("refresh", data)
    for name, found in (
        ("full run", full),
        ("first build of the store", first),
        ("refresh", news),
    ):
        print(f"{name}: {sum(found['cpu'].values()):.2f} CPU s, {found['memory']:.2f} GB")
        print("   " + ", ".join(f"{part} {cpu:.2f}" for part, cpu in found["cpu"].items()))
    ratio = sum(news["cpu"].values()) / sum(full["cpu"].values())
    print(f"refresh / full run: {ratio:.3f} (to reach: {TO_REACH})")
    print("answers equal:", news["answers"] == full["answers"])


def _data(folder: Path, customers: int) -> Path:
    """A folder with all orders, the first 99 % of them and the last 1 %."""
    place = folder / f"refresh-{customers}"
    if (place / "news.parquet").exists():
        return place
    place.mkdir(parents=True, exist_ok=True)
    whole = place / "orders.parquet"
    simulate(customers, seed=1).write(whole)
    cut = duckdb.sql(f"SELECT quantile_disc(ordered_at, 0.99) FROM '{whole}'").fetchall()[0][0]  # noqa: S608 - our own file
    for name, side in (("old", "<="), ("news", ">")):
        query = f"SELECT * FROM '{whole}' WHERE ordered_at {side} TIMESTAMP '{cut}'"  # noqa: S608 - our own file
        duckdb.sql(query).write_parquet(str(place / f"{name}.parquet"), compression="zstd")
    return place


def _run(side: str, data: Path) -> dict[str, object]:
    command = [sys.executable, __file__, "--side", side, str(data)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[0])


def _side(side: str, data: Path) -> None:
    cpu: dict[str, float] = {}
    for name in ("read_orders", *STUDIES):
        getattr(regulars, name)  # loads what is loaded when it is first asked for
    store = data / "shop.store"

    @contextmanager
    def clocked(part: str) -> Iterator[None]:
        before = time.process_time()
        yield
        cpu[part] = time.process_time() - before

    answers = None
    if side == "build":
        store.unlink(missing_ok=True)
        with clocked("build"):
            refresh(store, data / "old.parquet")
    else:
        source = data / "orders.parquet"
        if side == "refresh":
            source = store
            with clocked("refresh"):
                refresh(store, data / "news.parquet")
        answers = _answers(source, clocked)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(json.dumps({"cpu": cpu, "memory": memory, "answers": answers}))


def _answers(source: Path, clocked: Callable[[str], object]) -> dict[str, str]:
    with clocked("read"):
        orders = regulars.read_orders(source)
    with clocked("basis"):
        basis = regulars.studies.evidence.basis_of(orders)
    answers = {}
    for name in STUDIES:
        with clocked(name):
            answer = getattr(regulars, name)(basis)
        told = answer.summary() if name == "rfm" else answer.json()
        answers[name] = json.dumps(_rounded(json.dumps(told)), sort_keys=True)
    return answers


def _rounded(document: str) -> object:
    """Floats to nine digits: means add in another order."""
    return json.loads(document, parse_float=lambda text: float(f"{float(text):.9g}"))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--side"]:
        _side(sys.argv[2], Path(sys.argv[3]))
    else:
        main()
