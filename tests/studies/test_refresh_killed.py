"""A refresh happens whole or not at all, whoever kills it or comes in between."""

import signal
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from regulars.kernel.errors import InputError
from regulars.studies.refresh import refresh
from regulars.warehouse.reading import read_orders

NAMES = ["order_id", "customer_id", "ordered_at", "amount"]
OLD = pa.table([["1", "2"], ["ann", "bob"], ["2024-01-01", "2024-02-01"], [20, 30]], NAMES)
NEW = pa.table([["2", "3"], ["bob", "ann"], ["2024-02-01", "2024-03-01"], [25, 40]], NAMES)

# Dies, or waits for ever, in the middle of the writing: after some statements of the transaction.
_INTERRUPTED = """
import os, signal, sys, time
import pyarrow.parquet as pq
from regulars.studies.refresh import refresh
from regulars.warehouse.store import Store

applied, apply = [], Store._apply

def interrupted(store, change):
    apply(store, change)
    applied.append(change)
    if len(applied) == int(sys.argv[3]):
        print("in the middle", flush=True)
        if sys.argv[4] == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(600)

Store._apply = interrupted
refresh(sys.argv[1], pq.read_table(sys.argv[2]))
"""


def start(store: Path, news: Path, after: int, then: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", _INTERRUPTED, str(store), str(news), str(after), then]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own script


@pytest.fixture
def news(tmp_path: Path) -> Path:
    place = tmp_path / "news.parquet"
    pq.write_table(NEW, place)
    return place


def amounts(store: Path) -> list[int]:
    rows = read_orders(store).purchases.to_pyarrow().to_pylist()
    return sorted(int(row["amount"]) for row in rows)


@pytest.mark.slow
@pytest.mark.parametrize("after", [1, 4])
def test_a_killed_refresh_leaves_the_old_state_and_can_be_run_again(
    tmp_path: Path, news: Path, after: int
) -> None:
    store = tmp_path / "shop.store"
    refresh(store, OLD)
    killed = start(store, news, after, "die")
    assert killed.communicate()[0] == "in the middle\n"
    assert killed.returncode == -signal.SIGKILL
    assert amounts(store) == [20, 30]
    assert refresh(store, NEW).new == 1
    assert amounts(store) == [20, 25, 40]


@pytest.mark.slow
def test_a_killed_first_refresh_leaves_nothing_and_can_be_run_again(
    tmp_path: Path, news: Path
) -> None:
    store = tmp_path / "shop.store"
    assert start(store, news, 2, "die").communicate()[0] == "in the middle\n"
    assert refresh(store, NEW).new == 2
    assert amounts(store) == [25, 40]


@pytest.mark.slow
def test_a_second_process_is_told_to_wait(tmp_path: Path, news: Path) -> None:
    store = tmp_path / "shop.store"
    refresh(store, OLD)
    first = start(store, news, 1, "wait")
    assert first.stdout is not None
    assert first.stdout.readline() == "in the middle\n"
    try:
        with pytest.raises(InputError, match="cannot be opened"):
            refresh(store, NEW)
        with pytest.raises(InputError, match="cannot be opened"):
            read_orders(store)
    finally:
        first.kill()
        first.communicate()
    assert refresh(store, NEW).corrected == 1
