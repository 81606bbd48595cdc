"""Cohorts, growth accounting and retention in one pass, against the cohort matrix in plain SQL."""

import sys
from collections.abc import Callable
from pathlib import Path

from measuring import SMALLEST, Cost, apart, cost_of, orders, show, tell

_PLAIN = "ordered_at::DATE"
_CHEAP = "make_timestamp(epoch_us(ordered_at))::DATE"
_MATRIX = """
WITH months AS (
    SELECT customer_id, year(day) * 12 + month(day) - 1 AS month
    FROM (SELECT customer_id, {day} AS day FROM read_parquet(?))
), masks AS (
    SELECT customer_id, min(month) AS cohort, bit_or(1::BIGINT << (month - ?)::INTEGER) AS mask
    FROM months GROUP BY customer_id
), counted AS (
    SELECT cohort, mask, count(*) AS customers FROM masks GROUP BY cohort, mask
)
SELECT cohort, age, sum(customers)
FROM counted, (SELECT unnest(range(0, 60)) AS age)
WHERE (mask >> (cohort - ? + age)::INTEGER) & 1 = 1
GROUP BY cohort, age
"""

_WITH_MONEY = """
WITH calendar AS (
    SELECT customer_id, year(day) * 12 + month(day) - 1 AS month, sum(amount) AS amount
    FROM (SELECT customer_id, ordered_at::DATE AS day, amount - refunded AS amount
          FROM read_parquet(?))
    GROUP BY ALL
), walk AS (
    SELECT month, amount, first(month) OVER by_customer AS cohort,
        lag(month) OVER by_customer IS NOT DISTINCT FROM month - 1 AS retained,
        lag(amount) OVER by_customer AS before
    FROM calendar WINDOW by_customer AS (PARTITION BY customer_id ORDER BY month)
)
SELECT cohort, month, retained, count(*), sum(amount), sum(before) FILTER (retained),
    sum(amount - before) FILTER (retained AND amount > before),
    sum(before - amount) FILTER (retained AND amount < before)
FROM walk GROUP BY ALL
"""


def bit_or(path: Path, day: str = _PLAIN) -> Callable[[], object]:
    """The matrix of counts alone, days as one writes them at first."""
    import duckdb

    first = 2024 * 12
    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'")
    query = _MATRIX.format(day=day)
    return lambda: con.execute(query, [str(path), first, first]).fetchall()


def bit_or_tuned(path: Path) -> Callable[[], object]:
    """The same without the tables of time zones."""
    return bit_or(path, _CHEAP)


def with_money(path: Path) -> Callable[[], object]:
    """What one pass answers, by hand: money as well, and how it grew and shrank."""
    import duckdb

    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'")
    return lambda: con.execute(_WITH_MONEY, [str(path)]).fetchall()


def one_pass(path: Path) -> Callable[[], object]:
    """From orders as read to counts and money of all three answers."""
    import ibis

    from regulars import Period, read_orders
    from regulars.analytics.calendar import calendar
    from regulars.analytics.cohorts import cohort_cells
    from regulars.analytics.growth import period_movements
    from regulars.analytics.keeping import keep
    from regulars.analytics.steps import movements, steps

    known = read_orders(path).identified
    days = known.select("customer_id", "ordered_on", "amount", orders=ibis.literal(1))

    def work() -> object:
        cube = keep(movements(steps(calendar(days, Period.MONTH))))
        return cohort_cells(cube).to_pyarrow(), period_movements(cube).to_pyarrow()

    return work


def three_answers(path: Path) -> Callable[[], object]:
    """The three answers whole, with reading, every check, and the rhythm of the firm."""
    import regulars
    from regulars.studies.evidence import basis_of

    def work() -> object:
        basis, period = basis_of(path), regulars.Period.MONTH
        asked = (regulars.cohorts, regulars.growth, regulars.retention)
        return [ask(basis, period=period) for ask in asked]

    return work


WAYS = {one.__name__: one for one in (bit_or, bit_or_tuned, with_money, one_pass, three_answers)}


def measured(size: str = "10m") -> dict[str, Cost]:
    """The cost of every way, each in a process of its own."""
    path = orders(size)
    return {name: apart(__file__, name, str(path)) for name in WAYS}


def main() -> None:
    """Print every way against the plain SQL."""
    if len(sys.argv) == 3:  # noqa: PLR2004 - one way, in this process
        way = WAYS[sys.argv[1]]
        way(orders(SMALLEST))()
        tell(cost_of(way(Path(sys.argv[2]))))
        return
    costs = measured(*sys.argv[1:])
    for name, cost in costs.items():
        show(f"matrix, {name}", cost)
        print(f"    {cost.cpu / costs['bit_or'].cpu:.1f} x the plain SQL")


if __name__ == "__main__":
    main()
