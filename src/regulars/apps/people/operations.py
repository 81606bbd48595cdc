"""Writes: customers are made and changed, merged and parted."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from regulars.apps.journal.operations import announce, record
from regulars.apps.journal.tables import add, instant, make, plain, replace
from regulars.apps.journal.undoing import Kind, keep_written, states_of
from regulars.apps.people.events import CustomersChanged, CustomersMerged, CustomersParted
from regulars.apps.people.models import Alias, Customer, Identity
from regulars.apps.people.queries import API, canonical_ids, get_number, numbers_of
from regulars.apps.people.rules import Birthday, searchable
from regulars.kernel.actors import Actor
from regulars.kernel.errors import InputError
from regulars.kernel.outcomes import Outcome
from regulars.kernel.wording import say


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerData:
    """What a caller says of a customer; all of it replaces what was known."""

    id: str
    name: str = ""
    language: str = ""
    time_zone: str = ""
    birthday: Birthday | None = None
    attributes: Mapping[str, object] = field(default_factory=dict)


CUSTOMERS = Kind(
    model=Customer,
    belongings=[Identity],
    emptied={
        "name": "",
        "search": "",
        "language": "",
        "time_zone": "",
        "birth_year": None,
        "birth_month": None,
        "birth_day": None,
        "attributes": {},
        "is_stub": True,
    },
)
"""Customers, as undoing a run of imports sees them."""


def put_customers(
    told: Sequence[CustomerData], *, actor: Actor, now: datetime, source: str = API
) -> int:
    """Make or change customers by their source's ids; the same again changes nothing.

    Args:
        told: What is said; of two with one id the last holds.
        actor: Who says it.
        now: The time.
        source: Whose ids they are.

    Returns:
        How many were new.
    """
    outcomes = _put_customers(told, actor, now, source, run=None)
    return Counter(outcomes.values())[Outcome.CREATED]


def import_customers(
    told: Sequence[CustomerData], *, run: str, actor: Actor, now: datetime, source: str = API
) -> Counter[Outcome]:
    """Make or change a batch of customers as :func:`put_customers` does; the run is remembered.

    Args:
        told: Customers without problems; of two with one id the last holds.
        run: The id of the run; the orders app's ``undo_run`` takes back what it wrote.
        actor: Who tells.
        now: The time: another one for each batch.
        source: Whose ids they are.

    Returns:
        How many customers had which outcome.
    """
    outcomes = _put_customers(told, actor, now, source, run=run)
    return Counter(outcomes[one.id] for one in told)


def _put_customers(
    told: Sequence[CustomerData], actor: Actor, now: datetime, source: str, run: str | None
) -> dict[str, Outcome]:
    last = {one.id: one for one in told}
    with transaction.atomic():
        known = numbers_of(last, source)
        numbers = ensure_customers(last, now=now, source=source, run=run)
        rows = (
            Customer.objects.select_for_update(no_key=True)
            .order_by("pk")
            .in_bulk(list(numbers.values()))
        )
        states = {} if run is None else states_of(CUSTOMERS, list(known.values()))
        changed = {
            id_: rows[numbers[id_]]
            for id_, one in last.items()
            if _apply(one, rows[numbers[id_]], now)
        }
        _save(list(changed.values()))
        if run is not None:
            before = {known[id_]: states[known[id_]] for id_ in changed if id_ in known}
            keep_written(run, CUSTOMERS, now, made=(), before=before)
        if changed:
            announce(CustomersChanged(tuple(sorted(row.pk for row in changed.values()))), now)
            record(actor, "put customers", f"source:{source}", now, {"count": len(changed)})
    return (
        dict.fromkeys(last, Outcome.UNCHANGED)
        | dict.fromkeys(changed, Outcome.UPDATED)
        | dict.fromkeys(last.keys() - known.keys(), Outcome.CREATED)
    )


def _save(rows: Sequence[Customer]) -> None:
    columns = {name: [plain(getattr(row, name)) for row in rows] for name in ("id", *_FIELDS)}
    if rows:
        replace(Customer, "id", columns)


_FIELDS = [
    "made_at",
    "name",
    "search",
    "language",
    "time_zone",
    "birth_year",
    "birth_month",
    "birth_day",
    "attributes",
    "is_stub",
    "changed_at",
]


def _apply(told: CustomerData, row: Customer, now: datetime) -> bool:
    day = told.birthday
    values: dict[str, object] = {
        "name": told.name,
        "search": searchable(told.name),
        "language": told.language,
        "time_zone": told.time_zone,
        "birth_year": day.year if day else None,
        "birth_month": day.month if day else None,
        "birth_day": day.day if day else None,
        "attributes": dict(told.attributes),
        "is_stub": False,
    }
    if all(getattr(row, name) == value for name, value in values.items()):
        return False
    for name, value in values.items():
        setattr(row, name, value)
    row.changed_at = now
    return True


def ensure_customers(
    external_ids: Iterable[str], *, now: datetime, source: str = API, run: str | None = None
) -> dict[str, int]:
    """The numbers of customers by a source's ids; whoever is not known is made as a stub.

    Args:
        external_ids: The source's ids.
        now: The time.
        source: Whose ids they are.
        run: The run of imports that is to be remembered as theirs who made the stubs.
    """
    wanted = sorted(set(external_ids))
    with transaction.atomic():
        known = numbers_of(wanted, source)
        missing = [id_ for id_ in wanted if id_ not in known]
        if not missing:
            return known
        moment = instant(now)
        stubs = make(Customer, len(missing), is_stub=True, made_at=moment, changed_at=moment)
        told = dict(zip(missing, stubs, strict=True))
        mine = add(
            Identity,
            "external_id",
            {
                "source": [source] * len(missing),
                "external_id": missing,
                "customer_id": stubs,
            },
            within="source",
        )
        made = {id_: told[id_] for id_ in mine}
        # somebody else may have made one at the same moment: his stands
        others = [id_ for id_ in missing if id_ not in made]
        Customer.objects.filter(pk__in=[told[id_] for id_ in others]).delete()
        if run is not None:
            keep_written(run, CUSTOMERS, now, made=made.values(), before={})
    return known | made | numbers_of(others, source)


def merge_customers(
    external_id: str, into: str, *, actor: Actor, now: datetime, source: str = API
) -> None:
    """Say that two records are one person; facts stay where they are.

    Raises:
        InputError: One is not known, or they are one person already.
    """
    with transaction.atomic():
        first, second = get_number(external_id, source), get_number(into, source)
        list(Customer.objects.select_for_update().filter(pk__in=[first, second]).order_by("pk"))
        roots = canonical_ids([first, second])
        if roots[first] == roots[second]:
            raise InputError(
                say("{first} and {second} are one person already.", first=external_id, second=into)
            )
        Alias.objects.create(
            customer_id=roots[first],
            canonical_id=roots[second],
            made_at=now,
            made_by=str(actor),
        )
        announce(CustomersMerged(roots[first], roots[second]), now)
        record(actor, "merged", f"customer:{roots[first]}", now, {"into": roots[second]})


def part_customers(external_id: str, *, actor: Actor, now: datetime, source: str = API) -> None:
    """Undo the merge of a record into another.

    Raises:
        InputError: It is not known, or was not merged.
    """
    with transaction.atomic():
        number = get_number(external_id, source)
        alias = Alias.objects.filter(customer=number, undone_at__isnull=True).first()
        undone = alias and Alias.objects.filter(pk=alias.pk, undone_at__isnull=True).update(
            undone_at=now, undone_by=str(actor)
        )
        if alias is None or not undone:
            raise InputError(say("{id} was not merged into anybody.", id=external_id))
        announce(CustomersParted(number, alias.canonical_id), now)
        record(actor, "parted", f"customer:{number}", now, {"from": alias.canonical_id})
