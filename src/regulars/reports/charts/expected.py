"""What is to come: the forecast tested and made, worth by group, and silence against rhythm."""

from collections.abc import Sequence
from datetime import date
from typing import Final

import altair as alt

from regulars.kernel.periods import Period
from regulars.kernel.wording import say
from regulars.reports.charts.theme import (
    Drawing,
    Frame,
    Row,
    colour,
    count_axis,
    framed,
    name_axis,
    nice_ticks,
    rows_of,
    value_axis,
)
from regulars.reports.speech import Speaker
from regulars.reports.words.at_risk import called
from regulars.reports.words.value import band_name
from regulars.studies.at_risk import AtRisk
from regulars.studies.forecast import Forecast, Outlook, TrajectoryPoint
from regulars.studies.value import Value

_ROW: Final = 30  # CSS pixels a bar
_PAST: Final = 0.6  # of the days held out: as many are shown before them
_LOW: Final = 220  # CSS pixels of a drawing with little in it
_DATES, _DATES_NARROW = 7, 4  # days named along the foot
_FLUSH: Final = 24  # CSS pixels from an end within which a label is moved inwards
_SHORT: Final = 75  # days from which on months are named rather than days
_MONTHS: Final = (1, 2, 3, 6, 12, 24, 36, 60, 120)
_YEAR: Final = 12
_WEEK: Final = 7


def forecast_trial(answer: Forecast, speaker: Speaker, frame: Frame) -> Drawing:
    """Purchases counted (a line) and forecast (dashed) on the days held out, and a while before.

    Counted from the first day shown: all of the past would make the parting too small to be seen.
    The bar at the end is the interval of the forecast.
    """
    points = _shown(answer)
    made = next(it for it in reversed(points) if it.expected is None)
    known, start = made.actual or 0.0, points[0].actual or 0.0
    error = answer.holdout.error
    low, high = (known - start + it for it in (error.predicted_low, error.predicted_high))
    names = [speaker.say(say("Counted")), speaker.say(say("Forecast"))]
    rows = _two_rows(points, made, start, names)
    ticks = nice_ticks(0, max(high, *(float(str(row["value"])) for row in rows)), 6)
    scale, axis = alt.Scale(domain=[0, ticks[-1]]), count_axis(speaker, ticks)
    x = _days(points[0].day, points[-1].day, speaker, frame, room=1.02)
    y = alt.Y("value:Q", scale=scale, axis=axis)
    lines = alt.Chart(rows_of(rows)).mark_line(strokeWidth=2.5)
    interval = _whisker(points[-1].day, low, high).encode(
        x=x, y=alt.Y("low:Q", scale=scale, axis=axis), y2="high:Q"
    )
    drawn = (interval, *_parting(made.day, speaker, x), lines.encode(x=x, y=y, **_told(names)))
    return framed(alt.layer(*drawn), frame)


def _shown(answer: Forecast) -> list[TrajectoryPoint]:
    """The days held out and some before them, of which there is at least one."""
    held = answer.holdout
    first = held.start.toordinal() - round(_PAST * (held.to - held.start).days)
    past = [it for it in answer.trajectory if it.expected is None and it.actual is not None]
    before = [it for it in past if it.day.toordinal() >= first] or past[-1:]
    return before + [it for it in answer.trajectory if it.expected is not None]


def _two_rows(
    points: Sequence[TrajectoryPoint], made: TrajectoryPoint, start: float, names: Sequence[str]
) -> list[Row]:
    """What came, and what was forecast from the day on which it was made."""
    counted = [(it.day, it.actual) for it in points]
    ahead = [(made.day, made.actual), *((it.day, it.expected) for it in points)]
    return [
        {"day": day.toordinal(), "what": name, "value": value - start}
        for name, series in zip(names, (counted, ahead), strict=True)
        for day, value in series
        if value is not None
    ]


def _whisker(day: date, low: float, high: float) -> alt.Chart:
    """The interval of a total, as a bar."""
    row: Row = {"day": day.toordinal(), "low": low, "high": high}
    base: alt.Chart = alt.Chart(rows_of([row]))
    bar: alt.Chart = base.mark_rule(color=colour("accent"), opacity=0.4, strokeWidth=6)
    return bar


