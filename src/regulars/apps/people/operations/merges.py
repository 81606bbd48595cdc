"""Writes: records of one person are merged and parted, suggestions dismissed."""

from datetime import datetime

from django.db import connection, transaction

from regulars.apps.journal.operations import announce, record
from regulars.apps.people.events import CustomersMerged, CustomersParted
from regulars.apps.people.models import Alias, Dismissal
from regulars.apps.people.operations.living import locked
from regulars.apps.people.queries import API, canonical_ids, get_number
from regulars.kernel.actors import Actor
from regulars.kernel.errors import InputError
from regulars.kernel.wording import say


def merge_customers(
    external_id: str, into: str, *, actor: Actor, now: datetime, source: str = API
) -> None:
    """Say that two records, told by ids of a source, are one person; facts stay where they are.

    Raises:
        InputError: One is not known, or they are one person already.
    """
    with transaction.atomic():
        first, second = get_number(external_id, source), get_number(into, source)
        _merge(first, second, (external_id, into), actor=actor, now=now)


def merge_records(number: int, into: int, *, actor: Actor, now: datetime) -> None:
    """Say that two records, told by their numbers, are one person; facts stay where they are.

    Raises:
        InputError: One is not there, or they are one person already.
    """
    with transaction.atomic():
        _merge(number, into, (str(number), str(into)), actor=actor, now=now)


def part_customers(external_id: str, *, actor: Actor, now: datetime, source: str = API) -> None:
    """Undo the merge of a record, told by an id of a source, into another.

    Raises:
        InputError: It is not known, or was not merged.
    """
    with transaction.atomic():
        _part(get_number(external_id, source), external_id, actor=actor, now=now)


def part_records(number: int, *, actor: Actor, now: datetime) -> None:
    """Undo the merge of a record, told by its number, into another.

    Raises:
        InputError: It was not merged.
    """
    with transaction.atomic():
        _part(number, str(number), actor=actor, now=now)


def dismiss_suggestion(number: int, other: int, *, actor: Actor, now: datetime) -> bool:
    """Say that two records alike are two people; return whether that was new.

    Raises:
        InputError: One is not there, or both are one.
    """
    first, second = sorted((number, other))
    if first == second:
        raise InputError(say("A record is always one with itself."))
    with transaction.atomic():
        locked(first)
        locked(second)
        _, new = Dismissal.objects.get_or_create(
            first_id=first, second_id=second, defaults={"by": str(actor), "at": now}
        )
        if new:
            record(actor, "kept apart", f"customer:{first}", now, {"from": second})
    return new


def _merge(number: int, into: int, told: tuple[str, str], *, actor: Actor, now: datetime) -> None:
    _alone()
    roots = canonical_ids([number, into])
    first, second = roots[number], roots[into]
    if first == second:
        raise InputError(
            say("{first} and {second} are one person already.", first=told[0], second=told[1])
        )
    for one in sorted((first, second)):
        locked(one)
    Alias.objects.create(customer_id=first, canonical_id=second, made_at=now, made_by=str(actor))
    announce(CustomersMerged(first, second), now)
    record(actor, "merged", f"customer:{first}", now, {"into": second})


def _alone() -> None:
    """Let no other merge happen before this one is done: two at once could close a circle."""
    if connection.vendor == "postgresql":  # on SQLite there is one writer anyway
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE people_alias IN SHARE ROW EXCLUSIVE MODE")


def _part(number: int, told: str, *, actor: Actor, now: datetime) -> None:
    alias = Alias.objects.filter(customer=number, undone_at__isnull=True).first()
    undone = alias and Alias.objects.filter(pk=alias.pk, undone_at__isnull=True).update(
        undone_at=now, undone_by=str(actor)
    )
    if alias is None or not undone:
        raise InputError(say("{id} was not merged into anybody.", id=told))
    announce(CustomersParted(number, alias.canonical_id), now)
    record(actor, "parted", f"customer:{number}", now, {"from": alias.canonical_id})
