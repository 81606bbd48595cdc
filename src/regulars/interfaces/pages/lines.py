"""What may come and by what way, as pages show it and as forms call it."""

from collections.abc import Iterable
from dataclasses import dataclass

from regulars.apps.contact.queries.preferences import Pair
from regulars.apps.contact.rules.purposes import Channel
from regulars.apps.contact.rules.standing import CHOOSABLE
from regulars.interfaces.pages.words import PURPOSES, by_way
from regulars.kernel.wording import Message


@dataclass(frozen=True, slots=True)
class Line:
    """Something that comes, or no longer does."""

    name: Message
    way: Message
    word: str


def line_of(pair: Pair, address: str) -> Line:
    """Something that comes, and to which address; empty where that is not to be told."""
    purpose, channel = pair
    return Line(PURPOSES[purpose], by_way(channel, address), word_of(pair))


def word_of(pair: Pair) -> str:
    """Something and its way, as forms call them.

    >>> word_of((Purpose.NEWSLETTER, Channel.EMAIL))
    'newsletter-email'
    """
    return f"{pair[0]}-{pair[1]}"


def pairs_of(words: Iterable[str]) -> set[Pair]:
    """What a form says; what is none of it is left out.

    >>> [word_of(pair) for pair in pairs_of(["newsletter-email", "service-email", "x"])]
    ['newsletter-email']
    """
    return {_KNOWN[word] for word in words if word in _KNOWN}


_KNOWN = {
    word_of(pair): pair for pair in ((purpose, way) for purpose in CHOOSABLE for way in Channel)
}
