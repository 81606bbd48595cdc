"""Quality of new cohorts as volume grows, and spend per customer split into its factors."""

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
    period_axis,
    rows_of,
)
from regulars.reports.speech import Speaker
from regulars.reports.words.spend import name_of
from regulars.studies.consistency import Consistency
from regulars.studies.spend import SpendSplit

_MOST, _MOST_NARROW = 48, 16
_ROW = 44


def cohort_quality(answer: Consistency, speaker: Speaker, frame: Frame) -> Drawing:
    """A circle a cohort, as large as it and as high as the share that came back; the trend."""
    rows = _rows(answer, speaker, frame)
    highest = max((it.rate.high for it in answer.cohorts), default=1.0)
    lowest = min((it.rate.low for it in answer.cohorts), default=0.0)
    ticks = nice_ticks(lowest, highest, 4)
    scale, axis = alt.Scale(domain=[ticks[0], ticks[-1]]), percent_axis(speaker, ticks)
    base = alt.Chart(rows_of(rows)).encode(
        x=alt.X("label:N", sort=None, axis=period_axis(frame), scale=alt.Scale(padding=0.6))
    )
    y = alt.Y("rate:Q", scale=scale, axis=axis)
    bars = base.mark_rule(color=colour("accent"), opacity=0.45, strokeWidth=2).encode(
        y=alt.Y("low:Q", scale=scale, axis=axis), y2="high:Q"
    )
    circles = base.mark_circle(color=colour("accent"), opacity=1).encode(
        y=y, size=alt.Size("size:Q", scale=None, legend=None)
    )
    trend = base.mark_line(color=colour("muted"), strokeDash=[6, 4], strokeWidth=1.5).encode(
        y=alt.Y("fitted:Q", scale=scale, axis=axis)
    )
    return framed(alt.layer(bars, trend, circles), frame)


def _rows(answer: Consistency, speaker: Speaker, frame: Frame) -> list[Row]:
    shown = answer.cohorts[-(_MOST_NARROW if frame.narrow else _MOST) :]
    largest = max((it.customers for it in shown), default=1)
    room = 330 if frame.narrow else 520  # square pixels of the largest circle
    return [
        {
            "label": speaker.period(it.cohort, answer.period, short=True),
            "rate": it.rate.value,
            "low": it.rate.low,
            "high": it.rate.high,
            "fitted": it.fitted,
            "size": max(24, room * it.customers / largest),
        }
        for it in shown
    ]


def spend_factors(answer: SpendSplit, speaker: Speaker, frame: Frame) -> Drawing:
    """One bar a factor, to the right where it raised the spend per customer."""
    rows: list[Row] = [
        {
            "factor": speaker.say(name_of(it.factor)),
            "money": it.contribution,
            "text": speaker.signed_money(it.contribution),
            "up": it.contribution >= 0,
        }
        for it in answer.factors
    ]
    low = min(0.0, *(it.contribution for it in answer.factors))
    high = max(0.0, *(it.contribution for it in answer.factors))
    room = (high - low or 1.0) * (0.6 if frame.narrow else 0.25)
    domain = [low - room * (low < 0), high + room * (high > 0)]
    names = name_axis((str(row["factor"]) for row in rows), frame)
    base = alt.Chart(rows_of(rows)).encode(
        x=alt.X("money:Q", axis=None, scale=alt.Scale(domain=domain)),
        y=alt.Y("factor:N", sort=None, axis=names, scale=alt.Scale(paddingInner=0.55)),
    )
    shade = alt.condition("datum.up", alt.value(colour("accent")), alt.value(colour("loss")))
    bars = base.mark_bar().encode(color=shade)
    zero = base.mark_rule(color=colour("muted")).encode(x=alt.XDatum(0, axis=None))
    right = base.transform_filter("datum.up").mark_text(align="left", dx=8)
    left = base.transform_filter("!datum.up").mark_text(align="right", dx=-8)
    words = (right.encode(text="text:N"), left.encode(text="text:N"))
    return framed(alt.layer(bars, zero, *words), Frame(frame.width, len(rows) * _ROW + 16))
