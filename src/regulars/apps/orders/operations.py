"""Writes: orders and refunds are taken, again and again with the same result."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction

from regulars.apps.journal.operations import announce, record
from regulars.apps.orders.events import OrdersTaken, RefundsTaken, SubscriptionsPut
from regulars.apps.orders.models import Line, Order, Product, Refund, Subscription
from regulars.apps.orders.rules import LineData, OrderData, RefundData, SubscriptionData
from regulars.apps.people.operations import ensure_customers
from regulars.apps.people.queries import API
from regulars.kernel.actors import Actor

_ROWS_AT_ONCE = 1000


class Outcome(StrEnum):
    """What became of something told."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


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
    last = {order.id: order for order in told}
    with transaction.atomic():
        known = _locked(last)
        outcomes = {
            id_: _outcome(order.fingerprint, known.get(id_)) for id_, order in last.items()
        }
        changed = [order for id_, order in last.items() if outcomes[id_] is not Outcome.UNCHANGED]
        if changed:
            ids = _write_orders(changed, now, source)
            _write_lines(changed, ids, now)
            announce(OrdersTaken(tuple(sorted(ids.values()))), now)
            counts = Counter(outcome.value for outcome in outcomes.values())
            record(actor, "took orders", f"source:{source}", now, dict(counts))
    return [outcomes[order.id] for order in told]


def _locked(ids: Iterable[str]) -> dict[str, str]:
    rows = Order.objects.select_for_update().filter(external_id__in=list(ids)).order_by("pk")
    return dict(rows.values_list("external_id", "fingerprint"))


def _outcome(told: str, known: str | None) -> Outcome:
    if known is None:
        return Outcome.CREATED
    return Outcome.UNCHANGED if known == told else Outcome.UPDATED


def _write_orders(orders: Sequence[OrderData], now: datetime, source: str) -> dict[str, int]:
    customers = ensure_customers(
        (order.customer_id for order in orders if order.customer_id is not None),
        now=now,
        source=source,
    )
    Order.objects.bulk_create(
        (
            Order(
                external_id=order.id,
                customer_id=None if order.customer_id is None else customers[order.customer_id],
                ordered_at=order.ordered_at,
                utc_offset=_minutes(order.ordered_at),
                currency=order.currency,
                amount=order.amount,
                channel=order.channel,
                store=order.store,
                fingerprint=order.fingerprint,
                changed_at=now,
            )
            for order in sorted(orders, key=lambda order: order.id)
        ),
        batch_size=_ROWS_AT_ONCE,
        update_conflicts=True,
        unique_fields=["external_id"],
        update_fields=[
            "customer",
            "ordered_at",
            "utc_offset",
            "currency",
            "amount",
            "channel",
            "store",
            "fingerprint",
            "changed_at",
        ],
    )
    ids = [order.id for order in orders]
    return dict(Order.objects.filter(external_id__in=ids).values_list("external_id", "pk"))


def _write_lines(orders: Sequence[OrderData], ids: Mapping[str, int], now: datetime) -> None:
    Line.objects.filter(order__in=list(ids.values())).delete()
    lines = [(ids[order.id], line) for order in orders for line in order.lines]
    products = _products([line for _, line in lines], now)
    Line.objects.bulk_create(
        (
            Line(
                order_id=order,
                line=line.line,
                product_id=products[line.product_id],
                category=line.category,
                quantity=line.quantity,
                amount=line.amount,
                unit_cost=line.unit_cost,
            )
            for order, line in lines
        ),
        batch_size=_ROWS_AT_ONCE,
    )


def _products(lines: Iterable[LineData], now: datetime) -> dict[str, int]:
    """The products of lines; an unknown one is made with the line's category."""
    categories = {line.product_id: line.category for line in lines}
    known = _product_ids(categories)
    missing = sorted(categories.keys() - known.keys())
    if not missing:
        return known
    Product.objects.bulk_create(
        (Product(external_id=id_, category=categories[id_], changed_at=now) for id_ in missing),
        batch_size=_ROWS_AT_ONCE,
        ignore_conflicts=True,
    )
    return known | _product_ids(missing)


def _product_ids(external_ids: Iterable[str]) -> dict[str, int]:
    rows = Product.objects.filter(external_id__in=list(external_ids))
    return dict(rows.values_list("external_id", "pk"))


