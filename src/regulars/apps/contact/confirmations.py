"""What somebody is written who is asked whether it was he that wants to be written to."""

from collections.abc import Mapping

from regulars.apps.contact.rules.purposes import Purpose
from regulars.kernel.wording import Message, say
from regulars.reports.catalogues import LANGUAGES
from regulars.reports.speech import Speaker, speaker_of

_FIRM = "{{ firm.name }}"
_LINK = "{{ confirm }}"
_WANTED: Mapping[Purpose, Message] = {
    Purpose.CARE: say("Messages after a purchase"),
    Purpose.SURVEY: say("Questions about your experience"),
    Purpose.NEWSLETTER: say("The newsletter"),
    Purpose.OFFERS: say("Offers"),
    Purpose.EVENTS: say("Invitations to events"),
}


def confirmation(purpose: Purpose) -> dict[str, dict[str, str]]:
    """The message in every language; ``confirm`` stands in it for the link.

    >>> confirmation(Purpose.OFFERS)["en"]["subject"]
    'Please confirm: Offers'
    """
    return {language: _said(purpose, speaker_of(language)) for language in LANGUAGES}


def _said(purpose: Purpose, speaker: Speaker) -> dict[str, str]:
    wanted = _WANTED[purpose]
    asked = say("Somebody, most likely you, asked {firm} for this:", firm=_FIRM)
    lines = (
        speaker.say(asked),
        f"**{speaker.say(wanted)}**",
        speaker.say(say("It begins once you confirm it.")),
        f"[{speaker.say(say('Yes, I want it'))}]({_LINK})",
        speaker.say(say("If you do not want it, do nothing: then none of it comes.")),
    )
    short = say("{firm}: {wanted}? Confirm: {link}", firm=_FIRM, wanted=wanted, link=_LINK)
    return {
        "subject": speaker.say(say("Please confirm: {wanted}", wanted=wanted)),
        "preheader": speaker.say(say("It begins once you confirm it.")),
        "body": "\n\n".join(lines),
        "short": speaker.say(short),
    }
