"""Who the customers are: the RFM map, its segments, and the Lorenz curve."""

from collections.abc import Mapping

import altair as alt

from regulars.kernel.wording import say
from regulars.reports.charts.theme import (
    Drawing,
    Frame,
    Row,
    colour,
    framed,
    legend_of,
    name_axis,
    percent_axis,
    rows_of,
    value_axis,
)
from regulars.reports.speech import Speaker
from regulars.studies.concentration import Concentration
from regulars.studies.rfm import Rfm, RfmCell, Segment

_PALE, _DARK = 0.04, 0.66  # opacities between which the ink stays readable, by day and by night
_ROW = 46  # CSS pixels for a pair of bars
_SCORES = (1, 2, 3, 4, 5)
_TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


def rfm_map(answer: Rfm, speaker: Speaker, frame: Frame) -> Drawing:
    """Recency to the right, frequency upwards; the darker a tile, the more customers are in it."""
    rows = _tiles(answer, speaker)
    base = alt.Chart(rows_of(rows)).encode(
        x=alt.X("r:O", axis=_score_axis(speaker.say(say("Bought lately"))), scale=_five()),
        y=alt.Y(
            "f:O",
            scale=alt.Scale(domain=[5, 4, 3, 2, 1]),
            axis=_score_axis(speaker.say(say("Buys often"))),
        ),
    )
    tiles = base.mark_rect(fill=colour("heat"), stroke=colour("paper"), strokeWidth=2).encode(
        fillOpacity=alt.FillOpacity("shade:Q", scale=None)
    )
    figures = base.mark_text(fontSize=14, fontWeight=600, dy=0 if frame.narrow else -8).encode(
        text="customers:N"
    )
    names = base.mark_text(fontSize=11, dy=10).encode(text="segment:N")
    layers = (tiles, figures) if frame.narrow else (tiles, figures, names)
    return framed(alt.layer(*layers), Frame(frame.width, 300 if frame.narrow else 400))


def _five() -> alt.Scale:
    return alt.Scale(domain=list(_SCORES))


def _score_axis(title: str) -> alt.Axis:
    return alt.Axis(
        title=title + " \N{RIGHTWARDS ARROW}",
        titlePadding=10,
        titleColor=colour("muted"),
        titleFontWeight="normal",
        titleFontSize=12,
        ticks=False,
        domain=False,
        labelAngle=0,
        labelPadding=6,
    )


def _tiles(answer: Rfm, speaker: Speaker) -> list[Row]:
    names = {summary.segment: speaker.say(summary.name) for summary in answer.segments}
    tiles: dict[tuple[int, int], list[RfmCell]] = {}
    for cell in answer.cells:
        tiles.setdefault((cell.r, cell.f), []).append(cell)
    counted = {place: sum(it.customers for it in cells) for place, cells in tiles.items()}
    top = max(counted.values(), default=1) or 1
    return [
        {
            "r": r,
            "f": f,
            "customers": speaker.value(counted.get((r, f), 0)),
            "shade": _PALE + (_DARK - _PALE) * counted.get((r, f), 0) / top,
            "segment": _most_common(tiles.get((r, f), []), names),
        }
        for r in _SCORES
        for f in _SCORES
    ]


def _most_common(cells: list[RfmCell], names: Mapping[Segment, str]) -> str:
    return names[max(cells, key=lambda it: it.customers).segment] if cells else ""


def rfm_segments(answer: Rfm, speaker: Speaker, frame: Frame) -> Drawing:
    """Each segment's share of customers (hollow) and of revenue (full)."""
    customers, revenue = (
        speaker.say(say("Share of customers")),
        speaker.say(say("Share of revenue")),
    )
    rows: list[Row] = []
    for it in (it for it in answer.segments if it.customers):
        shares = ((customers, it.share_of_customers), (revenue, it.share_of_revenue))
        rows += [
            {
                "segment": speaker.say(it.name),
                "what": what,
                "share": share,
                "text": speaker.percent(share),
            }
            for what, share in shares
            if share is not None
        ]
    labels = name_axis((str(row["segment"]) for row in rows), frame)
    base = alt.Chart(rows_of(rows)).encode(
        x=alt.X("share:Q", axis=None, scale=alt.Scale(domain=[0, _room(rows)])),
        y=alt.Y("segment:N", sort=None, axis=labels, scale=alt.Scale(paddingInner=0.35)),
        yOffset=alt.YOffset("what:N", sort=[customers, revenue]),
    )
    names, solid = [customers, revenue], colour("accent")
    bars = base.mark_bar(strokeWidth=1.5).encode(
        fill=alt.Fill(
            "what:N",
            legend=legend_of(frame, narrow=1),
            scale=alt.Scale(domain=names, range=[colour("paper"), solid]),
        ),
        stroke=alt.Stroke(
            "what:N",
            legend=legend_of(frame, narrow=1),
            scale=alt.Scale(domain=names, range=[solid, solid]),
        ),
    )
    words = base.mark_text(align="left", dx=6, fontSize=11).encode(text="text:N")
    height = len({row["segment"] for row in rows}) * _ROW + 40
    return framed(alt.layer(bars, words), Frame(frame.width, height))


def _room(rows: list[Row]) -> float:
    """The longest bar and a fifth more, for its words."""
    return 1.22 * max((it for row in rows if isinstance(it := row["share"], float)), default=1.0)


def lorenz_curve(answer: Concentration, speaker: Speaker, frame: Frame) -> Drawing:
    """Customers from the smallest to the largest, against their share of the revenue."""
    rows: list[Row] = [{"x": it.customers, "y": it.revenue} for it in answer.lorenz]
    scale = alt.Scale(domain=[0, 1])
    y_axis = percent_axis(speaker, _TICKS)
    x_axis = value_axis({it: speaker.percent(it, 0) for it in _TICKS}, grid=False)
    base = alt.Chart(rows_of(rows)).encode(
        x=alt.X("x:Q", scale=scale, axis=x_axis), y=alt.Y("y:Q", scale=scale, axis=y_axis)
    )
    even = (
        alt.Chart(rows_of([{"x": 0, "y": 0}, {"x": 1, "y": 1}]))
        .mark_line(color=colour("muted"), strokeDash=[5, 4], strokeWidth=1)
        .encode(x=alt.X("x:Q", scale=scale, axis=x_axis), y=alt.Y("y:Q", scale=scale, axis=y_axis))
    )
    fill = base.mark_area(color=colour("accent"), opacity=0.13, line=False)
    line = base.mark_line(color=colour("accent"), strokeWidth=2.5)
    return framed(
        alt.layer(fill, even, line, *_eighty(answer, speaker, scale)),
        Frame(frame.width, frame.width if frame.narrow else 420),
    )


def _eighty(answer: Concentration, speaker: Speaker, scale: alt.Scale) -> list[alt.Chart]:
    """Where the customers begin who bring 80 % of the revenue."""
    share = answer.share_of_customers_for_80_percent
    row: Row = {"x": 1 - share, "y": 0.2, "text": speaker.percent(share)}
    base = alt.Chart(rows_of([row])).encode(
        x=alt.X("x:Q", scale=scale), y=alt.Y("y:Q", scale=scale)
    )
    point = base.mark_circle(color=colour("accent"), opacity=1, size=90)
    words = base.mark_text(
        align="right", dx=-10, dy=-12, fontSize=14, fontWeight=600, color=colour("accent")
    ).encode(text="text:N")
    rule = base.mark_rule(color=colour("muted"), strokeDash=[4, 4]).encode(y2=alt.datum(0))
    return [rule, point, words]
