"""What may come and by what way, as pages show it and as forms call it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from regulars.apps.contact.queries.preferences import Pair
from regulars.apps.contact.rules.purposes import Channel
from regulars.apps.contact.rules.standing import CHOOSABLE
from regulars.interfaces.pages.words import PURPOSES, by_way
from regulars.kernel.wording import Message


@dataclass(frozen=True, slots=True)
class Way:
    """By what way something comes, and what forms call both together."""

    said: Message
    word: str


@dataclass(frozen=True, slots=True)
class Told:
    """Something that comes, or no longer does, and by what ways."""

    name: Message
    ways: tuple[Way, ...]


def lines_of(pairs: Collection[Pair], addresses: Mapping[Channel, str]) -> list[Told]:
    """What comes, line by line.

    Args:
        pairs: What, and by what way.
        addresses: The addresses as they may be told; without those that may not.
    """
    return [
        Told(
            name,
            tuple(
                Way(by_way(channel, addresses.get(channel, "")), word_of((purpose, channel)))
                for channel in Channel
                if (purpose, channel) in pairs
            ),
        )
        for purpose, name in PURPOSES.items()
        if any(it == purpose for it, _ in pairs)
    ]


def word_of(pair: Pair) -> str:
    """Something and its way, as forms call them.

    >>> from regulars.apps.contact.rules.purposes import Purpose
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
