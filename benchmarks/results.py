"""Run the benchmarks and write RESULTS.md: ``results.py``, or the parts that are to run anew.

``REGULARS_BENCH_100M=1`` adds the report of 100M orders. ``REGULARS_BENCH_SCALE=0.001`` tries
every part on a thousandth of the data and leaves RESULTS.md as it is.
"""

import json
import os
import platform
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import bulk_api
import fit
import importing
import matrix
import refresh
import rendering
import report
import rfm
from measuring import DATA, SCALE, Cost

_PAGE = Path(__file__).with_name("RESULTS.md") if SCALE == 1 else DATA / "trial.md"
_READING = Path(__file__).with_name("READING.md")
_MEASURED = DATA / ("results.json" if SCALE == 1 else "trial.json")
_NAMED = ("duckdb", "ibis-framework", "numpy", "lifetimes", "pymc-marketing", "polars")


def fits() -> dict[str, Cost]:
    """BG/NBD against lifetimes."""
    return {f"{data}, {way}": cost for (data, way), cost in fit.measured().items()}


def reports() -> dict[str, Cost]:
    """The whole report at each size."""
    costs = {size: report.report(size) for size in ("1m", "10m")}
    if os.environ.get("REGULARS_BENCH_100M"):
        costs["100m"] = report.report("100m", "--memory-limit", report.LIMIT)
    return costs


PARTS: dict[str, tuple[str, Callable[[], dict[str, Cost]]]] = {
    "fit": ("BG/NBD fit with standard errors", fits),
    "rfm": ("RFM summary, 10M orders in Parquet", rfm.measured),
    "matrix": ("Cohorts, growth and retention, 10M orders in Parquet", matrix.measured),
    "refresh": ("A refresh after 1 % new orders, 10M orders", refresh.measured),
    "report": ("The whole report", reports),
    "import": (
        "Import of 1M orders and lines from Parquet, against the bare rows",
        importing.measured,
    ),
    "texts": ("1,000 mails rendered, each with its own values", rendering.measured),
    "api": ("POST /api/v1/orders, 1,000 a call, against an import; the clock", bulk_api.measured),
}


def main() -> None:
    """Measure what is asked for and write the page from all that was ever measured here."""
    asked = sys.argv[1:] or list(PARTS)
    for name in asked:
        found = _stored()
        costs = PARTS[name][1]()
        found[name] = {what: [cost.cpu, cost.wall, cost.peak] for what, cost in costs.items()}
        DATA.mkdir(parents=True, exist_ok=True)
        _MEASURED.write_text(json.dumps(found), encoding="utf-8")
        _PAGE.write_text(_page(found), encoding="utf-8")
        print(_part(name, found[name]), flush=True)


def _stored() -> dict[str, dict[str, list[float]]]:
    found: dict[str, dict[str, list[float]]] = (
        json.loads(_MEASURED.read_text(encoding="utf-8")) if _MEASURED.exists() else {}
    )
    return found


def _page(found: dict[str, dict[str, list[float]]]) -> str:
    parts = [_head(), *(_part(name, found[name]) for name in PARTS if name in found)]
    return "\n".join([*parts, _READING.read_text(encoding="utf-8")])


def _head() -> str:
    versions = " · ".join(f"{name} {version(name)}" for name in _NAMED)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return f"""# Measured speed

Written by `make bench`. {platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GB,
{platform.system()}, Python {platform.python_version()} · {versions}.

Each row ran in a process of its own; imports are not counted, except in the report, which is the
whole command. CPU seconds are of all cores. Load beside it: {os.getloadavg()[1]:.1f}.
"""


def _part(name: str, rows: dict[str, list[float]]) -> str:
    first = next(iter(rows.values()))
    lines = [f"## {PARTS[name][0]}", "", "| what | CPU s | wall s | peak GB | × the first |"]
    lines.append("|---|---:|---:|---:|---:|")
    for what, (cpu, wall, peak) in rows.items():
        base = rows.get(f"{what.split(', ')[0]}, ours", first)
        lines.append(f"| {what} | {cpu:.3g} | {wall:.3g} | {peak:.2f} | {cpu / base[0]:.2f} |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    main()
