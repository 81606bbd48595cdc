"""The preference centre: what comes, by what way, and in which language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from regulars.apps.contact.operations.preferences import Wishes, Words, save_preferences
from regulars.apps.contact.queries.preferences import Pair, Recipient, find_recipient
from regulars.apps.contact.rules.purposes import Channel, Purpose
from regulars.apps.contact.rules.standing import CHOOSABLE, EVERYTHING, Standing
from regulars.apps.contact.tokens import Preferring, read_preferences
from regulars.interfaces.clock import now
from regulars.interfaces.languages import LANGUAGE_NAMES
from regulars.interfaces.pages.frame import recipients_page, show, speaker_for
from regulars.interfaces.pages.lines import pairs_of, word_of
from regulars.interfaces.pages.words import OWN_WORDING, PURPOSES, by_way, wording_for
from regulars.kernel.wording import Message, say
from regulars.reports.speech import Speaker

_EVERY = "everything"


@dataclass(frozen=True, slots=True)
class Box:
    """A way that may be ticked."""

    word: str
    way: Message
    standing: Standing

    @property
    def ticked(self) -> bool:
        """Whether it is."""
        return self.standing in {Standing.YES, Standing.WAITING}


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that may come, what is agreed to with it, and the ways."""

    name: Message
    words: Words
    boxes: tuple[Box, ...]

    @property
    def version(self) -> str:
        """The version of the firm's own words; empty where they are not its own."""
        return "" if self.words.version == OWN_WORDING else self.words.version


@recipients_page(read_preferences)
def preferences(request: HttpRequest, opened: Preferring) -> HttpResponse:
    """Show what comes to somebody, and save what he wants instead."""
    reader = find_recipient(opened.customer)
    if reader is None:
        return show(request, "nobody")
    saved = request.method == "POST"
    if saved:
        save_preferences(opened, _wishes(request, reader), now=now())
        reader = find_recipient(opened.customer)
        if reader is None:
            return show(request, "nobody")
    speaker = speaker_for(request, reader)
    ways = [it for it in reader.addresses if not _came_back(reader, it)]
    choices = [
        _choice(purpose, ways, reader, wording_for(purpose, speaker)) for purpose in CHOOSABLE
    ]
    context = {
        "choices": choices if ways else [],
        "came_back": [
            by_way(it, row.masked) for it, row in reader.addresses.items() if it not in ways
        ],
        "saved": saved,
        "waits": any(it.standing is Standing.WAITING for one in choices for it in one.boxes),
        "coming": any(purpose in EVERYTHING for purpose, _ in reader.coming),
        "wanted": reader.language,
        "named": {**LANGUAGE_NAMES, **_other(reader.language, speaker)},
    }
    return show(request, "preferences", context, reader=reader)


def _wishes(request: HttpRequest, reader: Recipient) -> Wishes:
    speaker = speaker_for(request, reader)
    told = request.POST
    if told.get("do") == _EVERY:
        every = {(purpose, channel) for purpose in EVERYTHING for channel in Channel}
        return Wishes(page="preferences", no=every, words={}, shown_in=speaker.language)
    shown = pairs_of(told.getlist("shown"))
    ticked = pairs_of(told.getlist("yes")) & shown
    language = told.get("language", "")
    return Wishes(
        page="preferences",
        yes=ticked,
        no={pair for pair in shown - ticked if _comes(reader, pair)},
        words={purpose: wording_for(purpose, speaker) for purpose, _ in ticked},
        shown_in=speaker.language,
        language=language if language in LANGUAGE_NAMES else None,
    )


def _comes(reader: Recipient, pair: Pair) -> bool:
    return reader.standing(*pair) in {Standing.YES, Standing.WAITING}


def _came_back(reader: Recipient, channel: Channel) -> bool:
    return all(reader.standing(it, channel) is Standing.UNREACHABLE for it in CHOOSABLE)


def _choice(purpose: Purpose, ways: Iterable[Channel], reader: Recipient, words: Words) -> Choice:
    boxes = (
        Box(
            word_of((purpose, channel)),
            by_way(channel, reader.addresses[channel].masked),
            reader.standing(purpose, channel),
        )
        for channel in ways
    )
    return Choice(PURPOSES[purpose], words, tuple(boxes))


def _other(language: str, speaker: Speaker) -> Mapping[str, str]:
    """The language that somebody has and that is none of ours, or none at all."""
    if language in LANGUAGE_NAMES:
        return {}
    return {language: language or speaker.say(say("Not chosen"))}
