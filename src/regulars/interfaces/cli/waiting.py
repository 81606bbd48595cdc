"""What a person sees while he waits: one line on stderr, on a terminal, after a second."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer
from typing import TYPE_CHECKING

from regulars.interfaces.cli.languages import Language, in_words
from regulars.kernel.progress import Progress, silent
from regulars.kernel.wording import Message

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

PATIENCE = 1.0
"""Seconds before anything is shown."""


@contextmanager
def waiting(language: Language, *, patience: float = PATIENCE) -> Iterator[Progress]:
    """Show progress while the block runs; on anything but a terminal, stay silent.

    Args:
        language: The language of the steps.
        patience: Seconds before the line appears.

    Yields:
        The ``progress`` that functions of the library take.
    """
    if not sys.stderr.isatty():
        yield silent
        return
    bar = _bar()
    starting = Timer(patience, bar.start)
    starting.daemon = True
    starting.start()
    try:
        yield _Steps(bar, language)
    finally:
        starting.cancel()
        starting.join()
        bar.stop()


def _bar() -> "Bar":
    from rich.console import Console
    from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    return Bar(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TimeElapsedColumn(),
        console=Console(file=sys.stderr),
        transient=True,
    )


class _Steps:
    """Turns steps into the one line of a bar."""

    def __init__(self, bar: "Bar", language: Language) -> None:
        self._bar = bar
        self._language = language
        self._task = bar.add_task("", total=None)

    def __call__(self, doing: Message, share: float | None = None, /) -> None:
        self._bar.update(
            self._task,
            description=in_words(doing, self._language),
            total=None if share is None else 1.0,
            completed=share or 0.0,
        )
