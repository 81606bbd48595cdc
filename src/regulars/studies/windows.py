"""Which period a retention question is about, and which ones it is held against."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from regulars.analytics.retention import Window
from regulars.kernel.errors import NotEnoughEvidence, OptionError
from regulars.kernel.periods import Period, Span
from regulars.kernel.wording import Message, say
from regulars.studies.rates import ComparedWith

type Lookback = int | Literal["ever"] | None
"""Days before the period, everything before it, or what the period suggests."""

_A_YEAR_BEFORE = {Period.DAY: 364, Period.WEEK: 52, Period.MONTH: 12, Period.QUARTER: 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """The window asked for, and beside it the ones that it is compared with.

    Attributes:
        window: The window asked for.
        others: The period before and the same one a year earlier.
        period: The calendar period of the trend.
        chosen: Why this period, where the user named none.
    """

    window: Window
    others: dict[ComparedWith, Window]
    period: Period
    chosen: Message | None = None

    @property
    def windows(self) -> tuple[Window, ...]:
        """All windows, the one asked for first."""
        return (self.window, *self.others.values())


def calendar_window(period: Period, number: int, lookback: Lookback = None) -> Window:
    """A calendar period against the one before it, or against another look-back."""
    span = period.span(number)
    if lookback is None:
        return Window(span, period.start(number - 1))
    return Window(span, _lookback_from(span, lookback))


def last_whole(period: Period, as_of: date) -> int:
    """The number of the last period that had ended by the evening of ``as_of``."""
    return period.number(as_of + timedelta(days=1)) - 1


def ask_calendar(period: Period, as_of: date, lookback: Lookback) -> Question:
    """The last whole calendar period."""
    check_lookback(lookback)
    number = last_whole(period, as_of)
    others = {ComparedWith.PREVIOUS: calendar_window(period, number - 1, lookback)}
    if period in _A_YEAR_BEFORE:
        earlier = number - _A_YEAR_BEFORE[period]
        others[ComparedWith.LAST_YEAR] = calendar_window(period, earlier, lookback)
    return Question(window=calendar_window(period, number, lookback), others=others, period=period)


def ask_span(span: Span, period: Period, lookback: Lookback) -> Question:
    """A period of the user's own; the one before it is as long and ends where it starts."""
    check_lookback(lookback)
    length = timedelta(days=span.days)
    spans = {
        ComparedWith.PREVIOUS: Span(span.start - length, span.start),
        ComparedWith.LAST_YEAR: Span(_year_before(span.start), _year_before(span.end)),
    }
    return Question(
        window=Window(span, _lookback_from(span, lookback)),
        others={kind: Window(it, _lookback_from(it, lookback)) for kind, it in spans.items()},
        period=period,
    )


def span_of(from_: date | None, to: date | None, as_of: date) -> Span | None:
    """The user's own period; without an end it lasts up to and with ``as_of``.

    Raises:
        OptionError: An end without a start, or one that does not come after it.
    """
    if from_ is None:
        if to is not None:
            raise OptionError(
                say("The period ends on {to} but has no first day.", to=to),
                accepted=say("Give its first day as well."),
            )
        return None
    end = to or as_of + timedelta(days=1)
    if end <= from_ and to is not None:
        raise OptionError(
            say("The period from {start} to {end} holds no day.", start=from_, end=end),
            accepted=say("Give an end after the start; the end itself is not included."),
        )
    return Span(from_, max(end, from_ + timedelta(days=1)))


def nothing_to_see(span: Span, data_from: date, as_of: date) -> NotEnoughEvidence | None:
    """Why the period cannot be answered at all: it lies outside the data."""
    if span.start > as_of:
        return NotEnoughEvidence(
            say("The period begins on {start}, after the last day known.", start=span.start),
            (say("orders after {as_of}", as_of=as_of),),
        )
    if span.end <= data_from:
        return NotEnoughEvidence(
            say("The period ended before the first order on {day}.", day=data_from),
            (say("orders before {end}", end=span.end),),
        )
    return None


def check_lookback(lookback: Lookback) -> None:
    """Refuse a look-back of no length.

    Raises:
        OptionError: It is not positive.
    """
    if isinstance(lookback, int) and lookback < 1:
        raise OptionError(
            say("A look-back of {days} days holds nobody.", days=lookback),
            accepted=say("Give at least 1 day, or ever."),
        )


def _lookback_from(span: Span, lookback: Lookback) -> date | None:
    if lookback == "ever":
        return None
    return span.start - timedelta(days=span.days if lookback is None else lookback)


def _year_before(day: date) -> date:
    if (day.month, day.day) == (2, 29):
        return date(day.year - 1, 2, 28)
    return day.replace(year=day.year - 1)
