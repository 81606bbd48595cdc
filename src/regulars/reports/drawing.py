"""Charts as still SVG that follows the page: its colours, its font, a name for screen readers."""

import json
import re
from html import escape
from typing import Final

import altair as alt
import vl_convert

from regulars.reports.charts.theme import PALETTE, Drawing

_HEAD: Final = re.compile(r"<svg[^>]*viewBox=\"(?P<box>[^\"]+)\"[^>]*>")
_FONT: Final = re.compile(r' font-family="[^"]*"')
_EMPTY: Final = re.compile(
    r'<path class="(?:background|foreground)" aria-hidden="true"[^>]*?'
    r'(?:d=""|d="M0,0h0v0h0Z"|display="none")[^>]*/>'
)
_CLIP: Final = re.compile(r"\bclip\d+\b")
_NOISE: Final = re.compile(r' (?:aria-[a-z]+|role|pointer-events)="[^"]*"| opacity="1"')


def svg_of(chart: Drawing, *, name: str, alternative: str, key: str) -> str:
    """A chart as SVG in the colours and the font of the page that it stands in.

    Args:
        chart: What to draw.
        name: What the chart shows, in a few words.
        alternative: The chart in words, for those who do not see it.
        key: An id that is unique on the page.
    """
    drawn = _FONT.sub("", still(chart, name=name, alternative=alternative, key=key))
    for role, shade in PALETTE.items():
        drawn = drawn.replace(f'"{shade}"', f'"var(--{role})"')
    return drawn


def still(chart: Drawing, *, name: str, alternative: str, key: str) -> str:
    """A chart as SVG with an accessible name and description, in its own colours."""
    spec = chart.to_dict()
    spec.pop("title", None)
    drawn = vl_convert.vegalite_to_svg(json.dumps(spec))
    for pattern in (_EMPTY, _NOISE):
        drawn = pattern.sub("", drawn)
    # Vega numbers its clips through all charts: two runs, or two charts, must not differ by it
    clips = {clip: f"{key}-clip-{number}" for number, clip in enumerate(_clips(drawn))}
    drawn = _CLIP.sub(lambda found: clips[found[0]], drawn)
    return _named(drawn, name=name, alternative=alternative, key=key)


def _clips(drawn: str) -> list[str]:
    return sorted(set(_CLIP.findall(drawn)), key=drawn.index)


def _named(drawn: str, *, name: str, alternative: str, key: str) -> str:
    box = _HEAD.search(drawn)
    if box is None:
        raise ValueError("the renderer gave no SVG")
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box["box"]}" role="img" '
        f'aria-labelledby="{key}-name {key}-text"><title id="{key}-name">{escape(name)}</title>'
        f'<desc id="{key}-text">{escape(alternative)}</desc>'
    )
    return _HEAD.sub(lambda _: head, drawn, count=1)


def with_words(chart: Drawing, *, title: str, subtitle: str, alternative: str) -> Drawing:
    """A chart that stands alone: its finding above it, its text alternative within."""
    return chart.properties(
        title=alt.TitleParams(text=title, subtitle=subtitle), description=alternative
    )
