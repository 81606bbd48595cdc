"""The file of a backup: a ZIP with a member for each table and file, and the list of them."""

import errno
import hashlib
import json
import struct
import zlib
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import override
from zipfile import BadZipFile, ZipFile

from regulars.kernel.errors import InputError
from regulars.kernel.wording import say
from regulars.project.backup.tables import Tally

FORMAT = 1
"""Of the file; a later Regulars reads earlier ones."""
MANIFEST = "manifest.json"
"""Written last: a file that was cut off has none."""
_PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table: how many rows, the sum of their lines, and the last number given out."""

    name: str
    columns: list[str]
    rows: int
    sum: str
    last: int | None

    @property
    def member(self) -> str:
        """Its name in the file."""
        return f"tables/{self.name}.ndjson"


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file of the data folder, by its path there."""

    name: str
    bytes: int
    sha256: str

    @property
    def member(self) -> str:
        """Its name in the file."""
        return f"files/{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup holds."""

    taken_at: datetime
    regulars: str
    migrations: list[tuple[str, str]]
    tables: list[Table]
    files: list[File]
    format: int = FORMAT

    @override
    def __str__(self) -> str:
        rows = sum(table.rows for table in self.tables)
        return (
            f"{len(self.tables)} tables, {rows} rows, {len(self.files)} files,"
            f" as of {self.taken_at:%Y-%m-%d %H:%M:%S} UTC"
        )

    def json(self) -> str:
        """The list as it stands in the file."""
        return json.dumps(asdict(self) | {"taken_at": self.taken_at.isoformat()}, indent=1)


def this_version() -> str:
    """The version of this Regulars."""
    return version("regulars")


# what zipfile raises for bytes that are not what was written, and what a wrong list leads to
_DAMAGED = (
    BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    KeyError,
    TypeError,
    ValueError,
    RuntimeError,
)


def damaged(path: Path) -> InputError:
    """The refusal of a file that is not what was written."""
    return InputError(
        say(
            "{path} is no backup, is damaged or was cut off. Nothing was changed.", path=str(path)
        ),
        accepted=say("Give a file that regulars backup wrote."),
    )


def verified(path: Path) -> Manifest:
    """What a backup holds, after reading every byte of it against its counts and sums.

    Raises:
        InputError: It is not there, is no backup, is damaged, was cut off, or is of a later form.
    """
    try:
        with ZipFile(path) as archive:
            return _read(archive)
    except _DAMAGED as error:
        raise damaged(path) from error
    except OSError as error:
        if error.errno == errno.EINVAL:  # a member that would lie before the file's beginning
            raise damaged(path) from error
        raise InputError(
            say("{path} cannot be read: {reason}.", path=str(path), reason=str(error.strerror))
        ) from error


def _read(archive: ZipFile) -> Manifest:
    told = json.loads(archive.read(MANIFEST))
    if told["format"] > FORMAT:
        raise too_new(str(told["regulars"]))
    manifest = _manifest(told)
    for table in manifest.tables:
        _check_table(archive, table)
    for file in manifest.files:
        _check_file(archive, file)
    return manifest


def too_new(written_by: str) -> InputError:
    """The refusal of a backup that a later Regulars made."""
    return InputError(
        say(
            "This backup was made by Regulars {theirs}; this is {ours}.",
            theirs=written_by,
            ours=this_version(),
        ),
        accepted=say("Restore it with that version or a later one."),
    )


def _manifest(told: dict[str, object]) -> Manifest:
    tables, files, migrations = told["tables"], told["files"], told["migrations"]
    if not isinstance(tables, list) or not isinstance(files, list):
        raise TypeError("tables and files are lists")
    if not isinstance(migrations, list):
        raise TypeError("migrations are a list")
    return Manifest(
        format=int(str(told["format"])),
        taken_at=datetime.fromisoformat(str(told["taken_at"])),
        regulars=str(told["regulars"]),
        migrations=[(str(app), str(name)) for app, name in migrations],
        tables=[Table(**table) for table in tables],
        files=[File(**file) for file in files],
    )


def _check_table(archive: ZipFile, table: Table) -> None:
    tally = Tally()
    with archive.open(table.member) as lines:
        for line in lines:
            tally.add(line)
    if (tally.rows, tally.sum) != (table.rows, table.sum):
        raise ValueError(table.name)


def _check_file(archive: ZipFile, file: File) -> None:
    path = PurePosixPath(file.name)
    if path.is_absolute() or ".." in path.parts:
        raise ValueError(file.name)
    digest, size = hashlib.sha256(), 0
    with archive.open(file.member) as opened_file:
        while piece := opened_file.read(_PIECE):
            digest.update(piece)
            size += len(piece)
    if (digest.hexdigest(), size) != (file.sha256, file.bytes):
        raise ValueError(file.name)
