"""Time to the second purchase, and the way from first-timer to regular."""

from collections.abc import Sequence

import altair as alt

from regulars.reports.charts.theme import (
    Drawing,
    Frame,
    Row,
    colour,
    framed,
    name_axis,
    nice_ticks,
    percent_axis,
    rows_of,
    value_axis,
)
from regulars.reports.speech import Speaker
from regulars.reports.words.repeat import stage_name
from regulars.studies.repeat import Repeat, TimeToNext

_STEPS = 200  # points of a staircase; more cannot be seen
_ROW = 34  # CSS pixels a bar


def time_to_next(time: TimeToNext, speaker: Speaker, frame: Frame) -> Drawing:
    """The share who are back by each day, as a staircase with its band; the median is marked."""
    rows = _rows(time)
    ticks = nice_ticks(0, max(float(str(row["high"])) for row in rows), 4)
    scale, axis = alt.Scale(domain=[0, ticks[-1]]), percent_axis(speaker, ticks)
    base = alt.Chart(rows_of(rows)).encode(x=_days(time, speaker))
    band = base.mark_area(color=colour("accent"), opacity=0.15, interpolate="step-after").encode(
        y=alt.Y("low:Q", scale=scale, axis=axis), y2="high:Q"
    )
    line = base.mark_line(
        color=colour("accent"), strokeWidth=2.5, interpolate="step-after"
    ).encode(y=alt.Y("back:Q", scale=scale, axis=axis))
    return framed(alt.layer(band, line, *_median(time, speaker, scale, axis)), frame)


def _rows(time: TimeToNext) -> list[Row]:
    curve = time.curve
    every = max(1, len(curve.days) // _STEPS)
    picked = sorted({*range(0, len(curve.days), every), len(curve.days) - 1})
    return [
        {
            "day": int(curve.days[row]),
            "back": float(1 - curve.waiting[row]),
            "low": float(1 - curve.high[row]),
            "high": float(1 - curve.low[row]),
        }
        for row in picked
    ]


def _days(time: TimeToNext, speaker: Speaker) -> alt.X:
    ticks = [it for it in nice_ticks(0, time.curve.watched) if it <= time.curve.watched]
    labels = {tick: speaker.number(tick, 0) for tick in ticks}
    scale = alt.Scale(domain=[0, time.curve.watched], nice=False)
    return alt.X("day:Q", scale=scale, axis=value_axis(labels, grid=False))


def _median(
    time: TimeToNext, speaker: Speaker, scale: alt.Scale, axis: alt.Axis
) -> list[alt.Chart]:
    if time.median_days is None:
        return []
    row = {"day": time.median_days, "half": 0.5, "text": speaker.number(time.median_days, 0)}
    base = alt.Chart(rows_of([row])).encode(
        x=_days(time, speaker), y=alt.Y("half:Q", scale=scale, axis=axis)
    )
    drop = base.mark_rule(color=colour("muted"), strokeDash=[4, 4]).encode(y2=alt.datum(0))
    point = base.mark_circle(color=colour("accent"), opacity=1, size=90)
    words = base.mark_text(
        align="left", dx=10, dy=12, fontSize=14, fontWeight=600, color=colour("accent")
    ).encode(text="text:N")
    return [drop, point, words]


def path_to_regular(answer: Repeat, speaker: Speaker, frame: Frame) -> Drawing:
    """One bar a stage, as long as the share of first-timers who reached it."""
    rows: Sequence[Row] = [
        {
            "stage": speaker.say(stage_name(stage)),
            "share": stage.share.value,
            "regular": stage.purchase is None,
            "text": f"{speaker.percent(stage.share.value)} ({speaker.value(stage.customers)})",
        }
        for stage in answer.path
    ]
    names = name_axis((str(row["stage"]) for row in rows), frame)
    base = alt.Chart(rows_of(rows)).encode(
        x=alt.X("share:Q", axis=None, scale=alt.Scale(domain=[0, 1.75 if frame.narrow else 1.3])),
        y=alt.Y("stage:N", sort=None, axis=names, scale=alt.Scale(paddingInner=0.4)),
    )
    shade = alt.condition(
        "datum.regular", alt.value(colour("accent")), alt.value(colour("accent-soft"))
    )
    bars = base.mark_bar(cornerRadiusEnd=2).encode(color=shade)
    words = base.mark_text(align="left", dx=8).encode(text="text:N")
    return framed(alt.layer(bars, words), Frame(frame.width, len(rows) * _ROW + 10))
