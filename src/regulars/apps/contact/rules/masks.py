"""Addresses for whoever may not see them: enough to tell one from another, not to write to."""

import re

_MAIL = re.compile(r"([^\s<>@,;:\"'()]+)@([^\s<>@,;:\"'()]+)")
_NUMBER = re.compile(r"\+\d{6,15}")
_SHOWN = 4


def masked(text: str) -> str:
    """A text whose addresses of e-mail and telephone numbers cannot be used.

    >>> masked("ona@example.com"), masked("+37060012345")
    ('o…@example.com', '+370…45')
    >>> masked("550 <ona@example.com>: unknown")
    '550 <o…@example.com>: unknown'
    """
    mails = _MAIL.sub(lambda found: f"{found[1][0]}…@{found[2]}", text)
    return _NUMBER.sub(lambda found: f"{found[0][:_SHOWN]}…{found[0][-2:]}", mails)
