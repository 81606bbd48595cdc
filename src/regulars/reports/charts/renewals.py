"""Contracts: the share renewed each time, observed and expected, and those still running."""

import altair as alt

from regulars.kernel.wording import say
from regulars.reports.charts.theme import (
    Drawing,
    Frame,
    Row,
    colour,
    framed,
    nice_ticks,
    percent_axis,
    rows_of,
)
from regulars.reports.speech import Speaker
from regulars.studies.renewals import Renewal, RenewalForecast


def renewal_rates(answer: RenewalForecast, speaker: Speaker, frame: Frame) -> Drawing:
    """A dot with its interval for what was observed, a dashed line for what is expected."""
    names = [speaker.say(say("Observed")), speaker.say(say("Expected"))]
    rows = [_rate(it, names) for it in answer.renewals]
    lowest = min(it.observed.low if it.observed else it.expected for it in answer.renewals)
    ticks = nice_ticks(lowest, 1, 4)
    scale = alt.Scale(domain=[ticks[0], 1])
    axis = percent_axis(speaker, [it for it in ticks if it <= 1])
    shades = alt.Scale(domain=names, range=[colour("ink"), colour("accent")])
    base = alt.Chart(rows_of(rows)).encode(x=_numbers())
    seen = base.transform_filter("datum.at_risk > 0")
    line = base.mark_line(strokeWidth=2.5, strokeDash=[7, 4]).encode(
        y=alt.Y("expected:Q", scale=scale, axis=axis),
        color=alt.Color("model:N", scale=shades, legend=alt.Legend()),
    )
    bars = seen.mark_rule(color=colour("ink"), opacity=0.45, strokeWidth=2).encode(
        y=alt.Y("low:Q", scale=scale, axis=axis), y2="high:Q"
    )
    dots = seen.mark_circle(opacity=1, size=60).encode(
        y=alt.Y("rate:Q", scale=scale, axis=axis),
        color=alt.Color("count:N", scale=shades, legend=alt.Legend()),
    )
    return framed(alt.layer(line, bars, dots), frame)


def _rate(renewal: Renewal, names: list[str]) -> Row:
    seen = renewal.observed
    return {
        "renewal": renewal.renewal,
        "at_risk": renewal.at_risk if seen else 0,
        "rate": seen.value if seen else None,
        "low": seen.low if seen else None,
        "high": seen.high if seen else None,
        "expected": renewal.expected,
        "count": names[0],
        "model": names[1],
    }


def contracts_running(answer: RenewalForecast, speaker: Speaker, frame: Frame) -> Drawing:
    """The share of contracts that the model has run on after each renewal, with its band."""
    rows: list[Row] = [{"renewal": 0, "share": 1.0, "low": 1.0, "high": 1.0}]
    rows += [
        {
            "renewal": it.renewal,
            "share": it.survival,
            "low": it.survival_low,
            "high": it.survival_high,
        }
        for it in answer.renewals
    ]
    ticks = nice_ticks(0, 1)
    scale, axis = alt.Scale(domain=[0, 1]), percent_axis(speaker, ticks)
    base = alt.Chart(rows_of(rows)).encode(x=_numbers())
    band = base.mark_area(color=colour("accent"), opacity=0.15).encode(
        y=alt.Y("low:Q", scale=scale, axis=axis), y2="high:Q"
    )
    y = alt.Y("share:Q", scale=scale, axis=axis)
    line = base.mark_line(color=colour("accent"), strokeWidth=2.5).encode(y=y)
    dots = base.mark_circle(color=colour("accent"), opacity=1, size=38).encode(y=y)
    return framed(alt.layer(band, line, dots), frame)


def _numbers() -> alt.X:
    axis = alt.Axis(
        title=None,
        ticks=False,
        domain=False,
        labelAngle=0,
        labelPadding=8,
        labelOverlap="greedy",
        labelSeparation=12,
    )
    return alt.X("renewal:O", axis=axis, scale=alt.Scale(padding=0.4, type="point"))
