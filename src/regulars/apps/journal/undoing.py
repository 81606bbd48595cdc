"""Runs of imports are undone: what each wrote is remembered, and taken back.

A record counts as changed since when its ``changed_at`` is not the moment at which the run wrote
it. Whoever changes a record sets that field, and so need not know of runs.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.db.models.fields.reverse_related import ForeignObjectRel

from regulars.apps.journal.events import RecordsUndone
from regulars.apps.journal.models import Written
from regulars.apps.journal.operations import announce, record
from regulars.apps.journal.tables import instant, load
from regulars.kernel.actors import Actor
from regulars.kernel.outcomes import Undone

type State = Mapping[str, Any]
"""A record as it was: its fields as JSON, its parts beside them."""

_PARTS = "parts"
_ROWS_AT_ONCE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A table whose records runs write.

    Attributes:
        model: The table.
        parts: Tables whose rows belong to a record, each with its foreign key.
        belongings: Other tables whose rows go when the record goes, as its ids.
        emptied: What a record made by a run is set to when something else still needs it.
        stamp: The column of the moment at which a record was last written.
    """

    model: type[models.Model]
    parts: Sequence[tuple[type[models.Model], str]] = ()
    belongings: Sequence[type[models.Model]] = ()
    emptied: Mapping[str, object] = field(default_factory=dict)
    stamp: str = "changed_at"

    @property
    def name(self) -> str:
        """What the table is called here."""
        return self.model._meta.label_lower

    @property
    def plural(self) -> str:
        """What its records are called, as in the journal."""
        return str(self.model._meta.verbose_name_plural)


def keep_written(
    run: str, kind: Kind, now: datetime, *, made: Collection[int], before: Mapping[int, State]
) -> None:
    """Remember what a run writes, in the transaction of the write.

    Args:
        run: The run's id.
        kind: The table.
        now: What ``changed_at`` is set to.
        made: Numbers of the records that it made.
        before: States of the records that it replaced, by number.
    """
    if made:
        load(
            Written,
            {
                "run": [run] * len(made),
                "kind": [kind.name] * len(made),
                "number": list(made),
                "at": [instant(now)] * len(made),
            },
        )
    # a run that writes a record twice replaced what was there before the first time
    Written.objects.bulk_create(
        (
            Written(run=run, kind=kind.name, number=number, at=now, before=state)
            for number, state in before.items()
        ),
        batch_size=_ROWS_AT_ONCE,
        update_conflicts=True,
        unique_fields=["run", "kind", "number"],
        update_fields=["at", "left"],
    )


def undo(
    kinds: Sequence[Kind], run: str, *, actor: Actor, now: datetime, most: int
) -> Counter[Undone]:
    """Take back a part of what a run wrote, in one transaction; see ``orders.undo_run``.

    Args:
        kinds: The tables, those first whose records need others.
        run: The run's id.
        actor: Who undoes it.
        now: The time.
        most: At most so many records.

    Returns:
        What became of how many; empty when nothing of these kinds is left to undo.
    """
    for find in (_written, _needless):
        for kind in kinds:
            with transaction.atomic():
                rows = {row.number: row for row in find(kind, run)[:most]}
                if rows:
                    became = _undo(kind, rows, now)
                    _tell(kind, run, became, actor, now)
                    return Counter(became.values())
    return Counter()


def _written(kind: Kind, run: str) -> models.QuerySet[Written]:
    """What the run wrote and is not undone yet."""
    rows = Written.objects.select_for_update().order_by("number")
    return rows.filter(run=run, kind=kind.name, left=False)


def _needless(kind: Kind, _: str) -> models.QuerySet[Written]:
    """What undone runs made and was left because something needed it that is now gone."""
    here = {"pk": OuterRef("number"), kind.stamp: OuterRef("at")}
    same = kind.model._default_manager.filter(**here)
    rows = Written.objects.select_for_update().order_by("number")
    rows = rows.filter(Exists(same), kind=kind.name, left=True, before__isnull=True)
    for model, key in _references(kind):
        rows = rows.exclude(Exists(model._default_manager.filter(**{key: OuterRef("number")})))
    return rows


def count_written(before: datetime) -> int:
    """How many records it is remembered of what runs wrote before a time."""
    return Written.objects.filter(at__lt=before).count()


def is_written(run: str) -> bool:
    """Whether it is remembered what a run wrote, so that it can be undone."""
    return Written.objects.filter(run=run).exists()


def forget_written(before: datetime, most: int = 10_000) -> int:
    """Forget what runs wrote before a time: they can no longer be undone; return how many.

    Args:
        before: The time.
        most: At most about so many; what was written at one time goes together.
    """
    old = Written.objects.filter(at__lt=before)
    # an instant for a border: neither database deletes quickly by a list of triple keys
    for border in old.order_by("at").values_list("at", flat=True)[most - 1 : most]:
        old = old.filter(at__lte=border)
    return old.delete()[0]


def forget_records(kind: Kind, numbers: Collection[int]) -> None:
    """Forget what runs wrote of some records: it can be undone no longer."""
    Written.objects.filter(kind=kind.name, number__in=numbers).delete()


