"""Short lists that need no pages: headings, and rows of cells."""

from collections.abc import Iterable
from dataclasses import dataclass

from regulars.interfaces.console.cells import Cell
from regulars.kernel.wording import Message


@dataclass(frozen=True, slots=True)
class ShortList:
    """A list that fits on its page; the first cell of a row names it.

    Attributes:
        caption: What is listed.
        headings: The columns.
        rows: Their cells; None where there is nothing.
    """

    caption: Message
    headings: tuple[Message, ...]
    rows: tuple[tuple[Cell | None, ...], ...]


def short_list(
    caption: Message, headings: Iterable[Message], rows: Iterable[tuple[Cell | None, ...]]
) -> ShortList:
    """A short list."""
    return ShortList(caption, tuple(headings), tuple(rows))
