"""Messages as files in a folder: what a laptop and the demo do, until a way out is named."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from django.core.mail import EmailMultiAlternatives

from regulars.apps.contact.transports.composing import compose, needs_utf8, written
from regulars.apps.contact.transports.outgoing import Accepted, Down, Outcome, Outgoing, Refused
from regulars.apps.contact.transports.segments import segments_of

AT_ONCE = 20


class _Folder:
    """A file for each message, named by its delivery: a repeat writes over it."""

    name = "file"
    at_once = AT_ONCE

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, messages: Sequence[Outgoing]) -> Iterator[Outcome]:
        """Write each message into its file."""
        for message in messages:
            outcome = self._hand_over(message)
            yield outcome
            if isinstance(outcome, Down):
                return

    def _hand_over(self, message: Outgoing) -> Outcome:
        try:
            name, content = self._file(message)
        except ValueError as error:
            return Refused(str(error))
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(self._folder / name, content)
        except OSError as error:
            return Down(f"{type(error).__name__}: {error.strerror}")
        return Accepted(name)

    def _file(self, message: Outgoing) -> tuple[str, bytes]:
        raise NotImplementedError


class MailFolder(_Folder):
    """Mails as files that any mail program opens."""

    def _file(self, message: Outgoing) -> tuple[str, bytes]:
        letter = compose(message, EmailMultiAlternatives)
        return f"{message.number}.eml", written(letter, utf8=needs_utf8(message.to))


class TextFolder(_Folder):
    """Text messages as files: the number, of how many parts, and the text."""

    def _file(self, message: Outgoing) -> tuple[str, bytes]:
        counted = segments_of(message.text)
        told = f"To: {message.to}\nParts: {counted.parts} ({counted.alphabet})\n\n{message.text}\n"
        return f"{message.number}.txt", told.encode()


def _write(file: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    half = file.with_name(f".{file.name}.{os.getpid()}")
    half.write_bytes(content)
    half.replace(file)
