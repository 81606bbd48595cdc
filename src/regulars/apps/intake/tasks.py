"""The worker's part: one step of one import at a time, so that a kill loses at most a step.

This module brings the library's weight with it: the worker and the command line import it, the
web process never does.
"""

import json
import os
import secrets
import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any, cast

import duckdb
import pyarrow as pa
from django.conf import settings
from django.db import DatabaseError, DataError, IntegrityError, InterfaceError
from ibis.common.exceptions import IbisError

from regulars.apps.contact.operations.addresses import import_addresses
from regulars.apps.contact.operations.consents import import_consents
from regulars.apps.intake.operations.watching import with_secrets
from regulars.apps.intake.operations.working import (
    Claim,
    claim_run,
    end_run,
    fail_run,
    keep_findings,
    undo_part,
    write_batch,
)
from regulars.apps.intake.places import imports_folder, run_folder, uploads_folder
from regulars.apps.intake.reading.prepare import Asked, Prepared, prepare
from regulars.apps.intake.reading.sheets import batches_of
from regulars.apps.intake.rules import UPLOADED, Aim, Bodies, Kind
from regulars.apps.intake.uploads import digest_of, no_room, refuse_bomb
from regulars.apps.orders.operations import (
    LineColumns,
    OrderColumns,
    import_costs,
    import_orders,
    import_products,
    import_refunds,
    import_subscriptions,
    undo_run,
)
from regulars.apps.orders.rules import RefundData
from regulars.apps.people.operations import import_customers
from regulars.kernel.errors import InputError, RegularsError
from regulars.kernel.outcomes import Outcome
from regulars.kernel.progress import Progress, silent
from regulars.kernel.wording import Message, say
from regulars.warehouse.sources import is_url

type Sheets = Mapping[str, pa.Table]
type Understood = Mapping[Kind, Bodies]


def new_worker() -> str:
    """A name that a worker leases runs under."""
    return secrets.token_hex(16)


def run_due_imports(
    worker: str,
    now: datetime,
    understood: Understood,
    *,
    only: int | None = None,
    tell: Progress = silent,
    secret: str | None = None,
) -> int:
    """Do one step of one import: read its source, write one batch, or undo a part.

    Args:
        worker: Who does it.
        now: The time.
        understood: How rows in the words of the API are understood.
        only: Only the run of this number.
        tell: Told what is being done.
        secret: The source with its password, where the run has it without.

    Returns:
        How many steps were done: 0 where nothing is due.
    """
    claim = claim_run(worker, now, only=only)
    if claim is None:
        return 0
    try:
        _step(claim, now, understood, tell, secret)
    except Exception as error:
        why = _why(error)
        if why is None:
            raise  # the database is away for a while: the loop waits, the run stays leased
        fail_run(claim, why, now)
    return 1


def _step(
    claim: Claim, now: datetime, understood: Understood, tell: Progress, secret: str | None
) -> None:
    if claim.aim is Aim.UNDO:
        run = str(claim.number)
        undo_part(claim, lambda: undo_run(run, actor=claim.actor, now=now), now)
        return
    if claim.batches is None or not run_folder(claim.number).is_dir():
        _read(claim, now, understood, tell, secret)
        return
    number, rows = next(batches_of(run_folder(claim.number), claim.position), (0, None))
    if rows is None:
        end_run(claim, now)
        return
    tell(say("Writing"), number / max(1, claim.batches))
    write_batch(claim, number, lambda: _import(claim, rows, understood, now), now)


def _read(
    claim: Claim, now: datetime, understood: Understood, tell: Progress, secret: str | None
) -> None:
    """Read the source into a folder of its own, which takes its place once it is whole."""
    place = imports_folder() / f"{run_folder(claim.number).name}.{secrets.token_hex(4)}"
    try:
        place.mkdir(mode=0o700)
        asked = Asked(_source(claim, place, secret), claim.kind, claim.how)
        prepared = prepare(
            asked, understood[claim.kind], place, sample=claim.aim is Aim.PREVIEW, tell=tell
        )
        shutil.rmtree(place / "source", ignore_errors=True)
        _settle(place, run_folder(claim.number))
    finally:
        shutil.rmtree(place, ignore_errors=True)
    _keep(claim, prepared, now)


def _settle(place: Path, folder: Path) -> None:
    """Put the folder into its place; what another worker put there reads the same."""
    if folder.exists():
        shutil.rmtree(folder, ignore_errors=True)
    place.rename(folder)


def _keep(claim: Claim, prepared: Prepared, now: datetime) -> None:
    keep_findings(
        claim,
        read=prepared.rows,
        rejected=prepared.rejected,
        batches=prepared.batches,
        findings=prepared.findings,
        now=now,
    )


