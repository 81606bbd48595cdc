"""What a mail server's reply says."""

import re
from typing import Final

_ENHANCED = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_NOBODY: Final = frozenset({"5.1.1", "5.1.10"})
_SAYS_LITTLE: Final = frozenset({"", "5.0.0", "5.5.0"})
_BOX_IS_THERE: Final = frozenset({"5.2.2", "5.2.3", "5.2.4"})
_NO_SUCH_USER = re.compile(
    r"(?i)no such (user|mailbox|recipient|person|address|account|local user)|user unknown"
    r"|unknown (user|recipient|mailbox|local part)"
    r"|(user|mailbox|recipient|account|address)( \S+)? (is |was )?(not found|does not exist"
    r"|doesn't exist|not exist)|no mailbox (here )?by that name|invalid (mailbox|recipient)"
    r"|does(n't| not) have an? \S+ account"
)
_PERMANENT = 500


def enhanced(text: str) -> str:
    """The enhanced status code of a reply (RFC 3463); empty where it has none.

    >>> enhanced("5.1.1 <a@example.com>: user unknown"), enhanced("mailbox full")
    ('5.1.1', '')
    """
    match = _ENHANCED.search(text)
    return match[1] if match else ""


def is_nobody(code: int, text: str) -> bool:
    """Whether a refusal of a recipient says that there is nobody at the address.

    Refusals for what a message says, for who sends it or for how often say nothing of that.

    >>> is_nobody(550, "5.1.1 mailbox unavailable"), is_nobody(550, "No such user here")
    (True, True)
    >>> is_nobody(550, "5.7.1 user unknown to this policy"), is_nobody(452, "4.2.2 mailbox full")
    (False, False)
    """
    if code < _PERMANENT:
        return False
    status = enhanced(text)
    return status in _NOBODY or (status in _SAYS_LITTLE and bool(_NO_SUCH_USER.search(text)))


def says_address_is_well(text: str) -> bool:
    """Whether a status says that a policy, a full box or the hour is the cause (RFC 3463).

    >>> says_address_is_well("5.7.1 spam"), says_address_is_well("552 5.2.2 mailbox full")
    (True, True)
    >>> says_address_is_well("5.1.1"), says_address_is_well("no such user")
    (False, False)
    """
    status = enhanced(text)
    return status.startswith(("4.", "5.7.")) or status in _BOX_IS_THERE
