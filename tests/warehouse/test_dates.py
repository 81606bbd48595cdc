"""Dates and times, cell by cell, and the days they fall on."""

from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from order_files import clock, read_text, rows_of
from regulars.warehouse import dates
from regulars.warehouse.engines import Engine, open_engine
from regulars.warehouse.options import Reading
from regulars.warehouse.reading import read_orders


@pytest.fixture(scope="module")
def engine() -> Engine:
    return open_engine()


def read(
    engine: Engine, cells: list[str], order: dates.Order | None = None, **options: bool
) -> list[datetime | None]:
    table = engine.store(engine.connection.from_arrow(pa.table({"cell": cells})))
    table, when = dates.written(table, "cell", order, **options)
    return table.select(at=when.at).to_pyarrow()["at"].to_pylist()  # type: ignore[no-any-return]


def seen(engine: Engine, cells: list[str]) -> dates.Seen:
    table = engine.store(engine.connection.from_arrow(pa.table({"cell": cells})))
    (row,) = table.aggregate(**dates.survey(table.cell)).to_pyarrow().to_pylist()
    return dates.Seen(**row)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2024-01-31", clock("2024-01-31 00:00:00")),
        (" 2024-1-5 ", clock("2024-01-05 00:00:00")),
        ("2024/01/31", clock("2024-01-31 00:00:00")),
        ("2024.01.31", clock("2024-01-31 00:00:00")),
        ("2024年1月31日", clock("2024-01-31 00:00:00")),
        ("20240131", clock("2024-01-31 00:00:00")),
        ("31/01/2024", clock("2024-01-31 00:00:00")),
        ("31.1.2024", clock("2024-01-31 00:00:00")),
        ("01-31-2024", clock("2024-01-31 00:00:00")),
        ("03/03/2020", clock("2020-03-03 00:00:00")),
        ("2024-01-31 10:00", clock("2024-01-31 10:00:00")),
        ("2024-01-31T10:00:05.25", clock("2024-01-31 10:00:05.250000")),
        ("2024-01-31T10:00:00Z", clock("2024-01-31 10:00:00")),
        ("2024-01-31T10:00:00+02:00", clock("2024-01-31 08:00:00")),
        ("2024-01-31 10:00 -0330", clock("2024-01-31 13:30:00")),
        ("31.01.2024 7:05", clock("2024-01-31 07:05:00")),
        ("1/31/2024 12:05 AM", clock("2024-01-31 00:05:00")),
        ("1/31/2024, 1:05:09 p.m.", clock("2024-01-31 13:05:09")),
        ("03/04/2020", None),
        ("2024-02-30", None),
        ("2024-01-31 25:00", None),
        ("1/31/2024 13:00 PM", None),
        ("31.01.24", None),
        ("epoch", None),
        ("infinity", None),
        ("1700000000", None),
        ("tomorrow", None),
        ("", None),
    ],
)
def test_a_cell_is_read_as_people_mean_it(
    engine: Engine, cell: str, expected: datetime | None
) -> None:
    assert read(engine, [cell]) == [expected]


def test_the_order_given_reads_what_could_be_read_two_ways(engine: Engine) -> None:
    assert read(engine, ["03/04/2020", "31/01/2024"], "dmy") == [
        clock("2020-04-03 00:00:00"),
        clock("2024-01-31 00:00:00"),
    ]
    assert read(engine, ["03/04/2020", "31/01/2024"], "mdy") == [
        clock("2020-03-04 00:00:00"),
        None,
    ]


def test_day_numbers_of_a_workbook_are_read(engine: Engine) -> None:
    cells = ["45292", "45292.75"]
    assert seen(engine, cells).serials
    assert read(engine, cells, serials=True) == [
        clock("2024-01-01 00:00:00"),
        clock("2024-01-01 18:00:00"),
    ]


@settings(max_examples=20, deadline=None)
@given(
    days=st.lists(st.dates(date(1970, 1, 1), date(2099, 12, 31)), min_size=1, max_size=30),
    style=st.sampled_from(["%d.%m.%Y", "%m/%d/%Y", "%Y-%m-%d", "%Y%m%d"]),
)
def test_a_column_tells_its_own_order_or_is_ambiguous(
    engine: Engine, days: list[date], style: str
) -> None:
    cells = [day.strftime(style) for day in days]
    found = seen(engine, cells)
    expected = [clock(day.isoformat()) for day in days]
    for truth, read_back in zip(expected, read(engine, cells, found.order), strict=True):
        assert read_back in (truth, None)
        assert read_back is not None or found.order is None


def ordered(orders_on: object) -> list[tuple[object, ...]]:
    return rows_of(orders_on, "ordered_at", "ordered_on")  # type: ignore[arg-type]


HEADING = "date,amount\n"


def test_a_time_falls_on_the_local_day(tmp_path: Path) -> None:
    text = HEADING + "2024-01-31 23:30:00,1\n2024-07-01T22:30:00+00:00,1\n"
    assert ordered(read_text(tmp_path, text, Reading(timezone="Europe/Vilnius"))) == [
        (clock("2024-01-31 23:30:00"), date(2024, 2, 1)),
        (clock("2024-07-01 22:30:00"), date(2024, 7, 2)),
    ]


def test_times_may_be_in_another_zone_than_days(tmp_path: Path) -> None:
    reading = Reading(timezone="Europe/Vilnius", times_in="Europe/Vilnius")
    assert ordered(read_text(tmp_path, HEADING + "2024-01-31 23:30:00,1\n", reading)) == [
        (clock("2024-01-31 21:30:00"), date(2024, 1, 31))
    ]


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Asia/Shanghai"])
@pytest.mark.parametrize("cell", ["2024-01-31", "20240131", "31.01.2024"])
def test_a_bare_date_is_that_local_day(tmp_path: Path, zone: str, cell: str) -> None:
    orders = read_text(tmp_path, HEADING + f"{cell},1\n", Reading(timezone=zone))
    assert rows_of(orders, "ordered_on") == [(date(2024, 1, 31),)]


def test_a_typed_column_of_midnights_holds_dates() -> None:
    table = pa.table(
        {"date": [clock("2024-01-31 00:00:00"), clock("2024-02-01 00:00:00")], "amount": [1, 1]}
    )
    orders = read_orders(table, Reading(timezone="America/Los_Angeles"))
    assert rows_of(orders, "ordered_on") == [(date(2024, 1, 31),), (date(2024, 2, 1),)]


def test_instants_of_a_typed_column_fall_on_the_local_day() -> None:
    instants = pa.array([clock("2024-01-31 23:30:00")], pa.timestamp("us", "UTC"))
    table = pa.table({"date": instants, "amount": [1]})
    assert ordered(read_orders(table, Reading(timezone="Asia/Shanghai"))) == [
        (clock("2024-01-31 23:30:00"), date(2024, 2, 1))
    ]


def test_whole_numbers_may_be_dates() -> None:
    table = pa.table({"date": [20240131, 20240201], "amount": [1, 1]})
    assert rows_of(read_orders(table), "ordered_on") == [
        (date(2024, 1, 31),),
        (date(2024, 2, 1),),
    ]
