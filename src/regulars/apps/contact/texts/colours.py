"""Colours that can be read, made of the one that the firm has."""

from dataclasses import dataclass

READABLE = 4.5
"""The contrast that text takes (WCAG 2.1, 1.4.3)."""
_PAPER = "#ffffff"
_NIGHT = "#202328"

type _Rgb = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Colours:
    """The firm's colour where it fills, where it is written, and where it is night.

    Attributes:
        fill: Of buttons.
        on_fill: Of what is written on them.
        text: Of links and the firm's name on white.
        night: The same on a dark ground.
    """

    fill: str
    on_fill: str
    text: str
    night: str


def colours_of(colour: str) -> Colours:
    """What is made of the firm's colour so that everybody can read it.

    >>> colours_of("#ffd400").text, colours_of("#ffd400").on_fill
    ('#866f00', '#000000')
    """
    white = contrast(colour, "#ffffff") >= READABLE
    return Colours(
        fill=colour,
        on_fill="#ffffff" if white else "#000000",
        text=_until_readable(colour, on=_PAPER, towards=(0, 0, 0)),
        night=_until_readable(colour, on=_NIGHT, towards=(255, 255, 255)),
    )


def contrast(one: str, other: str) -> float:
    """How well a colour is read on another (WCAG 2.1).

    >>> round(contrast("#000000", "#ffffff"))
    21
    """
    dark, light = sorted((_light(one), _light(other)))
    return (light + 0.05) / (dark + 0.05)


def _until_readable(colour: str, *, on: str, towards: _Rgb) -> str:
    mixed = colour
    for step in range(1, 41):
        if contrast(mixed, on) >= READABLE + 0.2:
            break
        mixed = _mix(colour, towards, step / 40)
    return mixed


def _mix(colour: str, towards: _Rgb, share: float) -> str:
    mixed = (
        round(one + (other - one) * share)
        for one, other in zip(_rgb(colour), towards, strict=True)
    )
    return "#" + "".join(f"{it:02x}" for it in mixed)


def _rgb(colour: str) -> _Rgb:
    return (int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16))


def _light(colour: str) -> float:
    red, green, blue = (
        it / 12.92 if it <= 0.04045 else ((it + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - sRGB
        for it in (part / 255 for part in _rgb(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
