"""Writes of what changes seldom: products, costs, subscriptions, one, a list, or a batch."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from regulars.apps.journal.events import News
from regulars.apps.journal.operations import announce, record
from regulars.apps.journal.tables import Column, add, instant, plain, replace, take_turns
from regulars.apps.journal.undoing import Kind, keep_written, states_of
from regulars.apps.orders.events import CostsPut, ProductsPut, SubscriptionsPut
from regulars.apps.orders.kinds import COSTS, PRODUCTS, SUBSCRIPTIONS
from regulars.apps.orders.rules import CostData, ProductData, SubscriptionData
from regulars.apps.people.operations import ensure_customers
from regulars.apps.people.queries import API
from regulars.kernel.actors import Actor
from regulars.kernel.outcomes import Outcome

_KEY = "external_id"

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
    if not told:
        return Put({}, ())
    take_turns(kind.name)
    made = add(kind.model, _KEY, _columns(told, now))
    rest = [id_ for id_ in told if id_ not in made]
    rows = kind.model._default_manager.select_for_update(no_key=True)
    known = rows.filter(external_id__in=rest).order_by("pk").values()
    changed = {row[_KEY]: row["id"] for row in known if _differs(told[row[_KEY]], row)}
    if run is not None:
        before = states_of(kind, list(changed.values()))
        keep_written(run, kind, now, made=made.values(), before=before)
    if changed:
        replace(kind.model, _KEY, _columns({id_: told[id_] for id_ in changed}, now))
    return Put(
        dict.fromkeys(told, Outcome.UNCHANGED)
        | dict.fromkeys(made, Outcome.CREATED)
        | dict.fromkeys(changed, Outcome.UPDATED),
        tuple(sorted([*made.values(), *changed.values()])),
    )


def _columns(told: Mapping[str, Values], now: datetime) -> dict[str, Column]:
    names = next(iter(told.values()))
    return {
        _KEY: list(told),
        "changed_at": [instant(now)] * len(told),
        **{name: [plain(values[name]) for values in told.values()] for name in names},
    }


def _differs(told: Values, known: Values) -> bool:
    return any(known[name] != value for name, value in told.items())


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
