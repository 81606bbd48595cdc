from dataclasses import replace
from decimal import Decimal

import ibis
import pyarrow as pa
import pytest

from baskets import orders_with
from factories import on, orders_of
from regulars.analytics.basket import contents, item_orders


def lines_of(*rows: tuple[str, str | None, int | None, int]) -> ibis.Table:
    order, item, quantity, amount = zip(*rows, strict=True)
    return ibis.memtable(
        pa.table(
            {
                "order_id": pa.array(order, pa.string()),
                "category": pa.array(item, pa.string()),
                "quantity": pa.array(quantity, pa.int64()),
                "amount": pa.array(map(Decimal, amount), pa.decimal128(18, 6)),
            }
        )
    )


PURCHASES = orders_of([("a", on(0), 1)]).purchases


def held(lines: ibis.Table) -> list[str]:
    return sorted(contents(PURCHASES, lines, "category").to_pyarrow()["item"].to_pylist())


def test_an_item_is_in_an_order_once_however_many_lines_name_it() -> None:
    assert held(lines_of(("o0", "milk", 1, 1), ("o0", "milk", 2, 2))) == ["milk"]


@pytest.mark.parametrize("back", [("o0", "milk", -1, -3), ("o0", "milk", -1, -2)])
def test_an_item_given_back_in_full_is_not_in_the_order(
    back: tuple[str, str | None, int | None, int],
) -> None:
    assert held(lines_of(("o0", "milk", 1, 3), back, ("o0", "rye", 1, 1))) == ["rye"]


def test_an_item_given_back_in_part_stays() -> None:
    assert held(lines_of(("o0", "milk", 3, 9), ("o0", "milk", -1, -3))) == ["milk"]


def test_a_gift_and_an_item_without_quantity_are_in_the_order() -> None:
    assert held(lines_of(("o0", "gift", 1, 0), ("o0", "fee", None, 2))) == ["fee", "gift"]


def test_lines_of_orders_after_the_viewpoint_and_without_a_name_are_left_out() -> None:
    assert held(lines_of(("o9", "milk", 1, 1), ("o0", None, 1, 1), ("o0", "rye", 1, 1))) == ["rye"]


def test_lines_without_quantities_count_by_their_amount() -> None:
    orders = orders_with([("a", on(0), ["milk", "rye"])])
    assert orders.lines is not None
    bare = replace(orders, lines=orders.lines.drop("quantity"))
    assert bare.lines is not None
    counts = item_orders(contents(bare.purchases, bare.lines, "category"))
    assert sorted(counts.to_pyarrow()["item"].to_pylist()) == ["milk", "rye"]
