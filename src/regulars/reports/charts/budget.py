"""Customer equity by what is spent on winning, and by what is spent on keeping."""

from typing import Literal

import altair as alt

from regulars.kernel.wording import Message, say
from regulars.reports.charts.theme import (
    Drawing,
    Frame,
    Row,
    colour,
    framed,
    nice_ticks,
    rows_of,
    value_axis,
)
from regulars.reports.speech import Speaker
from regulars.studies.budget import BudgetPoint, BudgetSide

_TICKS, _TICKS_NARROW = 6, 3


def budget_curve(side: BudgetSide, speaker: Speaker, frame: Frame) -> Drawing:
    """A curve with its best spend (full) and today's (hollow)."""
    rows: list[Row] = [{"spend": it.spend, "equity": it.equity} for it in side.curve]
    x, y = _axes(side, speaker, frame)
    line = (
        alt.Chart(rows_of(rows))
        .mark_line(color=colour("accent"), strokeWidth=2.5)
        .encode(x=x, y=y)
    )
    now = _mark(side, side.now_spend, say("Now"), speaker).encode(x=x, y=y)
    best = _mark(side, side.spend, say("Best"), speaker).encode(x=x, y=y)
    # beside the curve, on the side on which it does not run
    rising = side.now_spend <= side.spend
    beside: Literal["left", "right"] = "left" if rising else "right"
    layers = (
        line,
        now.mark_point(
            filled=True,
            color=colour("paper"),
            stroke=colour("ink"),
            size=80,
            opacity=1,
            strokeWidth=2,
        ),
        best.mark_circle(color=colour("accent"), opacity=1, size=100),
        _words(now.mark_text(align=beside, dx=12 if rising else -12, dy=14), "ink"),
        _words(best.mark_text(dy=-15), "accent"),
    )
    return framed(alt.layer(*layers), frame)


def _axes(side: BudgetSide, speaker: Speaker, frame: Frame) -> tuple[alt.X, alt.Y]:
    equities = [it.equity for it in side.curve]
    about = _TICKS_NARROW if frame.narrow else _TICKS
    along = nice_ticks(0, max(it.spend for it in side.curve), about)
    up = nice_ticks(min(equities), max(equities), 4)
    # one more step above, for the words over the best spend
    top = up[-1] + (up[1] - up[0] if len(up) > 1 else 1.0) * 0.5
    x = alt.X(
        "spend:Q",
        scale=alt.Scale(domain=[0, along[-1]]),
        axis=value_axis({it: speaker.number(it) for it in along}, grid=False),
    )
    y = alt.Y(
        "equity:Q",
        scale=alt.Scale(domain=[up[0], top]),
        axis=value_axis({it: speaker.number(it) for it in up}),
    )
    return x, y


def _mark(side: BudgetSide, spend: float, name: Message, speaker: Speaker) -> alt.Chart:
    row: Row = {
        "spend": spend,
        "equity": equity_at(side.curve, spend),
        "text": f"{speaker.say(name)}: {speaker.money(spend)}",
    }
    return alt.Chart(rows_of([row]))


def _words(text: alt.Chart, shade: str) -> alt.Chart:
    return text.encode(text="text:N", color=alt.value(colour(shade)))


def equity_at(curve: tuple[BudgetPoint, ...], spend: float) -> float:
    """Customer equity at a spend, on the straight line between the points beside it.

    >>> curve = (BudgetPoint(spend=0, rate=0, equity=1), BudgetPoint(spend=2, rate=1, equity=5))
    >>> equity_at(curve, 0.5), equity_at(curve, 9.0)
    (2.0, 5)
    """
    below = [it for it in curve if it.spend <= spend]
    above = [it for it in curve if it.spend > spend]
    if not below or not above:
        return (below or above)[-1 if below else 0].equity
    left, right = below[-1], above[0]
    share = (spend - left.spend) / (right.spend - left.spend)
    return left.equity + share * (right.equity - left.equity)
