"""A backup becomes an installation again: whole, or as one that asks to be restored again.

From the first change to the last a table of its own says that the work is not finished: after a
kill the same command starts from nothing, and no other command works on half of the records.
"""

import os
import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from shutil import copyfileobj
from zipfile import ZipFile

from django.core.management import call_command
from django.db import DatabaseError, connection, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from regulars.kernel.erased import Erased, list_erased
from regulars.kernel.errors import InputError
from regulars.kernel.saving import replacing
from regulars.kernel.wording import say
from regulars.project.backup.archive import (
    Manifest,
    Table,
    damaged,
    this_version,
    too_new,
    verified,
)
from regulars.project.backup.states import last_of, models_at
from regulars.project.backup.tables import (
    Tally,
    columns_of,
    go_on_from,
    lines_of,
    write_rows,
)
from regulars.project.environment import SECRET_FILE

MARK = "regulars_restoring"
"""A table that is there while a restore is not finished."""
_MARGIN = timedelta(hours=1)
"""An erasure is written down before it is committed, perhaps by a clock that is behind."""

_OWN_FUNCTIONS = """
SELECT oid::regprocedure::text FROM pg_proc
WHERE pronamespace = current_schema()::regnamespace AND prokind = 'f'
  AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
"""
"""Functions of triggers, which outlive their tables; not those of an extension."""

type EraseAgain = Callable[[Sequence[Erased]], None]


def restore_backup(path: Path, *, data: Path, erase_again: EraseAgain) -> Manifest:
    """Make the installation of a backup, on an empty database of either kind.

    Args:
        path: The backup.
        data: The data folder.
        erase_again: Called at the end with whoever was erased since the backup was taken.

    Raises:
        InputError: The file is damaged or too new, or the installation is not empty; nothing was
            changed then.
    """
    manifest = verified(path)
    _check_known(manifest)
    known = models_at(manifest.migrations)
    if {table.name: table.columns for table in manifest.tables} != {
        name: columns_of(model) for name, model in known.items()
    }:
        raise damaged(path)
    if not is_unfinished(connection):
        _check_empty(manifest, data)
    try:
        _begin_anew()
        MigrationExecutor(connection).migrate(last_of(manifest.migrations))
        with ZipFile(path) as archive:
            with transaction.atomic():
                _load(archive, manifest, known)
            _put_files(archive, manifest, data)
        call_command("migrate", interactive=False, verbosity=0)
        erase_again(list_erased(data, manifest.taken_at - _MARGIN))
        _finish()
    except (DatabaseError, OSError) as error:
        raise InputError(
            say("The backup was not restored to the end: {reason}.", reason=str(error).strip()),
            accepted=say("Mend that, then run the same command again."),
        ) from error
    return manifest


def is_unfinished(database: BaseDatabaseWrapper) -> bool:
    """Whether a restore was begun and not finished."""
    return MARK in database.introspection.table_names()


def _check_known(manifest: Manifest) -> None:
    known = MigrationLoader(connection).disk_migrations
    newer = _numbers(manifest.regulars) > _numbers(this_version())
    if newer or any(node not in known for node in manifest.migrations):
        raise too_new(manifest.regulars)


def _numbers(version: str) -> list[int]:
    """A version as numbers that can be compared.

    >>> _numbers("0.10.1") > _numbers("0.9")
    True
    """
    return [int(part) for part in re.findall(r"\d+", version)]


def _check_empty(manifest: Manifest, data: Path) -> None:
    if connection.introspection.table_names():
        raise InputError(
            say("The database is not empty. Nothing was changed."),
            accepted=say("Name a database or a folder in which regulars up has never run."),
        )
    there = [file.name for file in manifest.files if (data / file.name).exists()]
    if there := [name for name in there if name != SECRET_FILE]:
        raise InputError(
            say("The data folder has the file {name} already.", name=there[0]),
            accepted=say("Name an empty folder. Nothing was changed."),
        )


def _begin_anew() -> None:
    """Leave the mark and nothing else; whatever an unfinished restore has made goes."""
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE IF NOT EXISTS {quote(MARK)} (begun integer)")
    drop_everything(but=MARK)


def drop_everything(but: str = "") -> None:
    """Drop every table but one, and what hangs on them."""
    quote, postgresql = connection.ops.quote_name, connection.vendor == "postgresql"
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table != but:
                cursor.execute(f"DROP TABLE {quote(table)}{' CASCADE' if postgresql else ''}")
        if postgresql:
            cursor.execute(_OWN_FUNCTIONS)
            for (function,) in cursor.fetchall():
                cursor.execute(f"DROP FUNCTION {function} CASCADE")


def _load(archive: ZipFile, manifest: Manifest, known: dict[str, type[models.Model]]) -> None:
    with connection.cursor() as cursor:
        for name in known:
            # rows that a migration made; those of the backup take their place
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(name)}")  # noqa: S608 - ours
    for table in manifest.tables:
        with archive.open(table.member) as lines:
            write_rows(known[table.name], lines)
    connection.check_constraints()
    for table in manifest.tables:
        go_on_from(known[table.name], table.last)
        _compare(table, known[table.name])


def _compare(table: Table, model: type[models.Model]) -> None:
    tally = Tally()
    for line in lines_of(model):
        tally.add(line)
    if (tally.rows, tally.sum) != (table.rows, table.sum):
        raise InputError(
            say(
                "The database has kept the table {name} otherwise than the backup has it.",
                name=table.name,
            ),
            accepted=say("Please report this. Nothing was restored."),
        )


def _put_files(archive: ZipFile, manifest: Manifest, data: Path) -> None:
    for file in manifest.files:
        path = data / file.name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with replacing(path) as place:
            place.chmod(0o600)
            with archive.open(file.member) as source, place.open("wb") as target:
                copyfileobj(source, target)


def _finish() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {connection.ops.quote_name(MARK)}")
    os.sync()
