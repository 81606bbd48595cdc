"""What the benchmarks share: CPU seconds of a process of its own, and the data they run on."""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

DATA = Path(os.environ.get("REGULARS_BENCH_DATA", "out/benchmarks"))
"""The folder of the simulated orders; they are made where they are missing."""

SCALE = float(os.environ.get("REGULARS_BENCH_SCALE", "1"))
"""Less than 1: a trial run on so much less data, whose figures are not kept."""

SIZES = {"1k": 100, "1m": 100_000, "10m": 1_000_000, "100m": 10_000_000}
"""Customers to simulate for about so many orders (ten each, in two years)."""

SMALLEST = "1k"
"""What a process runs once before it is measured, so that imports are not counted."""

_MEGA = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Cost:
    """What a piece of work took.

    Attributes:
        cpu: Seconds of all cores, user and system.
        wall: Seconds by the clock.
        peak: The most memory that its process held, in GB.
    """

    cpu: float
    wall: float
    peak: float

    def __str__(self) -> str:
        return f"{self.cpu:8.2f} CPU s  {self.wall:8.2f} s  {self.peak:5.2f} GB"


def scaled(customers: int) -> int:
    """So many customers, or fewer in a trial run."""
    return max(SIZES[SMALLEST], round(customers * SCALE))


def orders(size: str) -> Path:
    """A Parquet file of simulated orders."""
    path = DATA / (f"orders_{size}.parquet" if SCALE == 1 else f"trial_{size}_{SCALE}.parquet")
    if not path.exists():
        DATA.mkdir(parents=True, exist_ok=True)
        call = "from regulars.project.cli import main; main()"
        options = ["--customers", str(scaled(SIZES[size])), "--seed", "1", "--out", str(path)]
        subprocess.run([sys.executable, "-c", call, "simulate", *options], check=True)
    return path


def cost_of(work: Callable[[], object]) -> Cost:
    """The cost of a call in this process; the peak is that of the whole process so far."""
    before, start = _cpu(resource.RUSAGE_SELF), time.perf_counter()
    work()
    cpu, wall = _cpu(resource.RUSAGE_SELF) - before, time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / _MEGA
    return Cost(cpu, wall, peak)


def apart(script: str, *arguments: str) -> Cost:
    """The cost that ``script arguments`` reports of itself, in a process of its own."""
    command = [sys.executable, script, *arguments]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return Cost(**json.loads(done.stdout.splitlines()[-1]))


def tell(cost: Cost) -> None:
    """Hand a cost to the process that asked by :func:`apart`."""
    print(json.dumps(asdict(cost)))


def command(arguments: Sequence[str]) -> Cost:
    """The cost of a ``regulars`` command from its start to its end."""
    call = "from regulars.project.cli import main; main()"
    start = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, "-c", call, *arguments],
        stdout=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(child.returncode)
    wall = time.perf_counter() - start
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * 1024 / _MEGA)


def show(name: str, cost: Cost, *, against: Cost | None = None) -> None:
    """Print one row; ``against``: how many times more that costs."""
    ratio = f"  {against.cpu / cost.cpu:5.1f} x less" if against else ""
    print(f"{name:44s}{cost}{ratio}", flush=True)


def _cpu(who: int) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime
