"""The cohort heat map and the return curve."""

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
)
from regulars.reports.speech import Speaker
from regulars.reports.words.cohorts import ENOUGH, drawn_cells
from regulars.studies.cohorts import CohortCell, Cohorts
from regulars.studies.curves import ReturnCurve

_MOST, _MOST_NARROW = 24, 12  # cohorts, and ages, that still leave room for a figure in each cell
_CELL = 26  # CSS pixels
_PALE, _DARK = 0.04, 0.66  # opacities between which the ink stays readable, by day and by night


def cohort_matrix(answer: Cohorts, speaker: Speaker, frame: Frame) -> Drawing:
    """Cohorts by age; the darker, the larger the share that bought.

    Darkness is the opacity of one colour, so that the map reads in light and in dark.
    """
    cells = shown_cells(answer, _MOST_NARROW if frame.narrow else _MOST)
    seen = [it for it in cells if it.age and it.customers >= ENOUGH]
    top = max((it.retention.value for it in seen if it.retention), default=1.0) or 1.0
    rows = [_row(answer, it, top, speaker) for it in cells]
    names = {str(row["label"]) for row in rows}
    labels = name_axis(names, frame)
    base = alt.Chart(rows_of(rows)).encode(
        x=alt.X("age:O", axis=_age_axis()), y=alt.Y("label:N", sort=None, axis=labels)
    )
    tiles = base.mark_rect(fill=colour("heat"), stroke=colour("paper"), strokeWidth=2).encode(
        fillOpacity=alt.FillOpacity("shade:Q", scale=None)
    )
    figures = base.mark_text(fontSize=11).encode(
        text="text:N",
        color=alt.condition("datum.few", alt.value(colour("muted")), alt.value(colour("ink"))),
    )
    return framed(alt.layer(tiles, figures), Frame(frame.width, len(names) * _CELL + 40))


def shown_cells(answer: Cohorts, most: int) -> tuple[CohortCell, ...]:
    """The cells that are drawn: the newest cohorts and the first ages, as far as observed.

    Cohorts too small to tell anything are left to the table, unless all are.
    """
    cohorts = sorted({cell.cohort for cell in drawn_cells(answer)})[-most:]
    return tuple(
        cell
        for cell in answer.cells
        if cell.cohort in cohorts and cell.age < most and cell.retention is not None
    )


def _row(answer: Cohorts, cell: CohortCell, top: float, speaker: Speaker) -> Row:
    share = cell.retention.value if cell.retention else 0.0
    # age 0 is always everybody: shaded as the darkest, it would drown all other cells
    bare = cell.age == 0 or cell.customers < ENOUGH
    return {
        "label": speaker.period(cell.cohort, answer.period, short=True),
        "age": cell.age,
        "few": cell.customers < ENOUGH,
        "shade": _PALE if bare else _PALE + (_DARK - _PALE) * min(share / top, 1.0),
        "text": speaker.number(share * 100, 0),
    }


def _age_axis() -> alt.Axis:
    return alt.Axis(
        title=None, orient="top", ticks=False, domain=False, labelAngle=0, labelPadding=6
    )


def return_curve(answer: ReturnCurve, speaker: Speaker, frame: Frame) -> Drawing:
    """The share that buys at each age, with its band."""
    rows: list[Row] = [
        {"age": it.age, "share": it.share.value, "low": it.share.low, "high": it.share.high}
        for it in answer.points
        if it.age > 0
    ]
    ticks = nice_ticks(0, max((it.share.high for it in answer.points if it.age), default=1.0), 4)
    scale, axis = alt.Scale(domain=[0, ticks[-1]]), percent_axis(speaker, ticks)
    base = alt.Chart(rows_of(rows)).encode(x=_ages(rows))
    band = base.mark_area(color=colour("accent"), opacity=0.15).encode(
        y=alt.Y("low:Q", scale=scale, axis=axis), y2="high:Q"
    )
    y = alt.Y("share:Q", scale=scale, axis=axis)
    line = base.mark_line(color=colour("accent"), strokeWidth=2.5).encode(y=y)
    dots = base.mark_circle(color=colour("accent"), opacity=1, size=38).encode(y=y)
    return framed(alt.layer(band, line, dots), frame)


def _ages(rows: Sequence[Row]) -> alt.X:
    return alt.X(
        "age:O",
        axis=alt.Axis(
            title=None,
            ticks=False,
            domain=False,
            labelAngle=0,
            labelPadding=8,
            labelOverlap="greedy",
            labelSeparation=12,
        ),
        scale=alt.Scale(padding=0.4, type="point") if rows else alt.Scale(),
    )
