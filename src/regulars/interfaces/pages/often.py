"""How often forms may be sent: much oftener than anybody does, much rarer than would hurt."""

from datetime import datetime

from django.http import HttpRequest

from regulars.interfaces.buckets import Buckets

LINKS = Buckets(per_minute=20)
"""For each link. Not for each address: mail providers unsubscribe thousands from a few of theirs."""
STRANGERS = Buckets(per_minute=60)
"""For each address of those who come without a link of ours."""


def too_often_with(token: str, now: datetime) -> bool:
    """Whether a form of a link of ours is sent too often."""
    return not LINKS.take(token, now).allowed


def too_often_without(request: HttpRequest, now: datetime) -> bool:
    """Whether somebody who has no link of ours sends forms too often."""
    return not STRANGERS.take(str(request.META.get("REMOTE_ADDR", "")), now).allowed
