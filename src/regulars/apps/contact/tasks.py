"""What the worker does at the door: send what is due."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings

from regulars.apps.contact.operations.sending import Ways, send_due
from regulars.apps.contact.rules.purposes import Channel
from regulars.apps.contact.transports.choosing import transport_of


def ways_out() -> Ways:
    """How messages leave, as the installation says.

    Raises:
        OptionError: Nothing takes them out.
    """
    return Ways(
        transports={channel: transport_of(channel) for channel in (Channel.EMAIL, Channel.PHONE)},
        sender=settings.DEFAULT_FROM_EMAIL,
        secret=settings.SECRET_KEY,
    )


def deliver(clock: Callable[[], datetime]) -> int:
    """Send what is due; return how much was taken up."""
    return send_due(ways_out(), clock)