def _source(claim: Claim, place: Path, secret: str | None) -> str:
    """Where the source is read from, called as its sender calls it.

    Raises:
        InputError: It is not there any more, or not as it was.
    """
    if is_url(claim.source):
        return secret or with_secrets(claim.source, os.environ)
    if not claim.source.startswith(UPLOADED):
        return _unchanged(claim)
    kept = uploads_folder() / claim.digest
    if not kept.is_file():
        raise InputError(
            say("The file {name} is kept no longer.", name=claim.name),
            accepted=say("Send it again."),
        )
    refuse_bomb(kept, settings.LARGEST_UPLOAD)
    (place / "source").mkdir()
    named = place / "source" / claim.name
    named.symlink_to(kept)
    return str(named)


def _unchanged(claim: Claim) -> str:
    if digest_of(Path(claim.source)) != claim.digest:
        raise InputError(
            say("The file {name} is not what it was when it was named.", name=claim.name),
            accepted=say("Import it again."),
        )
    return claim.source


def _import(claim: Claim, rows: Sheets, understood: Understood, now: datetime) -> Counter[Outcome]:
    """Write the rows of a batch by the operations of their apps."""
    outcomes: Counter[Outcome] = Counter()
    run, source = str(claim.number), claim.how.ids_of
    if "orders" in rows:
        outcomes += import_orders(
            OrderColumns(**_columns(rows["orders"])),
            LineColumns(**_columns(rows["lines"])) if "lines" in rows else LineColumns(),
            run=run,
            actor=claim.actor,
            now=now,
            source=source,
        )
    if "refunds" in rows:
        outcomes += import_refunds(_refunds(rows["refunds"]), run=run, actor=claim.actor, now=now)
    if "bodies" in rows:
        told = [json.loads(row) for row in rows["bodies"]["body"].to_pylist()]
        things = understood[claim.kind].check(told).good
        outcomes += _write(claim, [things[place] for place in sorted(things)], now)
    return outcomes


def _columns(table: pa.Table) -> dict[str, Any]:
    return {name: table[name].to_pylist() for name in table.column_names if name != "batch"}


def _refunds(table: pa.Table) -> list[RefundData]:
    return [
        RefundData(
            id=row["id"],
            order_id=row["order_id"],
            refunded_at=row["refunded_at"],
            amount=row["amount"],
        )
        for row in table.to_pylist()
    ]


def _write(claim: Claim, things: list[object], now: datetime) -> Counter[Outcome]:
    run = str(claim.number)
    if claim.kind is Kind.ADDRESSES:  # a row tells several
        things = list(chain.from_iterable(cast("list[list[object]]", things)))
    if claim.kind in _OF_PEOPLE:
        of_people = cast("Callable[..., Counter[Outcome]]", _OF_PEOPLE[claim.kind])
        return of_people(things, run=run, actor=claim.actor, now=now, source=claim.how.ids_of)
    return cast("Callable[..., Counter[Outcome]]", _WRITERS[claim.kind])(
        things, run=run, actor=claim.actor, now=now
    )


_OF_PEOPLE = {
    Kind.CUSTOMERS: import_customers,
    Kind.SUBSCRIPTIONS: import_subscriptions,
    Kind.ADDRESSES: import_addresses,
    Kind.CONSENTS: import_consents,
}
_WRITERS = {
    Kind.PRODUCTS: import_products,
    Kind.REFUNDS: import_refunds,
    Kind.COSTS: import_costs,
}


def _why(error: Exception) -> Message | None:
    """Why a run cannot go on; None: it can, later."""
    if isinstance(error, DatabaseError | InterfaceError):
        return _of_database(error)
    if isinstance(error, RegularsError):
        return _of_refusal(error)
    if isinstance(error, OSError):
        return no_room(error).message
    if isinstance(error, duckdb.Error | pa.ArrowException | IbisError | MemoryError):
        reason = (str(error) or type(error).__name__).splitlines()[0][:300]
        return say("The source could not be read: {reason}", reason=reason)
    return _of_bug(error)


def _of_database(error: Exception) -> Message | None:
    if isinstance(error, DataError | IntegrityError):
        return _of_bug(error)
    full = any(sign in str(error).lower() for sign in _FULL)
    return no_room(OSError(str(error))).message if full else None


def _of_refusal(error: RegularsError) -> Message:
    if error.accepted is None:
        return error.message
    return say("{reason} {accepted}", reason=error.message, accepted=error.accepted)


_FULL = ("disk is full", "no space left")


def _of_bug(error: Exception) -> Message:
    return say(
        "Something went wrong that should not have: {kind}: {error}",
        kind=type(error).__name__,
        error=str(error)[:300] or "-",
    )
