"""How often forms may be sent: much oftener than anybody does, much rarer than would hurt."""

from datetime import datetime

from django.http import HttpRequest

from regulars.interfaces.buckets import Buckets

LINKS = Buckets(per_minute=20)
"""For each link: mail providers unsubscribe thousands of people from few addresses of theirs."""
STRANGERS = Buckets(per_minute=60)
"""For each address of those who come without a link of ours."""


def too_often(request: HttpRequest, link: str | None, now: datetime) -> bool:
    """Whether forms are sent too often.

    Args:
        request: The form.
        link: The link of ours by which it came; None for none of ours.
        now: The time.
    """
    if link is not None:
        return not LINKS.take(link, now).allowed
    return not STRANGERS.take(str(request.META.get("REMOTE_ADDR", "")), now).allowed
