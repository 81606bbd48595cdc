"""A chart with its words and its table, before it is in any language."""

from collections.abc import Callable
from dataclasses import dataclass

from regulars.kernel.wording import Message
from regulars.reports.charts.theme import Drawing, Frame
from regulars.reports.sheets.sheet import Sheet
from regulars.reports.speech import Speaker

type Draw = Callable[[Speaker, Frame], Drawing]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A chart, what it shows, and its figures.

    Attributes:
        key: Unique on a page.
        title: The finding.
        caption: What is drawn, in which unit.
        alternative: The chart in words.
        draw: How it is drawn; None: the table says it all.
        sheet: Its figures.
        open: Whether the table is shown at once.
    """

    key: str
    title: Message
    caption: Message | None = None
    alternative: Message | None = None
    draw: Draw | None = None
    sheet: Sheet | None = None
    open: bool = False
