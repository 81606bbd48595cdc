"""Uploads on the disk: whole and known by their digests, or not there at all."""

import gzip
import hashlib
import os
import secrets
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from regulars.apps.intake.places import uploads_folder
from regulars.apps.intake.rules import UPLOADED, Named
from regulars.kernel.errors import InputError
from regulars.kernel.wording import say
from regulars.warehouse.sources import Kind, is_gzip, kind_of

_PART = ".part"
_CHUNK = 1 << 20
_LONGEST_NAME = 200
_UNPACKED = 20
"""A packed file may be so many times as large once it is unpacked."""
_SMALL = 64 * 1024 * 1024


class TooLargeError(InputError):
    """More is sent than may be."""


class CutOffError(InputError):
    """Less is sent than was said."""


class NoRoomError(InputError):
    """The disk is full."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was sent and is kept whole."""

    name: str
    digest: str
    size: int

    @property
    def named(self) -> Named:
        """The upload as a source."""
        return Named(f"{UPLOADED}{self.digest}", self.name, self.digest, self.size)


def keep_upload(
    chunks: Iterable[bytes], name: str, *, largest: int, expected: int | None = None
) -> Upload:
    """Keep what is sent, under its digest; the same again is kept once.

    Args:
        chunks: The bytes as they come.
        name: What the sender calls it.
        largest: So many bytes are taken at most.
        expected: How many bytes were announced.

    Raises:
        TooLargeError: There are more than may be.
        CutOffError: There are fewer than were announced.
        NoRoomError: The disk is full.
        InputError: It is empty, or of a kind that is not taken from outside.
    """
    place = uploads_folder() / f"{secrets.token_hex(8)}{_PART}"
    try:
        digest, size = _written(chunks, place, largest)
        if expected is not None and size != expected:
            raise CutOffError(
                say("{size} bytes came, {expected} were announced.", size=size, expected=expected),
                accepted=say("Send the file again."),
            )
        _refuse_strange(place, name)
        place.replace(uploads_folder() / digest)
    except OSError as error:
        raise no_room(error) from error
    finally:
        place.unlink(missing_ok=True)
    return Upload(_plain_name(name), digest, size)


def digest_of(path: Path) -> str:
    """The digest of a file; empty for a folder."""
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def refuse_bomb(path: Path, largest: int) -> None:
    """Refuse a packed file that unpacks to far more than a file may have.

    Raises:
        InputError: It does.
    """
    most = max(_SMALL, largest * _UNPACKED)
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            size = sum(part.file_size for part in packed.infolist())
    elif is_gzip(path):
        size = path.stat().st_size * 1032  # what the format can reach
        size = size if size <= most else _unpacked_size(path, most)
    else:
        return
    if size > most:
        raise InputError(
            say("The packed file unpacks to more than {n} bytes.", n=most),
            accepted=say("Send it unpacked, in parts."),
        )


def forget_parts(now: datetime) -> int:
    """Remove what was left by uploads whose process was killed; return how many there were."""
    old = (now - timedelta(days=1)).timestamp()
    left = [place for place in uploads_folder().glob(f"*{_PART}") if place.stat().st_mtime < old]
    for place in left:
        place.unlink(missing_ok=True)
    return len(left)


def no_room(error: OSError) -> NoRoomError:
    """The refusal of what the disk does not take."""
    return NoRoomError(
        say("The disk does not take it: {reason}.", reason=str(error.strerror or error)),
        accepted=say("Make room, then try again."),
    )


def _written(chunks: Iterable[bytes], place: Path, largest: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with place.open("xb") as file:
        for chunk in chunks:
            size += len(chunk)
            if size > largest:
                raise TooLargeError(
                    say("The file is larger than {n} bytes.", n=largest),
                    accepted=say("Send it in parts, or compress it."),
                )
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest(), size


def _refuse_strange(place: Path, name: str) -> None:
    """Only what a firm's own staff put onto the machine may be a database that runs queries."""
    if not place.stat().st_size:
        raise InputError(
            say("The file {file} is empty.", file=_plain_name(name)),
            accepted=say("Send a file with at least one row."),
        )
    if kind_of(place) is Kind.DUCKDB:
        raise InputError(
            say("A file of DuckDB is not taken from outside: its views may read other files."),
            accepted=say("Send its tables as Parquet, or import it on the command line."),
        )


def _unpacked_size(path: Path, most: int) -> int:
    size = 0
    try:
        with gzip.open(path) as file:
            while size <= most and (chunk := file.read(_CHUNK)):
                size += len(chunk)
    except (EOFError, OSError):
        return 0  # damaged: the reader says so
    return size


def _plain_name(name: str) -> str:
    """The last part of a name, without what no file is called."""
    last = name.replace("\\", "/").rpartition("/")[2]
    printable = "".join(sign for sign in last if sign.isprintable()).strip(". ")
    return printable[-_LONGEST_NAME:] or "upload"
