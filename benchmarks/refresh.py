"""A refresh after 1 % new orders against a full run: CPU seconds, peak memory and the ratio.

The first 99 % of ten million orders in time are put into a store; then the last 1 % comes. Both
sides end with the same answers: retention, growth, cohorts, RFM and repeat purchases. Each side
runs in a process of its own. The first build of the store is shown beside, and the refresh without
the answers.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path

from measuring import SMALLEST, Cost, apart, cost_of, orders, show, tell

STUDIES = ("retention", "growth", "cohorts", "rfm", "repeat")
TO_REACH = 0.1


def full(data: Path) -> Callable[[], object]:
    """Everything from the file of all orders."""
    return lambda: _answered(data / "orders.parquet", data / "full.json")


def build(data: Path) -> Callable[[], object]:
    """The store, from the old orders."""
    from regulars.studies.refresh import refresh

    store = data / "shop.store"
    store.unlink(missing_ok=True)
    return lambda: refresh(store, data / "old.parquet")


def news(data: Path) -> Callable[[], object]:
    """The news joined to the store."""
    from regulars.studies.refresh import refresh

    return lambda: refresh(data / "shop.store", data / "news.parquet")


def answers(data: Path) -> Callable[[], object]:
    """The answers from the store."""
    return lambda: _answered(data / "shop.store", data / "answers.json")


WAYS = {one.__name__: one for one in (full, build, news, answers)}


def measured(size: str = "10m") -> dict[str, Cost]:
    """The cost of both sides.

    Raises:
        ValueError: Their answers differ.
    """
    data = _data(orders(size))
    costs = {name: apart(__file__, name, str(data)) for name in WAYS}
    one, other = ((data / f"{name}.json").read_text("utf-8") for name in ("full", "answers"))
    if one != other:
        raise ValueError(data)
    both = costs["news"], costs["answers"]
    refreshed = Cost(
        sum(cost.cpu for cost in both),
        sum(cost.wall for cost in both),
        max(cost.peak for cost in both),
    )
    return {
        "full run": costs["full"],
        "refresh and answers": refreshed,
        "refresh alone": costs["news"],
        "first build of the store": costs["build"],
    }


def _data(whole: Path) -> Path:
    """A folder with all orders, the first 99 % of them and the last 1 %."""
    import duckdb

    place = whole.with_name(f"refresh_{whole.stem}")
    if (place / "news.parquet").exists():
        return place
    place.mkdir(parents=True, exist_ok=True)
    (place / "orders.parquet").symlink_to(whole.resolve())
    cut = duckdb.sql(f"SELECT quantile_disc(ordered_at, 0.99) FROM '{whole}'").fetchall()[0][0]  # noqa: S608 - our own file
    for name, side in (("old", "<="), ("news", ">")):
        query = f"SELECT * FROM '{whole}' WHERE ordered_at {side} TIMESTAMPTZ '{cut}'"  # noqa: S608 - our own file
        duckdb.sql(query).write_parquet(str(place / f"{name}.parquet"), compression="zstd")
    return place


def _answered(source: Path, into: Path) -> None:
    import regulars
    from regulars.studies.evidence import basis_of

    basis = basis_of(source)
    told = {}
    for name in STUDIES:
        answer = getattr(regulars, name)(basis)
        told[name] = answer.summary() if name == "rfm" else answer.json()
    into.write_text(json.dumps(_rounded(json.dumps(told)), sort_keys=True), "utf-8")


def _rounded(document: str) -> object:
    """Floats to nine digits: means add in another order."""
    return json.loads(document, parse_float=lambda text: float(f"{float(text):.9g}"))


def main() -> None:
    """Print both sides and their ratio."""
    if len(sys.argv) == 3:  # noqa: PLR2004 - one side, in this process
        for way in WAYS.values():
            way(_data(orders(SMALLEST)))()
        tell(cost_of(WAYS[sys.argv[1]](Path(sys.argv[2]))))
        return
    costs = measured(*sys.argv[1:])
    for name, cost in costs.items():
        show(name, cost)
    ratio = costs["refresh and answers"].cpu / costs["full run"].cpu
    print(f"refresh / full run: {ratio:.3f} (to reach: {TO_REACH})")


if __name__ == "__main__":
    main()
