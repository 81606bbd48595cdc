"""Imports: whatever the source, the same records, each once."""

import gzip
import json
from pathlib import Path

import pytest

from imports import EUROS, NOW, asked, counts, imported, ndjson, order, orders, refused, worked
from regulars.apps.intake.operations import retry_import, start_import, undo_import
from regulars.apps.intake.queries import get_run, list_runs
from regulars.apps.intake.rules import Aim, How, Kind, State
from regulars.apps.orders.queries import find_order, list_orders
from regulars.apps.people.queries import find_customer
from regulars.kernel.actors import COMMAND

CSV = """order_id,customer_id,ordered_at,amount,store
1,ann,2026-01-02,10.50,Mill
2,bob,2026-01-03,7,Mill
3,ann,31.02.2026,9,Mill
4,,2026-01-05,x,Mill
"""

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: object) -> None:
    settings.DATA_FOLDER = tmp_path  # type: ignore[attr-defined]


def test_a_table_becomes_orders_and_its_bad_rows_are_kept_as_they_stood() -> None:
    run = imported(CSV)
    assert run.reason is None
    assert (run.state, counts(run)) == (State.DONE, (4, 2, 2, 0, 0))
    row = find_order("1")
    assert row is not None
    assert (row.customer_id, str(row.amount), row.currency) == ("ann", "10.5000", "EUR")
    assert [(one.line, one.row) for one in refused(run)] == [
        (
            4,
            {
                "order_id": "3",
                "customer_id": "ann",
                "ordered_at": "31.02.2026",
                "amount": "9",
                "store": "Mill",
            },
        ),
        (
            5,
            {
                "order_id": "4",
                "customer_id": None,
                "ordered_at": "2026-01-05",
                "amount": "x",
                "store": "Mill",
            },
        ),
    ]


def test_bodies_of_the_api_become_orders() -> None:
    run = imported(ndjson(*orders(7)), how=How(), name="orders.ndjson")
    assert (run.state, counts(run)) == (State.DONE, (7, 0, 7, 0, 0))


def test_a_preview() -> None:
    run = imported(CSV, aim=Aim.PREVIEW)
    assert run.state is State.READY
    print(run.findings)
    start_import(run.id, actor=COMMAND, now=NOW)
    worked()
    assert counts(get_run(run.id)) == (4, 2, 2, 0, 0)
