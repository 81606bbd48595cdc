"""Any text file as UTF-8: unpacked, without a byte order mark, checked to the last byte."""

import codecs
import gzip
import re
import shutil
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from regulars.kernel.errors import InputError
from regulars.kernel.wording import say
from regulars.warehouse.sources import is_gzip

_CHUNK = 1 << 20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark begins it
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNEVEN = re.compile(rb"\x00|\n\r?\n|\r(?!\n)|[^\r]\n")
_UNEVEN_LF = re.compile(rb"\x00|\n\n|\r")


@dataclass(frozen=True, slots=True)
class Utf8:
    """A text file in UTF-8.

    Attributes:
        path: The file itself, or a copy that was unpacked or recoded.
        even: Whether all lines end alike and none is blank, so that the engine's own reader
            counts the records as people do.
    """

    path: Path
    even: bool


def as_utf8(path: Path, folder: Path, encoding: str | None = None) -> Utf8:
    """A text file in UTF-8; copies go to ``folder``.

    Raises:
        InputError: It is cut short, empty, or not in the encoding.
    """
    plain = unpacked(path, folder)
    with plain.open("rb") as file:
        head = file.read(_CHUNK)
    if not head.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
        raise InputError(
            say("The file {file} is empty.", file=path.name),
            accepted=say("Give a file with a heading and at least one order."),
        )
    mark, codec = _codec(head, encoding)
    if mark or codec != "utf-8":
        target = folder / f"{len(list(folder.iterdir()))}.utf8"
        with plain.open("rb") as file, target.open("wb") as out:
            file.seek(mark)
            for text in _decoded(file, codec, path.name, mark):
                out.write(text.encode())
        plain = target
    return Utf8(plain, even=_is_even(plain, path.name))


def unpacked(path: Path, folder: Path) -> Path:
    """The file itself, or its unpacked copy where it is a gzip.

    Raises:
        InputError: The gzip is cut short or damaged.
    """
    if not is_gzip(path):
        return path
    target = folder / f"{len(list(folder.iterdir()))}.{path.stem}"
    try:
        with gzip.open(path) as packed, target.open("wb") as out:
            shutil.copyfileobj(packed, out, _CHUNK)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        target.unlink()
        raise InputError(
            say("The compressed file {file} is cut short or damaged.", file=path.name),
            accepted=say("Compress or download it again."),
        ) from error
    return target


def _codec(head: bytes, encoding: str | None) -> tuple[int, str]:
    """The length of the byte order mark, and the encoding."""
    for mark, codec in _MARKS:
        if head.startswith(mark):
            return len(mark), codec
    if encoding is not None:
        return 0, codecs.lookup(encoding).name
    return 0, _utf16_by_zeros(head[:_CHUNK]) or "utf-8"


def _utf16_by_zeros(head: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of Western text is zero."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    half = len(head) // 4
    if odd > half > even:
        return "utf-16-le"
    return "utf-16-be" if even > half > odd else None


def _decoded(file: BinaryIO, codec: str, name: str, offset: int) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(codec)()
    while True:
        chunk = file.read(_CHUNK)
        held = len(decoder.getstate()[0])
        try:
            yield decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            raise _undecodable(name, codec, offset - held + error.start) from error
        if not chunk:
            return
        offset += len(chunk)


def _undecodable(name: str, codec: str, offset: int) -> InputError:
    return InputError(
        say(
            "{file} is not {encoding} text: byte {offset} cannot be read.",
            file=name,
            encoding=codec.upper(),
            offset=offset,
        ),
        accepted=say(
            "Save it as UTF-8, or name its encoding, for example --encoding windows-1257."
        ),
    )


def _is_even(path: Path, name: str) -> bool:
    """Check that the file is UTF-8 to its end, and whether its lines are even."""
    with path.open("rb") as file:
        first = file.readline()
        file.seek(0)
        uneven = _UNEVEN if first.endswith(b"\r\n") else _UNEVEN_LF
        even, last = not first.isspace(), b""
        while chunk := file.read(_CHUNK):
            even = even and uneven.search(_whole(last + chunk)) is None
            last = chunk[-2:]
        file.seek(0)
        for _ in _decoded(file, "utf-8", name, 0):
            pass  # every piece is checked as it is decoded
    return even


def _whole(chunk: bytes) -> bytes:
    """A chunk without a carriage return at its end: its line feed comes with the next one."""
    return chunk[:-1] if chunk.endswith(b"\r") else chunk
