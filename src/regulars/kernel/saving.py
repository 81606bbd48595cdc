"""Files that are either whole or not there: a killed run leaves nothing half-written."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from regulars.kernel.errors import OptionError
from regulars.kernel.wording import say


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a place to write to that becomes ``path`` when the block ends well.

    The place is in the same folder, so that the last step is one atomic rename; it is removed
    when the block fails, and ``path`` then stays as it was.

    Args:
        path: The file to be written; an existing one is replaced.

    Yields:
        The file to write instead, empty, with the ending of ``path``.

    Raises:
        OptionError: The folder is missing, is no folder, or cannot be written in.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with replacing(Path(folder) / "answer.txt") as place:
    ...         _ = place.write_text("42", encoding="utf-8")
    ...     [(file.name, file.read_text("utf-8")) for file in Path(folder).iterdir()]
    [('answer.txt', '42')]
    """
    place = _empty_file_beside(path)
    try:
        yield place
        _reach_the_disk(place)
        place.replace(path)
    finally:
        place.unlink(missing_ok=True)


def check_place(path: Path) -> None:
    """Refuse a place that cannot be written to before the work whose result it should hold.

    Raises:
        OptionError: The folder is missing, is no folder, or cannot be written in.
    """
    _empty_file_beside(path).unlink()


def _empty_file_beside(path: Path) -> Path:
    if path.is_dir():
        raise OptionError(
            say("{path} is a folder.", path=str(path)),
            accepted=say("Name the file to be written."),
        )
    place = path.with_name(f".{path.stem}.{secrets.token_hex(4)}.part{path.suffix}")
    try:
        # Created by open, not by tempfile, so that the reader's own umask decides who may read it.
        place.open("xb").close()
    except OSError as error:
        raise OptionError(
            say(
                "Nothing can be written in {folder}: {reason}.",
                folder=str(path.parent),
                reason=str(error.strerror),
            ),
            accepted=say("Name a folder that exists and may be written in."),
        ) from error
    return place


def _reach_the_disk(place: Path) -> None:
    with place.open("rb") as written:
        os.fsync(written.fileno())
