"""The retention rate over time, with its band and what it is held against."""

from collections.abc import Sequence
from itertools import dropwhile

import altair as alt

from regulars.reports.charts.theme import (
    Drawing,
    Frame,
    Row,
    colour,
    framed,
    nice_ticks,
    percent_axis,
    period_axis,
    rows_of,
)
from regulars.reports.speech import Speaker
from regulars.reports.words.retention import reference
from regulars.studies.rates import RetentionRate
from regulars.studies.retention import Retention

_MOST, _MOST_NARROW = 60, 24  # periods that can be told apart in one picture


def retention_trend(answer: Retention, speaker: Speaker, frame: Frame) -> Drawing:
    """A line with its band; a dashed line is a target or a benchmark.

    Periods that have not ended and the first ones, whose rate cannot be known, are left out.
    """
    rows = _rows(answer, speaker, frame)
    marks = _references(answer, speaker)
    ticks = _ticks(rows, marks)
    scale = alt.Scale(domain=[ticks[0], ticks[-1]], nice=False)
    axis = percent_axis(speaker, ticks)
    base = alt.Chart(rows_of(rows)).encode(
        x=alt.X("label:N", sort=None, axis=period_axis(frame), scale=alt.Scale(padding=0.4))
    )
    y = alt.Y("rate:Q", scale=scale, axis=axis)
    band = base.mark_area(color=colour("accent"), opacity=0.15).encode(
        y=alt.Y("low:Q", scale=scale, axis=axis), y2="high:Q"
    )
    line = base.mark_line(color=colour("accent"), strokeWidth=2.5).encode(y=y)
    dots = base.mark_circle(color=colour("accent"), opacity=1, size=38).encode(y=y)
    last = base.transform_filter("datum.last").mark_text(
        align="left", dx=9, fontSize=14, fontWeight=600, color=colour("accent")
    )
    return framed(
        alt.layer(band, *_rules(marks, scale, axis), line, dots, last.encode(y=y, text="text:N")),
        frame,
    )


def _rows(answer: Retention, speaker: Speaker, frame: Frame) -> list[Row]:
    ended = [rate for rate in answer.trend if rate.complete]
    known = list(dropwhile(lambda rate: rate.rate is None, ended))
    shown = known[-(_MOST_NARROW if frame.narrow else _MOST) :]
    return [_row(answer, rate, speaker) | {"last": rate is shown[-1]} for rate in shown]


def _row(answer: Retention, rate: RetentionRate, speaker: Speaker) -> Row:
    estimate = rate.rate
    return {
        "label": speaker.period(rate.span.start, answer.period, short=True),
        "rate": estimate.value if estimate else None,
        "low": estimate.low if estimate else None,
        "high": estimate.high if estimate else None,
        "text": speaker.percent(estimate.value) if estimate else "",
    }


def _references(answer: Retention, speaker: Speaker) -> list[Row]:
    named = [(it, reference(it)) for it in answer.comparisons]
    return [
        {"value": it.value, "text": speaker.say(words)} for it, words in named if words is not None
    ]


def _ticks(rows: Sequence[Row], marks: Sequence[Row]) -> Sequence[float]:
    lows = [row["low"] for row in rows] + [mark["value"] for mark in marks]
    highs = [row["high"] for row in rows] + [mark["value"] for mark in marks]
    return nice_ticks(
        min((it for it in lows if isinstance(it, float)), default=0.0),
        max((it for it in highs if isinstance(it, float)), default=1.0),
        4,
    )


def _rules(marks: Sequence[Row], scale: alt.Scale, axis: alt.Axis) -> list[alt.Chart]:
    if not marks:
        return []
    base = alt.Chart(rows_of(marks)).encode(y=alt.Y("value:Q", scale=scale, axis=axis))
    words = base.mark_text(align="left", dx=4, dy=-8, color=colour("muted")).encode(
        x=alt.value(0), text="text:N"
    )
    return [base.mark_rule(color=colour("muted"), strokeDash=[6, 4]), words]
