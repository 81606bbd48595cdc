"""Writes of what changes seldom: products, costs, subscriptions."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import models, transaction

from regulars.apps.journal.operations import announce, record
from regulars.apps.orders.events import CostsPut, ProductsPut, SubscriptionsPut
from regulars.apps.orders.models import Cost, Product, Subscription
from regulars.apps.orders.rules import CostData, ProductData, SubscriptionData
from regulars.apps.people.operations import ensure_customers
from regulars.apps.people.queries import API
from regulars.kernel.actors import Actor
from regulars.kernel.outcomes import Outcome

_ROWS_AT_ONCE = 1000

type Values = Mapping[str, object]


def put_products(told: Sequence[ProductData], *, actor: Actor, now: datetime) -> list[Outcome]:
    """Make products or replace what is known of them; the same again changes nothing.

    Args:
        told: Products without problems; of two with one id the last holds.
        actor: Who tells.
        now: The time.

    Returns:
        One outcome for each product told.
    """
    with transaction.atomic():
        put = put_records(Product.objects, {one.id: _values(one) for one in told}, now=now)
        if put.changed:
            announce(ProductsPut(put.changed), now)
            record(actor, "put products", "products", now, put.counts)
    return [put.outcomes[one.id] for one in told]


def put_costs(told: Sequence[CostData], *, actor: Actor, now: datetime) -> list[Outcome]:
    """Make costs or replace what is known of them; the same again changes nothing.

    Args:
        told: Costs without problems; of two with one id the last holds.
        actor: Who tells.
        now: The time.

    Returns:
        One outcome for each cost told.
    """
    with transaction.atomic():
        put = put_records(Cost.objects, {one.id: _values(one) for one in told}, now=now)
        if put.changed:
            announce(CostsPut(put.changed), now)
            record(actor, "put costs", "costs", now, put.counts)
    return [put.outcomes[one.id] for one in told]


def _values(told: ProductData | CostData) -> Values:
    return {name: value for name, value in asdict(told).items() if name != "id"}


@dataclass(frozen=True, slots=True)
class Put:
    """What became of records: an outcome by each caller's id, the numbers of those changed."""

    outcomes: Mapping[str, Outcome]
    changed: tuple[int, ...]

    @property
    def counts(self) -> Mapping[str, object]:
        """How many had which outcome."""
        return dict(Counter(outcome.value for outcome in self.outcomes.values()))


def put_records[M: models.Model](
    rows: models.Manager[M], told: Mapping[str, Values], *, now: datetime
) -> Put:
    """Make or replace the records of a table that callers know by ids, in the transaction."""
    known = {
        row["external_id"]: row
        for row in rows.select_for_update()
        .filter(external_id__in=list(told))
        .order_by("pk")
        .values()
    }
    outcomes = {id_: _outcome(values, known.get(id_)) for id_, values in told.items()}
    changed = sorted(id_ for id_, outcome in outcomes.items() if outcome is not Outcome.UNCHANGED)
    if not changed:
        return Put(outcomes, ())
    rows.bulk_create(
        (rows.model(external_id=id_, **told[id_], changed_at=now) for id_ in changed),
        batch_size=_ROWS_AT_ONCE,
        update_conflicts=True,
        unique_fields=["external_id"],
        update_fields=[*told[changed[0]], "changed_at"],
    )
    numbers = rows.filter(external_id__in=changed).order_by("pk").values_list("pk", flat=True)
    return Put(outcomes, tuple(numbers))


def _outcome(told: Values, known: Values | None) -> Outcome:
    if known is None:
        return Outcome.CREATED
    same = all(known[name] == value for name, value in told.items())
    return Outcome.UNCHANGED if same else Outcome.UPDATED


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
