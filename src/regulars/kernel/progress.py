"""How long work tells whoever waits for it where it is."""

from typing import Protocol

from regulars.kernel.wording import Message


class Progress(Protocol):
    """Called with what is being done now and, where it is known, how much of all work is done."""

    def __call__(self, doing: Message, share: float | None = None, /) -> None:
        """Take notice of a step that begins."""


def silent(doing: Message, share: float | None = None, /) -> None:
    """Tell nobody: the default of every function that takes a ``progress``."""
