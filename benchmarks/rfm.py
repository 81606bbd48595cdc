"""RFM summary of 10M orders in a Parquet file, against lifetimes, pymc-marketing and Polars."""

import sys
import warnings
from collections.abc import Callable
from pathlib import Path

from measuring import SMALLEST, Cost, apart, command, cost_of, orders, show, tell

_COLUMNS = ["customer_id", "ordered_at", "amount"]


def ours(path: Path) -> Callable[[], object]:
    """Read with every check, then one row a customer."""
    from regulars import read_orders
    from regulars.analytics.rfm import rfm_of_orders

    return lambda: rfm_of_orders(read_orders(path)).to_pyarrow()


def scored(path: Path) -> Callable[[], object]:
    """The whole answer: scores, segments and their sums beside the summary."""
    import regulars

    return lambda: regulars.rfm(path)


def stored(path: Path) -> Callable[[], object]:
    """One row a customer from what a store holds of him; making the store is not counted."""
    from regulars.analytics.rfm import rfm_of
    from regulars.studies.evidence import basis_of

    store = path.with_suffix(".store")
    if not store.exists():
        command(["refresh", str(store), str(path)])

    def work() -> object:
        basis = basis_of(store)
        return rfm_of(basis.histories, basis.orders.as_of).to_pyarrow()

    return work


def lifetimes(path: Path) -> Callable[[], object]:
    """``summary_data_from_transaction_data`` on a data frame."""
    from lifetimes.utils import summary_data_from_transaction_data

    return lambda: summary_data_from_transaction_data(_frame(path), *_COLUMNS)


def pymc_marketing(path: Path) -> Callable[[], object]:
    """``rfm_summary`` on a data frame."""
    from pymc_marketing.clv import rfm_summary

    return lambda: rfm_summary(_frame(path), *_COLUMNS)


def polars(path: Path) -> Callable[[], object]:
    """The same by hand, lazily from the file."""
    import polars as pl

    day = pl.col("ordered_at").dt.date()
    days = pl.scan_parquet(path).group_by("customer_id", day.alias("day")).agg(pl.sum("amount"))
    each = days.group_by("customer_id").agg(
        pl.len().alias("frequency"),
        pl.min("day").alias("first"),
        pl.max("day").alias("last"),
        pl.mean("amount").alias("monetary"),
    )
    return each.collect


def _frame(path: Path) -> object:
    import pandas as pd

    table = pd.read_parquet(path, columns=_COLUMNS)
    return table.assign(
        ordered_at=table["ordered_at"].dt.tz_localize(None), amount=table["amount"].astype(float)
    )


WAYS = {one.__name__: one for one in (ours, stored, scored, lifetimes, pymc_marketing, polars)}


def measured(size: str = "10m") -> dict[str, Cost]:
    """The cost of every way, each in a process of its own."""
    path = orders(size)
    return {name: apart(__file__, name, str(path)) for name in WAYS}


def main() -> None:
    """Print every way and how much less ours costs."""
    warnings.simplefilter("ignore")
    if len(sys.argv) == 3:  # noqa: PLR2004 - one way, in this process
        way = WAYS[sys.argv[1]]
        way(orders(SMALLEST))()
        tell(cost_of(way(Path(sys.argv[2]))))
        return
    costs = measured(*sys.argv[1:])
    for name, cost in costs.items():
        ratio = cost.cpu / costs["ours"].cpu
        show(f"RFM, {name}", cost)
        print(f"    {ratio:.1f} x the CPU seconds of ours")


if __name__ == "__main__":
    main()
