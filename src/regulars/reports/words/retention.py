"""The retention rate in words: how many stay, compared with what, and is the difference real?"""

from regulars.kernel.wording import Message, PeriodName, Share, say, say_count
from regulars.studies.rates import ComparedWith, Comparison, RetentionRate
from regulars.studies.retention import Retention


def headline(answer: Retention) -> Message:
    """The one sentence that a shop owner takes away."""
    rate = answer.overall.rate
    if rate is None:
        return say("How many customers come back cannot be known yet")
    of_hundred = round(rate.value * 100)
    if of_hundred == 0:
        return say("Hardly anyone came back")
    if answer.basis == "spans":
        return say_count(
            "Of every 100 customers, {n} stayed",
            "Of every 100 customers, {n} stayed",
            n=of_hundred,
        )
    return say_count(
        "Of every 100 customers, {n} came back",
        "Of every 100 customers, {n} came back",
        n=of_hundred,
    )


def when(answer: Retention) -> Message:
    """The period that the headline is about, and what it is held against."""
    rate = answer.overall
    span = name_of(answer, rate)
    if answer.basis == "spans":
        return say("{period}, customers under contract", period=span)
    if rate.lookback_days is None:
        return say("{period}, against everyone who had bought before", period=span)
    before = answer.period.span(answer.period.number(rate.span.start) - 1)
    if before.end == rate.span.start and before.days == rate.lookback_days:
        last = PeriodName(before.start, answer.period)
        return say("{period}, against {before}", period=span, before=last)
    return say("{period}, against the {days} days before", period=span, days=rate.lookback_days)


def name_of(answer: Retention, rate: RetentionRate) -> Message:
    """The name of a rate's period: of the calendar where it is one, else its days."""
    number = answer.period.number(rate.span.start)
    if answer.period.span(number) == rate.span:
        return say("{period}", period=PeriodName(rate.span.start, answer.period))
    return say("{period}", period=rate.span)


def how_sure(rate: RetentionRate) -> Message:
    """The rate with the counts and the interval that belong to it."""
    if rate.rate is None:
        return _why_unknown(rate)
    return say(
        "{retained} of {start} customers: {rate}. At {confidence} confidence the true rate lies "
        "between {low} and {high}.",
        retained=rate.retained,
        start=rate.start,
        rate=Share(rate.rate.value),
        confidence=Share(rate.confidence),
        low=Share(rate.rate.low),
        high=Share(rate.rate.high),
    )


def _why_unknown(rate: RetentionRate) -> Message:
    if rate.start == 0:
        return say("Nobody had bought in the time before, so there was nobody to keep.")
    return say("The time before reaches back to where the data begins, so the rate is left open.")


def who(rate: RetentionRate) -> Message:
    """Who the active customers of the period are."""
    if rate.at_most:
        return say(
            "{active} customers bought: {retained} kept, at most {new} new, the others back after "
            "a pause.",
            active=rate.active,
            retained=rate.retained,
            new=rate.new,
        )
    return say(
        "{active} customers bought: {retained} kept, {new} new, {resurrected} back after a pause.",
        active=rate.active,
        retained=rate.retained,
        new=rate.new,
        resurrected=rate.resurrected,
    )


def compared(comparison: Comparison) -> Message:
    """One comparison: how large the difference is and whether chance alone could have made it."""
    points = round(abs(comparison.difference.value) * 100, 1)
    value = Share(comparison.value)
    if not comparison.real:
        return _within_chance(comparison.kind, value, points)
    if comparison.difference.value > 0:
        return _better(comparison.kind, value, points)
    return _worse(comparison.kind, value, points)


def _better(kind: ComparedWith, value: Share, points: float) -> Message:
    match kind:
        case ComparedWith.PREVIOUS:
            return say(
                "{points} points better than the period before ({value}); the difference is real.",
                points=points,
                value=value,
            )
        case ComparedWith.LAST_YEAR:
            return say(
                "{points} points better than the same period last year ({value}); "
                "the difference is real.",
                points=points,
                value=value,
            )
        case ComparedWith.TARGET:
            return say(
                "{points} points above the target of {value}; the difference is real.",
                points=points,
                value=value,
            )
        case ComparedWith.BENCHMARK:
            return say(
                "{points} points above the benchmark of {value}; the difference is real.",
                points=points,
                value=value,
            )