def _told(names: Sequence[str]) -> dict[str, alt.Color | alt.StrokeDash]:
    """What came and what was forecast: told apart by colour, and by dashes without it."""
    legend = alt.Legend(symbolType="stroke", symbolStrokeWidth=2.5, symbolSize=420)
    shades = alt.Scale(domain=list(names), range=[colour("ink"), colour("accent")])
    dashes = alt.Scale(domain=list(names), range=[[1, 0], [7, 4]])
    return {
        "color": alt.Color("what:N", scale=shades, legend=legend),
        "strokeDash": alt.StrokeDash("what:N", scale=dashes, legend=legend),
    }


def _parting(day: date, speaker: Speaker, x: alt.X) -> tuple[alt.Chart, alt.Chart]:
    """Where the forecast was made."""
    row: Row = {"day": day.toordinal(), "text": speaker.say(say("Forecast made"))}
    base = alt.Chart(rows_of([row])).encode(x=x)
    rule = base.mark_rule(color=colour("muted"), strokeDash=[2, 3])
    words = base.mark_text(align="right", baseline="top", dx=-7, dy=2, color=colour("muted"))
    return rule, words.encode(y=alt.value(0), text="text:N")


def outlook_line(
    trajectory: Sequence[TrajectoryPoint], ahead: Outlook, speaker: Speaker, frame: Frame
) -> Drawing:
    """The purchases to come, adding up; the bar at the end is their interval."""
    rows: list[Row] = [
        {"day": it.day.toordinal(), "value": it.outlook}
        for it in trajectory
        if it.outlook is not None
    ]
    ticks = nice_ticks(0, max(ahead.total.high, 1.0), 4)
    scale, axis = alt.Scale(domain=[0, ticks[-1]]), count_axis(speaker, ticks)
    y = alt.Y("value:Q", scale=scale, axis=axis)
    x = _days(ahead.start, ahead.to, speaker, frame, room=1.16)
    line = (
        alt.Chart(rows_of([{"day": ahead.start.toordinal() - 1, "value": 0}, *rows]))
        .mark_line(color=colour("accent"), strokeWidth=2.5, strokeDash=[7, 4])
        .encode(x=x, y=y)
    )
    drawn = alt.layer(line, *_end(ahead, speaker, x, (scale, axis)))
    return framed(drawn, Frame(frame.width, _LOW))


def _end(
    ahead: Outlook, speaker: Speaker, x: alt.X, upwards: tuple[alt.Scale, alt.Axis]
) -> list[alt.Chart]:
    """The total with its interval, in figures too."""
    scale, axis = upwards
    total = ahead.total
    row: Row = {
        "day": ahead.to.toordinal(),
        "value": total.expected,
        "text": speaker.value(round(total.expected)),
    }
    interval = _whisker(ahead.to, total.low, total.high).encode(
        x=x, y=alt.Y("low:Q", scale=scale, axis=axis), y2="high:Q"
    )
    base = alt.Chart(rows_of([row])).encode(x=x, y=alt.Y("value:Q", scale=scale, axis=axis))
    point = base.mark_circle(color=colour("accent"), opacity=1, size=80)
    words = base.mark_text(
        align="left", dx=11, fontSize=14, fontWeight=600, color=colour("accent")
    ).encode(text="text:N")
    return [interval, point, words]


def _days(first: date, last: date, speaker: Speaker, frame: Frame, *, room: float = 1.0) -> alt.X:
    """An axis of days; ``room`` > 1 leaves some at its end for words."""
    start, end = first.toordinal(), last.toordinal()
    named = day_names(first, last, speaker, _DATES_NARROW if frame.narrow else _DATES)
    axis = value_axis(named, grid=False)
    axis.labelFlush = _FLUSH
    scale = alt.Scale(domain=[start - 1, start + room * (end - start)], nice=False, zero=False)
    return alt.X("day:Q", scale=scale, axis=axis)


