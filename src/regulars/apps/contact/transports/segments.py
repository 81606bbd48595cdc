"""Of how many parts a text message is: this is what it costs."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")


@dataclass(frozen=True, slots=True)
class Segments:
    """What a text message is sent as.

    Attributes:
        alphabet: ``GSM-7``, or ``UCS-2`` where a letter of the text is not in that.
        units: How long it is, in septets or in 16 bits.
        parts: Of how many messages it is made.
    """

    alphabet: Literal["GSM-7", "UCS-2"]
    units: int
    parts: int


def segments_of(text: str) -> Segments:
    """Count the parts of a text message (3GPP TS 23.038 and 23.040).

    One part has 160 septets or 70 letters, each of several 153 or 67. What takes two of them, such
    as € or an emoji, is not torn between parts.

    >>> segments_of("Labas"), segments_of("Ačiū!")
    (Segments(alphabet='GSM-7', units=5, parts=1), Segments(alphabet='UCS-2', units=5, parts=1))
    >>> segments_of("a" * 161).parts, segments_of("ą" * 71).parts
    (2, 2)
    """
    if all(letter in _BASIC or letter in _EXTENDED for letter in text):
        sizes = [2 if letter in _EXTENDED else 1 for letter in text]
        return Segments("GSM-7", sum(sizes), _parts(sizes, one=160, many=153))
    sizes = [2 if ord(letter) > 0xFFFF else 1 for letter in text]  # noqa: PLR2004 - of 16 bits
    return Segments("UCS-2", sum(sizes), _parts(sizes, one=70, many=67))


def _parts(sizes: Iterable[int], *, one: int, many: int) -> int:
    parts, total, filled = 1, 0, 0
    for size in sizes:
        total += size
        if filled + size > many:
            parts, filled = parts + 1, 0
        filled += size
    return 1 if total <= one else parts
