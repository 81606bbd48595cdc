"""Contracts: who comes up for which renewal, the published model, the error on days held out."""

import json
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.analytics.contracts import renewal_counts
from regulars.kernel.errors import NotEnoughEvidence, OptionError
from regulars.kernel.periods import Period
from regulars.studies.renewals import RenewalForecast, renewal_forecast

type Contract = tuple[date, date | None]

DAY_ONE = date(2020, 1, 1)
# until the 28th, every month has the day on which a contract is renewed
starts = (
    st.integers(0, 700)
    .map(lambda day: DAY_ONE + timedelta(days=day))
    .filter(lambda day: day.day <= 28)
)
contracts = st.lists(
    st.tuples(starts, st.none() | st.integers(1, 900)).map(
        lambda it: (it[0], None if it[1] is None else it[0] + timedelta(days=it[1]))
    ),
    min_size=1,
    max_size=20,
)


def spans(rows: list[Contract]) -> ir.Table:
    return ibis.memtable(
        pa.table(
            {
                "customer_id": pa.array([f"c{number}" for number in range(len(rows))]),
                "started_on": pa.array([row[0] for row in rows], pa.date32()),
                "ended_on": pa.array([row[1] for row in rows], pa.date32()),
            }
        )
    )


def renewal_day(start: date, months: int) -> date:
    month = start.month - 1 + months
    return date(start.year + month // 12, month % 12 + 1, start.day)


def come_to(start: date, ended: date | None, until: date, months: int) -> tuple[int, int]:
    """Renewals come to, and whether the last of them was lost: one renewal after another."""
    number = 0
    while True:
        due = renewal_day(start, (number + 1) * months)
        if ended is not None and ended <= until and ended <= due:
            return number + 1, 1
        if due > until:
            return number, 0
        number += 1


@settings(deadline=None, max_examples=25)
@given(
    contracts, st.integers(0, 1000), st.sampled_from([Period.MONTH, Period.QUARTER, Period.YEAR])
)
def test_renewals_are_those_of_the_calendar(
    rows: list[Contract], day: int, period: Period
) -> None:
    until = DAY_ONE + timedelta(days=day)
    months = {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: 12}[period]
    expected: dict[tuple[int, int], int] = {}
    for start, ended in rows:
        if start <= until:
            key = come_to(start, ended, until, months)
            expected[key] = expected.get(key, 0) + 1
    found = renewal_counts(spans(rows), period, until).to_pyarrow().to_pylist()
    assert {(row["renewals"], row["lost"]): row["contracts"] for row in found} == expected


def survivors(shares: list[float], customers: int = 1000) -> list[Contract]:
    """Contracts of one day, renewed each year by these shares of those who began."""
    rows: list[Contract] = []
    for year, share in enumerate(shares, start=1):
        left = customers - round(share * customers) - len(rows)
        rows += [(DAY_ONE, renewal_day(DAY_ONE, 12 * year))] * left
    return rows + [(DAY_ONE, None)] * (customers - len(rows))


def answer(rows: list[Contract], **options: object) -> RenewalForecast:
    found = renewal_forecast(spans(rows), **options)  # type: ignore[arg-type]  # by name
    assert isinstance(found, RenewalForecast)
    return found


@pytest.mark.parametrize(
    ("shares", "alpha", "beta"),
    [
        ([0.631, 0.468, 0.382, 0.326, 0.289, 0.262, 0.241], 0.704, 1.182),
        ([0.869, 0.743, 0.653, 0.593, 0.551, 0.517, 0.491], 0.668, 3.806),
    ],
    ids=["regular", "high end"],
)
def test_the_published_figures_are_reproduced_from_contracts(
    shares: list[float], alpha: float, beta: float
) -> None:
    found = answer(survivors(shares), period=Period.YEAR, as_of=date(2027, 6, 30))
    assert found.parameters["alpha"] == pytest.approx(alpha, abs=6e-4)
    assert found.parameters["beta"] == pytest.approx(beta, abs=6e-4)
    assert [row.at_risk for row in found.renewals][:3] == [
        1000, round(1000 * shares[0]), round(1000 * shares[1]),
    ]  # fmt: skip
    assert found.renewals[-1].observed is None
    assert found.renewals[6].survival == pytest.approx(shares[6], abs=0.02)


def test_the_days_held_out_are_compared() -> None:
    shares = [0.869, 0.743, 0.653, 0.593, 0.551, 0.517, 0.491]
    rows = [*survivors(shares), (date(2027, 6, 1), None)]
    held = answer(rows, period=Period.YEAR, as_of=date(2027, 6, 30)).holdout
    assert held is not None
    assert held.due > held.actual > 0
    assert held.bias is not None
    assert abs(held.bias) < 0.05


def test_the_answer_is_json() -> None:
    found = answer(survivors([0.6, 0.4, 0.3]), period=Period.YEAR, as_of=date(2023, 6, 1))
    document = json.loads(json.dumps(found.json(), allow_nan=False))
    assert document["model"] == "shifted-beta-geometric"
    assert len(document["renewals"]) == 8


@pytest.mark.parametrize(
    "rows",
    [
        [(DAY_ONE, None)] * 5,
        [(DAY_ONE, date(2020, 2, 1))] * 5,
        [(date(2020, 6, 1), None)],
    ],
    ids=["nobody left", "all left at once", "none came up"],
)
def test_contracts_that_show_nothing_are_not_forecast(rows: list[Contract]) -> None:
    found = renewal_forecast(spans(rows), as_of=date(2020, 6, 10))
    assert isinstance(found, NotEnoughEvidence)


def test_contracts_are_not_renewed_by_the_week() -> None:
    with pytest.raises(OptionError):
        renewal_forecast(spans([(DAY_ONE, None)]), period=Period.WEEK)
