"""Texts for whoever may not see addresses: what a provider answers often names one."""

import re

from regulars.apps.contact.rules.addresses import masked
from regulars.apps.contact.rules.purposes import Channel

_MAIL = re.compile(r"[^\s<>@,;:\"'()]+@[^\s<>@,;:\"'()]+")
_NUMBER = re.compile(r"\+\d{6,15}")


def without_addresses(text: str) -> str:
    """A text whose addresses of e-mail and telephone numbers are masked.

    >>> without_addresses("550 <ona@example.com>: unknown, call +37060012345")
    '550 <o…@e….com>: unknown, call +370…45'
    """
    mails = _MAIL.sub(lambda found: masked(Channel.EMAIL, found[0]), text)
    return _NUMBER.sub(lambda found: masked(Channel.PHONE, found[0]), mails)
