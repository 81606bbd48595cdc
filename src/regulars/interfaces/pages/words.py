"""What customers call what the firm sends them."""

from collections.abc import Mapping

from regulars.apps.contact.operations.preferences import Words
from regulars.apps.contact.queries.consents import ConsentRow, list_wordings
from regulars.apps.contact.rules.purposes import Channel, Purpose
from regulars.interfaces.languages import language_of
from regulars.kernel.wording import Message, say
from regulars.reports.speech import Speaker, speaker_of

PURPOSES: Mapping[Purpose, Message] = {
    Purpose.SERVICE: say("Messages about your orders"),
    Purpose.CARE: say("Help after a purchase"),
    Purpose.SURVEY: say("Questions about how it went"),
    Purpose.NEWSLETTER: say("Newsletter"),
    Purpose.OFFERS: say("Offers"),
    Purpose.EVENTS: say("Invitations"),
}
"""What each purpose is called."""
OWN_WORDING = "built in 1"
"""The version of the sentences below; another sentence is another version."""
_AGREED: Mapping[Purpose, Message] = {
    Purpose.CARE: say("We ask whether all is well with what you bought, and help if it is not."),
    Purpose.SURVEY: say("Now and then we ask you what was good and what was not."),
    Purpose.NEWSLETTER: say("We write to you now and then about what is new."),
    Purpose.OFFERS: say("We tell you of discounts and other offers."),
    Purpose.EVENTS: say("We invite you to what takes place at ours."),
}


def by_way(channel: Channel, address: str) -> Message:
    """By what way something comes; the address is one that not everybody may read."""
    match channel:
        case Channel.EMAIL:
            return say("By e-mail to {address}", address=address) if address else say("By e-mail")
        case Channel.PHONE:
            return (
                say("By text message to {address}", address=address)
                if address
                else say("By text message")
            )
        case Channel.POST:
            return say("By post")


def wording_for(purpose: Purpose, speaker: Speaker) -> Words:
    """What somebody agrees to: the firm's newest wording, or our own.

    Where the newest is not in the reader's language, ours is shown rather than one that he may
    not understand.
    """
    written = list_wordings(purpose)
    for row in written:
        if row.version == written[0].version and language_of(row.language) == speaker.language:
            return Words(row.version, row.text)
    return Words(OWN_WORDING, speaker.say(_AGREED[purpose]))


def words_of(asked: ConsentRow) -> Words:
    """What somebody read when he said yes."""
    for row in list_wordings(asked.purpose):
        if (row.version, row.language) == (asked.wording, asked.language):
            return Words(row.version, row.text)
    kept = str(asked.proof.get("words", ""))
    if kept or asked.wording != OWN_WORDING:
        return Words(asked.wording, kept)
    return Words(
        OWN_WORDING, speaker_of(language_of(asked.language) or "en").say(_AGREED[asked.purpose])
    )
