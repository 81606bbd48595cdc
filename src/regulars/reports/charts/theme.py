"""How every chart looks: one palette, quiet axes, words in the reader's language."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, cast

import altair as alt

from regulars.reports.speech import Speaker

_TELEPHONE: Final = 480  # CSS pixels

type Drawing = alt.Chart | alt.LayerChart
type Row = dict[str, object]

PALETTE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ink": "#1f2427",
        "muted": "#596169",
        "line": "#e2e0da",
        "paper": "#fffefb",
        "accent": "#0d6b60",
        "accent-soft": "#7fb8ae",
        "heat": "#0d6b61",
        "new": "#b9862a",
        "loss": "#b4523b",
        "loss-soft": "#dba596",
    }
)
"""Colours by their role. The report replaces each by its CSS variable, so that it follows dark."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The room that a chart has, in CSS pixels; ``narrow`` is a telephone."""

    width: int
    height: int

    @property
    def narrow(self) -> bool:
        """Whether labels have to be few and short."""
        return self.width < _TELEPHONE


WIDE: Final = Frame(704, 300)
NARROW: Final = Frame(336, 250)


_PADDING: Final[dict[str, Any]] = {"left": 2, "right": 20, "top": 4, "bottom": 4}
"""Room at the right for the last label, which is centred under the last mark."""


def colour(role: str) -> str:
    """The colour of a role.

    >>> colour("accent")
    '#0d6b60'
    """
    return PALETTE[role]


def rows_of(rows: Iterable[Row]) -> alt.InlineData:
    """Rows as a chart takes them."""
    return alt.InlineData(values=list(rows))


def period_axis(frame: Frame) -> alt.Axis:
    """Labels of periods along the foot, as many as fit."""
    return alt.Axis(
        title=None,
        grid=False,
        ticks=False,
        domain=False,
        labelOverlap="greedy",
        labelSeparation=14 if frame.narrow else 18,
        labelAngle=0,
        labelPadding=8,
        labelFlush=True,
    )


def value_axis(labels: Mapping[float, str], *, grid: bool = True) -> alt.Axis:
    """An axis with the given values only, each with its own words.

    Vega formats numbers in English; the words come from the speaker instead.
    """
    return alt.Axis(
        title=None,
        values=list(labels),
        labelExpr=expression(labels),
        grid=grid,
        ticks=False,
        domain=False,
        labelPadding=6,
    )


def expression(labels: Mapping[float, str]) -> str:
    """A Vega expression that gives a value its words.

    >>> expression({0: "0 %", 0.5: "50 %"})
    "({'0':'0 %','0.5':'50 %'})[datum.value]"
    """
    pairs = ",".join(f"'{key:g}':'{_quoted(text)}'" for key, text in labels.items())
    return f"({{{pairs}}})[datum.value]"


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")


def percent_axis(speaker: Speaker, ticks: Iterable[float]) -> alt.Axis:
    """An axis of shares."""
    return value_axis({tick: speaker.percent(tick, 0) for tick in ticks})


def count_axis(speaker: Speaker, ticks: Iterable[float]) -> alt.Axis:
    """An axis of amounts or of counted things, in short form: ``12K``."""
    return value_axis({tick: speaker.short(tick) for tick in ticks})


def name_axis(names: Iterable[str], frame: Frame, *, share: float = 0.45) -> alt.Axis:
    """An axis of names, with room for them in any font.

    The reader's font may be wider than the one that Vega measures with, so the room is reckoned
    from the number of characters; names that would take more than ``share`` of the frame are cut.
    """
    limit = frame.width * share
    room = min(max((_width_of(name) for name in names), default=0), limit)
    return alt.Axis(
        title=None,
        ticks=False,
        domain=False,
        grid=False,
        labelPadding=8,
        labelLimit=int(limit * _NARROWER),
        minExtent=int(room) + 8,
        labelColor=PALETTE["ink"],
    )


def _width_of(text: str) -> float:
    return sum(_WIDE_LETTER if ord(letter) >= _FIRST_IDEOGRAPH else _LETTER for letter in text)


_LETTER, _WIDE_LETTER = 6.6, 12.5  # CSS pixels of a letter in a wide font at 12 px
_FIRST_IDEOGRAPH = 0x2E80
_NARROWER = 0.88  # how much narrower Vega's font is than a wide one


def nice_ticks(low: float, high: float, about: int = 5) -> Sequence[float]:
    """Round values that cover ``low`` to ``high``, about so many.

    >>> nice_ticks(0, 1)
    (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
    >>> nice_ticks(-120, 300)
    (-200.0, -100.0, 0.0, 100.0, 200.0, 300.0)
    """
    step = _nice_step((high - low) / about) if high > low else 1.0
    first, last = int(low // step), int(-(-(high - step * 1e-9) // step))
    return tuple(round(step * number, 10) for number in range(first, last + 1))


def _nice_step(rough: float) -> float:
    magnitude = 10.0 ** int(f"{rough:e}".split("e")[1])
    return next(magnitude * it for it in (1, 2, 5, 10) if magnitude * it >= rough * 0.999)


def legend_of(frame: Frame, *, narrow: int) -> alt.Legend:
    """A legend above the chart; on a telephone in so many columns."""
    return alt.Legend(columns=narrow) if frame.narrow else alt.Legend()


def framed(chart: Drawing | alt.FacetChart, frame: Frame) -> Drawing:
    """The chart with the frame's size and the house's look."""
    sized = chart.properties(
        width=frame.width,
        height=frame.height,
        autosize=alt.AutoSizeParams(type="fit", contains="padding"),
        padding=_PADDING,
        background="transparent",
    )
    return cast("Drawing", sized.configure(**_LOOK))


_LOOK: Final[dict[str, Any]] = {
    "aria": False,
    "font": "sans-serif",
    "view": {"stroke": None},
    "axis": {
        "labelColor": PALETTE["muted"],
        "labelFontSize": 12,
        "gridColor": PALETTE["line"],
        "labelLimit": 200,
    },
    "title": {
        "anchor": "start",
        "color": PALETTE["ink"],
        "fontSize": 15,
        "fontWeight": 600,
        "subtitleColor": PALETTE["muted"],
        "subtitleFontSize": 12,
        "offset": 14,
    },
    "legend": {
        "orient": "top",
        "title": None,
        "labelColor": PALETTE["ink"],
        "labelFontSize": 12,
        "symbolSize": 110,
        "symbolType": "square",
        "direction": "horizontal",
        "columnPadding": 26,
        "rowPadding": 5,
    },
    "text": {"fontSize": 12, "color": PALETTE["ink"]},
}
