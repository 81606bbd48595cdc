"""What a cell of a table may hold: how a page shows it, and how a download saves it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from django.utils.timezone import get_current_timezone

from regulars.interfaces.console.figures import exact_money, exact_number, moment, offset_of
from regulars.kernel.spreadsheets import defused
from regulars.kernel.wording import Message, Money
from regulars.reports.speech import Speaker

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class Text:
    """A text as it stands; ``code`` is saved instead, where a program knows it by that."""

    kind: ClassVar = "text"
    text: str
    code: str = ""

    def shown(self, _: Speaker) -> str:
        """For a page."""
        return self.text

    def saved(self) -> tuple[str, ...]:
        """For a download: no spreadsheet runs it as a formula."""
        return (defused(self.code or self.text),)


@dataclass(frozen=True, slots=True)
class Link:
    """A text that leads somewhere, with a small line under it.

    The address may come of ``reverse_lazy``: a download of a million rows has no use for it.
    """

    kind: ClassVar = "link"
    text: str
    address: "str | _StrPromise"
    under: str = ""

    def shown(self, _: Speaker) -> str:
        """For a page."""
        return self.text

    def saved(self) -> tuple[str, ...]:
        """For a download."""
        return (defused(self.text),)


@dataclass(frozen=True, slots=True)
class Badge:
    """A state in a word; ``tone`` is good, warn, bad or nothing. ``code`` is saved."""

    kind: ClassVar = "badge"
    words: Message
    tone: str = ""
    code: str = ""

    def shown(self, speaker: Speaker) -> str:
        """For a page."""
        return speaker.say(self.words)

    def saved(self) -> tuple[str, ...]:
        """For a download."""
        return (self.code or str(self.words),)


@dataclass(frozen=True, slots=True)
class Number:
    """A count or a quantity, exact."""

    kind: ClassVar = "number"
    number: Decimal | int

    def shown(self, speaker: Speaker) -> str:
        """For a page."""
        return exact_number(speaker, self.number)

    def saved(self) -> tuple[str, ...]:
        """For a download."""
        return (f"{self.number:f}" if isinstance(self.number, Decimal) else str(self.number),)


@dataclass(frozen=True, slots=True)
class Amount:
    """Money, exact, with its currency; a download gives it two columns."""

    kind: ClassVar = "money"
    money: Money

    def shown(self, speaker: Speaker) -> str:
        """For a page."""
        return exact_money(speaker, self.money)

    def saved(self) -> tuple[str, ...]:
        """For a download."""
        return (f"{self.money.amount:f}", self.money.currency or "")


@dataclass(frozen=True, slots=True)
class Instant:
    """A time: in the reader's zone, or where ``own`` is set in its own offset, which is said."""

    kind: ClassVar = "instant"
    at: datetime
    own: bool = False

    @property
    def machine(self) -> str:
        """The time as a machine reads it."""
        return self.at.isoformat()

    @property
    def offset(self) -> str:
        """The offset that has to be said beside it."""
        return offset_of(self.at) if self.own else ""

    def shown(self, speaker: Speaker) -> str:
        """For a page."""
        return moment(speaker, self.at if self.own else self.at.astimezone(get_current_timezone()))

    def saved(self) -> tuple[str, ...]:
        """For a download."""
        return (self.machine,)


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar."""

    kind: ClassVar = "day"
    on: date

    @property
    def machine(self) -> str:
        """The day as a machine reads it."""
        return self.on.isoformat()

    def shown(self, speaker: Speaker) -> str:
        """For a page."""
        return speaker.day(self.on)

    def saved(self) -> tuple[str, ...]:
        """For a download."""
        return (self.machine,)


type Cell = Text | Link | Badge | Number | Amount | Instant | Day
"""What a cell may hold; an empty one is None."""