def take_refunds(told: Sequence[RefundData], *, actor: Actor, now: datetime) -> list[Outcome]:
    """Make refunds or replace them by their ids; a refund may come before its order.

    Args:
        told: Refunds without problems; of two with one id the last holds.
        actor: Who tells.
        now: The time.

    Returns:
        One outcome for each refund told.
    """
    last = {refund.id: refund for refund in told}
    with transaction.atomic():
        known = {
            row.external_id: row
            for row in Refund.objects.select_for_update()
            .filter(external_id__in=list(last))
            .order_by("pk")
        }
        outcomes = {id_: _refund_outcome(one, known.get(id_)) for id_, one in last.items()}
        changed = [one for id_, one in last.items() if outcomes[id_] is not Outcome.UNCHANGED]
        if changed:
            _write_refunds(changed, now)
            ids = Refund.objects.filter(external_id__in=[one.id for one in changed])
            announce(RefundsTaken(tuple(ids.order_by("pk").values_list("pk", flat=True))), now)
            record(actor, "took refunds", "refunds", now, {"count": len(changed)})
    return [outcomes[refund.id] for refund in told]


def _refund_outcome(told: RefundData, known: Refund | None) -> Outcome:
    if known is None:
        return Outcome.CREATED
    same = (
        known.order_external_id == told.order_id
        and known.refunded_at == told.refunded_at
        and known.amount == told.amount
        and tuple(known.lines) == told.lines
    )
    return Outcome.UNCHANGED if same else Outcome.UPDATED


def _write_refunds(refunds: Sequence[RefundData], now: datetime) -> None:
    Refund.objects.bulk_create(
        (
            Refund(
                external_id=refund.id,
                order_external_id=refund.order_id,
                refunded_at=refund.refunded_at,
                utc_offset=_minutes(refund.refunded_at),
                amount=refund.amount,
                lines=list(refund.lines),
                changed_at=now,
            )
            for refund in sorted(refunds, key=lambda refund: refund.id)
        ),
        update_conflicts=True,
        unique_fields=["external_id"],
        update_fields=[
            "order_external_id",
            "refunded_at",
            "utc_offset",
            "amount",
            "lines",
            "changed_at",
        ],
    )


def put_subscription(
    told: SubscriptionData, *, actor: Actor, now: datetime, source: str = API
) -> Outcome:
    """Make a subscription, or replace what is known of it; the same again changes nothing.

    Args:
        told: A subscription without problems.
        actor: Who tells.
        now: The time.
        source: Whose customer id it bears.
    """
    with transaction.atomic():
        customer = ensure_customers([told.customer_id], now=now, source=source)[told.customer_id]
        values: dict[str, object] = {
            "customer_id": customer,
            "plan": told.plan,
            "started_on": told.started_on,
            "ended_on": told.ended_on,
            "currency": told.currency,
            "amount": told.amount,
            "every": told.every.value,
        }
        row, new = Subscription.objects.select_for_update().get_or_create(
            external_id=told.id, defaults=values | {"changed_at": now}
        )
        if not new and all(getattr(row, name) == value for name, value in values.items()):
            return Outcome.UNCHANGED
        if not new:
            Subscription.objects.filter(pk=row.pk).update(**values, changed_at=now)
        announce(SubscriptionsPut((row.pk,)), now)
        record(actor, "put subscription", f"subscription:{row.pk}", now)
    return Outcome.CREATED if new else Outcome.UPDATED


def unlink_orders(before: datetime, *, now: datetime, most: int) -> int:
    """Forget which customer old orders were of; the orders stay. Return how many.

    Args:
        before: Orders of before this instant.
        now: The time.
        most: At most so many.
    """
    with transaction.atomic():
        old = Order.objects.filter(ordered_at__lt=before, customer__isnull=False)
        ids = list(old.order_by("ordered_at").values_list("pk", flat=True)[:most])
        if ids:
            Order.objects.filter(pk__in=ids).update(customer=None, changed_at=now)
            announce(OrdersTaken(tuple(sorted(ids))), now)
    return len(ids)


def _minutes(moment: datetime) -> int:
    return (moment.utcoffset() or timedelta()) // timedelta(minutes=1)
