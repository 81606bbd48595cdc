"""The CDNOW sample, read from the installed package ``lifetimes`` without importing it.

Source: Fader & Hardie, brucehardie.com; 2,357 customers of an online shop for music who first
bought in the first quarter of 1997, followed until the end of June 1998.
"""

from datetime import date, timedelta
from functools import cache
from importlib.util import find_spec
from pathlib import Path

type Customer = tuple[int, int, int, int, float]
"""x, t_x and T in days, purchase days held out, mean amount of the repeat purchase days."""

CALIBRATE_TO, HOLDOUT_TO = date(1997, 9, 30), date(1998, 6, 30)


@cache
def purchase_days() -> dict[str, dict[date, float]]:
    """Amount of each customer on each day with a purchase."""
    package = find_spec("lifetimes")
    assert package is not None
    assert package.submodule_search_locations is not None
    file = Path(package.submodule_search_locations[0]) / "datasets" / "CDNOW_sample.txt"
    days: dict[str, dict[date, float]] = {}
    for line in file.read_text(encoding="ascii").splitlines():
        _, customer, day, _, amount = line.split()
        own = days.setdefault(customer, {})
        on = date.fromisoformat(f"{day[:4]}-{day[4:6]}-{day[6:]}")
        own[on] = own.get(on, 0.0) + float(amount)
    return days


@cache
def customers(calibrate_to: date = CALIBRATE_TO, holdout_to: date = HOLDOUT_TO) -> list[Customer]:
    """What is seen of each customer until one day, and how often he buys until the other."""
    rows = []
    for days in purchase_days().values():
        known = sorted(day for day in days if day <= calibrate_to)
        later = sum(calibrate_to < day <= holdout_to for day in days)
        spent = [days[day] for day in known[1:]]
        mean = sum(spent) / len(spent) if spent else 0.0
        first, last = known[0], known[-1]
        rows.append(
            (len(known) - 1, (last - first).days, (calibrate_to - first).days, later, mean)
        )
    return rows


def weeks_before(end: date, weeks: float) -> date:
    """The day so many weeks before another, to the day."""
    return end - timedelta(days=round(7 * weeks))
