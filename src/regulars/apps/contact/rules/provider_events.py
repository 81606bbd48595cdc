"""What a provider tells of a message after it has taken it, and what follows."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from regulars.apps.contact.rules.purposes import Channel, Scope, Withheld
from regulars.apps.contact.rules.states import EventKind

LONGEST_DETAIL = 500
_LONGEST_ID = 200
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"']+@[^\s<>()\[\],;:\"']+")

WITHHELD: Mapping[EventKind, tuple[Withheld, tuple[Scope, ...]]] = {
    EventKind.BOUNCED: (Withheld.HARD_BOUNCE, (Scope.ALL,)),
    EventKind.COMPLAINED: (Withheld.COMPLAINT, (Scope.PROMOTION, Scope.SURVEYS)),
}
"""What goes to an address no more after such an event."""
LOOKS = frozenset({EventKind.OPENED, EventKind.CLICKED})
"""What is kept only where the firm says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderEvent:
    """Something that a provider tells.

    Attributes:
        provider: Who tells.
        event_id: What the provider calls the event, the same if it tells it again.
        kind: What happened; None where it says no more than that it has the message.
        at: When, by its clock.
        delivery: The number that went with the message; None where it did not come back.
        provider_id: What the provider calls the message.
        message_id: The Message-ID.
        address: Whom it names; empty where whoever tells may be anybody.
        detail: What it says besides.
    """

    provider: str
    event_id: str
    kind: EventKind | None
    at: datetime
    channel: Channel = Channel.EMAIL
    delivery: int | None = None
    provider_id: str = ""
    message_id: str = ""
    address: str = ""
    detail: str = ""


def event_id(told: str, *parts: object) -> str:
    """What an event is called: as the provider does, or by what it says where it gives no name.

    >>> event_id("4711"), event_id("", "bounced", 12)[:8]
    ('4711', '8e252457')
    """
    if told and len(told) <= _LONGEST_ID:
        return told
    return hashlib.sha256("\n".join((told, *map(str, parts))).encode()).hexdigest()


def detail(told: str) -> str:
    r"""What a provider said, in one line and without the addresses that are in it.

    >>> detail("550 5.1.1 <ona@example.com>:\n no such user")
    '550 5.1.1 <…>: no such user'
    """
    return _ADDRESS.sub("…", " ".join(told.split()))[:LONGEST_DETAIL]
