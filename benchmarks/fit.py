"""BG/NBD by maximum likelihood: the CDNOW sample, 1M and 10M simulated customers."""

import csv
import sys
import warnings
from collections.abc import Callable
from importlib.metadata import files

import numpy as np
import numpy.typing as npt
from measuring import Cost, apart, cost_of, scaled, show, tell

type Vector = npt.NDArray[np.float64]
type History = tuple[Vector, Vector, Vector]
"""x, t_x and T, one row a customer, in weeks."""

_DAYS = 731
_REPEATS = {"cdnow": 20, "1m": 1, "10m": 1}
_TRUTH = (0.243, 4.414, 0.793, 2.426)


def cdnow() -> History:
    """The sample of 2,357 customers that lifetimes ships, 39 weeks."""
    found = [path for path in files("lifetimes") or () if path.name.endswith("s_summary.csv")]
    path = next(path for path in found if "cdnow" in path.name)
    with path.locate().open() as file:  # type: ignore[attr-defined]  # a path on disk
        rows = [
            [float(row[name]) for name in ("frequency", "recency", "T")]
            for row in csv.DictReader(file)
        ]
    x, t_x, end = np.array(rows).T
    return x, t_x, end


def simulated(customers: int) -> History:
    """Customers of a BG/NBD firm, seen at the grain of days."""
    draw = np.random.default_rng(1)
    r, alpha, a, b = _TRUTH
    rate = draw.gamma(r, 1 / (7 * alpha), customers)
    leaves = draw.beta(a, b, customers)
    end = draw.integers(1, _DAYS, customers, endpoint=True).astype(float)
    x, last, now = np.zeros(customers), np.zeros(customers), np.zeros(customers)
    there = np.arange(customers)
    while there.size:
        now[there] += draw.exponential(size=there.size) / np.maximum(rate[there], 1e-12)
        there = there[now[there] <= end[there]]
        x[there] += 1
        last[there] = now[there]
        there = there[draw.random(there.size) >= leaves[there]]
    return x, np.ceil(last) / 7, end / 7


DATA: dict[str, Callable[[], History]] = {
    "cdnow": cdnow,
    "1m": lambda: simulated(scaled(1_000_000)),
    "10m": lambda: simulated(scaled(10_000_000)),
}


def ours(history: History) -> object:
    """One row a customer in; parameters with standard errors out."""
    from regulars.estimation.bg_nbd import BG_NBD
    from regulars.estimation.purchase_history import PurchaseHistory

    fit = BG_NBD.fit(PurchaseHistory.of(*history, unit="week"))
    return list(fit.parameters.values())


def lifetimes(history: History) -> object:
    """One row a customer."""
    from lifetimes import BetaGeoFitter

    return BetaGeoFitter().fit(*history).params_.to_list()


def lifetimes_weighted(history: History) -> object:
    """The distinct rows with their counts, as its documentation advises."""
    import pandas as pd
    from lifetimes import BetaGeoFitter

    rows = pd.DataFrame(dict(zip("xtT", history, strict=True)))
    few = rows.groupby(["x", "t", "T"]).size().reset_index(name="n")
    return BetaGeoFitter().fit(few.x, few.t, few["T"], weights=few.n).params_.to_list()


WAYS = {one.__name__: one for one in (ours, lifetimes, lifetimes_weighted)}
CASES = {
    "cdnow": ("ours", "lifetimes"),
    "1m": ("ours", "lifetimes", "lifetimes_weighted"),
    "10m": ("ours",),
}


def once(way: str, data: str) -> Cost:
    """The cost of one fit in this process, after one that brought in what is imported."""
    warnings.simplefilter("ignore")
    WAYS[way](cdnow())
    history, repeats = DATA[data](), _REPEATS[data]
    found: list[object] = []
    cost = cost_of(lambda: found.extend(WAYS[way](history) for _ in range(repeats)))
    print(way, data, [f"{value:.3f}" for value in found[-1]], file=sys.stderr)  # type: ignore[attr-defined]
    return Cost(cost.cpu / repeats, cost.wall / repeats, cost.peak)


def measured() -> dict[tuple[str, str], Cost]:
    """The cost of every way on every data, each in a process of its own."""
    return {
        (data, way): apart(__file__, way, data) for data, ways in CASES.items() for way in ways
    }


def main() -> None:
    """Print every way and how much less ours costs."""
    if len(sys.argv) == 3:  # noqa: PLR2004 - one way, in this process
        tell(once(*sys.argv[1:]))
        return
    costs = measured()
    for (data, way), cost in costs.items():
        show(f"BG/NBD, {data}, {way}", cost)
        print(f"    {cost.cpu / costs[data, 'ours'].cpu:.1f} x the CPU seconds of ours")
    print(f"10M: {costs['10m', 'ours'].cpu / costs['1m', 'ours'].cpu:.1f} x our 1M")


if __name__ == "__main__":
    main()
