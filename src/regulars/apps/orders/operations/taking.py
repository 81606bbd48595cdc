"""Writes of what was sold: orders and refunds, one, a list, or a batch of an import."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from regulars.apps.journal.operations import announce, record
from regulars.apps.orders.events import OrdersTaken, RefundsTaken
from regulars.apps.orders.kinds import REFUNDS
from regulars.apps.orders.operations.putting import put_records
from regulars.apps.orders.operations.writing import (
    LineColumns,
    OrderColumns,
    Wrote,
    write_orders,
)
from regulars.apps.orders.rules import OrderData, RefundData
from regulars.apps.people.queries import API
from regulars.kernel.actors import Actor
from regulars.kernel.outcomes import Outcome


def take_orders(
    told: Sequence[OrderData], *, actor: Actor, now: datetime, source: str = API
) -> list[Outcome]:
    """Make orders or replace them by their ids, lines included; the same again changes nothing.

    A customer whom nobody knows yet is made as a stub. All are taken, or none.

    Args:
        told: Orders without problems; of two with one id the last holds.
        actor: Who tells.
        now: The time.
        source: Whose customer ids they bear.

    Returns:
        One outcome for each order told.
    """
    orders, lines = _columns(list({order.id: order for order in told}.values()))
    with transaction.atomic(savepoint=False):
        wrote = write_orders(orders, lines, now=now, source=source, run=None)
        _tell(wrote, now)
        if wrote.numbers:
            record(actor, "took orders", f"source:{source}", now, dict(_counts(wrote)))
    return [wrote.outcomes[order.id] for order in told]


def import_orders(
    orders: OrderColumns,
    lines: LineColumns,
    *,
    run: str,
    actor: Actor,
    now: datetime,
    source: str = API,
) -> Counter[Outcome]:
    """Make a batch of orders or replace them by their ids, exactly as :func:`take_orders` does.

    All are taken, or none; the same again changes nothing; it may run twice at once. The run is
    remembered: :func:`undo_run` takes back what it wrote. Batches of 2,000 to 5,000 orders cost
    the least; memory is that of a batch.

    Args:
        orders: Orders without problems.
        lines: Their lines.
        run: The id of the run, at most 40 characters.
        actor: Who tells.
        now: The time: another one for each batch.
        source: Whose customer ids they bear.

    Returns:
        How many orders had which outcome.

    Raises:
        InputError: An id comes twice, or a line names an order that is not in the batch.
    """
    with transaction.atomic():
        wrote = write_orders(orders, lines, now=now, source=source, run=run)
        _tell(wrote, now)
        if wrote.numbers:
            record(actor, "imported orders", f"run:{run}", now, dict(_counts(wrote)))
    return Counter(wrote.outcomes.values())


def take_refunds(told: Sequence[RefundData], *, actor: Actor, now: datetime) -> list[Outcome]:
    """Make refunds or replace them by their ids; a refund may come before its order.

    Args:
        told: Refunds without problems; of two with one id the last holds.
        actor: Who tells.
        now: The time.

    Returns:
        One outcome for each refund told.
    """
    return _take_refunds(told, actor, now, run=None)


def import_refunds(
    told: Sequence[RefundData], *, run: str, actor: Actor, now: datetime
) -> Counter[Outcome]:
    """Make a batch of refunds or replace them by their ids; the run is remembered."""
    return Counter(_take_refunds(told, actor, now, run=run))


def _take_refunds(
    told: Sequence[RefundData], actor: Actor, now: datetime, run: str | None
) -> list[Outcome]:
    with transaction.atomic():
        values = {refund.id: _refund_values(refund) for refund in told}
        put = put_records(REFUNDS, values, now=now, run=run)
        if put.changed:
            announce(RefundsTaken(put.changed), now)
            record(actor, "took refunds", "refunds", now, put.counts)
    return [put.outcomes[refund.id] for refund in told]


def _refund_values(told: RefundData) -> dict[str, object]:
    return {
        "order_external_id": told.order_id,
        "refunded_at": told.refunded_at,
        "utc_offset": _minutes(told.refunded_at),
        "amount": told.amount,
        "lines": list(told.lines),
    }


def _tell(wrote: Wrote, now: datetime) -> None:
    if numbers := wrote.numbers:
        announce(OrdersTaken(numbers[0], numbers[-1], len(numbers), now.isoformat()), now)


def _counts(wrote: Wrote) -> Counter[str]:
    return Counter(outcome.value for outcome in wrote.outcomes.values())


def _columns(told: Sequence[OrderData]) -> tuple[OrderColumns, LineColumns]:
    lines = [(order.id, line) for order in told for line in order.lines]
    return OrderColumns(
        id=[order.id for order in told],
        customer_id=[order.customer_id for order in told],
        ordered_at=[order.ordered_at for order in told],
        utc_offset=[_minutes(order.ordered_at) for order in told],
        currency=[order.currency for order in told],
        amount=[order.amount for order in told],
        channel=[order.channel for order in told],
        store=[order.store for order in told],
    ), LineColumns(
        order_id=[id_ for id_, _ in lines],
        line=[line.line for _, line in lines],
        product_id=[line.product_id for _, line in lines],
        category=[line.category for _, line in lines],
        quantity=[line.quantity for _, line in lines],
        amount=[line.amount for _, line in lines],
        unit_cost=[line.unit_cost for _, line in lines],
    )


def _minutes(moment: datetime) -> int:
    return (moment.utcoffset() or timedelta()) // timedelta(minutes=1)
