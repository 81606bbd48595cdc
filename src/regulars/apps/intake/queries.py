"""Reads: runs, what they found, and the rows that they rejected."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from regulars.apps.intake.models import Connection, Run
from regulars.apps.intake.places import rejects_file
from regulars.apps.intake.rules import Aim, Fault, How, Kind, State
from regulars.apps.intake.sayings import told
from regulars.kernel.errors import InputError
from regulars.kernel.wording import Message, say


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What reading a source has shown.

    Attributes:
        headings: The headings of the source.
        columns: Canonical column to the heading that it was taken from.
        known: Every canonical column that could be mapped.
        ignored: Headings that nothing was taken from.
        rows: The first rows, cells by heading.
        notes: What a careful reader should know.
        undone: How many records were removed, restored or left when it was undone.
        problem: Why the source cannot be used as it is mapped; None: it can be.
    """

    headings: Sequence[str] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    known: Sequence[str] = ()
    ignored: Sequence[str] = ()
    rows: Sequence[Mapping[str, str | None]] = ()
    notes: Sequence[Message] = ()
    undone: Mapping[str, int] = field(default_factory=dict)
    problem: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """An import.

    Attributes:
        id: Its number.
        name: What the source is called, without passwords.
        same_as: An earlier import of the very same file that was done; None: there is none.
        share: How much of the writing is done; None: reading is not over.
        reason: Why it failed.
        written: Whether records may have come of it.
    """

    id: int
    kind: Kind
    state: State
    aim: Aim
    name: str
    size: int
    digest: str
    how: How
    actor: str
    asked_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    read: int
    rejected: int
    created: int
    updated: int
    unchanged: int
    share: float | None
    same_as: int | None
    reason: Message | None
    findings: Findings
    written: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectRow:
    """A row that was not taken, as it stood in the source.

    Attributes:
        line: Its number in the source.
        faults: What is wrong with it.
        row: Its cells by heading, or its JSON; None: it could not be taken apart.
        text: What stood there where it could not be taken apart.
    """

    line: int
    faults: tuple[Fault, ...]
    row: Mapping[str, object] | None
    text: str | None

    @property
    def reason(self) -> str:
        """All that is wrong with it, in one line."""
        return " ".join(
            f"{fault.field}: {fault.message}" if fault.field else str(fault.message)
            for fault in self.faults
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionRow:
    """A watched source; ``url`` names the password's variable, never the password."""

    id: int
    name: str
    kind: Kind
    url: str
    how: How
    minutes: int
    is_active: bool
    due_at: datetime
    last: RunRow | None


def find_run(number: int) -> RunRow | None:
    """The import of a number."""
    run = Run.objects.filter(pk=number).first()
    return None if run is None else _rows([run])[0]


def get_run(number: int) -> RunRow:
    """The import of a number.

    Raises:
        InputError: There is none.
    """
    row = find_run(number)
    if row is None:
        raise InputError(
            say("There is no import {number}.", number=str(number)),
            accepted=say("Give the number of an import."),
        )
    return row


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlyRuns:
    """Which imports are wanted; None: whichever."""

    kind: Kind | None = None
    state: State | None = None


EVERY_RUN = OnlyRuns()


def list_runs(
    *,
    only: OnlyRuns = EVERY_RUN,
    before: int | None = None,
    since: int | None = None,
    limit: int = 50,
) -> list[RunRow]:
    """Imports, the newest first.

    Args:
        only: Which are wanted.
        before: Only those older than the one of this number.
        since: Only those newer than the one of this number, and these the oldest first.
        limit: At most so many.
    """
    runs = _wanted(only).order_by("-pk" if since is None else "pk")
    if before is not None:
        runs = runs.filter(pk__lt=before)
    if since is not None:
        runs = runs.filter(pk__gt=since)
    return _rows(list(runs[:limit]))


def count_runs(only: OnlyRuns = EVERY_RUN, *, most: int = 10_000) -> int:
    """How many imports there are; counting stops at ``most``, so that it stays quick."""
    return _wanted(only).values("pk")[:most].count()


def _wanted(only: OnlyRuns) -> QuerySet[Run]:
    runs = Run.objects.all()
    if only.kind is not None:
        runs = runs.filter(kind=only.kind.value)
    return runs if only.state is None else runs.filter(state=only.state.value)


def list_connections() -> list[ConnectionRow]:
    """Every watched source, by name, with its last import."""
    connections = list(Connection.objects.order_by("name"))
    last = dict(
        Run.objects.filter(connection__in=connections)
        .order_by("pk")
        .values_list("connection_id", "pk")
    )
    runs = {row.id: row for row in _rows(list(Run.objects.filter(pk__in=last.values())))}
    return [
        ConnectionRow(
            id=one.pk,
            name=one.name,
            kind=Kind(one.kind),
            url=one.url,
            how=How(**one.how),
            minutes=one.minutes,
            is_active=one.is_active,
            due_at=one.due_at,
            last=runs.get(last.get(one.pk, 0)),
        )
        for one in connections
    ]


def find_rejects(number: int) -> Iterator[RejectRow]:
    """The rows that an import rejected, in the order of the source, one at a time."""
    file = rejects_file(number)
    if not file.exists():
        return
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            told_ = json.loads(line)
            yield RejectRow(
                line=told_["line"],
                faults=tuple(_fault(error) for error in told_["errors"]),
                row=told_.get("row"),
                text=told_.get("text"),
            )


def _fault(error: Mapping[str, object]) -> Fault:
    value = error.get("value")
    message = told(error.get("said") or error["message"])
    return Fault(str(error["field"]), message, None if value is None else str(value))


def _rows(runs: Sequence[Run]) -> list[RunRow]:
    same = _same(runs)
    return [_row(run, same.get((run.kind, run.digest), [])) for run in runs]


def _same(runs: Sequence[Run]) -> dict[tuple[str, str], list[int]]:
    """The imports that were done of the same files, by kind and digest."""
    digests = {run.digest for run in runs if run.digest}
    done = Run.objects.filter(
        digest__in=digests, state=State.DONE.value, aim=Aim.IMPORT.value
    ).order_by("-pk")
    found: dict[tuple[str, str], list[int]] = {}
    for kind, digest, number in done.values_list("kind", "digest", "pk"):
        found.setdefault((kind, digest), []).append(number)
    return found


def _row(run: Run, same: Sequence[int]) -> RunRow:
    done = run.position / run.batches if run.batches else float(run.batches == 0)
    return RunRow(
        id=run.pk,
        kind=Kind(run.kind),
        state=State(run.state),
        aim=Aim(run.aim),
        name=run.name,
        size=run.size,
        digest=run.digest,
        how=How(**run.how),
        actor=run.actor,
        asked_at=run.asked_at,
        started_at=run.started_at,
        ended_at=run.ended_at,
        read=run.read,
        rejected=run.rejected,
        created=run.created,
        updated=run.updated,
        unchanged=run.unchanged,
        share=None if run.batches is None else done,
        same_as=next((number for number in same if number < run.pk), None),
        reason=told(run.reason) if run.reason else None,
        findings=_findings(run.findings),
        written=run.position > 0 and run.aim in {Aim.IMPORT.value, Aim.UNDO.value},
    )


def _findings(kept: Mapping[str, Any]) -> Findings:
    said = {name: value for name, value in kept.items() if name not in {"notes", "problem"}}
    problem = kept.get("problem")
    return Findings(
        **said,
        notes=tuple(told(note) for note in kept.get("notes", ())),
        problem=told(problem) if problem else None,
    )
