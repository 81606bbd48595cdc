"""What orders hold, which items meet in them, and what customers take up next."""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from regulars.warehouse.homes import load


def contents(purchases: ir.Table, lines: ir.Table, column: str) -> ir.Table:
    """One row per order and item in it.

    An item that the order gave back in full (no quantity left, or a negative amount) is not in it.

    Args:
        purchases: Orders up to the viewpoint; lines of others are left out.
        lines: Order lines.
        column: The column of ``lines`` that names the item: ``category`` or ``product_id``.

    Returns:
        ``order_id`` · ``item`` (text).
    """
    named = lines.filter(lines[column].notnull()).semi_join(purchases, "order_id")
    kept = named.mutate(item=named[column].cast("string"))
    sums = {"amount": kept.amount.sum()}
    if "quantity" in kept.columns:
        sums["quantity"] = kept.quantity.sum()
    each = kept.group_by(["order_id", "item"]).agg(**sums)
    held = each.amount >= 0
    if "quantity" in sums:
        held &= each.quantity.isnull() | (each.quantity > 0)
    return each.filter(held).select("order_id", "item")


def item_orders(held: ir.Table) -> ir.Table:
    """In how many orders each item is.

    Args:
        held: ``contents``.

    Returns:
        ``item`` · ``orders``.
    """
    return held.group_by("item").agg(orders=held.count())


def coded(held: ir.Table, items: Sequence[str]) -> ir.Table:
    """``contents`` of these items alone, each named by its place in the list.

    Whole numbers make the joins below several times cheaper than names.

    Returns:
        The columns of ``held`` with ``code`` in place of ``item``.
    """
    columns = [pa.array(items, pa.string()), pa.array(range(len(items)), pa.int32())]
    codes = load(ibis.get_backend(held), pa.table(columns, names=["item", "code"]))
    joined = held.inner_join(codes, "item")
    return joined.drop("item")


def pair_orders(held: ir.Table, least: int) -> ir.Table:
    """Pairs of items that meet in at least ``least`` orders.

    Args:
        held: ``coded``.
        least: The fewest orders.

    Returns:
        ``a`` · ``b`` (codes, a < b) · ``orders``.
    """
    left = held.select("order_id", a=held.code)
    right = held.select("order_id", b=held.code)
    met = left.inner_join(right, ["order_id", left.a < right.b])
    pairs = met.group_by(["a", "b"]).agg(orders=met.count())
    return pairs.filter(pairs.orders >= least)


def visits(days: ir.Table) -> ir.Table:
    """Each customer's purchase days, numbered.

    Returns:
        ``customer_id`` · ``ordered_on`` · ``nth`` (1, 2, …) · ``visits`` (how many in all).
    """
    own = ibis.window(group_by="customer_id")
    return days.select(
        "customer_id",
        "ordered_on",
        nth=ibis.row_number().over(ibis.window(group_by="customer_id", order_by="ordered_on")) + 1,
        visits=days.count().over(own),
    )


def beginnings(held: ir.Table, purchases: ir.Table, numbered: ir.Table) -> ir.Table:
    """When each customer bought each item for the first time.

    Args:
        held: ``coded``.
        purchases: Orders; those without a customer are left out.
        numbered: ``visits``.

    Returns:
        ``customer_id`` · ``code`` · ``nth`` (the purchase day) · ``visits``.
    """
    known = purchases.filter(purchases.customer_id.notnull())
    bought = held.inner_join(known.select("order_id", "customer_id", "ordered_on"), "order_id")
    first = bought.group_by(["customer_id", "code"]).agg(ordered_on=bought.ordered_on.min())
    return first.inner_join(numbered, ["customer_id", "ordered_on"]).select(
        "customer_id", "code", "nth", "visits"
    )


def stage(nth: ir.IntegerColumn, edges: Sequence[int]) -> ir.IntegerColumn:
    """The stage 0, 1, … of a purchase day: how many of the ascending ``edges`` lie below it."""
    number = ibis.literal(0)
    for edge in edges:
        number = number + (nth > edge).ifelse(1, 0)
    return number.cast("int32")


def started(first: ir.Table, edges: Sequence[int]) -> ir.Table:
    """How many began with an item at each stage and came again, and how many at all.

    Args:
        first: ``beginnings``.
        edges: Last purchase day of each stage but the last.

    Returns:
        ``code`` · ``stage`` · ``customers``.
    """
    again = first.filter(first.nth < first.visits)
    staged = again.select("code", stage=stage(again.nth, edges))
    return staged.group_by(["code", "stage"]).agg(customers=staged.count())


def taken(first: ir.Table, edges: Sequence[int]) -> ir.Table:
    """How many took up an item on the purchase day after one at each stage.

    Returns:
        ``code`` · ``stage`` (of the purchase day before) · ``customers``.
    """
    later = first.filter(first.nth > 1)
    staged = later.select("code", stage=stage(later.nth - 1, edges))
    return staged.group_by(["code", "stage"]).agg(customers=staged.count())


def visit_counts(numbered: ir.Table, edges: Sequence[int]) -> ir.Table:
    """How many purchase days of each stage were followed by another.

    Args:
        numbered: ``visits``.
        edges: Last purchase day of each stage but the last.

    Returns:
        ``stage`` · ``visits``.
    """
    followed = numbered.filter(numbered.nth < numbered.visits)
    staged = followed.select(stage=stage(followed.nth, edges))
    return staged.group_by("stage").agg(visits=staged.count())


def visits_after(first: ir.Table, edges: Sequence[int]) -> ir.Table:
    """How many followed purchase days of each stage lie on or after the first one with an item.

    Returns:
        ``code`` · ``stage_0``, ``stage_1``, … (sums of purchase days).
    """
    columns = {}
    starts, ends = [1, *(edge + 1 for edge in edges)], [*edges, None]
    for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
        low = ibis.greatest(first.nth, start)
        last = first.visits - 1
        high = last if end is None else ibis.least(last, end)
        columns[f"stage_{number}"] = ibis.greatest(high - low + 1, 0).sum()
    return first.group_by("code").agg(**columns)


def nexts(first: ir.Table, edges: Sequence[int]) -> ir.Table:
    """For each two items: who had the second before, and who took it up just after the first.

    Args:
        first: ``beginnings``.
        edges: Last purchase day of each stage but the last.

    Returns:
        ``a`` · ``b`` (codes) · ``stage`` (of the first purchase of ``a``, which was followed by
        another purchase day) · ``past`` (had ``b`` by then) · ``took`` (``b`` on the next one).
    """
    again = first.filter(first.nth < first.visits)
    left = again.select("customer_id", a=again.code, a_nth=again.nth)
    right = first.select("customer_id", b=first.code, b_nth=first.nth)
    both = left.inner_join(right, ["customer_id", left.a != right.b])
    near = both.filter(both.b_nth <= both.a_nth + 1)
    staged = near.select(
        "a",
        "b",
        stage=stage(near.a_nth, edges),
        past=(near.b_nth <= near.a_nth).ifelse(1, 0),
    )
    return staged.group_by(["a", "b", "stage"]).agg(
        past=staged.past.sum(), took=(1 - staged.past).sum()
    )