def _undo(kind: Kind, written: Mapping[int, Written], now: datetime) -> dict[int, Undone]:
    rows = kind.model._default_manager
    there = rows.select_for_update().filter(pk__in=list(written)).order_by("pk")
    stamps = dict(there.values_list("pk", kind.stamp))
    intact = {number: row for number, row in written.items() if stamps.get(number) == row.at}
    earlier = _earlier(kind, {number: row.before for number, row in intact.items()})
    made = [number for number, state in earlier.items() if state is None]
    needed = _needed(kind, made)
    removed = [number for number in made if number not in needed]
    restored = {number: state for number, state in earlier.items() if state is not None}
    _restore(kind, restored)
    rows.filter(pk__in=removed).delete()
    ours = Written.objects.filter(run__in={row.run for row in written.values()}, kind=kind.name)
    ours.filter(number__in=[*removed, *restored]).delete()
    ours.filter(number__in=list(written)).update(left=True)
    if kind.emptied:
        _drop_parts(kind, needed)
        rows.filter(pk__in=needed).update(**kind.emptied, changed_at=now)
        ours.filter(number__in=needed).update(at=now)
    return (
        dict.fromkeys(written, Undone.LEFT)
        | dict.fromkeys(restored, Undone.RESTORED)
        | dict.fromkeys(removed, Undone.REMOVED)
    )


def _earlier(kind: Kind, states: Mapping[int, State | None]) -> dict[int, State | None]:
    """States to go back to: not to that of a run that was undone, but to the one before it."""
    found = dict(states)
    open_ = [number for number, state in found.items() if state is not None]
    while open_:
        undone = [
            row
            for row in Written.objects.filter(kind=kind.name, number__in=open_, left=True)
            if row.at == _stamp(found[row.number])
        ]
        for row in undone:
            found[row.number] = row.before
            row.delete()
        open_ = [row.number for row in undone if row.before is not None]
    return found


def _stamp(state: State | None) -> datetime | None:
    return None if state is None else datetime.fromisoformat(state["changed_at"])


def _needed(kind: Kind, numbers: Collection[int]) -> set[int]:
    """Those that rows of other tables refer to."""
    found: set[int] = set()
    for model, key in _references(kind):
        rows = model._default_manager.filter(**{f"{key}__in": numbers})
        found.update(rows.values_list(key, flat=True).distinct())
    return found


def _references(kind: Kind) -> Iterator[tuple[type[models.Model], str]]:
    """Tables of others that refer to the records, each with its column."""
    own = {*kind.belongings, *(part for part, _ in kind.parts)}
    # also those that no record is asked for from here
    for relation in kind.model._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel) and relation.related_model not in own:
            yield relation.related_model, relation.field.attname


def _restore(kind: Kind, states: Mapping[int, State]) -> None:
    _set(kind.model, [_row(kind.model, state) for state in states.values()])
    _drop_parts(kind, states)
    for place, (part, _) in enumerate(kind.parts):
        parts = (_row(part, told) for state in states.values() for told in state[_PARTS][place])
        part._default_manager.bulk_create(parts, batch_size=_ROWS_AT_ONCE)


def _drop_parts(kind: Kind, numbers: Collection[int]) -> None:
    for part, key in kind.parts:
        part._default_manager.filter(**{f"{key}__in": list(numbers)}).delete()


def _set(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    names = [field.name for field in model._meta.concrete_fields if not field.primary_key]
    model._default_manager.bulk_create(
        rows,
        batch_size=_ROWS_AT_ONCE,
        update_conflicts=True,
        unique_fields=["pk"],
        update_fields=names,
    )


def _tell(kind: Kind, run: str, became: Mapping[int, Undone], actor: Actor, now: datetime) -> None:
    parted: dict[Undone, list[int]] = {outcome: [] for outcome in Undone}
    for number, outcome in became.items():
        parted[outcome].append(number)
    removed, restored = tuple(parted[Undone.REMOVED]), tuple(parted[Undone.RESTORED])
    if removed or restored:
        announce(RecordsUndone(run, kind.name, removed, restored), now)
    counts = {outcome.value: len(numbers) for outcome, numbers in parted.items()}
    record(actor, "undid", f"run:{run}", now, {"kind": kind.name, **counts})


def states_of(kind: Kind, numbers: Collection[int]) -> dict[int, State]:
    """Records as they are, by number; the caller has locked them."""
    states: dict[int, dict[str, Any]] = {
        row.pk: _state(row) for row in kind.model._default_manager.filter(pk__in=numbers)
    }
    for place, (part, key) in enumerate(kind.parts):
        for state in states.values():
            state.setdefault(_PARTS, []).append([])
        rows = part._default_manager.filter(**{f"{key}__in": numbers}).order_by("pk")
        for row in rows:
            owner = getattr(row, f"{key}_id")
            states[owner][_PARTS][place].append(_state(row))
    return dict(states)


def _state(row: models.Model) -> dict[str, Any]:
    return {
        field.attname: (
            None if getattr(row, field.attname) is None else field.value_to_string(row)
        )
        for field in row._meta.concrete_fields
    }


def _row[M: models.Model](model: type[M], state: State) -> M:
    fields = model._meta.concrete_fields
    return model(
        **{
            field.attname: (
                None if state[field.attname] is None else field.to_python(state[field.attname])
            )
            for field in fields
        }
    )
