"""Orders drawn at random answer as the plain definitions say, on every engine."""

from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given, settings

from engines.conftest import Place
from oracles.cohorts import cohorts as cohorts_by_definition
from oracles.growth import growth as growth_by_definition
from oracles.rfm import rfm as rfm_by_definition
from regulars import Answer, Period, cohorts, growth, rfm
from regulars.studies.evidence import basis_of
from regulars.warehouse.homes import load
from regulars.warehouse.options import Reading
from regulars.warehouse.reading import read_orders
from strategies import Purchase, purchases

EXAMPLES = {"spark": 2}
"""Elsewhere 8; each takes Spark some fifty queries."""


def raw(rows: list[Purchase]) -> pa.Table:
    """What a firm's table might look like: no ids of orders, numbers as floats."""
    return pa.table(
        {
            "client": pa.array([who for who, _, _ in rows], pa.string()),
            "day": pa.array([day for _, day, _ in rows], pa.date32()),
            "total": pa.array([float(amount) for _, _, amount in rows], pa.float64()),
        }
    )


@pytest.mark.slow
def test_a_table_of_the_engine_answers_as_the_definitions_say(elsewhere: Place) -> None:
    @settings(deadline=None, max_examples=EXAMPLES.get(elsewhere.name, 8))
    @given(rows=purchases)
    def holds(rows: list[Purchase]) -> None:
        assert_as_defined(elsewhere, rows)

    holds()


def assert_as_defined(place: Place, rows: list[Purchase]) -> None:
    table = load(place.backend, raw(rows))
    columns = {"customer_id": "client", "ordered_at": "day", "amount": "total"}
    orders = read_orders(table, Reading(columns=columns, engine=place.backend))
    basis = basis_of(orders)
    assert orders.quality.revenue == sum((amount for *_, amount in rows), Decimal(0))
    grown = growth(basis, period=Period.MONTH)
    assert isinstance(grown, Answer)
    expected = growth_by_definition(rows, "month", orders.as_of)
    assert [{key: row[key] for key in expected[0]} for row in grown.records()] == expected
    cells = cohorts(basis, period=Period.WEEK)
    assert isinstance(cells, Answer)
    wanted = cohorts_by_definition(rows, "week", orders.as_of)
    assert [{key: row[key] for key in wanted[0]} for row in cells.records()] == wanted
    scores = rfm(basis, new_days=30)
    assert isinstance(scores, Answer)
    people = rfm_by_definition(rows, orders.as_of, 30)
    for row, person in zip(scores.records(), people, strict=True):
        assert row.pop("monetary") == pytest.approx(person.pop("monetary"), abs=1e-6)
        assert row == person
