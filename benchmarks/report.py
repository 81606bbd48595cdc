"""The whole report: 10M orders, and 100M orders of 10M customers within 6 GB."""

import sys
import tempfile
from pathlib import Path

from measuring import Cost, command, orders, show

LIMIT = "3500MB"
"""For the engine; the rest of the 6 GB is for Python and the tables of results."""


def report(size: str, *options: str) -> Cost:
    """The cost of ``regulars report`` on simulated orders."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "report.html"
        return command(["report", str(orders(size)), "--out", str(page), *options])


def main() -> None:
    """Print the cost of each size and how it grew."""
    small = report("1m")
    show("report, 1M orders", small)
    middle = report("10m")
    show("report, 10M orders", middle)
    print(f"10M against 1M: {middle.wall / small.wall:.1f} x the time")
    if "--all" in sys.argv:
        large = report("100m", "--memory-limit", LIMIT)
        show("report, 100M orders, within 6 GB", large)
        print(f"100M against 10M: {large.wall / middle.wall:.1f} x the time")


if __name__ == "__main__":
    main()
