"""An installation is opened: its folder made, its secret there, Django set up."""

import os
import secrets
from pathlib import Path

from regulars.kernel.errors import InputError
from regulars.kernel.wording import say
from regulars.project.environment import DATA, DATABASE_URL, SECRET_FILE, SECRET_KEY

_SETTINGS = "regulars.project.settings"


def open_installation(data: Path | None) -> None:
    """Make Django ready for the installation of a folder.

    On SQLite the folder gets a secret of its own; with a database URL it has to be given.

    Args:
        data: The folder; None for the one that the environment names.

    Raises:
        InputError: The folder cannot be made.
        OptionError: The environment lacks something.
    """
    import django

    if data is not None:
        os.environ[DATA] = str(data.absolute())
    os.environ["DJANGO_SETTINGS_MODULE"] = _SETTINGS
    _make_folder(Path(os.environ.setdefault(DATA, "regulars-data")))
    django.setup()


def require_tables() -> None:
    """Refuse to work on a database that ``up`` has not made ready.

    Raises:
        InputError: It has no tables, or those of another version.
    """
    from regulars.interfaces.probes import missing_migrations

    if missing_migrations():
        raise InputError(
            say("The database does not have the tables of this version."),
            accepted=say("Run regulars up first; --exit-when-ready is enough."),
        )


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
