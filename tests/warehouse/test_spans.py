"""Subscriptions."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from order_files import write
from regulars.kernel.errors import InputError
from regulars.warehouse.options import Reading
from regulars.warehouse.spans import read_spans


def rows(path: Path, reading: Reading | None = None) -> list[dict[str, object]]:
    table = read_spans(path, reading)
    found: list[dict[str, object]] = (
        table.order_by(["customer_id", "started_on"]).to_pyarrow().to_pylist()
    )
    return found


def test_spans_are_read_and_a_blank_end_is_running(tmp_path: Path) -> None:
    text = "client,start date,end date,mrr\na,2024-01-05,2024-02-01,10\nb,2024-01-06,,12.5\n"
    assert rows(write(tmp_path, text)) == [
        {
            "customer_id": "a",
            "started_on": date(2024, 1, 5),
            "ended_on": date(2024, 2, 1),
            "amount": Decimal(10),
        },
        {
            "customer_id": "b",
            "started_on": date(2024, 1, 6),
            "ended_on": None,
            "amount": Decimal("12.5"),
        },
    ]


def test_spans_without_an_end_column_all_are_running(tmp_path: Path) -> None:
    path = write(tmp_path, "customer_id,started_on\na,05.01.2024\na,31.01.2024\n")
    assert [row["ended_on"] for row in rows(path)] == [None, None]


def test_mappings_meant_for_the_orders_are_left_alone(tmp_path: Path) -> None:
    path = write(tmp_path, "who,started_on\na,2024-01-05\n")
    reading = Reading(columns={"customer_id": "who", "ordered_at": "date"})
    assert rows(path, reading)[0]["customer_id"] == "a"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (",2024-01-05,", "The customer is missing"),
        ("a,,", "The date is missing"),
        ("a,2024-01-05,soon", "not a date"),
        ("a,2024-01-05,2024-01-04", "ends before it starts"),
    ],
)
def test_a_span_that_cannot_be_used_is_refused_with_its_line(
    tmp_path: Path, row: str, message: str
) -> None:
    text = f"customer_id,started_on,ended_on\nz,2024-01-01,2024-01-02\n{row}\n"
    with pytest.raises(InputError, match=message) as refused:
        read_spans(write(tmp_path, text))
    assert "line 3" in str(refused.value)


def test_spans_without_rows_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has a heading but no rows"):
        read_spans(write(tmp_path, "customer_id,started_on\n"))