def _worse(kind: ComparedWith, value: Share, points: float) -> Message:
    match kind:
        case ComparedWith.PREVIOUS:
            return say(
                "{points} points worse than the period before ({value}); the difference is real.",
                points=points,
                value=value,
            )
        case ComparedWith.LAST_YEAR:
            return say(
                "{points} points worse than the same period last year ({value}); "
                "the difference is real.",
                points=points,
                value=value,
            )
        case ComparedWith.TARGET:
            return say(
                "{points} points below the target of {value}; the difference is real.",
                points=points,
                value=value,
            )
        case ComparedWith.BENCHMARK:
            return say(
                "{points} points below the benchmark of {value}; the difference is real.",
                points=points,
                value=value,
            )


def _within_chance(kind: ComparedWith, value: Share, points: float) -> Message:
    match kind:
        case ComparedWith.PREVIOUS:
            return say(
                "No real difference from the period before ({value}): "
                "{points} points may be chance.",
                points=points,
                value=value,
            )
        case ComparedWith.LAST_YEAR:
            return say(
                "No real difference from the same period last year ({value}): "
                "{points} points may be chance.",
                points=points,
                value=value,
            )
        case ComparedWith.TARGET:
            return say(
                "No real difference from the target of {value}: {points} points may be chance.",
                points=points,
                value=value,
            )
        case ComparedWith.BENCHMARK:
            return say(
                "No real difference from the benchmark of {value}: {points} points may be chance.",
                points=points,
                value=value,
            )


def verdict(comparison: Comparison | None) -> Message:
    """Better, worse or the same, in three words."""
    if comparison is None:
        return say("Nothing to compare with yet")
    if not comparison.real:
        return say("No real difference")
    points = round(abs(comparison.difference.value) * 100, 1)
    if comparison.difference.value > 0:
        return say("Better by {points} points", points=points)
    return say("Worse by {points} points", points=points)


def benchmark_source(comparison: Comparison) -> Message | None:
    """Where a benchmark comes from."""
    other = comparison.benchmark
    if other is None:
        return None
    return say(
        "Benchmark: {source}, {published_on}, {country}.",
        source=other.source,
        published_on=other.published_on,
        country=other.country,
    )


def findings(answer: Retention) -> tuple[Message, ...]:
    """The retention rate in sentences, the most important first."""
    rate = answer.overall
    sentences = [*(compared(it) for it in answer.comparisons), how_sure(rate), who(rate)]
    sentences += [it for it in map(benchmark_source, answer.comparisons) if it is not None]
    if not rate.complete:
        sentences.append(say("The period has not ended yet: these are the figures so far."))
    if answer.chosen is not None:
        sentences.append(answer.chosen)
    return tuple(sentences)


def known(answer: Retention) -> tuple[RetentionRate, ...]:
    """The points of the trend whose rate can be known and whose period has ended."""
    return tuple(it for it in answer.trend if it.rate is not None and it.complete)


def trend_title(answer: Retention) -> Message:
    """What the trend shows: its highest and its lowest point."""
    points = known(answer)
    if not points:
        return say("No period has a rate that can be known yet")
    ranked = sorted(points, key=lambda it: it.rate.value if it.rate else 0.0)
    return say(
        "Highest: {best} with {high}. Lowest: {worst} with {low}.",
        best=name_of(answer, ranked[-1]),
        high=_rate(ranked[-1]),
        worst=name_of(answer, ranked[0]),
        low=_rate(ranked[0]),
    )


def trend_text(answer: Retention) -> Message:
    """The trend in words, for those who do not see it."""
    points = known(answer)
    if not points:
        return say("No period has a rate that can be known yet")
    return say(
        "A line from {first} ({start}) to {last} ({end}) with a band for the interval.",
        first=name_of(answer, points[0]),
        start=_rate(points[0]),
        last=name_of(answer, points[-1]),
        end=_rate(points[-1]),
    )


def segments_title(answer: Retention) -> Message:
    """Which group keeps its customers best."""
    groups = [it for it in answer.segments if it.rate is not None]
    if not groups:
        return say("No group has a rate that can be known yet")
    best = max(groups, key=lambda it: it.rate.value if it.rate else 0.0)
    return say("Highest: {segment} with {rate}", segment=best.segment or "", rate=_rate(best))


def _rate(rate: RetentionRate) -> Share:
    return Share(rate.rate.value if rate.rate else 0.0)


def reference(comparison: Comparison) -> Message | None:
    """The name of a line that the trend is held against; None: it is no such line."""
    match comparison.kind:
        case ComparedWith.TARGET:
            return say("Target {value}", value=Share(comparison.value))
        case ComparedWith.BENCHMARK:
            return say("Benchmark {value}", value=Share(comparison.value))
        case _:
            return None
