"""Bars that stack above and below a line: growth in customers and in money."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import altair as alt

from regulars.kernel.wording import Message, say
from regulars.reports.charts.theme import (
    Drawing,
    Frame,
    Row,
    colour,
    count_axis,
    framed,
    legend_of,
    nice_ticks,
    period_axis,
    rows_of,
)
from regulars.reports.speech import Speaker
from regulars.studies.growth import Growth, GrowthPeriod

_MOST, _MOST_NARROW = 60, 18  # bars that can be told apart


@dataclass(frozen=True, slots=True)
class Part:
    """One layer of the stack: full or hollow, so that it is told apart without colour too."""

    name: Message
    value: Callable[[GrowthPeriod], float]
    shade: str
    hollow: bool = False


def growth_in_customers(answer: Growth, speaker: Speaker, frame: Frame) -> Drawing:
    """Kept, new and returning customers above the line, lost ones below it."""
    return _stack(
        answer,
        (
            Part(say("Kept"), lambda it: it.retained, "accent"),
            Part(say("Back after a pause"), lambda it: it.resurrected, "accent", hollow=True),
            Part(say("New"), lambda it: it.new, "new"),
            Part(say("Lost"), lambda it: -it.churned, "loss"),
        ),
        speaker,
        frame,
    )


def growth_in_money(answer: Growth, speaker: Speaker, frame: Frame) -> Drawing:
    """Revenue kept and gained above the line, lost below it."""
    return _stack(
        answer,
        (
            Part(say("As before"), _as_before, "accent"),
            Part(say("Spent more"), lambda it: float(it.revenue_expansion), "accent-soft"),
            Part(
                say("Back after a pause"),
                lambda it: float(it.revenue_resurrected),
                "accent",
                hollow=True,
            ),
            Part(say("New"), lambda it: float(it.revenue_new), "new"),
            Part(
                say("Spent less"),
                lambda it: -float(it.revenue_contraction),
                "loss",
                hollow=True,
            ),
            Part(say("Lost"), lambda it: -float(it.revenue_churned), "loss"),
        ),
        speaker,
        frame,
    )


def _as_before(period: GrowthPeriod) -> float:
    return float(period.revenue_retained_before - period.revenue_contraction)


def _stack(answer: Growth, parts: Sequence[Part], speaker: Speaker, frame: Frame) -> Drawing:
    shown = [it for it in answer.periods if it.complete] or list(answer.periods)
    shown = shown[-(_MOST_NARROW if frame.narrow else _MOST) :]
    rows = [row for it in shown for row in _rows(answer, it, parts, speaker)]
    ticks = _ticks(shown, parts)
    names = [speaker.say(part.name) for part in parts]
    return framed(
        alt.Chart(rows_of(rows))
        .mark_bar(strokeWidth=1.5)
        .encode(
            x=_periods(frame),
            y=alt.Y(
                "from:Q",
                scale=alt.Scale(domain=[ticks[0], ticks[-1]]),
                axis=count_axis(speaker, ticks),
            ),
            y2="to:Q",
            fill=_fills(parts, names, frame),
            stroke=_strokes(parts, names, frame),
        ),
        frame,
    )


def _periods(frame: Frame) -> alt.X:
    return alt.X("label:N", sort=None, axis=period_axis(frame), scale=alt.Scale(paddingInner=0.28))


def _rows(
    answer: Growth, period: GrowthPeriod, parts: Sequence[Part], speaker: Speaker
) -> list[Row]:
    """The bars of one period; stacked here, since Vega would stack losses in another order."""
    up = down = 0.0
    rows: list[Row] = []
    label = speaker.period(period.period, answer.period, short=True)
    for part in parts:
        value = part.value(period)
        start = up if value >= 0 else down
        up, down = (up + value, down) if value >= 0 else (up, down + value)
        rows.append(
            {"label": label, "part": speaker.say(part.name), "from": start, "to": start + value}
        )
    return [row for row in rows if row["from"] != row["to"]]


def _ticks(shown: Sequence[GrowthPeriod], parts: Sequence[Part]) -> Sequence[float]:
    highest = max(sum(max(part.value(it), 0) for part in parts) for it in shown)
    lowest = min(sum(min(part.value(it), 0) for part in parts) for it in shown)
    return nice_ticks(lowest, highest or 1.0)


_HOLLOW: Final = "paper"


def _fills(parts: Sequence[Part], names: list[str], frame: Frame) -> alt.Fill:
    shades = [colour(_HOLLOW if part.hollow else part.shade) for part in parts]
    return alt.Fill(
        "part:N", scale=alt.Scale(domain=names, range=shades), legend=legend_of(frame, narrow=2)
    )


def _strokes(parts: Sequence[Part], names: list[str], frame: Frame) -> alt.Stroke:
    shades = [colour(part.shade) for part in parts]
    return alt.Stroke(
        "part:N", scale=alt.Scale(domain=names, range=shades), legend=legend_of(frame, narrow=2)
    )
