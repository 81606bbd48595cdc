"""Writes of what changes seldom: products, costs, subscriptions, one, a list, or a batch."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from regulars.apps.journal.events import News
from regulars.apps.journal.operations import announce, record
from regulars.apps.journal.tables import take_turns
from regulars.apps.journal.undoing import Kind, keep_written, states_of
from regulars.apps.orders.events import CostsPut, ProductsPut, SubscriptionsPut
from regulars.apps.orders.kinds import COSTS, PRODUCTS, SUBSCRIPTIONS
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
    put = _put(PRODUCTS, told, ProductsPut, actor=actor, now=now, run=None)
    return [put.outcomes[one.id] for one in told]


def import_products(
    told: Sequence[ProductData], *, run: str, actor: Actor, now: datetime
) -> Counter[Outcome]:
    """Make a batch of products or replace what is known of them; the run is remembered."""
    put = _put(PRODUCTS, told, ProductsPut, actor=actor, now=now, run=run)
    return Counter(put.outcomes[one.id] for one in told)


def put_costs(told: Sequence[CostData], *, actor: Actor, now: datetime) -> list[Outcome]:
    """Make costs or replace what is known of them; the same again changes nothing.

    Args:
        told: Costs without problems; of two with one id the last holds.
        actor: Who tells.
        now: The time.

    Returns:
        One outcome for each cost told.
    """
    put = _put(COSTS, told, CostsPut, actor=actor, now=now, run=None)
    return [put.outcomes[one.id] for one in told]


def import_costs(
    told: Sequence[CostData], *, run: str, actor: Actor, now: datetime
) -> Counter[Outcome]:
    """Make a batch of costs or replace what is known of them; the run is remembered."""
    put = _put(COSTS, told, CostsPut, actor=actor, now=now, run=run)
    return Counter(put.outcomes[one.id] for one in told)


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
        return _subscribe([told], actor, now, source, run=None).outcomes[told.id]


def import_subscriptions(
    told: Sequence[SubscriptionData],
    *,
    run: str,
    actor: Actor,
    now: datetime,
    source: str = API,
) -> Counter[Outcome]:
    """Make a batch of subscriptions or replace what is known of them; the run is remembered."""
    with transaction.atomic():
        outcomes = _subscribe(told, actor, now, source, run=run).outcomes
    return Counter(outcomes[one.id] for one in told)


@dataclass(frozen=True, slots=True)
class Put:
    """What became of records: an outcome by each caller's id, the numbers of those changed."""

    outcomes: Mapping[str, Outcome]
    changed: tuple[int, ...]

    @property
    def counts(self) -> Mapping[str, object]:
        """How many had which outcome."""
        return dict(Counter(outcome.value for outcome in self.outcomes.values()))


def put_records(kind: Kind, told: Mapping[str, Values], *, now: datetime, run: str | None) -> Put:
    """Make or replace the records of a table that callers know by ids, in the transaction."""
    take_turns(kind.name)
    rows = kind.model._default_manager
    found = rows.select_for_update(no_key=True).filter(external_id__in=list(told)).order_by("pk")
    known = {row["external_id"]: row for row in found.values()}
    outcomes = {id_: _outcome(values, known.get(id_)) for id_, values in told.items()}
    changed = sorted(id_ for id_, outcome in outcomes.items() if outcome is not Outcome.UNCHANGED)
    if not changed:
        return Put(outcomes, ())
    replaced = [known[id_]["id"] for id_ in changed if id_ in known]
    before = {} if run is None else states_of(kind, replaced)
    rows.bulk_create(
        (kind.model(external_id=id_, **told[id_], changed_at=now) for id_ in changed),
        batch_size=_ROWS_AT_ONCE,
        update_conflicts=True,
        unique_fields=["external_id"],
        update_fields=[*told[changed[0]], "changed_at"],
    )
    numbers = rows.filter(external_id__in=changed).order_by("pk").values_list("pk", flat=True)
    if run is not None:
        made = set(numbers) - set(replaced)
        keep_written(run, kind, now, made=made, before=before)
    return Put(outcomes, tuple(numbers))


def _put(
    kind: Kind,
    told: Sequence[ProductData] | Sequence[CostData],
    news: type[ProductsPut | CostsPut],
    *,
    actor: Actor,
    now: datetime,
    run: str | None,
) -> Put:
    with transaction.atomic():
        put = put_records(kind, {one.id: _values(one) for one in told}, now=now, run=run)
        _tell(kind, put, news(put.changed), actor, now)
    return put


def _subscribe(
    told: Sequence[SubscriptionData], actor: Actor, now: datetime, source: str, run: str | None
) -> Put:
    customers = ensure_customers(
        (one.customer_id for one in told), now=now, source=source, run=run
    )
    values = {one.id: _values(one) | {"customer_id": customers[one.customer_id]} for one in told}
    put = put_records(SUBSCRIPTIONS, values, now=now, run=run)
    _tell(SUBSCRIPTIONS, put, SubscriptionsPut(put.changed), actor, now)
    return put


def _tell(kind: Kind, put: Put, news: News, actor: Actor, now: datetime) -> None:
    if put.changed:
        announce(news, now)
        record(actor, f"put {kind.plural}", kind.plural, now, put.counts)


def _values(told: ProductData | CostData | SubscriptionData) -> dict[str, object]:
    return {name: value for name, value in asdict(told).items() if name != "id"}


def _outcome(told: Values, known: Values | None) -> Outcome:
    if known is None:
        return Outcome.CREATED
    same = all(known[name] == value for name, value in told.items())
    return Outcome.UNCHANGED if same else Outcome.UPDATED
