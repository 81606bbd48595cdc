from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories import on, orders_of
from oracles import rfm as oracle
from regulars.kernel.errors import NotEnoughEvidence, OptionError
from regulars.studies.rfm import Rfm, Segment, rfm
from strategies import Purchase, basis_from, purchases


def answer(orders: object, **options: int) -> Rfm:
    found = rfm(orders, **options)  # type: ignore[arg-type]  # any of the kinds it takes
    assert isinstance(found, Rfm)
    return found


@settings(deadline=None, max_examples=20)
@given(purchases, st.integers(0, 100))
def test_every_customer_has_the_scores_and_the_segment_of_the_definition(
    rows: list[Purchase], new_days: int
) -> None:
    basis = basis_from(rows)
    found: list[dict[str, Any]] = answer(basis, new_days=new_days).records()
    for row, expected in zip(found, oracle.rfm(rows, basis.orders.as_of, new_days), strict=True):
        assert row.pop("monetary") == pytest.approx(expected.pop("monetary"), abs=1e-6)
        assert row == expected


@settings(deadline=None, max_examples=6)
@given(purchases, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows: list[Purchase], random: object) -> None:
    shuffled = sorted(rows, key=lambda _: random.random())  # type: ignore[attr-defined]
    one, other = answer(basis_from(rows)), answer(basis_from(shuffled))
    assert one.records() == other.records()
    assert one.segments == other.segments
    assert one.cells == other.cells


@settings(deadline=None, max_examples=6)
@given(purchases)
def test_segments_and_cells_add_up_to_all_customers(rows: list[Purchase]) -> None:
    found = answer(basis_from(rows))
    customers = found.customers.num_rows
    known = sum(amount for who, _, amount in rows if who is not None)
    assert sum(row.customers for row in found.segments) == customers
    assert sum(cell.customers for cell in found.cells) == customers
    assert sum(row.revenue for row in found.segments) == known
    assert sum(row.share_of_customers for row in found.segments) == pytest.approx(1)


def test_segments_come_in_their_order_even_when_empty() -> None:
    found = answer(orders_of([("a", on(0), 5)]))
    assert [row.segment for row in found.segments] == list(Segment)
    empty = found.segments[0]
    assert (empty.customers, empty.mean_recency, empty.share_of_revenue) == (0, None, 0)


def test_equal_customers_share_the_lowest_score() -> None:
    found = answer(orders_of([("a", on(0), 5), ("b", on(0), 5)]))
    assert {(row["r"], row["f"], row["m"]) for row in found.records()} == {(1, 1, 1)}
    assert found.breaks.recency == (None, None, None, None)


def test_breaks_of_recency_are_the_most_days_with_a_score() -> None:
    found = answer(orders_of([(f"c{day}", on(day), 5) for day in range(10)]))
    assert found.breaks.recency == (7, 5, 3, 1)
    scores = {row["recency"]: row["r"] for row in found.records()}
    assert [scores[days] for days in (8, 7, 5, 3, 1, 0)] == [1, 2, 3, 4, 5, 5]


def test_numbers_as_ids_come_back_as_text() -> None:
    orders = orders_of([("7", on(0), 5)])
    numbers = orders.purchases.mutate(customer_id=orders.purchases.customer_id.cast("int64"))
    found = answer(type(orders)(purchases=numbers, data_from=on(0), as_of=on(0)))
    assert found.records()[0]["customer_id"] == "7"


def test_new_customers_of_a_short_history_are_at_most_so_many() -> None:
    rows = [("a", on(0), 1), ("a", on(20), 1), ("b", on(25), 1)]
    segments = {row.segment: row for row in answer(orders_of(rows, burn_in_days=20)).segments}
    assert segments[Segment.NEW].at_most
    assert not segments[Segment.LOYAL].at_most
    sure = {row.segment: row for row in answer(orders_of(rows, burn_in_days=0)).segments}
    assert not sure[Segment.NEW].at_most


def test_the_rule_of_new_customers_says_how_many_days() -> None:
    segments = {
        row.segment: row for row in answer(orders_of([("a", on(0), 1)]), new_days=30).segments
    }
    assert "30 days" in str(segments[Segment.NEW].rule)


def test_without_revenue_no_segment_has_a_share_of_it() -> None:
    found = answer(orders_of([("a", on(0), 0)]))
    assert {row.share_of_revenue for row in found.segments} == {None}


def test_orders_without_any_customer_are_not_enough() -> None:
    assert isinstance(rfm(orders_of([(None, on(0), 5)])), NotEnoughEvidence)


def test_a_negative_age_is_refused() -> None:
    with pytest.raises(OptionError, match="0 days or more"):
        rfm(orders_of([("a", on(0), 1)]), new_days=-1)


def test_the_table_is_the_one_that_is_held() -> None:
    found = answer(orders_of([("b", on(0), 5), ("a", on(1), 5)]))
    assert found.table() is found.customers
    assert found.table()["customer_id"].to_pylist() == ["a", "b"]
    assert len(found.summary()) == len(Segment)
