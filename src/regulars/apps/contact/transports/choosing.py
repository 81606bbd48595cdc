"""Which way messages go out: as the installation says."""

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path

from django.conf import settings

from regulars.apps.contact.rules.purposes import Channel
from regulars.apps.contact.transports.folder import MailFolder, TextFolder
from regulars.apps.contact.transports.null import Null
from regulars.apps.contact.transports.outgoing import Transport
from regulars.apps.contact.transports.provider import Provider
from regulars.apps.contact.transports.smtp import Smtp
from regulars.kernel.errors import OptionError
from regulars.kernel.wording import Message, say

_LONGEST_NAME = 40


def transport_of(channel: Channel) -> Transport:
    """What takes messages of a channel out of the house.

    Raises:
        OptionError: Nothing does, or the class that is named is no transport.
    """
    told = settings.TRANSPORTS.get(channel.value, "")
    if ":" in told:
        return _custom(told)
    if told == "null":
        return Null()
    if own := _OWN.get((channel, told)):
        return own()
    if told and channel is Channel.EMAIL:
        return Provider(told)
    raise OptionError(
        say("Nothing takes messages out by {channel}.", channel=channel.value),
        accepted=say("Give a transport for it, such as file."),
    )


def _outbox() -> Path:
    return Path(settings.OUTBOX_FOLDER)


_OWN: Mapping[tuple[Channel, str], Callable[[], Transport]] = {
    (Channel.EMAIL, "smtp"): Smtp,
    (Channel.EMAIL, "file"): lambda: MailFolder(_outbox()),
    (Channel.PHONE, "file"): lambda: TextFolder(_outbox() / "sms"),
}


def check_transports() -> None:
    """Refuse to work with a transport that is none.

    Raises:
        OptionError: The class that is named cannot be used.
    """
    for channel in settings.TRANSPORTS:
        transport_of(Channel(channel))


def _custom(told: str) -> Transport:
    place, _, name = told.partition(":")
    try:
        made = getattr(import_module(place), name)()
    except Exception as error:  # another's code may fail in any way
        reason = f"{type(error).__name__}: {error}"
        raise _unusable(told, say("It cannot be made: {reason}.", reason=reason)) from error
    if missing := _missing(made):
        raise _unusable(told, missing)
    transport: Transport = made
    return transport


def _missing(made: object) -> Message | None:
    """What an object lacks to be a transport."""
    name, at_once = getattr(made, "name", None), getattr(made, "at_once", None)
    if not isinstance(name, str) or not 0 < len(name) <= _LONGEST_NAME:
        return say("Its name is no text of 1 to {n} letters.", n=_LONGEST_NAME)
    if not isinstance(at_once, int) or at_once < 1:
        return say("Its at_once is no number from 1 on.")
    if not callable(getattr(made, "send", None)):
        return say("It has no method send.")
    return None


def _unusable(told: str, why: Message) -> OptionError:
    return OptionError(
        say("{told} is no transport. {why}", told=told, why=why),
        accepted=say("Give package.module:Class of a class as the page on SMS describes it."),
    )
