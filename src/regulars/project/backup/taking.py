"""A backup is taken while the platform runs: one instant of every table, then the files."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from django.db import connection, models, transaction

from regulars.kernel import erased
from regulars.kernel.errors import InputError
from regulars.kernel.saving import replacing
from regulars.kernel.wording import say
from regulars.project.backup.archive import MANIFEST, File, Manifest, Table, this_version
from regulars.project.backup.states import applied_migrations, models_at
from regulars.project.backup.tables import Tally, columns_of, lines_of, next_number
from regulars.project.environment import SECRET_FILE

RECORDS = "records.sqlite3"
_LEFT_OUT = {RECORDS, f"{RECORDS}-wal", f"{RECORDS}-shm", SECRET_FILE, erased.FILE, "static"}
"""Of the data folder: what the tables hold, what ``up`` makes, what outlives a restore."""
_PIECE = 1024 * 1024


def take_backup(path: Path, *, data: Path, now: datetime, with_secret: bool = False) -> Manifest:
    """Write every table and every file of an installation into one file; it is whole or not there.

    Args:
        path: The file; an existing one is replaced.
        data: The data folder.
        now: The time.
        with_secret: Keep the signing secret of the folder too.

    Raises:
        InputError: The disk is full, or there is no secret in the folder.
        OptionError: The place cannot be written in, or is within the data folder.
    """
    if path.resolve().is_relative_to(data.resolve()):
        raise InputError(
            say("{path} is within the data folder, which it is to hold.", path=str(path)),
            accepted=say("Name a file elsewhere, on another disk if you can."),
        )
    if with_secret and not (data / SECRET_FILE).is_file():
        raise InputError(say("There is no secret in the data folder: it is given to Regulars."))
    try:
        with replacing(path) as place:
            # nobody else reads what customers have bought
            place.chmod(0o600)
            return _written(place, data, now, with_secret=with_secret)
    except OSError as error:
        raise InputError(
            say("{path} cannot be written: {reason}.", path=str(path), reason=str(error.strerror)),
            accepted=say("Make room, or name another place. There is no half file."),
        ) from error


def _written(place: Path, data: Path, now: datetime, *, with_secret: bool) -> Manifest:
    with ZipFile(place, "w", ZIP_DEFLATED, compresslevel=1) as archive:
        with one_instant():
            migrations = applied_migrations()
            # a database that waits for an upgrade is kept as it is
            then = models_at(migrations)
            tables = [_keep_table(archive, name, model) for name, model in then.items()]
        manifest = Manifest(
            taken_at=now,
            regulars=this_version(),
            migrations=migrations,
            tables=tables,
            files=list(_keep_files(archive, data, with_secret=with_secret)),
        )
        archive.writestr(MANIFEST, manifest.json())
    return manifest


@contextmanager
def one_instant() -> Iterator[None]:
    """See every table as of one instant, while others go on writing."""
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    connection.ensure_connection()
    mode = connection.transaction_mode  # type: ignore[attr-defined]  # of SQLite alone
    # a reader: writers do not wait for it
    connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined]  # same
    try:
        with transaction.atomic():
            yield
    finally:
        connection.transaction_mode = mode  # type: ignore[attr-defined]  # same


def _keep_table(archive: ZipFile, name: str, model: type[models.Model]) -> Table:
    tally = Tally()
    with archive.open(f"tables/{name}.ndjson", "w", force_zip64=True) as member:
        for line in lines_of(model):
            tally.add(line)
            member.write(line)
    return Table(
        name=name,
        columns=columns_of(model),
        rows=tally.rows,
        sum=tally.sum,
        last=next_number(model),
    )


def _keep_files(archive: ZipFile, data: Path, *, with_secret: bool) -> Iterator[File]:
    left_out = _LEFT_OUT - {SECRET_FILE} if with_secret else _LEFT_OUT
    for path in sorted(data.rglob("*")):
        name = path.relative_to(data)
        unfinished = path.name.startswith(".") and ".part" in path.name
        if path.is_file() and name.parts[0] not in left_out and not unfinished:
            yield _keep_file(archive, path, name.as_posix())


def _keep_file(archive: ZipFile, path: Path, name: str) -> File:
    digest, size = hashlib.sha256(), 0
    with (
        path.open("rb") as source,
        archive.open(f"files/{name}", "w", force_zip64=True) as member,
    ):
        while piece := source.read(_PIECE):
            digest.update(piece)
            size += len(piece)
            member.write(piece)
    return File(name=name, bytes=size, sha256=digest.hexdigest())