def day_names(first: date, last: date, speaker: Speaker, most: int) -> dict[float, str]:
    """The days to be named between two days, at most so many, by their ordinal.

    >>> from regulars.reports.speech import speaker_of
    >>> names = day_names(date(2024, 1, 10), date(2024, 12, 31), speaker_of("en"), 4)
    >>> list(names.values())
    ['Apr 2024', 'Jul 2024', 'Oct 2024']
    """
    length = (last - first).days
    if length <= _SHORT:
        step = _WEEK * max(1, -(-length // (_WEEK * most)))
        days = [date.fromordinal(it) for it in range(first.toordinal(), last.toordinal(), step)]
        return {it.toordinal(): speaker.period(it, Period.DAY, short=True) for it in days}
    begins = [Period.MONTH.start(it) for it in _months(first, last)]
    step = next(it for it in _MONTHS if len(begins) // it < most)
    kind = Period.YEAR if step >= _YEAR else Period.MONTH
    return {
        it.toordinal(): speaker.period(it, kind, short=True)
        for it in begins
        if (it.year * _YEAR + it.month - 1) % step == 0
    }


def _months(first: date, last: date) -> range:
    """The months that begin between two days."""
    begins_there = first.day == 1
    return range(Period.MONTH.number(first) + (not begins_there), Period.MONTH.number(last) + 1)


def value_bands(answer: Value, speaker: Speaker, frame: Frame) -> Drawing:
    """One bar a group of customers, as long as its share of what is to come."""
    rows: list[Row] = [
        {
            "band": speaker.say(band_name(answer, it)),
            "share": it.share,
            "place": place,
            "text": speaker.percent(it.share),
        }
        for place, it in enumerate(answer.bands)
    ]
    longest = max(it.share for it in answer.bands) or 1.0
    names = name_axis((str(row["band"]) for row in rows), frame)
    names.labelExpr = _after_colon("datum.label")
    keys = [f"{row['place']}:{row['band']}" for row in rows]
    return _bars(rows, keys, names, longest * (1.4 if frame.narrow else 1.15), frame)


def _after_colon(expression: str) -> str:
    """Groups may be called the same: a number before the name keeps them apart, unseen."""
    return f"slice({expression}, indexof({expression}, ':') + 1)"


def _bars(
    rows: Sequence[Row], keys: list[str], names: alt.Axis, longest: float, frame: Frame
) -> Drawing:
    keyed = [row | {"key": key} for row, key in zip(rows, keys, strict=True)]
    base = alt.Chart(rows_of(keyed)).encode(
        x=alt.X("share:Q", axis=None, scale=alt.Scale(domain=[0, longest])),
        y=alt.Y("key:N", sort=None, axis=names, scale=alt.Scale(paddingInner=0.35)),
    )
    shade = alt.condition(
        "datum.place == 0", alt.value(colour("accent")), alt.value(colour("accent-soft"))
    )
    bars = base.mark_bar(cornerRadiusEnd=2).encode(color=shade)
    words = base.mark_text(align="left", dx=8).encode(text="text:N")
    return framed(alt.layer(bars, words), Frame(frame.width, len(rows) * _ROW + 10))


def silences(answer: AtRisk, speaker: Speaker, frame: Frame) -> Drawing:
    """One bar a customer, as long as his silence; the mark is his usual time between purchases."""
    rows: list[Row] = [
        {
            "customer": it.customer_id,
            "silence": it.silence,
            "gap": it.gap,
            "text": speaker.say(say("{days} days", days=it.silence)),
        }
        for it in called(answer)
    ]
    longest = max(max(it.silence, it.gap or 0) for it in called(answer)) or 1
    room = longest * (1.4 if frame.narrow else 1.15)
    scale = alt.Scale(domain=[0, room])
    names = name_axis((str(row["customer"]) for row in rows), frame, share=0.35)
    base = alt.Chart(rows_of(rows)).encode(
        y=alt.Y("customer:N", sort=None, axis=names, scale=alt.Scale(paddingInner=0.45)),
    )
    silence = alt.X("silence:Q", axis=None, scale=scale)
    bars = base.mark_bar(color=colour("loss-soft"), cornerRadiusEnd=2).encode(x=silence)
    words = base.mark_text(align="left", dx=8).encode(x=silence, text="text:N")
    usual = (
        base.transform_filter("isValid(datum.gap)")
        .mark_tick(color=colour("ink"), thickness=2.5, size=24, opacity=1)
        .encode(x=alt.X("gap:Q", axis=None, scale=scale))
    )
    return framed(alt.layer(bars, usual, words), Frame(frame.width, len(rows) * _ROW + 10))
