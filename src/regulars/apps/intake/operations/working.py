"""The worker's writes: a run is taken up, read, written batch by batch, and ended."""

import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q

from regulars.apps.intake.models import Run
from regulars.apps.intake.places import imports_folder, run_folder
from regulars.apps.intake.rules import ATTEMPTS, LEASE, Aim, How, Kind, State
from regulars.apps.intake.sayings import kept
from regulars.kernel.actors import Actor, ActorKind
from regulars.kernel.outcomes import Outcome, Undone
from regulars.kernel.wording import Message, say


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A run that a worker has taken up; whoever takes it from him ends the claim.

    Attributes:
        number: Of the run.
        worker: Who took it up.
        kind: What the source holds.
        aim: What is wanted of it.
        source: A path, a URL, or an upload.
        name: What the source is called.
        digest: Of the file; empty where there is none.
        how: How it is to be read.
        actor: Who asked.
        batches: How many batches there are; None: it is not read yet.
        position: How many are in.
    """

    number: int
    worker: str
    kind: Kind
    aim: Aim
    source: str
    name: str
    digest: str
    how: How
    actor: Actor
    batches: int | None
    position: int


def claim_run(worker: str, now: datetime, *, only: int | None = None) -> Claim | None:
    """Take up the run in hand, or else the next that waits or whose worker is not heard of.

    Args:
        worker: Who takes it up.
        now: The time.
        only: Only the run of this number.
    """
    due = Q(state=State.WAITING.value) | Q(
        Q(lease=worker) | Q(leased_until__lt=now), state=State.RUNNING.value
    )
    runs = Run.objects.filter(due).order_by("pk")
    if only is not None:
        runs = runs.filter(pk=only)
    if not runs.exists():
        return None  # most looks find nothing and lock nothing
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            runs = runs.select_for_update(skip_locked=True)
        found = list(runs[:50])
        run = next((one for one in found if one.lease == worker), next(iter(found), None))
        if run is None:
            return None
        _take_up(run, worker, now)
        return None if run.state == State.FAILED.value else _claim(run)


def _take_up(run: Run, worker: str, now: datetime) -> None:
    """Lease a run; one that ended worker after worker is given up."""
    if run.state == State.RUNNING.value and run.lease != worker:
        run.attempts += 1
    run.state, run.lease, run.leased_until = State.RUNNING.value, worker, now + LEASE
    run.started_at = run.started_at or now
    if run.attempts > ATTEMPTS:
        why = say("{n} workers ended while they were at it.", n=run.attempts)
        run.state, run.reason, run.ended_at = State.FAILED.value, kept(why), now
    run.save()


def _claim(run: Run) -> Claim:
    kind, _, id_ = run.actor.partition(":")
    return Claim(
        number=run.pk,
        worker=run.lease,
        kind=Kind(run.kind),
        aim=Aim(run.aim),
        source=run.source,
        name=run.name,
        digest=run.digest,
        how=How(**run.how),
        actor=Actor(ActorKind(kind), id_),
        batches=run.batches,
        position=run.position,
    )


def keep_findings(
    claim: Claim,
    *,
    read: int,
    rejected: int,
    batches: int,
    findings: Mapping[str, object],
    now: datetime,
) -> bool:
    """Write down what reading came to; say whether the run was still this worker's."""
    with transaction.atomic():
        run = _mine(claim)
        if run is None:
            return False
        run.read, run.rejected, run.batches = read, rejected, batches
        run.findings = dict(run.findings) | dict(findings)
        if "problem" not in findings:
            run.findings.pop("problem", None)
        run.leased_until, run.attempts = now + LEASE, 0
        if run.aim == Aim.PREVIEW.value:
            run.state, run.ended_at = State.READY.value, now
        run.save()
    return True


def write_batch(
    claim: Claim, number: int, act: Callable[[], Counter[Outcome]], now: datetime
) -> bool:
    """Write a batch and count it, in one transaction; a trial is taken back at once.

    Args:
        claim: The run, as it was taken up.
        number: Of the batch.
        act: Writes it.
        now: The time.

    Returns:
        Whether the run was still this worker's.
    """
    with transaction.atomic():
        run = _mine(claim)
        if run is None or run.position != claim.position:
            return False
        with transaction.atomic():
            outcomes = act()
            # what a trial wrote is taken back where this block ends
            transaction.set_rollback(run.aim == Aim.TRIAL.value)
        run.position, run.attempts, run.leased_until = number + 1, 0, now + LEASE
        run.created += outcomes[Outcome.CREATED]
        run.updated += outcomes[Outcome.UPDATED]
        run.unchanged += outcomes[Outcome.UNCHANGED]
        run.save()
    return True


def undo_part(claim: Claim, act: Callable[[], Counter[Undone]], now: datetime) -> bool:
    """Undo a part of a run and count it, in one transaction; say whether more may be left."""
    with transaction.atomic():
        run = _mine(claim)
        if run is None:
            return False
        undone = act()
        counts = Counter(run.findings.get("undone", {}))
        counts.update({kind.value: count for kind, count in undone.items()})
        run.findings = {**run.findings, "undone": dict(counts)}
        run.leased_until, run.attempts = now + LEASE, 0
        if not undone:
            run.state, run.ended_at = State.UNDONE.value, now
        run.save()
    return bool(undone)


def end_run(claim: Claim, now: datetime) -> None:
    """Say that all of a run is in; its sheets go, its refused rows stay."""
    with transaction.atomic():
        run = _mine(claim)
        if run is None:
            return
        run.state, run.ended_at = State.DONE.value, now
        run.save()
    if claim.aim is not Aim.TRIAL:
        clear_sheets(claim.number)


def fail_run(claim: Claim, why: Message, now: datetime) -> None:
    """Say why a run cannot go on; it can be tried again."""
    with transaction.atomic():
        run = _mine(claim)
        if run is not None:
            run.state, run.reason, run.ended_at = State.FAILED.value, kept(why), now
            run.save()


def clear_sheets(number: int) -> None:
    """Remove what is needed no more of a run that is over."""
    for file in run_folder(number).glob("*.parquet"):
        file.unlink(missing_ok=True)
    for folder in imports_folder().glob(f"run-{number}.*"):
        shutil.rmtree(folder, ignore_errors=True)


def _mine(claim: Claim) -> Run | None:
    return (
        Run.objects.select_for_update()
        .filter(pk=claim.number, lease=claim.worker, state=State.RUNNING.value)
        .first()
    )
