"""Writes: customers are made and changed."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from regulars.apps.accounts.queries import find_staff
from regulars.apps.journal.operations import Line, announce, record, record_all
from regulars.apps.journal.tables import add, instant, make, plain, replace
from regulars.apps.journal.undoing import Kind, keep_written, states_of
from regulars.apps.people.events import CustomersChanged
from regulars.apps.people.models import Customer, Identity, NameWord
from regulars.apps.people.operations.living import locked
from regulars.apps.people.queries import API, numbers_of
from regulars.apps.people.rules import Birthday, name_key, name_words, searchable
from regulars.kernel.actors import Actor
from regulars.kernel.errors import InputError
from regulars.kernel.outcomes import Outcome
from regulars.kernel.wording import say

_ROWS_AT_ONCE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerData:
    """What a caller says of a customer; all of it replaces what was known.

    Attributes:
        greetings: How he is greeted, by language; None leaves what staff wrote as it is.
    """

    id: str
    name: str = ""
    language: str = ""
    time_zone: str = ""
    birthday: Birthday | None = None
    attributes: Mapping[str, object] = field(default_factory=dict)
    greetings: Mapping[str, str] | None = None


CUSTOMERS = Kind(
    model=Customer,
    parts=[(NameWord, "customer")],
    belongings=[Identity],
    emptied={
        "name": "",
        "search": "",
        "name_key": "",
        "language": "",
        "time_zone": "",
        "birth_year": None,
        "birth_month": None,
        "birth_day": None,
        "attributes": {},
        "greetings": {},
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
        rows = _locked_rows(last, now, source, run)
        before = {} if run is None else states_of(CUSTOMERS, list(known.values()))
        changes = {id_: change for id_, one in last.items() if (change := _apply(one, rows[id_]))}
        changed = {rows[id_].pk: rows[id_] for id_ in changes}
        if run is not None:
            replaced = {number: before[number] for number in changed if number in before}
            keep_written(run, CUSTOMERS, now, made=(), before=replaced)
        if changed:
            _write(changed, now)
            _record(changes, rows, known, actor, now, run)
            announce(CustomersChanged(tuple(sorted(changed))), now)
    return (
        dict.fromkeys(last, Outcome.UNCHANGED)
        | dict.fromkeys(changes, Outcome.UPDATED)
        | dict.fromkeys(last.keys() - known.keys(), Outcome.CREATED)
    )


def _record(
    changes: Mapping[str, Mapping[str, object]],
    rows: Mapping[str, Customer],
    known: Mapping[str, int],
    actor: Actor,
    now: datetime,
    run: str | None,
) -> None:
    if run is not None:  # a line for each of a million would bury the rest
        record(actor, "put customers", f"run:{run}", now, {"count": len(changes)})
        return
    lines = (
        Line("changed" if id_ in known else "made", f"customer:{rows[id_].pk}", change)
        for id_, change in changes.items()
    )
    record_all(actor, lines, now)


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
    known = numbers_of(wanted, source)
    missing = [id_ for id_ in wanted if id_ not in known]
    return known | _make_stubs(missing, now, source, run) if missing else known


def _make_stubs(
    missing: Sequence[str], now: datetime, source: str, run: str | None
) -> dict[str, int]:
    moment = instant(now)
    with transaction.atomic():
        stubs = make(Customer, len(missing), is_stub=True, made_at=moment, changed_at=moment)
        told = dict(zip(missing, stubs, strict=True))
        mine = add(
            Identity,
            "external_id",
            {"source": [source] * len(missing), "external_id": missing, "customer_id": stubs},
            within="source",
        )
        made = {id_: told[id_] for id_ in mine}
        # somebody else may have made one at the same moment: his stands
        others = [id_ for id_ in missing if id_ not in made]
        if others:
            Customer.objects.filter(pk__in=[told[id_] for id_ in others]).delete()
        if run is not None:
            keep_written(run, CUSTOMERS, now, made=made.values(), before={})
        return made | (numbers_of(others, source) if others else {})


def assign_contact_person(
    number: int,
    contact_person: int | None,
    substitute: int | None = None,
    *,
    actor: Actor,
    now: datetime,
) -> bool:
    """Say who of the staff looks after a customer, and who does so meanwhile.

    Args:
        number: The customer's record.
        contact_person: Id of somebody who may sign in; None for nobody.
        substitute: Id of another; None for nobody.
        actor: Who says it.
        now: The time.

    Returns:
        Whether that was new.

    Raises:
        InputError: One of them does not work here, or both are one.
    """
    for staff in (contact_person, substitute):
        if staff is not None and find_staff(staff) is None:
            raise InputError(say("Nobody of the staff has the id {id}.", id=str(staff)))
    if contact_person is not None and contact_person == substitute:
        raise InputError(say("A contact person cannot be his own substitute."))
    told = {"contact_person_id": contact_person, "substitute_id": substitute}
    with transaction.atomic():
        row = locked(number)
        if not (change := _change(row, told)):
            return False
        Customer.objects.filter(pk=number).update(**told, changed_at=now)
        record(actor, "assigned", f"customer:{number}", now, change)
        announce(CustomersChanged((number,)), now)
    return True


_FIELDS = [
    "made_at",
    "name",
    "search",
    "name_key",
    "language",
    "time_zone",
    "birth_year",
    "birth_month",
    "birth_day",
    "attributes",
    "greetings",
    "is_stub",
    "changed_at",
]
_PLAIN = frozenset({"language", "time_zone", "is_stub", "contact_person_id", "substitute_id"})
"""Fields whose values the trail may show; of all others it says only that they changed."""
_DERIVED = frozenset({"search", "name_key"})


def _locked_rows(
    ids: Iterable[str], now: datetime, source: str, run: str | None
) -> dict[str, Customer]:
    """The rows of ids, locked; whoever is erased at the same moment is somebody new."""
    while True:
        numbers = ensure_customers(ids, now=now, source=source, run=run)
        wanted = Customer.objects.filter(pk__in=set(numbers.values()), erased_at__isnull=True)
        rows = {row.pk: row for row in wanted.select_for_update(no_key=True).order_by("pk")}
        if rows.keys() == set(numbers.values()):
            return {id_: rows[number] for id_, number in numbers.items()}


def _apply(told: CustomerData, row: Customer) -> Mapping[str, object]:
    """Set what is told; return what the trail says of it, nothing where nothing changed."""
    day = told.birthday
    values: dict[str, object] = {
        "name": told.name,
        "search": searchable(told.name),
        "name_key": name_key(told.name),
        "language": told.language,
        "time_zone": told.time_zone,
        "birth_year": day.year if day else None,
        "birth_month": day.month if day else None,
        "birth_day": day.day if day else None,
        "attributes": dict(told.attributes),
        "greetings": row.greetings if told.greetings is None else dict(told.greetings),
        "is_stub": False,
    }
    change = _change(row, values)
    for name, value in values.items():
        setattr(row, name, value)
    return change


def _change(row: Customer, values: Mapping[str, object]) -> Mapping[str, object]:
    """What the trail says of a change: the fields, and old and new of what is not personal."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    if not changed:
        return {}
    shown = {name: [getattr(row, name), values[name]] for name in changed if name in _PLAIN}
    return {"fields": [name for name in changed if name not in _DERIVED]} | shown


def _write(changed: Mapping[int, Customer], now: datetime) -> None:
    for row in changed.values():
        row.changed_at = now
    columns = {
        name: [plain(getattr(row, name)) for row in changed.values()] for name in ("id", *_FIELDS)
    }
    replace(Customer, "id", columns)
    NameWord.objects.filter(customer__in=list(changed)).delete()
    NameWord.objects.bulk_create(
        (
            NameWord(customer=row, word=word)
            for row in changed.values()
            for word in sorted(name_words(row.name))
        ),
        batch_size=_ROWS_AT_ONCE,
    )
