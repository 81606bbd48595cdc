"""Lift of pairs and of next steps: a dot with its interval, against 1."""

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from regulars.estimation.interval import Estimate
from regulars.kernel.wording import Message
from regulars.reports.charts.theme import (
    Drawing,
    Frame,
    Row,
    colour,
    framed,
    name_axis,
    nice_ticks,
    rows_of,
    value_axis,
)
from regulars.reports.speech import Speaker
from regulars.reports.words.basket import next_name, pair_name
from regulars.studies.basket import Basket

_MOST, _MOST_NARROW = 15, 10
_ROW = 26


@dataclass(frozen=True, slots=True)
class Lift:
    """A name and how much more often than chance."""

    name: Message
    lift: Estimate


def basket_pairs(answer: Basket, speaker: Speaker, frame: Frame) -> Drawing:
    """The strongest pairs, each with the interval of its lift."""
    return _dots([Lift(pair_name(it), it.lift) for it in answer.pairs], speaker, frame)


def next_steps(answer: Basket, speaker: Speaker, frame: Frame) -> Drawing:
    """The strongest next steps, each with the interval of its lift."""
    return _dots([Lift(next_name(it), it.lift) for it in answer.next_items], speaker, frame)


def _dots(lifts: Sequence[Lift], speaker: Speaker, frame: Frame) -> Drawing:
    shown = lifts[: _MOST_NARROW if frame.narrow else _MOST]
    ticks = nice_ticks(0, max((it.lift.high for it in shown), default=2.0), 4)
    scale = alt.Scale(domain=[0, ticks[-1]])
    axis = value_axis({tick: speaker.number(tick, 1) for tick in ticks})
    rows = [_row(it, speaker) for it in shown]
    names = name_axis((str(row["name"]) for row in rows), frame, share=0.55)
    base = alt.Chart(rows_of(rows)).encode(y=alt.Y("name:N", sort=None, axis=names))
    x = alt.X("lift:Q", scale=scale, axis=axis)
    chance = (
        alt.Chart(rows_of([{"chance": 1}]))
        .mark_rule(color=colour("muted"), strokeDash=[4, 4])
        .encode(x=alt.X("chance:Q", scale=scale, axis=axis))
    )
    spans = base.mark_rule(color=colour("accent"), opacity=0.5, strokeWidth=2).encode(
        x=alt.X("low:Q", scale=scale, axis=axis), x2="high:Q"
    )
    points = base.mark_circle(color=colour("accent"), opacity=1, size=70).encode(x=x)
    return framed(alt.layer(chance, spans, points), Frame(frame.width, len(shown) * _ROW + 40))


def _row(lift: Lift, speaker: Speaker) -> Row:
    return {
        "name": speaker.say(lift.name),
        "lift": lift.lift.value,
        "low": lift.lift.low,
        "high": lift.lift.high,
    }
