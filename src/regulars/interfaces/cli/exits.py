"""Exit codes, and the one calm line that an error is told in."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from types import TracebackType

import typer

from regulars.interfaces.cli.languages import Language, in_words
from regulars.kernel.errors import OptionError, RegularsError
from regulars.kernel.wording import say


class Exit(IntEnum):
    """What the exit code of a command says."""

    ANSWERED = 0
    """The answer was given."""
    BUG = 1
    """Regulars failed in a way that nobody foresaw: please report it."""
    USAGE = 2
    """The command line or an option cannot be used."""
    NOT_ENOUGH_EVIDENCE = 3
    """The data cannot answer the question; the answer says why and what it would need."""
    INPUT = 4
    """The data cannot be used as a whole: missing, unreadable, no columns that fit."""
    INTERRUPTED = 130
    """Stopped from the keyboard."""
    READER_LEFT = 141
    """Whoever read the output stopped reading, as `head` does."""


@contextmanager
def refusals(language: Language) -> Iterator[None]:
    """Turn what Regulars refuses into a line on stderr and an exit code.

    Args:
        language: The language of the line.

    Raises:
        typer.Exit: With the code of :class:`Exit` that fits.
    """
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError as error:
        _close_the_pipe()
        raise typer.Exit(Exit.READER_LEFT) from error
    except RegularsError as error:
        typer.echo(told(error, language), err=True)
        code = Exit.USAGE if isinstance(error, OptionError) else Exit.INPUT
        raise typer.Exit(code) from error


def told(error: RegularsError, language: Language) -> str:
    """The error in words: what was wrong, then what would be accepted."""
    parts = [error.message, error.accepted] if error.accepted else [error.message]
    return "regulars: " + " ".join(in_words(part, language) for part in parts)


def hide_tracebacks() -> None:
    """Show a bug as a short message; ``--traceback`` shows all of it."""
    sys.excepthook = _short_message


def show_tracebacks() -> None:
    """Show a bug with all of its traceback."""
    sys.excepthook = sys.__excepthook__


def _short_message(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    message = say(
        "Something went wrong that should not have: {kind}: {error} "
        "Run the command again as 'regulars --traceback …' and report what it prints.",
        kind=kind.__name__,
        error=str(error) or "-",
    )
    sys.stderr.write(f"regulars: {message}\n")


def _close_the_pipe() -> None:
    # The interpreter flushes stdout once more on its way out, and would complain.
    if (standard := sys.__stdout__) is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), standard.fileno())
