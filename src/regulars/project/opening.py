"""An installation is opened: its folder made, its secret there, Django set up."""

import os
import secrets
from pathlib import Path

from regulars.kernel.errors import InputError
from regulars.kernel.wording import say
from regulars.project.environment import DATA, DATABASE_URL, SECRET_FILE, SECRET_KEY

_SETTINGS = "regulars.project.settings"


def open_installation(data: Path | None) -> Path:
    """Make Django ready for the installation of a folder.

    On SQLite the folder gets a secret of its own; with a database URL it has to be given.

    Args:
        data: The folder; None for the one that the environment names.

    Returns:
        The folder.

    Raises:
        InputError: The folder cannot be made.
        OptionError: The environment lacks something.
    """
    import django

    if data is not None:
        os.environ[DATA] = str(data.absolute())
    os.environ["DJANGO_SETTINGS_MODULE"] = _SETTINGS
    folder = Path(os.environ.setdefault(DATA, "regulars-data"))
    _make_folder(folder)
    django.setup()
    return folder


def make_ready() -> int:
    """Bring the tables up to date and collect the files that browsers are sent.

    Returns:
        How many changes of the tables were made.

    Raises:
        InputError: The database does not answer, holds half a restored backup, or is of a later
            version.
        OptionError: What is named to send messages cannot.
    """
    from django.core.management import call_command

    from regulars.interfaces.probes import missing_migrations

    require_ways_out()
    require_database()
    missing = missing_migrations()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    return missing


def require_database() -> None:
    """Refuse to work without a database, on half a backup, or on a later version's tables.

    Raises:
        InputError: It does not answer, was not restored to the end, or is of a later version.
    """
    from django.db import connection

    from regulars.project.backup.restoring import is_unfinished
    from regulars.project.backup.states import later_migrations

    answering_database()
    if is_unfinished(connection):
        raise InputError(
            say("A backup was not restored to the end."),
            accepted=say("Run regulars restore again."),
        )
    if later_migrations():
        raise InputError(
            say("The database has the tables of a later version of Regulars."),
            accepted=say("Install that version, or restore a backup into an empty database."),
        )


def answering_database() -> None:
    """Refuse to work without a database.

    Raises:
        InputError: It does not answer.
    """
    from django.db import DatabaseError, connection

    try:
        connection.ensure_connection()
    except DatabaseError as error:
        raise InputError(
            say("The database does not answer: {reason}.", reason=str(error).strip()),
            accepted=say("Start it, or mend its address."),
        ) from error


def require_tables(*, earlier: bool = False) -> None:
    """Refuse to work on a database that ``up`` has not made ready.

    Args:
        earlier: Whether the tables of an earlier version are enough.

    Raises:
        InputError: It does not answer, has no tables, or those of another version.
    """
    from regulars.interfaces.probes import missing_migrations
    from regulars.project.backup.states import applied_migrations

    require_database()
    if missing_migrations() and not (earlier and applied_migrations()):
        raise InputError(
            say("The database does not have the tables of this version."),
            accepted=say("Run regulars up first; --exit-when-ready is enough."),
        )


def require_ways_out() -> None:
    """Refuse to begin with what could send nothing.

    Raises:
        OptionError: What is named to send messages cannot.
    """
    from regulars.apps.contact.transports.choosing import check_transports

    check_transports()


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not os.environ.get(DATABASE_URL) and not os.environ.get(SECRET_KEY):
            _make_secret(folder / SECRET_FILE)
    except OSError as error:
        raise InputError(
            say(
                "The folder {folder} cannot be used: {reason}.",
                folder=str(folder),
                reason=str(error.strerror),
            ),
            accepted=say("Name a folder that may be written in."),
        ) from error


def _make_secret(file: Path) -> None:
    """Write a secret that only this user may read; the first of two processes wins."""
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w", encoding="ascii") as opened:
        opened.write(secrets.token_urlsafe(64))
