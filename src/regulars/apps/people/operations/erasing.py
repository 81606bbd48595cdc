"""All that is known of one person: given out, or forgotten, across every app at once."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import chain

from django.db import transaction
from django.db.models import Q

from regulars.apps.journal.operations import Line, announce, record_all
from regulars.apps.people.events import CustomersErased
from regulars.apps.people.models import Alias, Customer, Erasure, Identity
from regulars.apps.people.operations.living import locked
from regulars.apps.people.operations.registry import Tables, noted, registered
from regulars.apps.people.queries import Erased, all_records, same_person
from regulars.kernel.actors import Actor


def export_person(number: int, *, actor: Actor, now: datetime) -> dict[str, Tables]:
    """Everything that every app knows of the person behind a number, table by table.

    Raises:
        InputError: There is no such customer, or he was erased.
    """
    with transaction.atomic():
        numbers = _records_of(number)
        texts = _texts_of(numbers)
        told = {
            part.app: part.export(numbers, texts)
            for part in registered()
            if part.export is not None
        }
        record_all(actor, [Line("exported", f"customer:{it}", {}) for it in numbers], now)
    return told


def erase_person(number: int, *, actor: Actor, now: datetime) -> tuple[int, ...]:
    """Forget all that is personal of the person behind a number, in every app at once.

    His records stay, empty, so that the books still count as many customers and orders.

    Returns:
        The numbers of the records that were erased.

    Raises:
        InputError: There is no such customer, or he was erased already.
    """
    with transaction.atomic():
        numbers = _records_of(number)
        _erase(numbers, actor, now)
    return tuple(numbers)


def replay_erasures(erased: Iterable[Erased], *, actor: Actor, now: datetime) -> int:
    """Erase again, after an older backup was restored, what was erased since; return how many.

    A number that belongs to somebody else now is left alone; so is whoever is erased already.
    """
    done = 0
    for one in erased:
        with transaction.atomic():
            _keep([one])
            living = Customer.objects.select_for_update().filter(
                pk=one.number, made_at=one.made_at, erased_at__isnull=True
            )
            if living.exists():
                _forget([one.number], one.erased_at, actor, now)
                done += 1
    return done


def count_quiet(since: datetime) -> int:
    """How many records neither did anything nor were told of since an instant."""
    return Customer.objects.filter(_quiet(since)).count()


def erase_quiet(since: datetime, *, actor: Actor, now: datetime, most: int) -> int:
    """Erase people none of whose records did anything since; return how many records.

    Args:
        since: The instant.
        actor: Who does it.
        now: The time.
        most: At most about so many records.
    """
    with transaction.atomic():
        person_of = all_records(_quiet_people(since, most))
        found = Customer.objects.select_for_update().filter(_quiet(since), pk__in=person_of)
        quiet = {row.pk for row in found.order_by("pk")}
        busy = {person_of[number] for number in person_of.keys() - quiet}
        numbers = [number for number, person in person_of.items() if person not in busy]
        if numbers:
            _erase(numbers, actor, now)
    return len(numbers)


def _quiet(since: datetime) -> Q:
    quiet = Q(erased_at__isnull=True, made_at__lt=since, changed_at__lt=since)
    for part in registered():
        if part.busy is not None:
            quiet &= ~part.busy(since)
    return quiet


def _quiet_people(since: datetime, most: int) -> list[int]:
    """Quiet records that stand for a person, without those of whom a merged one is busy."""
    merged = Alias.objects.filter(undone_at__isnull=True)
    busy = merged.exclude(customer__in=Customer.objects.filter(_quiet(since)))
    people = Customer.objects.filter(_quiet(since)).exclude(pk__in=merged.values("customer"))
    people = people.exclude(pk__in=busy.values("canonical"))
    return list(people.order_by("pk").values_list("pk", flat=True)[:most])


def _records_of(number: int) -> list[int]:
    numbers = same_person(number)
    for one in sorted(numbers):
        locked(one)
    return numbers


def _texts_of(numbers: Sequence[int]) -> list[str]:
    """The ids, names and addresses by which other tables may tell of a person."""
    ids = Identity.objects.filter(customer__in=numbers).values_list("external_id", flat=True)
    names = Customer.objects.filter(pk__in=numbers).exclude(name="")
    others = [part.known_by(numbers) for part in registered() if part.known_by is not None]
    return [*ids, *names.values_list("name", flat=True), *chain.from_iterable(others)]


def _erase(numbers: Sequence[int], actor: Actor, now: datetime) -> None:
    rows = Customer.objects.filter(pk__in=numbers).order_by("pk")
    erased = [Erased(row.pk, row.made_at, now) for row in rows]
    _keep(erased)
    _forget(numbers, now, actor, now)
    for note in noted():
        for one in erased:
            note(one.subject, now)


def _keep(erased: Iterable[Erased]) -> None:
    Erasure.objects.bulk_create(
        [
            Erasure(number=one.number, made_at=one.made_at, erased_at=one.erased_at)
            for one in erased
        ],
        ignore_conflicts=True,
    )


def _forget(numbers: Sequence[int], erased_at: datetime, actor: Actor, now: datetime) -> None:
    texts = _texts_of(numbers)
    for part in reversed(registered()):
        if part.erase is not None:
            part.erase(numbers, texts)
    Customer.objects.filter(pk__in=numbers).update(erased_at=erased_at, changed_at=now)
    record_all(actor, [Line("erased", f"customer:{number}", {}) for number in numbers], now)
    announce(CustomersErased(tuple(sorted(numbers))), now)
