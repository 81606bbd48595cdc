"""Somebody asks for an import: to look, to try, to import, to undo, to try again."""

from datetime import datetime

from django.db import transaction

from regulars.apps.intake.models import Run
from regulars.apps.intake.options import reading_of
from regulars.apps.intake.rules import LEASE, Aim, How, Kind, Named, State
from regulars.apps.journal.operations import record
from regulars.apps.journal.undoing import is_written
from regulars.kernel.actors import Actor
from regulars.kernel.errors import InputError
from regulars.kernel.wording import Message, say


def take_source(  # noqa: PLR0913 - what, how and by whom; all but the first three by name
    source: Named,
    kind: Kind,
    how: How,
    *,
    aim: Aim,
    actor: Actor,
    now: datetime,
    worker: str = "",
) -> int:
    """Ask for the import of an upload, a file or a database; the worker does it.

    Args:
        source: Where it is.
        kind: What it holds.
        how: How it is to be read.
        aim: A look, a trial or the import itself.
        actor: Who asks.
        now: The time.
        worker: Who does it; whichever worker comes first where it is left out.

    Returns:
        The number of the import.

    Raises:
        OptionError: An option of ``how`` cannot be used.
    """
    reading_of(how)
    with transaction.atomic():
        run = Run.objects.create(
            kind=kind.value,
            aim=aim.value,
            name=source.name[:300],
            source=source.address,
            digest=source.digest,
            size=source.size,
            how=how.kept(),
            actor=str(actor),
            asked_at=now,
            state=(State.RUNNING if worker else State.WAITING).value,
            lease=worker,
            leased_until=now + LEASE if worker else None,
        )
        record(actor, "asked for an import", f"import:{run.pk}", now, _told(run))
    return run.pk


def start_import(
    number: int, *, actor: Actor, now: datetime, how: How | None = None, aim: Aim = Aim.IMPORT
) -> None:
    """Go on with an import that was looked at or tried, mapped otherwise where ``how`` is given.

    Raises:
        InputError: It is not one that waits for that.
        OptionError: An option of ``how`` cannot be used.
    """
    if how is not None:
        reading_of(how)
    with transaction.atomic():
        run = _locked(number)
        fresh = run.state == State.READY.value
        if not fresh and not (run.state == State.DONE.value and run.aim == Aim.TRIAL.value):
            raise _refusal(run, say("Give the number of one that was looked at or tried."))
        if how is not None and how.kept() != run.how:
            run.how, run.batches = how.kept(), None
        if aim is Aim.PREVIEW or run.findings.get("problem"):
            run.batches = None  # it is read again: a look writes nothing
        _wait(run, aim)
        record(actor, f"asked for the {aim}", f"import:{run.pk}", now, _told(run))


def undo_import(number: int, *, actor: Actor, now: datetime) -> None:
    """Ask for the end of an import: what it made goes, what it changed is as before.

    One that is undone already stays as it is.

    Raises:
        InputError: It is not over, or has written nothing.
    """
    with transaction.atomic():
        run = _locked(number)
        if run.aim == Aim.UNDO.value and run.state != State.FAILED.value:
            return
        over = run.state in {State.DONE.value, State.FAILED.value}
        if not over or run.aim not in {Aim.IMPORT.value, Aim.UNDO.value}:
            raise _refusal(run, say("Give the number of an import that is over."))
        if run.aim == Aim.IMPORT.value and not is_written(str(run.pk)):
            raise InputError(
                say("Nothing that import {number} wrote is left to undo.", number=str(run.pk)),
                accepted=say("Settings say for how many days what imports replaced is kept."),
            )
        run.aim, run.state = Aim.UNDO.value, State.WAITING.value
        run.attempts, run.reason, run.lease, run.leased_until = 0, {}, "", None
        run.save()
        record(actor, "asked to undo an import", f"import:{run.pk}", now, _told(run))


def retry_import(number: int, *, actor: Actor, now: datetime) -> None:
    """Let an import that failed go on where it stopped.

    Raises:
        InputError: It did not fail.
    """
    with transaction.atomic():
        run = _locked(number)
        if run.state != State.FAILED.value:
            raise _refusal(run, say("Give the number of one that failed."))
        run.state, run.attempts, run.reason = State.WAITING.value, 0, {}
        run.lease, run.leased_until, run.ended_at = "", None, None
        run.save()
        record(actor, "tried an import again", f"import:{run.pk}", now, _told(run))


def _wait(run: Run, aim: Aim) -> None:
    """Put a run back into the queue, nothing of it written yet."""
    run.aim, run.state, run.position, run.attempts = aim.value, State.WAITING.value, 0, 0
    run.created = run.updated = run.unchanged = 0
    run.reason, run.lease, run.leased_until, run.ended_at = {}, "", None, None
    run.save()


def _locked(number: int) -> Run:
    run = Run.objects.select_for_update().filter(pk=number).first()
    if run is None:
        raise InputError(
            say("There is no import {number}.", number=str(number)),
            accepted=say("Give the number of an import."),
        )
    return run


def _refusal(run: Run, accepted: Message) -> InputError:
    return InputError(
        say(
            "Import {number} is {state}, and its aim was {aim}.",
            number=str(run.pk),
            state=run.state,
            aim=run.aim,
        ),
        accepted=accepted,
    )


def _told(run: Run) -> dict[str, object]:
    return {"kind": run.kind, "aim": run.aim, "digest": run.digest}
