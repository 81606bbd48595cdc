"""What staff are written, in their language."""

from dataclasses import dataclass
from datetime import datetime

from regulars.kernel.wording import Message, say
from regulars.reports.speech import speaker_of


@dataclass(frozen=True, slots=True)
class Letter:
    """What somebody is written.

    Attributes:
        address: Whom.
        subject: One line.
        text: The text.
        until: Afterwards it would be useless and is not sent.
    """

    address: str
    subject: str
    text: str
    until: datetime


def sign_in_code(address: str, language: str, code: str, until: datetime) -> Letter:
    """The letter with a code to sign in by."""
    return _letter(
        address,
        language,
        until,
        say("{code} is your code for Regulars", code=code),
        say("Your code to sign in is:"),
        code,
        say("It is of use for fifteen minutes, in the browser that asked for it."),
        say("If you did not ask for it, somebody typed your address; nothing else is needed."),
    )


def password_code(address: str, language: str, code: str, until: datetime) -> Letter:
    """The letter with a code to set a new password by."""
    return _letter(
        address,
        language,
        until,
        say("{code} is your code for a new password", code=code),
        say("Your code to set a new password is:"),
        code,
        say("It is of use for fifteen minutes, in the browser that asked for it."),
        say("If you did not ask for it, somebody typed your address; nothing else is needed."),
    )


def invitation(address: str, language: str, link: str, until: datetime) -> Letter:
    """The letter with a link that lets somebody in."""
    return _letter(
        address,
        language,
        until,
        say("You are invited to Regulars"),
        say("This link lets you in. It works once, within three days:"),
        link,
        say("Later you sign in with this address; a code is sent to it."),
    )


def news_of_access(address: str, language: str, news: Message, until: datetime) -> Letter:
    """The letter that tells somebody that his ways in have changed."""
    return _letter(
        address,
        language,
        until,
        say("Your ways into Regulars have changed"),
        news,
        say("If that was not you, tell an owner at once."),
    )


def _letter(
    address: str, language: str, until: datetime, subject: Message, *lines: Message | str
) -> Letter:
    speaker = speaker_of(language)
    said = [line if isinstance(line, str) else speaker.say(line) for line in lines]
    return Letter(address, speaker.say(subject), "\n\n".join(said) + "\n", until)
