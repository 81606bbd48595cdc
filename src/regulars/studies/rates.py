"""One retention rate and what it is held against."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from regulars.analytics.retention import Window
from regulars.estimation.interval import Estimate, newcombe_difference, wilson
from regulars.kernel.errors import OptionError
from regulars.kernel.periods import Span
from regulars.kernel.wording import say


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRate:
    """The retention rate of one period and the customers that it counts.

    ``rate = retained / start``, ``active = retained + new + resurrected`` and
    ``start = retained + churned``, all exactly.

    Attributes:
        span: The period, half-open.
        lookback_days: Length of the look-back before it; None: everything before (``ever``), or
            a contractual firm, where the start is one day.
        start: Customers at the start (S): bought in the look-back.
        active: Customers who bought in the period.
        new: Of these, first seen in it.
        resurrected: Of these, seen before the look-back but not in it.
        retained: Of these, also in the look-back.
        rate: Share of S retained; None where it cannot be known: nobody in S, or a look-back that
            begins before the data.
        confidence: Of the interval of the rate.
        complete: The period had ended by ``as_of``; otherwise all counts are "so far".
        at_most: New and resurrected may hold older customers whom the data does not know.
        segment: The group that is counted; None: everybody.
    """

    span: Span
    lookback_days: int | None
    start: int
    active: int
    new: int
    resurrected: int
    retained: int
    rate: Estimate | None
    confidence: float
    complete: bool
    at_most: bool
    segment: str | None = None

    @property
    def churned(self) -> int:
        """Customers of the start who did not buy in the period."""
        return self.start - self.retained

    def record(self) -> dict[str, object]:
        """The rate as programs get it."""
        return {
            "from": self.span.start.isoformat(),
            "to": self.span.end.isoformat(),
            "lookback_days": self.lookback_days,
            "start": self.start,
            "active": self.active,
            "new": self.new,
            "resurrected": self.resurrected,
            "retained": self.retained,
            "churned": self.churned,
            "rate": self.rate.value if self.rate else None,
            "low": self.rate.low if self.rate else None,
            "high": self.rate.high if self.rate else None,
            "confidence": self.confidence,
            "complete": self.complete,
            "at_most": self.at_most,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """A rate published elsewhere, entered by the user; Regulars ships none.

    Attributes:
        rate: Share of one.
        source: Who published it.
        published_on: When.
        country: Where it was measured.

    Raises:
        OptionError: The rate does not lie between 0 and 1.
    """

    rate: float
    source: str
    published_on: date
    country: str

    def __post_init__(self) -> None:
        check_share(self.rate)


class ComparedWith(StrEnum):
    """What a rate is held against."""

    PREVIOUS = "previous"
    LAST_YEAR = "last_year"
    TARGET = "target"
    BENCHMARK = "benchmark"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The rate against another one.

    Attributes:
        kind: What it is compared with.
        value: The other rate.
        difference: The rate less the other one, with its interval (a share of one).
        span: The other period, where there is one.
        benchmark: The benchmark, where it is one.
    """

    kind: ComparedWith
    value: float
    difference: Estimate
    span: Span | None = None
    benchmark: Benchmark | None = None

    @property
    def real(self) -> bool:
        """Whether the interval of the difference leaves out zero."""
        return self.difference.excludes_zero

    def record(self) -> dict[str, object]:
        """The comparison as programs get it."""
        other = self.benchmark
        return {
            "kind": self.kind.value,
            "value": self.value,
            "difference": self.difference.value,
            "low": self.difference.low,
            "high": self.difference.high,
            "real": self.real,
            "from": self.span.start.isoformat() if self.span else None,
            "to": self.span.end.isoformat() if self.span else None,
            "source": other.source if other else None,
            "published_on": other.published_on.isoformat() if other else None,
            "country": other.country if other else None,
        }


@dataclass(frozen=True, slots=True)
class Counts:
    """Customers of one window: at the start, active, and of these new and retained."""

    start: int
    active: int
    new: int
    retained: int

    @classmethod
    def of(cls, row: Mapping[str, int | None], number: int) -> "Counts":
        """The counts of window ``number`` in a row of ``window_counts``; null means nobody."""
        names = ("start", "active", "new", "retained")
        return cls(*(row[f"{name}_{number}"] or 0 for name in names))


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewpoint:
    """What can be known of a window: where the data begins and ends, and how sure to be.

    Attributes:
        data_from: Day of the first order; None: nothing lies before what was given.
        as_of: The last day included.
        burn_in_until: Before this day new customers are "at most".
        confidence: Of every interval.
    """

    data_from: date | None
    as_of: date
    burn_in_until: date
    confidence: float

    def rate(
        self, counts: Counts, window: Window, segment: str | None = None, *, lasting: bool = False
    ) -> RetentionRate:
        """The counts of a window as a rate.

        Args:
            counts: The customers counted.
            window: The period and its look-back.
            segment: The group that was counted.
            lasting: The start is one day, as under contract: there is no look-back.
        """
        hidden = not lasting and self._begins_before_the_data(window.lookback_from)
        known = counts.start > 0 and not hidden
        return RetentionRate(
            span=window.span,
            lookback_days=None if lasting else _length(window),
            start=counts.start,
            active=counts.active,
            new=counts.new,
            resurrected=counts.active - counts.new - counts.retained,
            retained=counts.retained,
            rate=wilson(counts.retained, counts.start, self.confidence) if known else None,
            confidence=self.confidence,
            complete=window.span.end <= self.as_of + timedelta(days=1),
            at_most=not lasting and window.span.start < self.burn_in_until,
            segment=segment,
        )

    def _begins_before_the_data(self, day: date | None) -> bool:
        return day is not None and self.data_from is not None and day < self.data_from


def _length(window: Window) -> int | None:
    if window.lookback_from is None:
        return None
    return (window.span.start - window.lookback_from).days


def check_share(share: float) -> None:
    """Refuse what is not a share of one.

    Raises:
        OptionError: It does not lie between 0 and 1.
    """
    if not 0 <= share <= 1:
        raise OptionError(
            say("A rate of {rate} cannot be compared with.", rate=share),
            accepted=say("Give a share of one, such as 0.4 for 40 %."),
        )


def compare_periods(
    rate: RetentionRate, others: Mapping[ComparedWith, RetentionRate]
) -> tuple[Comparison, ...]:
    """A rate against those of other periods; a running period is not compared."""
    if rate.rate is None or not rate.complete:
        return ()
    return tuple(
        Comparison(
            kind=kind,
            value=other.rate.value,
            difference=newcombe_difference(rate.rate, other.rate),
            span=other.span,
        )
        for kind, other in others.items()
        if other.rate is not None
    )


def compare_goals(
    rate: RetentionRate, target: float | None, benchmark: Benchmark | None
) -> tuple[Comparison, ...]:
    """A rate against the firm's target and a benchmark; a running period is not compared.

    Raises:
        OptionError: The target does not lie between 0 and 1.
    """
    if target is not None:
        check_share(target)
    if rate.rate is None or not rate.complete:
        return ()
    goals = []
    if target is not None:
        goals.append(
            Comparison(kind=ComparedWith.TARGET, value=target, difference=rate.rate.minus(target))
        )
    if benchmark is not None:
        goals.append(
            Comparison(
                kind=ComparedWith.BENCHMARK,
                value=benchmark.rate,
                difference=rate.rate.minus(benchmark.rate),
                benchmark=benchmark,
            )
        )
    return tuple(goals)
