"""A table of typed values, before it is in any language."""

from dataclasses import dataclass

from regulars.estimation.interval import Estimate
from regulars.kernel.wording import Message, Money, Share, Value, say
from regulars.reports.speech import Speaker

type Cell = Value | None

_DASH = "\N{EN DASH}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table of typed values.

    Attributes:
        headings: One a column.
        rows: Cells; None is shown as a dash: it cannot be known.
        texts: Numbers of the columns that hold words; the others hold figures.
        left_out: Rows that were left out to keep the page small.
    """

    headings: tuple[Message, ...]
    rows: tuple[tuple[Cell, ...], ...]
    texts: frozenset[int] = frozenset({0})
    left_out: int = 0

    def limited(self, rows: int) -> "Sheet":
        """The first rows; the others are counted as left out."""
        return Sheet(
            headings=self.headings,
            rows=self.rows[:rows],
            texts=self.texts,
            left_out=self.left_out + max(0, len(self.rows) - rows),
        )


def between(estimate: Estimate | None) -> Message | None:
    """The interval of a share, for a table."""
    if estimate is None:
        return None
    return say("{low} to {high}", low=Share(estimate.low), high=Share(estimate.high))


def share(value: float | None) -> Share | None:
    """A share for a table; None stays None."""
    return None if value is None else Share(value)


def rate(estimate: Estimate | None) -> Share | None:
    """An estimated share for a table, without its interval."""
    return None if estimate is None else Share(estimate.value)


def written(cell: Cell, speaker: Speaker) -> str:
    """A table's cell as text: every share with one decimal, so that columns line up."""
    match cell:
        case None:
            return _DASH
        case Share():
            return speaker.percent(cell.value)
        case Money():
            return speaker.money(cell.amount, cell.currency)
        case float():
            return speaker.decimal(cell)
        case _:
            return speaker.value(cell)
